"""Tables that only place text on the page: the head of a document, recipients and signature.

In such a table each cell is read for itself, paragraph by paragraph; in any other a row is read
across. Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I; the Party's guides have the same places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold

_HEAD = re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam|doc lap\W+tu do\b")
_TAIL = re.compile(r"noi nhan\W{0,3}$|(?:tm|kt|tl|tuq|t/m|k/t|t/l)[.\s]\s?\w")
_LENGTH = 120  # characters: a longer line is running text
_HEAD_ROWS = 8
_TAIL_ROWS = 4


def only_places(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table only places text on the page.

    Args:
        rows: the texts of the cells, a line for each paragraph; cells that others cover are left
            out.
    """
    if len(rows) <= 1 or all(len(row) <= 1 for row in rows):
        return True
    if len(rows) > _HEAD_ROWS or any(len(row) > 3 for row in rows):
        return False
    lines = [
        fold(line.strip())
        for row in rows
        for cell in row
        for line in cell.split("\n")
        if len(line) <= _LENGTH
    ]
    if any(_HEAD.match(line) for line in lines):
        return True
    return len(rows) <= _TAIL_ROWS and any(_TAIL.match(line) for line in lines)
