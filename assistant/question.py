"""What a question asks: its words restored, its kind, the notices it names, its history."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.followup import lean
from corpus.agencies import expand_terms, find_agencies
from corpus.notice import DocumentReference, Notice
from corpus.references import find_question_references, matches_number
from corpus.text import fold, has_diacritics, normalise
from index.vocabulary import Vocabulary


class Asked(StrEnum):
    """What kind of thing would answer a question; one question may ask for several."""

    DEADLINE = "deadline"
    OWNER = "owner"
    PERSON = "person"
    SIGNER = "signer"
    NUMBER = "number"
    DOCUMENT = "document"
    PLACE = "place"
    LIST = "list"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of the chat; ``role`` is ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood.

    Args:
        text: as it was asked.
        restored: with its diacritics put back, and names for “thành phố này” in a follow-up.
        earlier: for a follow-up that doesn't say enough by itself, the question before it,
            restored, without what this one replaces; else ``""``.
        search_text: what is looked up as words: the restored question and the other forms of
            its terms.
        asked: kinds of answer wanted.
        notice_ids: notices that the question names and the library has.
        only_named: whether the answer must come from those alone.
        references: documents it names.
        missing: those of them that the library doesn't have.
        is_follow_up: whether it goes on with the turn before.
        parts: how many things are asked for.
        numbers: how many of them are numbers.
        earlier_weight: of the words of ``earlier``, 0 to 1; those of the question count 1.
    """

    text: str
    restored: str
    earlier: str
    search_text: str
    asked: frozenset[Asked]
    notice_ids: tuple[str, ...]
    only_named: bool
    references: tuple[DocumentReference, ...]
    missing: tuple[DocumentReference, ...]
    is_follow_up: bool
    parts: int
    numbers: int = 0
    earlier_weight: float = 0.0


# On folded text: the same for every way of typing.
_ASKED: tuple[tuple[Asked, str], ...] = (
    (
        Asked.DEADLINE,
        r"khi nao|bao gio|thang (may|nao)\b(?! (?:buoi|lan|cai|cuoc|lop))|ngay (nao|may)"
        r"|nam (hoc )?nao|quy (may|nao)"
        r"|cham nhat|luc nao|bao lau|thoi gian nao|moc (nao|thoi gian)|thoi diem nao",
    ),
    (
        Asked.OWNER,
        r"\b(co quan|don vi|to chuc|dia phuong|nganh) nao\b"
        r"|\bai\b(?! ky)(?! la nguoi ky)|(chu tri|phoi hop|dau moi) la",
    ),
    (Asked.SIGNER, r"\bai ky\b|nguoi ky|do ai ky|ai la nguoi ky|chu ky cua ai|ky boi ai"),
    (Asked.PERSON, r"\bai\b|\b(dong chi|nguoi|ong|ba|lanh dao) nao|ho ten|ten gi"),
    (
        Asked.NUMBER,
        r"bao nhieu|\bmay (?!bay|moc|tinh|chu)\w+|\bso luong\b|ty le|phan tram|muc nao|top may",
    ),
    (
        Asked.DOCUMENT,
        r"(van ban|thong bao|nghi quyet|quyet dinh|nghi dinh|thong tu|cong van"
        r"|\btb|\bnq|\bqd) (so )?(nao|may|gi)|(ke hoach|luat) (so )?(nao|may)|so hieu",
    ),
    (Asked.PLACE, r"dia chi (nao|gi)|\bo dau\b|tai dau|dia diem nao|dat tai (dau|dia)|noi nao"),
    (
        Asked.LIST,
        r"nhung (?!(?:ngay|thang|nam|moc|thoi \w+) nao).{0,60}(nao|gi)\b"
        r"|cac .{0,40}(nao|gi)\b|gom (nhung |cac )?(gi|ai|nao)|liet ke"
        r"|(?<!ngay )(?<!thang )(?<!so )(?<!nam )(?<!bao )(?<!tb )"
        r"\b\d{1,2} (?!nam|thang|ngay|la )\w+(?: \w+){0,3} (?<!khi )(?<!luc )(?<!the )(?<!ngay )"
        r"(?<!thang )(?<!nam )(?<!bo )(?<!so )(?<!quan )(?<!vi )(?<!nganh )nao\b"
        r"|(viec|nhiem vu|noi dung|yeu cau|giai phap|muc tieu|dieu) (gi|nao)|lam gi|ke ten|bao gom",
    ),
    (
        Asked.COMPARISON,
        r"khac (nhau|gi|voi)|giong nhau|so sanh|mau thuan|\bkhop\b|thong nhat khong|thay doi"
        r"|trai nhau|truoc (day|kia).{0,40}(nay|gio)|thuc te|hien nay con",
    ),
)
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _ASKED)
# On text with its marks: folded, “nêu các” would be “nếu các”, “năm nào” five of them.
_SAID_LIST = re.compile(
    r"\b(?:nêu|kể|liệt kê|cho biết|trình bày|tóm tắt)(?: ra| rõ)? (?:các|những)\b"
    r"|(?<!thứ )(?<!khóa )(?<!tháng )(?<!quý )\b(?:hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
    r" (?!năm|tháng|ngày|nào)\w+(?: \w+){0,3} nào\b"
)
# On text with its marks: folded, “máy tính nào” would ask for a province, “bản nào” for a body.
_SAID_BODY = re.compile(r"\b(?:bộ|sở|tỉnh|xã|phường|ban|trường|cục|cấp|thành phố) nào\b")
# On text with its marks: folded, “Hàn lâm” would have a deadline. A task's “thời hạn” is one.
_SAID_TERM = re.compile(
    r"(?<!quá )(?<!đúng )(?<!hết )(?<!giới )(?<!dài )(?<!ngắn )(?<!hữu )(?<!có thời )(?<!trong )"
    r"\bhạn\b(?! (?:chế|hán|hẹp))"
)
# On text with its marks: folded, “đầu tư” would ask where. “của mấy đại học” asks nothing.
_HOW_MANY = re.compile(r"bao nhiêu|(?<!của )\bmấy\b")
_INTERROGATIVE = re.compile(r"bao giờ|bao lâu|khi nào|\bai\b|\bđâu\b|\bnào\b|\bgì\b|ra sao|thế nào")
# Folded, artificial intelligence would ask who (“ai”), and a machine how many (“mấy”).
_FALSE_FRIENDS = re.compile(r"(?<!\w)(?:AI|[Mm]áy)(?!\w)")
_SHORTHAND = {
    "bn": "bao nhiêu",
    "ntn": "như thế nào",
    "kq": "kết quả",
    "trc": "trước",
    "vs": "với",
    "dc": "được",
    "đc": "được",
    "ko": "không",
    "ng": "người",
    "j": "gì",
}
_SHORTHAND_WORD = re.compile(rf"(?<![\w.-])(?:{'|'.join(_SHORTHAND)})(?![\w.-])", re.I)


def understand(
    text: str,
    history: Sequence[Turn],
    notices: Mapping[str, Notice],
    vocabulary: Vocabulary,
) -> Question:
    """Work out what is asked, and where.

    Args:
        text: the question, as typed.
        history: earlier turns, oldest first.
        notices: the library, by id.
        vocabulary: of the library's own words.
    """
    typed_out = vocabulary.spell_out(_typed_out(text.strip()))
    restored = _with_heads(text, vocabulary.restore(typed_out))
    before = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    answer = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    # Marks that were typed are better than restored ones: rare words are restored to common ones.
    typed = normalise(typed_out) if has_diacritics(text) else restored
    words = typed if typed.isupper() else _FALSE_FRIENDS.sub(" ", typed)
    folded = fold(words)
    earlier = vocabulary.restore(before)
    leaning = lean(restored, typed, earlier, answer, vocabulary)
    restored = leaning.restored
    numbers = len(_HOW_MANY.findall(words.lower()))
    named, missing = _named(text, restored, notices)
    if not named and leaning.goes_on:
        named, _ = _named(before, earlier, notices)
    return Question(
        text=text,
        restored=restored,
        earlier=leaning.earlier,
        search_text=" ".join([restored, *expand_terms(restored)]),
        asked=_asked(folded)
        | ({Asked.COMPARISON} if len(named) > 1 else frozenset())
        | ({Asked.OWNER} if _SAID_BODY.search(restored.lower()) else frozenset())
        | ({Asked.DEADLINE} if _SAID_TERM.search(restored.lower()) else frozenset())
        | ({Asked.LIST} if _SAID_LIST.search(words.lower()) else frozenset()),
        notice_ids=tuple(named),
        only_named=len(named) == 1,
        references=find_question_references(text),
        missing=missing,
        is_follow_up=leaning.goes_on,
        earlier_weight=leaning.weight,
        parts=max(1, numbers + len(_INTERROGATIVE.findall(words.lower()))),
        numbers=numbers,
    )


def _typed_out(text: str) -> str:
    """Write out the shorthand of chats, with marks where the rest has them: “bn tiền”."""
    marked = has_diacritics(text)
    return _SHORTHAND_WORD.sub(
        lambda m: _SHORTHAND[m[0].lower()] if marked else fold(_SHORTHAND[m[0].lower()]), text
    )


def _with_heads(text: str, restored: str) -> str:
    """Restore “so y te” to the department: by its neighbours, “so” becomes “số”."""
    if has_diacritics(text):
        return restored
    words = restored.split()
    for i, word in enumerate(words[:-1]):
        head = f"sở {' '.join(words[i + 1 : i + 5])}"
        if fold(word) == "so" and any(not a.span.start for a in find_agencies(head)):
            words[i] = "sở"
    return " ".join(words)


def _asked(folded: str) -> frozenset[Asked]:
    return frozenset(kind for kind, pattern in _KINDS if pattern.search(folded))


def _named(
    text: str, restored: str, notices: Mapping[str, Notice]
) -> tuple[list[str], tuple[DocumentReference, ...]]:
    named: list[str] = []
    missing: list[DocumentReference] = []
    for reference in find_question_references(text):
        found = [n.id for n in notices.values() if _means(reference, n)]
        named += [i for i in found if i not in named]
        if not found:
            missing.append(reference)
    folded = fold(restored)
    for notice in notices.values():
        if notice.id not in named and _title_said(notice, folded):
            named.append(notice.id)
    return named, tuple(missing)


def _means(reference: DocumentReference, notice: Notice) -> bool:
    header = notice.header
    if reference.kind == "Phụ lục":
        return header.kind == f"Phụ lục {reference.number}"
    if not header.number or not matches_number(reference.number, header.number, reference.kind):
        return False
    return reference.date is None or header.date is None or reference.date == header.date


def _title_said(notice: Notice, folded: str) -> bool:
    """Whether a notice without a number is named by its kind and the first words of its title."""
    header = notice.header
    if header.number or not header.kind or not header.title:
        return False
    words = fold(header.title).split()[:2]
    return " ".join([fold(header.kind), *words]) in folded
