"""Whether the quotes hold the very thing that is asked for, not only one of its kind.

A near-domain question that the notices don't answer finds a clause about the same project with
some number, date or name in it. So what is counted, who holds which office, what happens on
the day and what kind of body is wanted must stand beside the number, the name or the date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.find.ground import Quote
from assistant.judge.answer_types import without
from assistant.understand.question import Asked, Question
from assistant.understand.stopwords import is_stop
from corpus.facts.deadlines import find_deadlines
from corpus.facts.references import find_references
from corpus.facts.sentences import sentences
from corpus.facts.terms import spell_out
from corpus.notice import Clause, ClauseKind, Notice
from corpus.text import fold, has_diacritics, normalise, syllables

# All patterns but those of names and of “mấy” are on folded text.
_COUNTED = re.compile(
    r"(?:bao nhiêu|(?<!của )(?<!tháng )(?<!ngày )(?<!quý )(?<!top )(?<!tốp )(?<!thứ )\bmấy)"
    r"\s+(?P<first>[^\W\d_]+)(?:\s+(?P<second>[^\W\d_]+))?",
    re.I,
)
# What follows “bao nhiêu” and names nothing that is counted, or only how much of it.
_VAGUE_WORDS = """
    bằng cái cần cho chiếm chưa có còn cũng của đạt được gồm hằng hàng hơn khoản lần loại mỗi một
    mức năm nghìn ngàn người ngân ở phần phải so tại tăng giảm thế thì thứ tiền trăm trên trở
    triệu trong từ tức tỷ tỉ usd đô đồng vào và về việc với vốn y để khi là theo nữa rồi vậy
"""
_NOT_COUNTED = frozenset(_VAGUE_WORDS.split())
_NOT_COUNTED_BARE = frozenset(map(fold, _NOT_COUNTED))
# What is measured and not counted.
_MEASURES = (
    "thoi gian|chi phi|cong suat|dien tich|dung luong|kinh phi|nguon luc|so luong|gia tri"
    "|loi nhuan|doanh thu|trong so|ngan sach|nguon von"
)
_MEASURED = frozenset(_MEASURES.split("|"))
_SINGLE_WORDS = """
    ban bo chip dai diem don doi gb gio giai ha huyen khoa khu kilomet km kw ky lan lop luat luot
    m2 met mw nganh ngay nha nhom nm nuoc phong phut phuong quy san sang so tb thang the thon tinh
    to toa tram truong tuan vien viec vu xa xe
"""
_SINGLE = frozenset(_SINGLE_WORDS.split())  # nouns of one syllable
# Words that count the same; folded.
_ALIKE = (
    "nuoc|quoc gia",
    "tinh|dia phuong|thanh pho",
    "khoi nghiep|startup",
    "du an|cong trinh",
    "nganh|linh vuc",
    "lan|luot",
    "co quan|don vi|bo",
    "nhiem vu|viec|cong viec",
    "may tinh|thiet bi",
    "ban|van ban",
    "nghi quyet|luat|van ban|nghi dinh",
    "giang vien|giao vien|nguoi day",
    "nguoi dan|nguoi|luot",
    "hoc vien|sinh vien|nguoi hoc|luot hoc",
    "ki lo met|ki lo|km|cay so",
    "met vuong|m2|ha|hec ta",
    "ha|hec ta",
)
_TIMES = frozenset(("nam", "thang", "ngay", "tuan", "gio", "phut", "quy", "%"))
_NUMBER_WORDS = frozenset(("mot", "hai", "ba", "bon", "bay", "tam", "chin", "muoi"))
_SECOND_ITEM = re.compile(r"\((?:2|ii)\)")
_BESIDE = 8  # words between a number and what it counts
_OFFICES = (
    r"(?:pho )?(?:tong giam doc|giam doc|chu tich|to truong|truong ban|bo truong|thu truong"
    r"|chu nhiem|hieu truong|vien truong|cuc truong|vu truong|truong doan|bi thu|tong bi thu"
    r"|thu tuong|thu ky|truong nhom|doi truong|truong phong|chanh van phong|tong thu ky"
    r"|tong cong trinh su|kien truc su truong|nguoi dung dau|nguoi phu trach|nguoi phat ngon)"
)
_OF_OFFICE = (
    re.compile(
        rf"\b(?:ai|nguoi nao)\b(?: \w+)?? (?:la|lam|giu chuc) (?P<what>{_OFFICES})\b(?P<of>.*)"
    ),
    re.compile(
        rf"\b(?P<what>{_OFFICES})\b(?P<of>.{{0,300}}?) (?:la|ten) (?:ai|gi|ong nao|nguoi nao)\b"
    ),
)
_HEADS = re.compile(r"nguoi (?:dung dau|phu trach)")
_ANY_HEAD = re.compile(r"\b(?:nguoi dung dau|nguoi phu trach|giam doc|chu tich|truong)\b")
_NAME_WORD = r"[A-ZĐÀ-Ỹ][a-zđà-ỹ]{1,63}"
_NAME = re.compile(rf"(?<![\w-]){_NAME_WORD}(?: {_NAME_WORD}){{1,3}}(?![\w-])")
_BREAK = re.compile(r"[?,.;()]")
_OF_WORDS = 2  # words of meaning after the office that tell which one it is
# What happens on a day; other verbs (hoàn thành, báo cáo …) go with the task itself.
_EVENT = (
    r"khai truong|khoi cong|khanh thanh|hieu luc|het hieu luc|khai mac|be mac|dien ra|to chuc"
    r"|ra doi|thanh lap|nop ho so|nop|dang ky|bo nhiem|dong cua|khoi dong|ky ket|de xuat"
    r"|tiep theo"
)
_WHEN = r"(?:ngay (?:nao|may)|khi nao|bao gio|luc nao|thang (?:nao|may)|nam nao)"
_HAPPENS = (
    re.compile(rf"\b(?P<event>{_EVENT})\b(?: \w+){{0,3}}? {_WHEN}"),
    re.compile(rf"{_WHEN}[^?]{{0,300}}? (?P<event>{_EVENT})\b"),
    re.compile(rf"\bhan (?P<event>{_EVENT})\b"),
    re.compile(rf"\b(?P<event>tiep theo)\b.{{0,300}}{_WHEN}"),
)
_CONDITION = re.compile(r"\b(?:sau|truoc) khi\b")
_STOP = re.compile(r"[,;]")
_DATED = re.compile(r"\d|ngay ky|\bquy [ivx]+\b")
# What is asked of something, and how that is told; with marks. Where no quote has the word,
# none tells it.
_TRAITS = (
    (r"tiêu chí", r"tiêu chí|tiêu chuẩn"),
    (r"điều kiện", r"điều kiện|yêu cầu|đáp ứng|đủ"),
    (r"thủ tục|trình tự|quy trình", r"thủ tục|trình tự|quy trình|các bước"),
    (r"xử phạt|mức phạt|tiền phạt|chế tài", r"phạt|chế tài"),
    (r"kỷ luật", r"kỷ luật"),
    (r"học phí", r"học phí"),
    (r"lệ phí|phí|giá vé|giá bán|giá", r"phí|giá|tiền|đồng"),
    (r"mức lương|lương", r"lương|thu nhập|thù lao"),
    (r"lãi suất", r"lãi suất"),
    (r"vốn điều lệ", r"vốn điều lệ"),
    (r"góp vốn|vốn góp", r"góp|vốn góp"),
    (r"diện tích", r"diện tích|rộng|ha|m2"),
    (r"dân số", r"dân số|dân"),
    (r"điện thoại|đường dây nóng", r"điện thoại|đường dây nóng"),
    (r"biên chế", r"biên chế"),
    (r"nguyên nhân|lý do", r"nguyên nhân|lý do|do|vì"),
    (r"tiền thưởng|mức thưởng", r"thưởng|giải"),
)
_OF_TRAIT = (
    r"\b(?:{0})\b[^?,;]{{0,300}}? (?:là gì|là bao nhiêu|là những gì|như thế nào|thế nào|ra sao"
    r"|bao nhiêu|những gì|gồm gì|là mấy)\b"
)
# “tỉnh nào”: a name of that kind; on text with its marks and capitals.
_CAPITAL = r"[A-ZĐÀ-Ỹ]"
_COMPANY = (
    r"(?:[Cc]ông ty|[Tt]ập đoàn|[Nn]gân hàng|[Dd]oanh nghiệp|[Tt]ổng công ty)[^,.;()]{0,20}? "
    + _CAPITAL
    + r"|\b(?:VNPT|FPT|CMC|EVN)\b|\b(?!iHanoi|VNeID)[A-Z][a-z]+[a-z]\b(?= (?:\(|và |vận hành|đã ))"
    + r"|\b(?:Viettel|MobiFone|Vingroup|VinAI|Zalo|Samsung|NVIDIA|Qualcomm)\b"
)
_KINDS = {
    r"tỉnh(?: thành)?|thành phố": rf"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?) {_CAPITAL}",
    r"xã|phường": rf"(?:[Xx]ã|[Pp]hường|đặc khu) {_CAPITAL}",
    r"đại học|trường": rf"(?:[Đđ]ại học|[Tt]rường|ĐH(?:QG)?|Học viện) ?{_CAPITAL}",
    r"doanh nghiệp|công ty|tập đoàn|nhà thầu": _COMPANY,
}
_YEAR = re.compile(r"(?<![\d/-])(?:19|20)\d\d(?![\d/])")


def focus_lacks(question: Question, quotes: Sequence[Quote]) -> dict[str, bool]:
    """Tell, by name, which of the very things asked for stand in no sentence of the clauses.

    Args:
        question: understood.
        quotes: what would be shown.
    """
    clauses = {quote.clause.id: quote.clause for quote in quotes}
    units = [unit for clause in clauses.values() for unit in _units(clause)]
    around = [f"{clause.context_text} {clause.text}" for clause in clauses.values()]
    asked = fold(spell_out(question.restored))
    return {
        "count": lacks_count(question, tuple(clauses.values())),
        "office": _lacks_office(question, asked, units),
        "event": _lacks_event(question, asked, units),
        "kind": _lacks_kind(question, [normalise(quote.text) for quote in quotes]),
        "trait": _lacks_trait(question, around),
        "year": _lacks_year(question, [*around, *(_issued(quote.notice) for quote in quotes)]),
    }


def _units(clause: Clause) -> list[str]:
    """The sentences of a clause; a row of a table is read with the table's head."""
    if clause.kind is ClauseKind.TABLE_ROW:
        return [normalise(f"{clause.context_text} {clause.text}")]
    if clause.kind is ClauseKind.SIGNATURE:
        return [normalise(clause.text)]  # the office and the name stand in lines of their own
    return [normalise(span.of(clause.text)) for span in sentences(clause.text)]


def lacks_count(question: Question, clauses: Sequence[Clause]) -> bool:
    """Whether a number is asked for that in no sentence of the clauses counts the same.

    Args:
        question: understood.
        clauses: where it may stand.
    """
    # Of a list that is asked for with its length, the items are the number.
    if Asked.NUMBER not in question.asked or Asked.LIST in question.asked:
        return False
    is_bare = not has_diacritics(question.text)
    found = _COUNTED.finditer(spell_out(question.restored))
    wanted = [_noun(match, is_bare=is_bare) for match in found]
    nouns = [noun for noun in wanted if noun]
    if not nouns:
        return False
    units = [unit for clause in clauses for unit in _units(clause)]
    # “100 ngày làm việc” is a deadline, and the number where days are asked for.
    is_time = any(_TIMES.intersection(noun) for noun in nouns)
    kept = [fold(spell_out(unit)) if is_time else _without_dates(unit) for unit in units]
    numbered = [fold(clause.text) for clause in clauses if _SECOND_ITEM.search(clause.text)]
    if any(form in text for text in numbered for noun in nouns for form in noun):
        return False  # “các nội dung: (1) …; (2) …” can be counted
    return not any(_counts(noun, unit) for noun in nouns for unit in kept)


def _noun(match: re.Match[str], *, is_bare: bool) -> tuple[str, ...]:
    """The forms of what is counted, folded; none where nothing in particular is."""
    first, second = fold(match["first"]), fold(match["second"] or "")
    pair = f"{first} {second}".strip()
    stops = is_stop((match["second"] or "").lower(), is_bare=is_bare)
    is_single = first in _SINGLE or stops or not second
    forms = [first] if is_single or len(first) > len("nghiep") else [pair]
    alike = [group.split("|") for group in _ALIKE]
    forms += [form for group in alike if pair in group or first in group for form in group]
    # What was typed without marks is not sure to have got the right ones back.
    is_vague = match["first"].lower() in _NOT_COUNTED or (is_bare and first in _NOT_COUNTED_BARE)
    if pair in _MEASURED or (is_vague and not (second and any(pair in group for group in alike))):
        return ()
    return tuple(dict.fromkeys(forms))


def _without_dates(unit: str) -> str:
    dated = [*(r.span for r in find_references(unit)), *(d.span for d in find_deadlines(unit))]
    return fold(spell_out(without(unit, dated)))


def _counts(noun: tuple[str, ...], unit: str) -> bool:
    """Whether a number stands beside the noun, and counts no time instead."""
    words = re.findall(r"\d[\d.,/–-]*|[^\W\d]+|%", unit)
    for at, word in enumerate(words):
        if not word[0].isdigit() and word not in _NUMBER_WORDS:
            continue
        after = words[at + 1] if at + 1 < len(words) else ""
        if after in _TIMES and after not in noun:
            continue
        near = " ".join(words[max(0, at - _BESIDE) : at + _BESIDE])
        if any(re.search(rf"\b{re.escape(form)}\b", near) for form in noun):
            return True
    return False


def _lacks_office(question: Question, asked: str, units: Iterable[str]) -> bool:
    if not question.asked & {Asked.PERSON, Asked.OWNER}:
        return False
    match = next((m for p in _OF_OFFICE if (m := p.search(asked))), None)
    if match is None:
        return False
    # Folding keeps the length, so the same stretch of the text has the marks.
    marked = spell_out(question.restored)
    office, told_of = match["what"], marked[match.start("of") : match.end("of")]
    is_bare = not has_diacritics(marked)
    words = syllables(_BREAK.split(told_of)[0])
    of = [fold(word) for word in words if not is_stop(word, is_bare=is_bare)]
    held = _ANY_HEAD if _HEADS.fullmatch(office) else re.compile(rf"\b{office}\b")
    return not any(_holds(held, of[:_OF_WORDS], part) for unit in units for part in unit.split(";"))


def _holds(office: re.Pattern[str], of: Sequence[str], part: str) -> bool:
    """Whether a person with this office, of this body, is named in a part of a sentence."""
    folded = fold(spell_out(part))
    held = office.search(folded)
    if held is None or not all(re.search(rf"\b{word}\b", folded[held.start() :]) for word in of):
        return False
    return any(not office.search(fold(name[0])) for name in _NAME.finditer(part))


def _lacks_event(question: Question, asked: str, units: Iterable[str]) -> bool:
    if Asked.DEADLINE not in question.asked:
        return False
    match = next((m for p in _HAPPENS if (m := p.search(asked))), None)
    if match is None:
        return False
    happens = re.compile(rf"\b{match['event']}\b")
    return not any(_dates(happens, fold(unit)) for unit in units)


def _dates(happens: re.Pattern[str], unit: str) -> bool:
    """Whether a sentence, folded, has the event with a date and not as a condition.

    “01 tháng sau khi Luật có hiệu lực” tells no date of the law.
    """
    found = happens.search(unit)
    if found is None or not _DATED.search(unit):
        return False
    return not _CONDITION.search(_STOP.split(unit[: found.start()])[-1])


def _lacks_kind(question: Question, units: Iterable[str]) -> bool:
    known = normalise(question.restored)
    for kind, name in _KINDS.items():
        if not re.search(rf"\b(?:{kind}) nào\b", known.lower()):
            continue
        told = {m[0] for unit in units for m in re.finditer(name, unit)}
        if not any(one not in known for one in told):
            return True
    return False


def _lacks_trait(question: Question, texts: Sequence[str]) -> bool:
    asked = question.restored.lower()
    wanted = [told for trait, told in _TRAITS if re.search(_OF_TRAIT.format(trait), asked)]
    if not wanted:
        return False
    said = spell_out(" ".join(texts)).lower()
    return any(not re.search(rf"\b(?:{told})\b", said) for told in wanted)


def _lacks_year(question: Question, texts: Sequence[str]) -> bool:
    """Whether a number of a year is asked for that the quotes and their notice never name."""
    if Asked.NUMBER not in question.asked:
        return False
    asked = set(_YEAR.findall(question.restored))
    return bool(asked) and not any(year in text for year in asked for text in texts)


def _issued(notice: Notice) -> str:
    header = notice.header
    return f"{header.title} {header.date or ''}"
