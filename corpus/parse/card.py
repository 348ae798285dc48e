"""The table of properties on a page saved from the national database of legal documents.

Such a page has a menu and a table (“Số hiệu41/2025/TT-BTC ⇥ Loại văn bảnThông tư …”) instead of
the document's own head; label and value stand in one cell without anything between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from corpus.facts.references import normalise_number
from corpus.notice import Header
from corpus.parse.titles import date_of
from corpus.text import normalise

_NUMBER, _KIND, _ISSUER, _OFFICE, _SIGNER, _EFFECTIVE, _ENDED, _STATUS = (
    "Số hiệu",
    "Loại văn bản",
    "Cơ quan ban hành",
    "Chức danh",
    "Người ký",
    "Ngày có hiệu lực",
    "Ngày hết hiệu lực",
    "Tình trạng hiệu lực",
)
_DATES = ("Ngày ban hành", "Ngày ký xác thực")
_LABELS = (_NUMBER, _KIND, _ISSUER, _OFFICE, _SIGNER, _EFFECTIVE, _ENDED, _STATUS, *_DATES)
_NO_LONGER = "Hết hiệu lực toàn bộ"
_EMPTY = "--"
_REACH = 60  # lines: the table stands under the menu, above everything else


def read_card(texts: Sequence[str]) -> Mapping[str, str]:
    """Return label → value of the table, in the order of the page; empty where there is none.

    Args:
        texts: the lines of a file, tabs kept.
    """
    found: dict[str, str] = {}
    for text in texts[:_REACH]:
        for cell in map(normalise, text.split("\t")):
            label = next((one for one in _LABELS if cell.startswith(one)), None)
            if label is None:
                continue
            value = cell.removeprefix(label).strip(" :")
            if value and value != _EMPTY:
                found[label] = value
    return found if _NUMBER in found and _KIND in found else {}


def header_of(card: Mapping[str, str], texts: Sequence[str]) -> Header:
    """Make a header of a table of properties.

    Args:
        card: as ``read_card`` returns it, not empty.
        texts: the lines of the file; one of them is the document's name, its title in it.
    """
    named = re.compile(
        rf"{re.escape(card[_KIND])}\s+(?:số\s+)?{re.escape(card[_NUMBER])}\s+(?P<title>\S.*)", re.I
    )
    titles = (match["title"] for text in texts if (match := named.fullmatch(normalise(text))))
    return Header(
        kind=card[_KIND],
        number=normalise_number(card[_NUMBER]),
        issuer=card.get(_ISSUER, ""),
        date=next((day for label in _DATES if (day := _date(card.get(label)))), None),
        title=next(titles, ""),
    )


def signer_of(card: Mapping[str, str]) -> tuple[str, str]:
    """Return who signed and in what office; ``""`` where the table doesn't say."""
    return card.get(_SIGNER, ""), card.get(_OFFICE, "")


def effective_of(card: Mapping[str, str]) -> date | None:
    """Return the day from which on the document is in force, where the table says it."""
    return _date(card.get(_EFFECTIVE))


def ended_of(card: Mapping[str, str]) -> tuple[bool, date | None]:
    """Return whether the table says that the document is no longer in force, and since when."""
    day = _date(card.get(_ENDED))
    return card.get(_STATUS, "") == _NO_LONGER, day


def _date(value: str | None) -> date | None:
    return date_of(value) if value else None
