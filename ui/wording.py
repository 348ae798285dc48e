"""Words and names that every face of the assistant shows the same way."""

from __future__ import annotations

import re
from datetime import date

from assistant.contract import CitedClause, CitedNotice
from corpus.dates import write_date

AI_NOTICE = (
    "Trợ lý là phần mềm trí tuệ nhân tạo, có thể sai: hãy xem lại điều khoản được dẫn;"
    " người dùng tự quyết định."
)
"""Luật Trí tuệ nhân tạo 134/2025/QH15, Điều 11: people are told that it is an AI."""

DRAFT = "DỰ THẢO"

_HOSTILE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what would act on a terminal instead of being shown.

    A document may hold escape sequences that recolour, retitle or overwrite what was printed,
    or that turn the direction of writing; half a surrogate pair can't be written at all.
    """
    return _HOSTILE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def lines_of(first: int, last: int) -> str:
    """Say which lines of the source file, e.g. ``dòng 25-29``."""
    return f"dòng {first}" if first == last else f"dòng {first}-{last}"


def place_of(clause: CitedClause) -> str:
    """Say where a person finds a clause: ``trang 3`` where the file has pages, else its lines."""
    return lines_of(*clause.lines) if clause.page is None else f"trang {clause.page}"


def full_name(notice: CitedNotice) -> str:
    """Return kind, number, date and issuer, as at the first mention of a notice."""
    if not notice.number:
        name = f"{notice.kind} “{notice.title}”".strip() if notice.title else short_name(notice)
    else:
        name = f"{notice.kind} số {notice.number}".strip()
    day = f" ngày {write_date(date.fromisoformat(notice.date))}" if notice.date else ""
    return name + day + (f" của {notice.issuer}" if notice.issuer else "")


def short_name(notice: CitedNotice) -> str:
    """Return kind and number, as at later mentions; the file's name where there is no number."""
    if notice.number:
        return f"{notice.kind} {notice.number}".strip()
    return f"{notice.kind} ({notice.file})" if notice.kind else f"tệp {notice.file}"
