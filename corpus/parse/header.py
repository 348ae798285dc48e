"""What identifies a notice: kind, number, issuer, date, title, status.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I for state documents; the Party's guides for its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.facts.bodies import begins_body, ends_presiding
from corpus.facts.references import kind_of_number, normalise_number
from corpus.notice import Header, Status
from corpus.parse.card import header_of, read_card
from corpus.parse.lines import is_open_end
from corpus.parse.titles import (
    cells_of,
    date_of,
    is_date_line,
    is_number_line,
    is_upper,
    kind_of,
    long_name_of,
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
_ADOPTED = re.compile(
    r"\b(?:luật|nghị quyết|pháp lệnh) này .{1,300}\bthông qua (?P<day>ngày \d.{0,40})", re.I
)
_NUMBER = re.compile(r"(?P<number>\d[\d.]*(?:\s*[-/]\s*[^\W_][\w./-]*)+)")
# Who decides stands in capitals between the title and the first “Căn cứ”.
_TWO = 2  # columns of a head
_TYPIST = re.compile(r"(?=\S*\d)\S{1,12}")  # “XV80”: the mark of who typed it
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
    cells = _header_cells(section)
    texts = [cell.text for cell in cells]
    name = fold(normalise(file_name))
    draft = any(map(says_draft, texts)) or "du-thao" in name or name.startswith("du thao")
    status = Status.DRAFT if draft else Status.ISSUED
    if named := _named_in_full(cells):
        return replace(named, status=status)
    kind, title, issuer = _kind_title_issuer(cells)
    own = texts[: _title_start(texts)]
    number = next((_number(text) for text in own if is_number_line(text)), "")
    # The mark of a draft is dated where the document isn't yet.
    dated = (date_of(t) for t in sorted(own, key=says_draft) if _names_another(t))
    if not kind and number:
        # Letters have neither a kind word nor a code for their kind in the number.
        kind = kind_of_number(number) or "Công văn"
    return Header(
        kind=kind,
        number=number,
        issuer=issuer,
        date=next(filter(None, dated), None) or adopted_on(whole),
        title=title,
        status=status,
    )


def _title_start(texts: Sequence[str]) -> int:
    """Index of the first line that speaks of other documents: the one below kind and number.

    “SỐ 05/2024/TT-BXD” and “ngày 31 tháng 7 năm 2024” go on with a title that is cut into lines.
    """
    named = next((i for i, text in enumerate(texts) if _names_kind(text)), None)
    if named is None:
        return len(texts)
    end = named + 1
    if not any(is_number_line(text) for text in texts[:named]):
        while end < len(texts) and _is_formula(texts[end], fold(texts[end])):
            end += 1
    return end


def _names_kind(text: str) -> bool:
    return kind_of(text) is not None and not is_number_line(text)


def _named_in_full(cells: Sequence[_Cell]) -> Header | None:
    """Read a head of the official gazette: “NGHỊ ĐỊNH CỦA CHÍNH PHỦ SỐ … NGÀY … VỀ …”."""
    if any(is_number_line(cell.text) for cell in cells):
        return None
    for i, cell in enumerate(cells):
        below = [one.text for one in cells[i + 1 :] if any(c.isalnum() for c in one.text)]
        found = long_name_of(" ".join([cell.text, *below]))
        if found is None:
            continue
        while below and _is_authority(below[-1], found.issuer):
            below.pop()
        found = long_name_of(" ".join([cell.text, *below])) or found
        number = normalise_number(found.number)
        return Header(found.kind, number, found.issuer, found.day, found.title)
    return None


def _number(line: str) -> str:
    found = _NUMBER.match(own_number(line))
    return normalise_number(found["number"]) if found else ""


def adopted_on(texts: Sequence[str]) -> date | None:
    """Return the day on which a law or resolution says that it was passed, or None."""
    for text in reversed(texts):
        if "thông qua" in text and (match := _ADOPTED.search(normalise(text))):
            return date_of(match["day"])
    return None


@dataclass(frozen=True, slots=True)
class _Cell:
    """What stands in one column of a line of the head.

    Args:
        text: bare.
        beside_nation: whether the national title, its motto or the rule below stands beside it:
            there an issuer is one in whatever letters.
    """

    text: str
    beside_nation: bool = False


def _header_cells(section: Section) -> list[_Cell]:
    found: list[_Cell] = []
    for zone, part in section.zones:
        if zone is not Zone.HEADER:
            continue
        for line in part:
            cells = cells_of(line.text)
            nation = len(cells) == _TWO and _is_nation(cells[1])
            found += [_Cell(cell, nation and not i) for i, cell in enumerate(cells)]
    return found


def _is_nation(text: str) -> bool:
    return fold(text) == MOTTO or _NATIONAL_TITLE.match(text) is not None


def _kind_title_issuer(cells: Sequence[_Cell]) -> tuple[str, str, str]:
    """Read what stands before the addressees, line by line."""
    kind = title = issuer = ""
    closed = False  # whether who decides was named: what follows is none of the title
    below_kind = _title_start([cell.text for cell in cells])
    for i, cell in enumerate(cells):
        text = _NATIONAL_TITLE.sub("", cell.text).strip(" -")
        folded = fold(text)
        if folded.startswith(("kinh gui", "dong kinh gui")):
            break
        if _is_formula(text, folded) and not (i >= below_kind and _names_another(text)):
            continue
        if not kind and (named := kind_of(text)):
            kind, title = named
            if _is_authority(title.lower().removeprefix("của "), issuer):
                title = ""
        elif folded.startswith("v/v "):
            kind, title = kind or "Công văn", f"{title} {text}".strip()
        elif not kind and not title and (is_upper(text) or cell.beside_nation):
            if _TYPIST.fullmatch(text):
                continue
            issuer = _joined_issuer(issuer, text, [one.text for one in cells])
        elif kind and not closed:
            later = [one.text for one in cells[i + 1 :]]
            closed = _closes_title(text, title, issuer, later)
            if not closed and _adds_to_title(text, title, issuer):
                title = f"{title} {text}".strip()
    return kind, title, issuer


def _names_another(text: str) -> bool:
    return is_number_line(text) or is_date_line(text)


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


def _joined_issuer(issuer: str, line: str, texts: Sequence[str]) -> str:
    if not issuer:
        return line
    if f"{issuer} {line}" in texts:  # who decides stands below the title, on one line
        return f"{issuer} {line}"
    goes_on = issuer.endswith((",", " VÀ", " VỀ", " CỦA")) or ends_presiding(issuer)
    return f"{issuer} {line}" if goes_on or not begins_body(line) else f"{issuer} - {line}"


def _closes_title(text: str, title: str, issuer: str, later: Sequence[str]) -> bool:
    """Whether a line names who decides, and no title goes on with it.

    A title may begin a line with the name of another body; who decides then stands below.
    """
    if not _AUTHORITY.match(text.upper()) or is_open_end(title):
        return False
    if _is_authority(text, issuer):
        return True
    return is_upper(text) and not any(_is_authority(one, issuer) for one in later)


def _is_authority(text: str, issuer: str) -> bool:
    """Whether a line names the issuer, or who heads it: “BỘ TRƯỞNG BỘ Y TẾ”."""
    said = _full(text)
    parts = [_full(part) for part in re.split(r" [-–] ", issuer) if part]
    return any(said == part or (is_upper(text) and f" {part}" in said) for part in parts)


def _full(name: str) -> str:
    return re.sub(
        r"\bubnd\b", "uy ban nhan dan", re.sub(r"\bhdnd\b", "hoi dong nhan dan", fold(name))
    )


def _adds_to_title(text: str, title: str, issuer: str) -> bool:
    begun = title.removeprefix("Kết luận").strip()
    if not begun:
        return not (issuer and text in issuer)
    if text[0].islower() or is_open_end(begun):
        return True
    if not is_upper(text) and not is_upper(begun):
        # Only lines that go on with the title stand below it, but for these.
        return text[0] != "(" and not fold(text).startswith(("thuc hien ", "kem theo "))
    return is_upper(text) and is_upper(begun)
