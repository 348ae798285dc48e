"""Lines that name a document: its kind, its number, its date; and their plain text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from corpus.text import fold, normalise

_KIND_WORDS = (
    "thông báo kết luận", "thông báo", "nghị quyết liên tịch", "nghị quyết", "kế hoạch",
    "báo cáo", "quyết định", "chương trình hành động", "chương trình", "chỉ thị", "kết luận",
    "tờ trình", "hướng dẫn", "quy định", "quy chế", "công điện", "đề án", "phụ lục", "biên bản",
    "nghị định", "thông tư liên tịch", "thông tư", "luật", "bộ luật", "pháp lệnh",
    "văn bản hợp nhất", "công văn",
)  # fmt: skip
# “Số: 12/QĐ-UBND”, “Số 12-TB/TGV”, on a saved page “Số hiệu12/QĐ-UBND”, in a draft “Số:  /BC-UBND”;
# no title “SỐ CỘNG ĐỒNG”, and no end of one, “số 51/2013/NĐ-CP của Chính phủ”.
_NUMBER_LINE = re.compile(
    r"^(?:Số hiệu|[Ss][ốỐ]\s?:|S[ốỐ](?=\s?(?:$|[\d/….·_-])))\s?(?P<number>.*)$"
)
# “Luật số: 131/2025/QH15”: the National Assembly names the kind before the number.
_KIND_NUMBER_LINE = re.compile(
    rf"^(?:{'|'.join(_KIND_WORDS)}) số ?: ?(?:[….·_]{{0,20}}/)?\d[\w./-]*(?: ?- ?[\w./-]+)*$", re.I
)
# “NGHỊ ĐỊNH CỦA CHÍNH PHỦ SỐ 114/2003/NĐ-CP NGÀY 10/10/2003 VỀ …”: heads of the official gazette.
_LONG_NAME = re.compile(
    rf"^(?P<kind>{'|'.join(_KIND_WORDS)}) của (?P<issuer>\D{{3,80}}?) số:? ?"
    r"(?P<number>\d[\w.]*(?: ?[-/] ?[^\W_][\w.]*)+)"
    r"(?:,? ngày (?P<day>\d{1,2}(?:[/-]\d{1,2}[/-]| tháng \d{1,2} năm )\d{4}))?,?"
    r"(?: (?P<title>.+))?$",
    re.I,
)
# Two columns of a head set with tabs or many blanks; blanks also stand where a number, a day or
# a month is to be filled in.
_COLUMNS = re.compile(r"\t+|(?<![:\s]) {8,}(?![/\s.…_]|\d+ *(?:/|tháng)|tháng|năm)", re.I)
_AFTER_NUMBER_WORD = re.compile(r"^\D{0,40}?số\s?:?\s?", re.I)
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.I)
# What a draft leaves to be filled in by hand.
_OPEN_DATE = re.compile(
    r"\bngày ?(?:\d{1,2}|[….·_]{0,20}) ?tháng ?(?:\d{1,2}|[….·_]{0,20}) ?năm\b", re.I
)
_SHORT_DATE = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_MARKUP = re.compile(r"^(?:#{1,6}\s+)?[*_]{0,3}|[*_]{1,3}$")
_NUMBER_LENGTH = 60  # characters: a longer line only begins with a number
_DATE_LENGTH = 60  # characters: a longer line is not the place and date of a header
_DRAFT = re.compile(
    r"^\W*du thao(?:(?: lan)?(?: (?:thu )?(?:\d{1,2}|hai|ba|tu|nam|sau|bay|cuoi)(?!\d))?"
    r"(?:,? (?:de )?(?:lay|xin|gui|trinh|tham dinh|tiep thu|hoan thien|hop|bao cao)\b"
    r"[^.;:\d]{0,80})?[\s,–-]*\(?(?:,? ?(?:ngay )?\d{1,2}"
    r"(?:[/.-]\d{1,2}(?:[/.-]\d{4})?| thang \d{1,2} nam \d{4}))?\)?)\W*$|\(du thao\b"
)


def bare(text: str) -> str:
    """Return ``text`` normalised and without Markdown marks around it."""
    return normalise(_MARKUP.sub("", text))


def cells_of(text: str) -> list[str]:
    """Return what stands in the columns of a head's line, without blank ones."""
    return [cell for cell in map(bare, _COLUMNS.split(text)) if cell]


def is_upper(text: str) -> bool:
    """Whether all letters of ``text`` are capitals, and there are some."""
    return text.isupper()


def kind_of(text: str) -> tuple[str, str] | None:
    """Return (kind, rest) where a line names a kind of document, else None.

    ``THÔNG BÁO   KẾT LUẬN`` gives ``("Thông báo", "Kết luận")``, ``Phụ lục II`` gives
    ``("Phụ lục II", "")``.
    """
    return kind_of_bare(bare(text))


def kind_of_bare(line: str) -> tuple[str, str] | None:
    """Return what ``kind_of`` does, of a line that ``bare`` returned."""
    lowered = line.lower()
    if not lowered.startswith(_KIND_WORDS):
        return None
    for word in _KIND_WORDS:
        if lowered != word and not lowered.startswith((word + " ", word + ":")):
            continue
        if not is_upper(line) and len(line) > len(word) + 8 and not _of_issuer(line, word):
            continue
        rest = line[len(word) :].strip(" :")
        kind = word.capitalize()
        if word == "phụ lục":
            return f"{kind} {rest.split(' ')[0]}".strip(), " ".join(rest.split(" ")[1:])
        if word == "thông báo kết luận":
            return "Thông báo", f"Kết luận {rest}".strip()
        return kind, rest
    return None


def _of_issuer(line: str, word: str) -> bool:
    """Whether a kind in capitals is followed by whose it is: “QUYẾT ĐỊNH của ủY BAN NHÂN DÂN”."""
    return is_upper(line[: len(word)]) and line[len(word) :].lower().startswith(" của ")


def is_number_line(text: str) -> bool:
    """Whether a line is “Số: …”, with or without a number filled in, or “Luật số: 1/2025/QH15”.

    What stands in the other column of a two-column head doesn't count.
    """
    line = _left(text)
    if len(line) >= _NUMBER_LENGTH:
        return False
    return bool(_NUMBER_LINE.match(line) or _KIND_NUMBER_LINE.match(line))


def own_number(text: str) -> str:
    """Return what a line of ``is_number_line`` gives as the number; ``""`` where it is left open.

    Drafts have “Số:      /BC-UBND” or “Số: …/2025/TT-BTC”: what follows is no number yet.
    """
    number = _AFTER_NUMBER_WORD.sub("", _left(text), count=1)
    return number if number[:1].isdigit() else ""


def _left(text: str) -> str:
    return bare(_COLUMNS.split(text.strip(), maxsplit=1)[0])


@dataclass(frozen=True, slots=True)
class LongName:
    """A document named in full on one line, as heads of the official gazette do.

    Args:
        kind: ``Nghị định``.
        issuer: as it stands.
        number: as it stands.
        day: the date, or None where it isn't said.
        title: what follows, or ``""``.
    """

    kind: str
    issuer: str
    number: str
    day: date | None
    title: str


def long_name_of(text: str) -> LongName | None:
    """Return what “NGHỊ ĐỊNH CỦA CHÍNH PHỦ SỐ … NGÀY … VỀ …” says, or None."""
    match = _LONG_NAME.match(text) if " của " in text[:60].lower() else None
    if match is None:
        return None
    day = date_of(f"ngày {match['day']}") or date_of(match["day"]) if match["day"] else None
    title = (match["title"] or "").strip(" .")
    return LongName(match["kind"].capitalize(), match["issuer"], match["number"], day, title)


def is_date_line(text: str) -> bool:
    """Whether a line of a header says the place and date, or the date of a draft."""
    return any(_is_date(cell) for cell in _COLUMNS.split(text) if len(cell) < _DATE_LENGTH)


def _is_date(cell: str) -> bool:
    if _SHORT_DATE.match(cell):
        return True
    found = _LONG_DATE.search(cell) or _OPEN_DATE.search(normalise(cell))
    of_another = cell[:1].islower() and not cell.startswith("ngày")
    return found is not None and not of_another


def says_draft(text: str) -> bool:
    """Whether a line is the mark of a draft: ``DỰ THẢO``, ``Dự thảo lần 2``, ``(dự thảo)``."""
    return len(text) < 200 and bool(_DRAFT.search(fold(text)))


def date_of(text: str) -> date | None:
    """Return the date that a line of a header says, or None; impossible ones are none."""
    match = _LONG_DATE.search(text) or _SHORT_DATE.match(text)
    if match is None:
        return None
    day, month, year = (int(group) for group in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def slug(text: str) -> str:
    """Return ``text`` as lower-case ASCII words with hyphens, for ids and file names."""
    folded = fold(unicodedata.normalize("NFKC", text))
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
