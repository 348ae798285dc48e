"""The formal parts around a notice's text, and the documents attached to it.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I for state documents; the Party's guides for its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.parse.lines import Line, is_open_end
from corpus.parse.signature import ends_in_name, is_signature_line, starts_signature
from corpus.parse.titles import (
    is_date_line,
    is_number_line,
    is_upper,
    long_name_of,
    says_draft,
)
from corpus.text import fold

MOTTO = "doc lap - tu do - hanh phuc"
# What is stamped on a document or a copy, besides secrecy: how fast it must be carried, who may
# see it, what kind of copy it is (NĐ 30/2020, Điều 25 and Phụ lục I.II.9); and that of a specimen.
_STAMP = re.compile(
    r"(?:hoa toc(?: hen gio)?|thuong khan|khan|luu hanh noi bo|xem xong tra lai|tai lieu thu hoi"
    r"|sao y(?: ban chinh)?|sao luc|trich sao|ban sao|van ban mau(?:\W.*)?)"
)
_KINDS_IN_FULL = (
    *("nghi dinh", "quyet dinh", "thong tu", "chi thi", "nghi quyet", "phap lenh", "thong bao"),
    *("thong tu lien tich", "cong van", "ke hoach", "huong dan", "quy dinh", "quy che"),
)
_ATTACHED = re.compile(r"^\(?\s*(?:ban hanh )?kem theo\b")
_TITLE_LENGTH = 500  # characters
_TITLE_LINES = 12  # the kind of document and its subject, centred
_OWN_TITLE_LENGTH = 2000  # characters: an amending act names all that it amends
_TITLE_REACH = 5  # lines between a title and “(Kèm theo …)”
_HEADER_REACH = 40  # lines: a longer header has not been seen
_SENTENCE_LENGTH = 80  # characters: a line of a header that ends in a stop is shorter


class Zone(StrEnum):
    """What formal part a line belongs to."""

    HEADER = "header"
    ADDRESSEES = "addressees"  # the list under “Kính gửi:”
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


def split_sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Part a file into the notice and the documents attached to it, each into zones."""
    starts = [0, *_attached_starts(lines)]
    sections: list[Section] = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(lines)
        part = lines[start:end]
        title = "" if n == 0 else " ".join(line.bare for line in part[:1])
        sections.append(Section(title, _zones(part)))
    return tuple(sections)


def _attached_starts(lines: Sequence[Line]) -> list[int]:
    """Indices of the titles of attached documents.

    “(Kèm theo Nghị quyết số …)” shows one above it; after recipients or a signature any
    title does, and “Phụ lục II” does wherever something of the notice stands before it.
    """
    starts: list[int] = []
    own: int | None = None  # the notice's own title
    ended = False
    begun = True  # whether something stands under the last title
    for i, line in enumerate(lines):
        if line.marker is not None or line.table or len(line.text) > _TITLE_LENGTH:
            begun = True
            continue
        text = line.bare
        found = line.kind
        start = None
        if own is not None and _ATTACHED.match(fold(text).lstrip("(* ")):
            above = range(max(own + 1, i - _TITLE_REACH), i)
            start = next((j for j in above if lines[j].kind), None)
        elif found and (ended or (own is not None and found[0].startswith("Phụ lục"))):
            start = i
        if start is not None and begun and start > (starts or [0])[-1]:
            starts.append(start)
            ended = begun = False
        own = i if own is None and found else own
        ended = ended or _is_recipients_line(text) or starts_signature(lines, i)
    return starts


def _zones(lines: Sequence[Line]) -> tuple[tuple[Zone, tuple[Line, ...]], ...]:
    zones: list[tuple[Zone, list[Line]]] = []
    body_from = _header_end(lines)
    current = Zone.BODY
    if body_from and _is_list_of_addressees(lines[body_from - 1].bare):
        current = Zone.ADDRESSEES
    for i, line in enumerate(lines):
        if i < body_from:
            zone = Zone.HEADER
        else:
            zone = current = Zone.BODY if line.table else _next_zone(current, lines, i)
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
        if named := _named_in_full(reach, i):
            return named
        if _starts_body(line):
            break
        if line.kind or is_number_line(line.text):
            anchor = i
    if anchor is None:
        return 0
    end = anchor + 1
    titled = False
    while end < len(reach):
        line = reach[end]
        text = line.bare
        if line.marker is not None or line.table or _is_basis(line):
            break
        if not _is_header_line(text):
            begins = not titled and _is_title(text)
            if not (_is_addressee(reach, end) or begins or (titled and _goes_on(reach, end))):
                break
            titled = True
        elif is_upper(text) and not is_number_line(text):
            titled = True
        end += 1
    return end


def _named_in_full(lines: Sequence[Line], i: int) -> int:
    """Index of the first basis, where line i begins a full name as the gazette has it; else 0."""
    if not fold(lines[i].bare[:60]).startswith(_KINDS_IN_FULL):
        return 0
    end = next((j for j in range(i + 1, len(lines)) if _is_basis(lines[j])), 0)
    if not 0 < end - i <= _TITLE_LINES or any(line.marker or line.table for line in lines[i:end]):
        return 0
    return end if long_name_of(" ".join(line.bare for line in lines[i:end])) else 0


def _is_basis(line: Line) -> bool:
    return fold(line.bare[:7]) == "can cu "


def _starts_body(line: Line) -> bool:
    text = line.bare
    if line.marker is not None or line.table or _is_basis(line):
        return True
    return len(text) > _SENTENCE_LENGTH and text[-1] in ".;:" and not is_upper(text)


def _is_list_of_addressees(text: str) -> bool:
    return text.endswith(":") and fold(text).startswith(("kinh gui", "dong kinh gui"))


def _is_recipients_line(text: str) -> bool:
    return len(text) < 40 and fold(text).startswith("noi nhan")


def _is_title(text: str) -> bool:
    if text.startswith("Kính gửi"):
        return False
    return len(text) < _OWN_TITLE_LENGTH and text[-1:] not in ".:;"


def _goes_on(lines: Sequence[Line], i: int) -> bool:
    """Whether line i goes on with a title of several lines, none of which is a sentence."""
    above, text = lines[i - 1].bare, lines[i].bare
    if above[-1:] not in ".:" and any(c.isalnum() for c in above) and _is_ruled_off(lines, i):
        return True
    if not _may_go_on(text) or above[-1:] in ".:;" or not any(c.isalnum() for c in above):
        return False
    begins_inside = text[:1].islower() or above.endswith(",") or is_open_end(above)
    return begins_inside or _is_in_block(lines, i)


def _may_go_on(text: str) -> bool:
    return len(text) < _TITLE_LENGTH and text[-1:] not in ".:;"


def _is_ruled_off(lines: Sequence[Line], i: int) -> bool:
    """Whether a rule, or the first basis, stands below line i and nothing but a title between."""
    for line in lines[i : i + _TITLE_LINES]:
        text = line.bare
        if _is_basis(line) or not any(c.isalnum() for c in text):
            return True
        if line.marker is not None or line.table or len(text) >= _TITLE_LENGTH or text[-1] in ".:":
            return False
    return False


def _is_in_block(lines: Sequence[Line], i: int) -> bool:
    """Whether line i stands between blank lines with the title, and nothing else does."""
    begin = end = i
    while begin and lines[begin].number == lines[begin - 1].last + 1:
        begin -= 1
    while end + 1 < len(lines) and lines[end + 1].number == lines[end].last + 1:
        end += 1
    if begin in (0, i) or end - begin >= _TITLE_LINES or end + 1 == len(lines):
        return False
    return all(line.marker is None and _may_go_on(line.bare) for line in lines[i : end + 1])


def _is_addressee(lines: Sequence[Line], i: int) -> bool:
    """Whether line i is “Kính gửi: …” or goes on with it."""
    for line in reversed(lines[max(0, i - 3) : i + 1]):
        folded = fold(line.bare)
        if folded.startswith(("kinh gui", "dong kinh gui")):
            return line is lines[i] or lines[i - 1].text.rstrip().endswith((",", ":"))
    return False


def is_stamp(text: str) -> bool:
    """Whether a line is a stamp, which belongs neither to the issuer nor to the title."""
    return _STAMP.fullmatch(fold(text).strip(" -.:*()[]")) is not None


def _is_header_line(text: str) -> bool:
    if not any(c.isalnum() for c in text) or is_upper(text) or is_number_line(text):
        return True
    if len(text) >= _TITLE_LENGTH:
        return False
    folded = fold(text)
    return (
        is_date_line(text)
        or says_draft(text)
        or folded == MOTTO
        or is_stamp(text)
        or folded.startswith("v/v ")
        or bool(_ATTACHED.match(folded.lstrip("(* ")))
        or (folded.startswith("thuc hien ") and len(text) < 300 and text[-1] not in ".;:")
    )


def _next_zone(current: Zone, lines: Sequence[Line], i: int) -> Zone:
    line = lines[i]
    if current is Zone.ADDRESSEES:
        if _is_addressee_line(line):
            return Zone.ADDRESSEES
        current = Zone.BODY
    text = line.bare
    if _is_recipients_line(text):
        return Zone.RECIPIENTS
    if line.footnote_number is not None:
        return Zone.BODY
    if current is Zone.SIGNATURE:
        signed = ends_in_name(lines[i - 1].bare) and not starts_signature(lines, i)
        return Zone.SIGNATURE if is_signature_line(text) and not signed else Zone.NOTE
    if starts_signature(lines, i):
        return Zone.SIGNATURE
    ends_note = current is Zone.NOTE and line.marker is not None
    return Zone.BODY if ends_note else current


def _is_addressee_line(line: Line) -> bool:
    if line.marker is not None:
        return line.marker.is_bullet
    return line.text[:1].islower() and line.footnote_number is None
