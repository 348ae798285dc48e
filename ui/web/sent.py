"""What the page in the browser sent: never trusted to be of the right kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from corpus.errors import BadInput

_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """The data of one event.

    Args:
        data: as JSON gave it.
    """

    data: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, data: object) -> Sent:
        """Take what came; anything but an object counts as nothing."""
        return cls(data) if isinstance(data, Mapping) else cls()

    def text(self, name: str) -> str:
        """Return a text, ``""`` if there is none.

        Raises:
            BadInput: it is something else.
        """
        value = self.data.get(name, "")
        if not isinstance(value, str):
            raise _unusable(name)
        return value

    def number(self, name: str) -> int | None:
        """Return a whole number, None if there is none.

        Raises:
            BadInput: it is something else.
        """
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _unusable(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts.

        Raises:
            BadInput: it is something else.
        """
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise _unusable(name)
        return tuple(value)

    def day(self, name: str) -> date | None:
        """Return a day written as ``15/6/2026``, None if there is none.

        Raises:
            BadInput: it is something else.
        """
        written = self.text(name).strip()
        found = _DAY.fullmatch(written)
        try:
            if found:
                return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            found = None  # 31/02/2026
        if not written:
            return None
        raise BadInput(f"“{written}” không phải là ngày.", "Hãy ghi ngày/tháng/năm: 15/6/2026.")


def _unusable(name: str) -> BadInput:
    return BadInput(f"Trang gửi dữ liệu không dùng được ({name}).", "Hãy tải lại trang.")
