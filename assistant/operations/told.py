"""What an operation tells: lines of text with their quotes, and what was worked out."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer.wording import CitedQuotes
from assistant.contract import AnswerWarning, Computation


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that an operation made.

    Args:
        text: as it is shown, with its markers.
        cited: what the markers lead to, in their order.
        warnings: what a reader must know besides.
        computed: what the program worked out in it.
    """

    text: str
    cited: tuple[CitedQuotes, ...] = ()
    warnings: tuple[AnswerWarning, ...] = ()
    computed: tuple[Computation, ...] = ()


def plain(text: str) -> str:
    """Return words of a notice or a question as they may stand outside of quotation marks.

    “[9]” would be a marker there, and “ would open a quotation.
    """
    return " ".join(text.translate(_NO_MARKS).split())


_NO_MARKS = str.maketrans("“”[]", "‘’()")
