"""Stop strings and UTF-8, both of which may be cut in the middle by a token."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class StopFilter:
    """Lets text through up to the first stop string.

    The end of what was fed is held back as long as it may be the beginning of a stop string,
    so that no half of one is ever shown.

    Args:
        stop: the strings that end the output; empty ones are not allowed.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        if not all(stop):
            raise ValueError("an empty stop string would end every output before it began")
        self._stop = tuple(stop)
        self._held = ""
        self.done = False

    def feed(self, text: str) -> str:
        """Take the next piece; return what may be shown now (``""`` after the stop)."""
        if self.done:
            return ""
        held = self._held + text
        found = [at for at in (held.find(stop) for stop in self._stop) if at >= 0]
        if found:
            self.done, self._held = True, ""
            return held[: min(found)]
        keep = max((_overlap(held, stop) for stop in self._stop), default=0)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]

    def flush(self) -> str:
        """Return what was held back, once no more text will come."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, stop: str) -> int:
    """Return the length of the longest end of ``text`` that begins ``stop``."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)


class Utf8Pieces:
    """Decodes bytes that may be cut within a character, as tokens are in Vietnamese.

    A character that never becomes whole (the output ended inside it) is not shown.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def feed(self, piece: bytes) -> str:
        """Return the characters that are whole by now."""
        return self._decoder.decode(piece)


class PrefillFilter:
    """Takes a prefill off text of a model that had to write it itself.

    Args:
        prefill: what the text has to begin with, leading white space apart.
    """

    def __init__(self, prefill: str) -> None:
        self._prefill = prefill.strip()
        self._held = ""
        self._passed = not self._prefill
        self.failed = False

    def feed(self, text: str) -> str:
        """Return what follows the prefill; ``failed`` is set once the text goes another way."""
        if self._passed or self.failed:
            return text if self._passed else ""
        self._held = (self._held + text).lstrip()
        if self._held.startswith(self._prefill):
            self._passed = True
            return self._held[len(self._prefill) :]
        self.failed = not self._prefill.startswith(self._held)
        return ""
