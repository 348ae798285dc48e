"""What identifies a notice: kind, number, issuer, date, title, status.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I for state documents; the Party's guides for its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.facts.references import normalise_number
from corpus.notice import Header, Status
from corpus.parse.card import header_of, read_card
from corpus.parse.titles import (
    bare,
    date_of,
    is_date_line,
    is_number_line,
    is_upper,
    kind_of,
    own_number,
    says_draft,
)
from corpus.parse.zones import MOTTO, Section, Zone, is_stamp
from corpus.text import fold, normalise

# Mistyped as often as not; the motto may stand on the same line.
_NATIONAL_TITLE = re.compile(
    r"cộng h[oò][aà] xã hội chủ \w+ việt nam(?:\s+độc lập\b.*)?|đảng cộng sản việt nam", re.I
)
# A law or resolution of the National Assembly says at its end when it was passed.
_ADOPTED = re.compile(r"\b(?:luật|nghị quyết|pháp lệnh) này .*\bthông qua (?P<day>ngày \d.*)", re.I)
_NUMBER = re.compile(r"(?P<number>\d[\d.]*(?:\s*[-/]\s*[^\W_][\w./-]*)+)")
# The second line of an issuer: “ỦY BAN NHÂN DÂN” over “TỈNH LAM KHÊ”.
_ISSUER_GOES_ON = re.compile(r"(?:TỈNH|THÀNH PHỐ|TP|HUYỆN|QUẬN|XÃ|PHƯỜNG|VÀ|VỀ)\b")
# Who decides stands in capitals between the title and the first “Căn cứ”.
_AUTHORITY = re.compile(
    r"(?:CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC|THỦ TƯỚNG|TỔNG|CHÍNH PHỦ|QUỐC HỘI|HỘI ĐỒNG|ỦY BAN"
    r"|BAN CHẤP HÀNH"
    r"|KHÓA|KHOÁ)\b"
)


def read_header(section: Section, file_name: str) -> Header:
    """Recognise what identifies a notice from its header lines.

    Args:
        section: the notice itself, not an attached document.
        file_name: used for the draft status only, where the name says so.
    """
    whole = [line.text for _, part in section.zones for line in part]
    if card := read_card(whole):
        return header_of(card, whole)
    texts = _header_texts(section)
    kind, title, issuer = _kind_title_issuer(texts)
    number = next((_number(text) for text in texts if is_number_line(text)), "")
    dated = (date_of(t) for t in texts if is_date_line(t) or is_number_line(t))
    name = fold(normalise(file_name))
    draft = any(map(says_draft, texts)) or "du-thao" in name or name.startswith("du thao")
    return Header(
        kind=kind or ("Công văn" if number else ""),
        number=number,
        issuer=issuer,
        date=next(filter(None, dated), None) or adopted_on(whole),
        title=title,
        status=Status.DRAFT if draft else Status.ISSUED,
    )


def _number(line: str) -> str:
    found = _NUMBER.match(own_number(line))
    return normalise_number(found["number"]) if found else ""


def adopted_on(texts: Sequence[str]) -> date | None:
    """Return the day on which a law or resolution says that it was passed, or None."""
    for text in reversed(texts):
        if "thông qua" in text and (match := _ADOPTED.search(normalise(text))):
            return date_of(match["day"])
    return None


def _kind_title_issuer(texts: Sequence[str]) -> tuple[str, str, str]:
    """Read what stands before the addressees, line by line."""
    kind = title = issuer = ""
    for line in texts:
        text = _NATIONAL_TITLE.sub("", line).strip(" -")
        folded = fold(text)
        if folded.startswith(("kinh gui", "dong kinh gui")):
            break
        if _is_formula(text, folded):
            continue
        if not kind and (named := kind_of(text)):
            kind, title = named
        elif folded.startswith("v/v "):
            kind, title = kind or "Công văn", f"{title} {text}".strip()
        elif not kind and not title and is_upper(text):
            issuer = _joined_issuer(issuer, text, texts)
        elif kind and _adds_to_title(text, title, issuer):
            title = f"{title} {text}".strip()
    return kind, title, issuer


def _is_formula(text: str, folded: str) -> bool:
    """Whether a line is neither kind nor title nor issuer: motto, number, date, draft mark."""
    return (
        folded == MOTTO
        or is_stamp(text)
        or not any(c.isalnum() for c in text)
        or is_number_line(text)
        or is_date_line(text)
        or says_draft(text)
    )


def _header_texts(section: Section) -> list[str]:
    header = (part for zone, part in section.zones if zone is Zone.HEADER)
    # The two columns of a head, issuer and national title, number and date, are cells.
    cells = (bare(cell) for part in header for line in part for cell in line.text.split("\t"))
    return [cell for cell in cells if cell]


def _joined_issuer(issuer: str, line: str, texts: Sequence[str]) -> str:
    if not issuer:
        return line
    if f"{issuer} {line}" in texts:  # who decides stands below the title, on one line
        return f"{issuer} {line}"
    goes_on = _ISSUER_GOES_ON.match(line) or issuer.endswith((",", " VÀ", " VỀ", " CỦA"))
    return f"{issuer} {line}" if goes_on else f"{issuer} - {line}"


def _adds_to_title(text: str, title: str, issuer: str) -> bool:
    begun = title.removeprefix("Kết luận").strip()
    if not begun:
        return not (issuer and text in issuer)
    if text[0].islower():
        return True
    if not is_upper(text) and not is_upper(begun):
        # Only lines that go on with the title stand below it, but for these.
        return text[0] != "(" and not fold(text).startswith(("thuc hien ", "kem theo "))
    return is_upper(text) and is_upper(begun) and not _AUTHORITY.match(text)
