"""The formal parts around a notice's text: header, recipients, signature, attached documents.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I for state documents; the Party's guides for its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.lines import Line
from corpus.markers import find_marker
from corpus.notice import Header, Status
from corpus.text import fold, normalise

_KIND_WORDS = (
    "thông báo kết luận", "thông báo", "nghị quyết", "kế hoạch", "báo cáo", "quyết định",
    "chương trình hành động", "chương trình", "chỉ thị", "kết luận", "tờ trình", "hướng dẫn",
    "quy định", "quy chế", "công điện", "đề án", "phụ lục", "biên bản", "nghị định", "thông tư",
    "luật", "công văn",
)  # fmt: skip
_NATIONAL_TITLE = re.compile(r"cộng h[oò][aà] xã hội chủ nghĩa việt nam|đảng cộng sản việt nam", re.I)
_MOTTO = "doc lap - tu do - hanh phuc"
_SAMPLE_MARK = "van ban mau"
_NUMBER_LINE = re.compile(r"^Số\s*:?\s*(?P<number>\S.*)?$", re.I)
_NUMBER = re.compile(r"(?P<number>\d[\d.]*(?:\s*[-/]\s*[^\W_][\w./-]*)+)")
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.I)
_SHORT_DATE = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_ATTACHED = re.compile(r"^\(?\s*(?:ban hanh )?kem theo\b")
_SIGNING_FOR = re.compile(r"^(?:TM|KT|TL|TUQ|Q)\.\s?\S")
_SIGNER_WORDS = (
    "chủ tịch", "giám đốc", "trưởng", "bộ trưởng", "thủ tướng", "chánh văn phòng", "bí thư",
    "chủ nhiệm", "hiệu trưởng", "viện trưởng", "tổng thư ký", "thống đốc", "tổng thanh tra",
)  # fmt: skip
_DEGREE = re.compile(r"^(?:(?:GS|PGS|TS|ThS|BS|KS|CN)\.?\s+)+")
_SIGNED = re.compile(r"^[\[(]?\s*đã ký\s*[\])]?$", re.I)
_MARKUP = re.compile(r"^(?:#{1,6}\s+)?[*_]{0,3}|[*_]{1,3}$")
_HEADER_REACH = 40  # lines: a longer header has not been seen
_NAME_REACH = 5  # lines between the first line of a signature and the name


class Zone(StrEnum):
    """What formal part a line belongs to."""

    HEADER = "header"
    BODY = "body"
    RECIPIENTS = "recipients"
    SIGNATURE = "signature"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Section:
    """A document within a file: the notice itself or one attached to it.

    Args:
        attached_title: ``""`` for the notice itself.
        zones: (zone, lines) in the order of the file; neighbours differ in zone.
    """

    attached_title: str
    zones: tuple[tuple[Zone, tuple[Line, ...]], ...]


def bare(text: str) -> str:
    """Return ``text`` normalised and without Markdown marks around it."""
    return normalise(_MARKUP.sub("", text))


def is_upper(text: str) -> bool:
    """Whether all letters of ``text`` are capitals, and there are some."""
    return text.isupper()


def kind_of(text: str) -> tuple[str, str] | None:
    """Return (kind, rest) where a line names a kind of document, else None.

    ``THÔNG BÁO   KẾT LUẬN`` gives ``("Thông báo", "Kết luận")``, ``Phụ lục II`` gives
    ``("Phụ lục II", "")``.
    """
    line = bare(text)
    lowered = line.lower()
    for word in _KIND_WORDS:
        if lowered != word and not lowered.startswith((word + " ", word + ":")):
            continue
        if not is_upper(line) and len(line) > len(word) + 8:
            continue
        rest = line[len(word) :].strip(" :")
        kind = word.capitalize()
        if word == "phụ lục":
            return f"{kind} {rest.split(' ')[0]}".strip(), " ".join(rest.split(" ")[1:])
        if word == "thông báo kết luận":
            return "Thông báo", f"Kết luận {rest}".strip()
        return kind, rest
    return None


def split_sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Part a file into the notice and the documents attached to it, each into zones."""
    starts = [0, *_attached_starts(lines)]
    sections: list[Section] = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(lines)
        part = lines[start:end]
        title = "" if n == 0 else " ".join(bare(line.text) for line in part[:1])
        sections.append(Section(title, _zones(part)))
    return tuple(sections)


def _attached_starts(lines: Sequence[Line]) -> list[int]:
    starts: list[int] = []
    for i, line in enumerate(lines):
        if not _ATTACHED.match(fold(bare(line.text)).lstrip("(* ")):
            continue
        first = next(
            (j for j in range(i - 1, max(-1, i - 6), -1) if kind_of(lines[j].text)),
            None,
        )
        if first:
            starts.append(first)
    return starts


def _zones(lines: Sequence[Line]) -> tuple[tuple[Zone, tuple[Line, ...]], ...]:
    zones: list[tuple[Zone, list[Line]]] = []
    body_from = _header_end(lines)
    current = Zone.BODY
    for i, line in enumerate(lines):
        if i < body_from:
            zone = Zone.HEADER
        else:
            zone = current = _next_zone(current, lines, i)
        if zones and zones[-1][0] is zone:
            zones[-1][1].append(line)
        else:
            zones.append((zone, [line]))
    return tuple((zone, tuple(part)) for zone, part in zones)


def _header_end(lines: Sequence[Line]) -> int:
    """Index of the first line of the body; 0 where there is no header."""
    reach = list(lines[:_HEADER_REACH])
    anchor: int | None = None
    for i, line in enumerate(reach):
        if _starts_body(line):
            break
        if kind_of(line.text) or _is_number_line(line.text):
            anchor = i
    if anchor is None:
        return 0
    end = anchor + 1
    titled = False
    while end < len(reach):
        line = reach[end]
        text = bare(line.text)
        if find_marker(line.text) is not None or fold(text).startswith("can cu "):
            break
        if not _is_header_line(text):
            if not (_is_addressee(reach, end) or (not titled and _is_title(text))):
                break
            titled = True
        elif is_upper(text) and not _is_number_line(text):
            titled = True
        end += 1
    return end


def _starts_body(line: Line) -> bool:
    text = bare(line.text)
    return find_marker(line.text) is not None or fold(text).startswith("can cu ")


def _is_title(text: str) -> bool:
    return len(text) < 500 and text[-1:] not in ".:;" and not text.startswith("Kính gửi")


def _is_addressee(lines: Sequence[Line], i: int) -> bool:
    """Whether line i is “Kính gửi: …” or goes on with it."""
    for line in reversed(lines[max(0, i - 3) : i + 1]):
        folded = fold(bare(line.text))
        if folded.startswith(("kinh gui", "dong kinh gui")):
            return line is lines[i] or lines[i - 1].text.rstrip().endswith((",", ":"))
    return False


def _is_header_line(text: str) -> bool:
    folded = fold(text)
    return (
        not any(c.isalnum() for c in text)
        or is_upper(text)
        or _is_number_line(text)
        or bool(_LONG_DATE.search(text) and len(text) < 60)
        or bool(_SHORT_DATE.match(text))
        or folded.strip("() ") == "du thao"
        or folded == _MOTTO
        or _SAMPLE_MARK in folded
        or folded.startswith("v/v ")
        or bool(_ATTACHED.match(folded.lstrip("(* ")))
        or (folded.startswith("thuc hien ") and len(text) < 300 and text[-1] not in ".;:")
    )


def _is_number_line(text: str) -> bool:
    match = _NUMBER_LINE.match(bare(text))
    return bool(match and len(text) < 60)


def _next_zone(current: Zone, lines: Sequence[Line], i: int) -> Zone:
    line = lines[i]
    text = bare(line.text)
    if fold(text).startswith("noi nhan") and len(text) < 40:
        return Zone.RECIPIENTS
    if line.footnote_number is not None:
        return Zone.BODY
    if current is Zone.SIGNATURE:
        if _is_signature_line(text) and not is_person_name(bare(lines[i - 1].text)):
            return Zone.SIGNATURE
        return Zone.NOTE
    if _starts_signature(lines, i):
        return Zone.SIGNATURE
    if current is Zone.NOTE and find_marker(line.text) is not None:
        return Zone.BODY
    return current


def _is_signature_line(text: str) -> bool:
    return (
        is_upper(text)
        or bool(_SIGNING_FOR.match(text))
        or is_person_name(text)
        or bool(_SIGNED.match(text))
        or text.lower() in ("kiêm", "đã ký")
        or not any(c.isalnum() for c in text)
    )


def is_person_name(text: str) -> bool:
    """Whether a line is nothing but a Vietnamese name of two to five words."""
    words = _DEGREE.sub("", text).split()
    return 2 <= len(words) <= 5 and all(
        word.isalpha() and word[0].isupper() and (len(word) == 1 or word[1:].islower())
        for word in words
    )


def _starts_signature(lines: Sequence[Line], i: int) -> bool:
    text = bare(lines[i].text)
    if find_marker(lines[i].text) is not None or len(text) > 120:
        return False
    lowered = text.lower()
    title = is_upper(text) and any(word in lowered for word in _SIGNER_WORDS)
    if not (_SIGNING_FOR.match(text) or title):
        return False
    for line in lines[i + 1 : i + 1 + _NAME_REACH]:
        follower = bare(line.text)
        if is_person_name(follower):
            return True
        if not _is_signature_line(follower):
            return False
    return False


def read_header(section: Section, file_name: str) -> Header:
    """Recognise what identifies a notice from its header lines.

    Args:
        section: the notice itself, not an attached document.
        file_name: used for the draft status only, where the name says so.
    """
    lines = [bare(line.text) for zone, part in section.zones if zone is Zone.HEADER for line in part]
    header = Header()
    issuer: list[str] = []
    title: list[str] = []
    for text in lines:
        folded = fold(text)
        if folded.strip("() ") == "du thao":
            header = replace(header, status=Status.DRAFT)
        elif folded == _MOTTO or _SAMPLE_MARK in folded or not any(c.isalnum() for c in text):
            continue
        elif _is_number_line(text):
            if match := _NUMBER.search(text):
                header = replace(header, number=re.sub(r"\s+", "", match["number"]))
            if not header.date:
                header = replace(header, date=_date_in(text))
        elif not header.date and (found := _date_in(text)) and len(text) < 60:
            header = replace(header, date=found)
        elif not header.kind and (kind := kind_of(text)):
            header = replace(header, kind=kind[0])
            title += [kind[1]] if kind[1] else []
        elif folded.startswith("v/v "):
            header = replace(header, kind=header.kind or "Công văn")
            title.append(text)
        elif folded.startswith(("kinh gui", "dong kinh gui")):
            break
        elif not header.kind and not title and is_upper(text):
            issuer.append(_NATIONAL_TITLE.sub("", text).strip(" -"))
        elif header.kind and (is_upper(text) or not title) and text not in issuer:
            title.append(text)
    if "du-thao" in file_name.lower() or fold(normalise(file_name)).startswith("du thao"):
        header = replace(header, status=Status.DRAFT)
    if header.number and not header.kind:
        header = replace(header, kind="Công văn")
    return replace(header, issuer=" - ".join(filter(None, issuer)), title=" ".join(title))


def _date_in(text: str) -> date | None:
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
