"""Files that were sent and read but not taken in yet; they lie in memory, never on the disk."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from assistant.runtime.intake import Preview
from corpus.errors import NotFound

_KEPT = 8
"""Files kept; a further one takes the place of the oldest."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for a person's yes.

    Args:
        owner: name of the caller who sent it.
        file_name: as that machine calls it.
        data: the whole file.
        preview: what was read from it.
    """

    owner: str
    file_name: str
    data: bytes
    preview: Preview


class Uploads:
    """The files that wait; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, Upload] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def keep(self, upload: Upload) -> str:
        """Keep a file and return the token that names it."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._waiting[token] = upload
            while len(self._waiting) > _KEPT:
                self._waiting.popitem(last=False)
        return token

    def find(self, token: str, owner: str) -> Upload:
        """Return a file that waits.

        Raises:
            NotFound: it is gone, or somebody else's.
        """
        with self._lock:
            upload = self._waiting.get(token)
        if upload is None or upload.owner != owner:
            raise NotFound("Tệp đã gửi không còn chờ nữa.", "Hãy chọn lại tệp.")
        return upload

    def drop(self, token: str, owner: str) -> None:
        """Forget a file, if it is the owner's."""
        with self._lock:
            upload = self._waiting.get(token)
            if upload is not None and upload.owner == owner:
                del self._waiting[token]
