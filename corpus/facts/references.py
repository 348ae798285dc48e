"""Documents named in a text: their kind, number and date.

How a number is normalised (``DocumentReference.number``): composed (NFC), without blanks,
letters as the standards write them (``NĐ``, ``TTg``, ``CTr``), and

* with a year ``231/2025/NĐ-CP`` (Nghị định 30/2020/NĐ-CP, Phụ lục I, for legal documents);
* issued by a body of the Party ``45-TB/TGV``, whatever separators stand in the text, so that
  ``57/NQ-TW`` becomes ``57-NQ/TW`` and ``07-TB-CQTTBCĐ`` becomes ``07-TB/CQTTBCĐ``;
* otherwise as it begins: ``1131/QĐ-TTg`` after a stroke, ``05-QĐ/ABC`` after a dash;
* a short form keeps only what is said: ``Kế hoạch 02`` gives ``02``, ``Nghị định 94/2025``
  gives ``94/2025``. Leading zeros stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.dates import View, date_at, spaced
from corpus.notice import DocumentReference
from corpus.text import fold

# code → (code as written, kind); QĐ is a quyết định of the state, often a quy định of the Party.
_TYPES = {
    "nq": ("NQ", "Nghị quyết"),
    "qd": ("QĐ", "Quyết định"),
    "qyd": ("QyĐ", "Quy định"),
    "tb": ("TB", "Thông báo"),
    "kh": ("KH", "Kế hoạch"),
    "ctr": ("CTr", "Chương trình"),
    "cv": ("CV", "Công văn"),
    "nd": ("NĐ", "Nghị định"),
    "tt": ("TT", "Thông tư"),
    "ttlt": ("TTLT", "Thông tư liên tịch"),
    "kl": ("KL", "Kết luận"),
    "ttr": ("TTr", "Tờ trình"),
    "bc": ("BC", "Báo cáo"),
    "ct": ("CT", "Chỉ thị"),
    "hd": ("HD", "Hướng dẫn"),
    "cd": ("CĐ", "Công điện"),
    "qc": ("QC", "Quy chế"),
}
_KINDS = {fold(kind): kind for _, kind in _TYPES.values()} | {
    "thong bao ket luan": "Thông báo",
    "luat": "Luật",
    "phap lenh": "Pháp lệnh",
    "de an": "Đề án",
    "van ban": "Văn bản",
}
_ISSUERS = {
    "ttg": "TTg",
    "chinhphu": "CP",
    "bcdtw": "BCĐTW",
    "bcd": "BCĐ",
    "cqttbcd": "CQTTBCĐ",
    "cqttcd": "CQTTCĐ",
    "vptwd": "VPTWĐ",
    "hdnd": "HĐND",
    "bgddt": "BGDĐT",
}
_PARTY = re.compile(r"\w*tw|tgv|cqtt\w*|tu|hu|vptwd")
_LEGAL = frozenset({"Nghị định", "Thông tư", "Quyết định", "Nghị quyết", "Luật", "Pháp lệnh"})

_CODES = "|".join(sorted(_TYPES, key=len, reverse=True))
_KIND_WORDS = "|".join(sorted(_KINDS, key=len, reverse=True))
_NUM = r"(?P<num>\d{1,5}(?:\.\d{1,2})?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_ISSUER = r"(?P<issuer>chinh~phu|[a-z][a-z0-9&]{0,11}(?:-[a-z][a-z0-9]{0,11}){0,3})"
_DIGIT = re.compile(r"\d")
_FULL = re.compile(
    spaced(
        rf"(?<![\w.,/-]){_NUM}(?:~/~{_YEAR})?~(?P<sep>[-/])~"
        rf"(?:(?P<type>{_CODES})(?:~[-/]~{_ISSUER})?|(?P<law>(?:ubtv)?qh\d{{1,2}}))(?!\w)"
    )
)
_LETTER = re.compile(
    r"(?<![\w.,/-])(?P<num>\d{1,5})/(?P<issuer>[A-ZĐ]{2}[A-ZĐ&g]{0,10}(?:-[A-ZĐ][A-ZĐ0-9]{1,11}){0,3})"
    r"(?!\w)"
)
_KIND = re.compile(spaced(rf"(?<!\w)(?:{_KIND_WORDS})(?!\w)"))
_TO_NUMBER = re.compile(spaced(r"(?:(?: [a-z]+){0,5} so)?~:?~"))
_BARE_NUMBER = re.compile(
    spaced(rf"(?: (?P<so>so)~:?)?~{_NUM}(?:~/~{_YEAR})?(?![\w/%]|[.,-]\d|~-~\d)")
)
_MORE = re.compile(
    spaced(rf"~(?:,|;|va|voi|hay|hoac)~{_NUM}(?:/{_YEAR})?(?=~(?:$|[.,;:?!)]|(?:va|cua|ngay) ))")
)
_QUANTITY = re.compile(
    spaced(
        r"~(?:%|(?:nam|thang|ngay)(?! \d)|tuan|gio|lan|nha|nhom|dong|ty|ti|trieu|nghin|buoc"
        r"|giai doan|trang|nguoi)(?!\w)"
    )
)
# Read with its tone: “Nghị quyết 57 quy định …” counts nothing.
_QUARTERS = re.compile(spaced(r"~[Qq]uý(?! [IVXivx\d])"))
_SHORT = re.compile(
    spaced(
        rf"(?<!\w)(?P<type>{_CODES})(?: so)?~[-.]?~{_NUM}(?:/{_YEAR})?(?:[-/]{_ISSUER})?"
        r"(?![\w/%]|[.,-]\d)"
    )
)
_GLUED = re.compile(spaced(rf"(?<!\w){_NUM}~(?P<type>{_CODES})[-/]{_ISSUER}(?!\w)"))
_ANNEX = re.compile(spaced(r"(?<!\w)(?:pl|phu luc)~(?:so )?(?P<num>[ivx]{1,4}|\d{1,2})(?!\w)"))
_DATED = re.compile(spaced(r"~,?~(?:ban hanh )?(?=ngay)"))
_PARTS = re.compile(
    rf"{_NUM}(?:/{_YEAR})?(?:[-/](?:(?P<type>{_CODES})(?:[-/](?P<issuer>.+))?|(?P<other>.+)))?"
)
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    number: str
    kind: str


def find_references(text: str) -> tuple[DocumentReference, ...]:
    """Return the documents that a clause names, in order.

    Numbers with a code are found anywhere; short forms need a capitalised kind word
    (``Nghị quyết 57``) or ``số``, so that ``72 quyết định`` and ``kế hoạch 5 năm`` are none.
    """
    return references_in(View.of(text))


def references_in(view: View) -> tuple[DocumentReference, ...]:
    """Return the documents that a clause names; see ``find_references``."""
    if _DIGIT.search(view.folded) is None:
        return ()
    found = [*_full(view, question=False), *_letters(view), *_bare(view, question=False)]
    return _references(view, found)


def find_question_references(text: str) -> tuple[DocumentReference, ...]:
    """Return the documents a person names in a question: ``tb 45``, ``NQ57``, ``thong bao 25``.

    Upper and lower case and diacritics don't matter. An annex (``PL2``) gives kind
    ``Phụ lục`` and its Roman number, as annexes are titled.
    """
    view = View.of(text)
    found = [
        *_full(view, question=True),
        *_letters(view),
        *_coded(view, _GLUED),
        *_bare(view, question=True),
        *_coded(view, _SHORT),
        *_annexes(view),
    ]
    return _references(view, found)


def normalise_number(text: str) -> str:
    """Return a document number in the normal form of this module.

    A text that holds no document number is returned composed and without blanks.
    """
    view = View.of(text)
    match = _FULL.search(view.folded) or _LETTER.search(view.plain)
    return _number(view, match) if match else "".join(view.plain.split())


def is_kind(words: str) -> bool:
    """Return whether ``words`` are a kind of document, such as ``Nghị định``; marks don't count."""
    return fold(words) in _KINDS


def code_of_kind(kind: str) -> str:
    """Return the code of a kind of document (``BC`` of ``Báo cáo``); ``""`` where it has none."""
    return next((code for code, name in _TYPES.values() if name == kind), "")


def kind_of_number(number: str) -> str:
    """Return the kind that a number tells by its code: ``Kế hoạch`` of ``45/KH-UBND``."""
    parts = _parts(number)
    return _TYPES[parts[2]][1] if parts and parts[2] in _TYPES else ""


def matches_number(reference_number: str, notice_number: str, kind: str = "") -> bool:
    """Return whether a reference can mean the notice of that number.

    What the reference says must be so in the notice: the number (leading zeros don't count),
    and year, code and issuer where it has them. A short form needs its ``kind``:
    ``45`` with ``Thông báo`` matches ``45-TB/TGV`` and not ``45-NQ/TW``. Diacritics and
    separators don't count.
    """
    reference, notice = _parts(reference_number), _parts(notice_number)
    if reference is None or notice is None:
        return fold(reference_number).strip() == fold(notice_number).strip() != ""
    pairs = list(zip(reference, notice, strict=True))
    if pairs[0][0] != pairs[0][1] or any(said and said != is_ for said, is_ in pairs[1:]):
        return False
    return not kind or _kind_fits(kind, notice[2])


def _kind_fits(kind: str, code: str) -> bool:
    wanted = _KINDS.get(fold(kind), kind)
    if wanted == "Văn bản" or code.startswith(("qh", "ubtvqh")):
        return True
    if not code:  # official letters carry no code: 83/BKHCN-VP
        return wanted == "Công văn"
    actual = _TYPES[code][1]
    return wanted == actual or (code == "qd" and wanted == "Quy định")


@lru_cache(maxsize=65536)
def _parts(number: str) -> tuple[str, str, str, str] | None:
    match = _PARTS.fullmatch(fold(normalise_number(number)))
    if match is None:
        return None
    other = match["other"] or ""
    code = match["type"] or (other if other.startswith(("qh", "ubtvqh")) else "")
    issuer = match["issuer"] or ("" if code else other)
    return (
        match["num"].lstrip("0") or "0",
        match["year"] or "",
        code,
        re.sub(r"[-/]", "", issuer),
    )


def _written(code: str) -> str:
    """Write an issuer's code as the standards do, each segment by itself."""
    squeezed = "".join(code.split())
    segments = squeezed.split("-")
    return "-".join(_ISSUERS.get(fold(part), part.upper()) for part in segments)


def _number(view: View, match: re.Match[str], *, with_issuer: bool = True) -> str:
    groups = match.groupdict()
    head = _short(match)
    if groups.get("law"):
        return f"{head}/{groups['law'].upper()}"
    issuer = ""
    if with_issuer and groups.get("issuer"):
        issuer = _written(view.plain[slice(*match.span("issuer"))])
    if not groups.get("type"):
        return f"{head}/{issuer}"
    code = _TYPES[groups["type"]][0]
    dashed = groups.get("sep", "-") == "-" or _PARTY.fullmatch(fold(issuer)) is not None
    first, second = ("-", "/") if dashed and not groups.get("year") else ("/", "-")
    return f"{head}{first}{code}{second}{issuer}" if issuer else f"{head}{first}{code}"


def _full(view: View, *, question: bool) -> Iterator[_Found]:
    for match in _FULL.finditer(view.folded):
        code = match["type"]
        if code is None:
            yield _Found(*match.span(), _number(view, match), "")
            continue
        # “45-TB - Bộ Tài chính”: in a clause an issuer's code stands in capitals.
        issued = bool(match["issuer"]) and (
            question or view.plain[match.start("issuer") : match.start("issuer") + 2].isupper()
        )
        end = match.end() if issued else match.end("type")
        number = _number(view, match, with_issuer=issued)
        apart = any(c.isspace() for c in view.plain[match.start() : match.start("type")])
        if question or (view.plain[match.start("type")].isupper() and (issued or not apart)):
            yield _Found(match.start(), end, number, _TYPES[code][1])


def _letters(view: View) -> Iterator[_Found]:
    for match in _LETTER.finditer(view.plain):
        before = view.folded[max(0, match.start() - 8) : match.start()].rstrip()
        if "-" in match["issuer"] or before.endswith(" so"):
            yield _Found(*match.span(), _number(view, match), "")


def _coded(view: View, pattern: re.Pattern[str]) -> Iterator[_Found]:
    for match in pattern.finditer(view.folded):
        if not _counts(view, match.end()):
            number = _number(view, match) if match["issuer"] else _short(match)
            kind = _TYPES[match["type"]][1]
            yield _Found(*match.span(), number, kind)
            yield from _more(view, match.end(), kind)


def _counts(view: View, end: int) -> bool:
    """Whether the number that ends here counts something (``kế hoạch 5 năm``)."""
    return bool(_QUANTITY.match(view.folded, end) or _QUARTERS.match(view.plain, end))


def _short(match: re.Match[str]) -> str:
    year = match.groupdict().get("year")
    return f"{match['num']}/{year}" if year else match["num"]


def _bare(view: View, *, question: bool) -> Iterator[_Found]:
    for word in _KIND.finditer(view.folded):
        match = _BARE_NUMBER.match(view.folded, word.end())
        kind = _KINDS[" ".join(word.group().split())]
        if match is None or not _is_short_form(view, word, match, kind, question=question):
            continue
        if _counts(view, match.end()):
            continue
        yield _Found(word.start(), match.end(), _short(match), kind)
        if match["so"] or match["year"] or question:
            yield from _more(view, match.end(), kind)


def _more(view: View, end: int, kind: str) -> Iterator[_Found]:
    """Yield the further numbers of a list that shares one kind word."""
    more = _MORE.match(view.folded, end)
    while more is not None:
        yield _Found(more.start("num"), more.end(), _short(more), kind)
        more = _MORE.match(view.folded, more.end())


def _is_short_form(
    view: View, word: re.Match[str], match: re.Match[str], kind: str, *, question: bool
) -> bool:
    if kind == "Văn bản":
        return False
    if match["year"] and kind not in _LEGAL and not match["so"]:
        return False  # “Báo cáo 6/2026” names a month
    is_year = re.fullmatch(r"(?:19|20)\d\d", match["num"]) is not None
    if is_year and not match["so"]:
        return False
    return question or bool(match["so"]) or view.plain[word.start()].isupper()


def _annexes(view: View) -> Iterator[_Found]:
    for match in _ANNEX.finditer(view.folded):
        given = match["num"].upper()
        if given.isdigit() and int(given) >= len(_ROMAN):
            continue
        number = _ROMAN[int(given)] if given.isdigit() else given
        yield _Found(*match.span(), number, "Phụ lục")


def _references(view: View, found: list[_Found]) -> tuple[DocumentReference, ...]:
    """Drop what overlaps an earlier finder's, then add kind words and dates."""
    if not found:
        return ()
    kept: list[_Found] = []
    covered = bytearray(len(view.plain))
    for item in found:
        if not any(covered[item.start : item.end]):
            covered[item.start : item.end] = b"\1" * (item.end - item.start)
            kept.append(item)
    kept.sort(key=lambda item: item.start)
    result = []
    for item in kept:
        start, kind = _with_kind(view, item)
        end, day = _with_date(view, item.end)
        span = view.span(start, end)
        result.append(DocumentReference(span.of(view.text), span, item.number, kind, day))
    return tuple(result)


def _with_kind(view: View, item: _Found) -> tuple[int, str]:
    floor = max(0, item.start - 80)
    words = list(_KIND.finditer(view.folded, floor, item.start))
    if not words or not _TO_NUMBER.fullmatch(view.folded, words[-1].end(), item.start):
        return item.start, item.kind
    said = _KINDS[" ".join(words[-1].group().split())]
    return words[-1].start(), item.kind or said if said == "Văn bản" else said


def _with_date(view: View, end: int) -> tuple[int, date | None]:
    dated = _DATED.match(view.folded, end)
    found = date_at(view.folded, dated.end()) if dated else None
    return found if found else (end, None)
