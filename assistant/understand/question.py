"""What a question asks: its words restored, its kind, the notices it names, its history."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.understand.division import FALSE_FRIENDS, Piece, divide
from assistant.understand.followup import lean
from assistant.understand.mentions import Mention, find_mentions, without_names
from corpus.facts.agencies import expand_terms, find_agencies
from corpus.facts.references import find_question_references
from corpus.notice import DocumentReference, Notice
from corpus.text import fold, has_diacritics, normalise
from index.vocabulary import Vocabulary

_SUBJECT = 0.5  # weight of the whole question's words in a part of it
_READ_TOGETHER = 0.3  # weight of the question before from which on the two are embedded together
TURN_CHARS = 2000  # of an earlier turn: as long as a question may be, by default


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
        divided: its parts, each understood by itself, in order; none where it asks one thing.
        part_of: of a part: the whole question, as it is embedded; else ``""``.
        is_side: of a part: whether the same is asked of another notice.
        mentions: where ``restored`` names notices of the library.
        within: ids of the only clauses that may answer; none means all.
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
    divided: tuple[Question, ...] = ()
    part_of: str = ""
    is_side: bool = False
    mentions: tuple[Mention, ...] = ()
    within: frozenset[str] = frozenset()

    @property
    def missing_documents(self) -> tuple[str, ...]:
        """Numbers of the documents that the library lacks; a bare number may be anything."""
        return tuple(r.number for r in self.missing if "/" in r.number or "-" in r.number)

    @property
    def embedded(self) -> str:
        """What is embedded: with the question it leans on, where it leans on it much.

        A part is as near to the clauses as the whole is: embedded by itself, it finds less.
        """
        if self.part_of or self.earlier_weight < _READ_TOGETHER:
            return self.part_of or self.restored
        return f"{self.earlier} {self.restored}".strip()


# On folded text: the same for every way of typing.
_ASKED: tuple[tuple[Asked, str], ...] = (
    (
        Asked.DEADLINE,
        r"khi nao|bao gio|chung nao|hoi nao|muon nhat|tre nhat|deadline"
        r"|thang (may|nao)\b(?! (?:buoi|lan|cai|cuoc|lop))|ngay (nao|may)"
        r"|nam (hoc )?nao"
        r"|cham nhat|luc nao|bao lau|thoi gian nao|moc (nao|thoi gian)|thoi diem nao",
    ),
    (
        Asked.OWNER,
        r"\b(co quan|don vi|to chuc|dia phuong|nganh) nao\b"
        r"|\bai\b(?! ky)(?! la nguoi ky)|(chu tri|phoi hop|dau moi) la",
    ),
    (
        Asked.SIGNER,
        r"\bai ky\b|nguoi ky|do ai ky|ai la nguoi ky|chu ky cua ai|ky boi ai"
        r"|\bai dung ten (?:o|duoi|tren|trong)\b",
    ),
    (Asked.PERSON, r"\bai\b|\b(dong chi|nguoi|ong|ba|lanh dao) nao|ho ten|ten gi"),
    (
        Asked.NUMBER,
        r"bao nhieu|\bso luong\b|ty le|phan tram|muc nao|top may"
        r"|(?<!thang )(?<!ngay )(?<!nam )(?<!quy )(?<!so )\bmay (?!bay|moc|tinh|chu)\w+\b"
        r"(?!(?: \w+)? nao)",
    ),
    (
        Asked.DOCUMENT,
        r"(van ban|thong bao|nghi quyet|quyet dinh|nghi dinh|thong tu|cong van"
        r"|\btb|\bnq|\bqd)(?: (?:ket luan|huong dan))? (so )?(nao|may|gi)"
        r"|(ke hoach|luat) (so )?(nao|may)|so hieu",
    ),
    (Asked.PLACE, r"dia chi (nao|gi)|\bo dau\b|tai dau|dia diem nao|dat tai (dau|dia)|noi nao"),
    (
        Asked.LIST,
        r"nhung (?!(?:ngay|thang|nam|moc|thoi \w+) nao).{0,60}(nao|gi)\b"
        r"|cac .{0,40}(nao|gi)\b|gom (nhung |cac )?(gi|ai|nao)|liet ke"
        r"|(?<!ngay )(?<!thang )(?<!so )(?<!nam )(?<!bao )(?<!tb )"
        r"\b\d{1,2} (?!nam|thang|ngay|la )\w+(?: \w+){0,3} (?<!khi )(?<!luc )(?<!the )(?<!ngay )"
        r"(?<!thang )(?<!nam )(?<!bo )(?<!so )(?<!quan )(?<!vi )(?<!nganh )nao\b"
        r"|(viec|nhiem vu|noi dung|yeu cau|giai phap|muc tieu|dieu) (gi|nao)|lam gi|ke ten|bao gom"
        r"|\bmoi \w+ .{0,40}(nao|gi)\b",
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
    r"\b(?:nêu|kể|liệt kê|tổng hợp|thống kê|điểm lại|cho biết|trình bày|tóm tắt)"
    r"(?: ra| rõ)? (?:các|những)\b"
    r"|(?<!thứ )(?<!khóa )(?<!tháng )(?<!quý )\b(?:hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
    r" (?!năm|tháng|ngày|nào)\w+(?: \w+){0,3} nào\b"
)
# On text with its marks: folded, “máy tính nào” would ask for a province, “bản nào” for a body.
_SAID_BODY = re.compile(r"\b(?:bộ|sở|tỉnh|xã|phường|ban|trường|cục|cấp|thành phố) nào\b")
# On text with its marks: folded, “Hàn lâm” would have a deadline. A task's “thời hạn” is one.
_SAID_TERM = re.compile(
    r"(?<!quá )(?<!đúng )(?<!hết )(?<!giới )(?<!dài )(?<!ngắn )(?<!hữu )(?<!có thời )(?<!trong )"
    r"\bhạn\b(?! (?:chế|hán|hẹp))|\bquý (?:mấy|nào)\b"
)
# “Số cơ sở dữ liệu … thay đổi thế nào?”
_SAID_NUMBER = re.compile(
    r"^(?:cho biết )?(?:số lượng|tổng số|tỷ lệ|số (?!hóa|hiệu|liệu|ký|điện|nhà|\d))"
)
# On text with its marks: folded, “đầu tư” would ask where. “của mấy đại học” asks nothing.
_HOW_MANY = re.compile(
    r"bao nhiêu|(?<!của )(?<!tháng )(?<!ngày )(?<!năm )(?<!quý )(?<!số )\bmấy\b"
    r"(?!(?: \w+){1,2} nào\b)"
)
_INTERROGATIVE = re.compile(
    r"bao giờ|bao lâu|khi nào|\b(?:tháng|ngày|năm|quý|số) mấy\b|\bai\b|\bđâu\b|\bnào\b|\bgì\b"
    r"|ra sao|thế nào"
)
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
    turn_chars: int = TURN_CHARS,
) -> Question:
    """Work out what is asked, and where.

    Of an earlier turn only the beginning is read: an answer may well be long, and a caller may
    send anything as one.

    Args:
        text: the question, as typed.
        history: earlier turns, oldest first.
        notices: the library, by id.
        vocabulary: of the library's own words.
        turn_chars: how much of an earlier turn is read.
    """
    typed_out = vocabulary.spell_out(_typed_out(text.strip()))
    restored = _with_heads(text, vocabulary.restore(typed_out))
    before = _last(history, "user", turn_chars)
    answer = _last(history, "assistant", turn_chars)
    # Marks that were typed are better than restored ones: rare words are restored to common ones.
    typed = normalise(typed_out) if has_diacritics(text) else restored
    earlier = vocabulary.restore(before)
    leaning = lean(restored, typed, earlier, answer, vocabulary)
    restored = leaning.restored
    said = find_mentions(restored, notices)
    named = said.notice_ids
    if not named and leaning.goes_on:
        named = find_mentions(earlier, notices).notice_ids
    pieces = divide(restored, said.mentions)
    whole = replace(
        _read(text, restored, typed, named),
        earlier=leaning.earlier,
        earlier_weight=leaning.weight,
        is_follow_up=leaning.goes_on,
        missing=said.missing,
        mentions=said.mentions,
        only_named=len(named) == 1 and not any(piece.not_in for piece in pieces),
    )
    subject = without_names(restored, said.mentions)
    return replace(whole, divided=tuple(_part(piece, whole, subject, notices) for piece in pieces))


def _last(history: Sequence[Turn], role: str, most: int) -> str:
    """Return the last turn of a role, cut at a word where it is longer than ``most``."""
    said = next((turn.content for turn in reversed(history) if turn.role == role), "")
    if len(said) <= most:
        return said
    kept = said[:most]
    return kept if said[most].isspace() else (*kept.rsplit(None, 1), "")[0]


def _part(piece: Piece, whole: Question, subject: str, notices: Mapping[str, Notice]) -> Question:
    """Understand one part of a question; what is asked before it tells what it is about."""
    text = piece.text if has_diacritics(whole.text) else fold(piece.text)
    part = _read(text, piece.text, piece.text, piece.notice_ids)
    missing = find_mentions(piece.text, notices).missing
    others = tuple(one for one in notices if one not in piece.not_in) if piece.not_in else ()
    only = piece.notice_ids or others or (whole.notice_ids if whole.only_named else ())
    return replace(
        part,
        missing=missing,
        asked=whole.asked if piece.is_side else part.asked,
        earlier="" if piece.is_side else subject,
        earlier_weight=0.0 if piece.is_side else _SUBJECT,
        part_of=whole.embedded,
        is_side=piece.is_side,
        notice_ids=only,
        only_named=bool(only),
    )


def _read(text: str, restored: str, typed: str, named: tuple[str, ...]) -> Question:
    """Understand a question by its own words."""
    words = _words(typed)
    numbers = len(_HOW_MANY.findall(words.lower()))
    return Question(
        text=text,
        restored=restored,
        earlier="",
        search_text=" ".join([restored, *expand_terms(restored)]),
        asked=_asked(fold(words))
        | ({Asked.COMPARISON} if len(named) > 1 else frozenset())
        | ({Asked.OWNER} if _SAID_BODY.search(restored.lower()) else frozenset())
        | ({Asked.DEADLINE} if _SAID_TERM.search(restored.lower()) else frozenset())
        | ({Asked.NUMBER} if _SAID_NUMBER.match(restored.lower()) else frozenset())
        | ({Asked.LIST} if _SAID_LIST.search(words.lower()) else frozenset()),
        notice_ids=named,
        only_named=len(named) == 1,
        references=find_question_references(text),
        missing=(),
        is_follow_up=False,
        parts=max(1, numbers + len(_INTERROGATIVE.findall(words.lower()))),
        numbers=numbers,
    )


def _words(typed: str) -> str:
    return typed if typed.isupper() else FALSE_FRIENDS.sub(" ", typed)


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
