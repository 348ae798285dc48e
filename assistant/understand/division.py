"""The parts of a question that asks about several things, or the same of several notices.

“A thu được bao nhiêu, còn B khi nào?” has two parts; “So sánh Thông báo 1 và Thông báo 2 về C”
has one for each notice. A part that asks nothing of its own (“bao giờ xong?”) stays with the
one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.understand.mentions import Mention, without_names
from assistant.understand.stopwords import is_stop
from corpus.notice import Span
from corpus.text import fold, has_diacritics, syllables

MOST = 3
_LEAST_WORDS = 1  # of meaning: a part with fewer asks nothing of its own
_INTERROGATIVE = re.compile(
    r"bao nhiêu|bao giờ|bao lâu|khi nào|(?<!của )\bmấy\b|\b(?:ai|đâu|nào|gì)\b|ra sao|thế nào"
    r"|\b(?:hay|được) không\b"
)
# In small letters, artificial intelligence would ask who (“ai”), and a machine how many (“mấy”).
FALSE_FRIENDS = re.compile(r"(?<!\w)(?:AI|[Mm]áy)(?!\w)")
_MARK = re.compile(r"(?P<strong>[,;?.](?:\s+|$))|(?<!\s)\s+(?=(?:và|va|rồi|roi|còn)\s)")
# Folded: what begins another part, whatever else is cut off by a comma.
_BEGINS = re.compile(r"(?:va )?(?:con|trong do|rieng|roi|den|sang|the sao|ve sau|nay|gio)\b")
_LONGEST_BEGIN = 64  # characters: longer than any of them, however it is typed
# Folded: what begins with it is told of another notice than what was asked before.
_CONTRAST = re.compile(r"(?:va )?(?:con|sang|den|nay|gio|ve sau|the sao)\b")
_COMPARING = re.compile(r"^(?:so sánh|so sanh)\b(?: (?:giữa|giua|và|va|với|voi))*\s*", re.I)
_SUBJECT = re.compile(r"^(?:[^:?]{3,90}:\s+|(?:về|đối với|ve|doi voi) [^,:?]{3,90},\s+)", re.I)
# Folded: they point at what was said or ask to compare it; “và sở nào” asks the same of a body.
_POINTING = frozenset(("hai", "ba", "ben", "sanh", "cu", "khop", "lech", "giua", "so"))
_THIS = re.compile(r"\b([^\W\d_]+ [^\W\d_]+) (?:này|đó|ấy)\b", re.I)
_LONGEST = 4  # words after the first two that still name the same
# Folded. What tells of another time is not told by the notice that was named before.
_LATER = re.compile(
    r"\b(?:ve sau|sau do|sau nay|den nay|hien|hien nay|bay gio|thuc te|moi nhat)\b"
    r"|^\W*(?:(?:va|con|nhung)\b\s*)*(?:gio|nay|sang|den (?:giua|cuoi|dau|thang|nam))\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a question.

    Args:
        text: what it asks, with the subject that was said before it, without notices' names.
        notice_ids: the notices that it asks of; none means all.
        is_side: whether the same is asked of each notice.
        not_in: the notices of which something else is asked, in contrast to this.
    """

    text: str
    notice_ids: tuple[str, ...]
    is_side: bool = False
    not_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A place where the question asks, or names a notice (``notice_id``)."""

    span: Span
    notice_id: str = ""


def divide(text: str, mentions: Sequence[Mention]) -> tuple[Piece, ...]:
    """Return the parts of a question; none where it asks one thing.

    Args:
        text: restored.
        mentions: the notices of the library that it names.
    """
    match = _SUBJECT.match(text)
    start = match.end() if match and _asks(text[match.end() :]) else 0
    before = _names(mentions, Span(0, start))
    subject = _plain(text, Span(0, start), mentions)
    pieces: list[Piece] = []
    contrast: list[str] = []
    for span in _spans(text, start, mentions):
        plain = _resolved(_plain(text, span, mentions), text[: span.start])
        own = f"{subject} {plain}".strip()
        named = _names(mentions, span)
        is_later = bool(_LATER.search(fold(plain)))
        before = named or (() if is_later else before)
        contrast += named if _CONTRAST.match(fold(plain)) else ()
        several = len(before) > 1 and not is_later
        pieces += [Piece(own, (one,), is_side=several) for one in before] or [
            Piece(own, (), not_in=_names(mentions, Span(0, span.start)) if is_later else ())
        ]
    told = [p if p.notice_ids else replace(p, not_in=(*p.not_in, *contrast)) for p in pieces[:MOST]]
    return tuple(told) if len(told) > 1 else ()


def _spans(text: str, start: int, mentions: Sequence[Mention]) -> list[Span]:
    """Cut the question after ``start`` where each side asks something of its own."""
    found: list[Span] = []
    at = start
    is_asking = False  # whether the stretch since the last cut asks already
    for left, right in pairwise(_anchors(text, start, mentions)):
        is_asking = is_asking or not left.notice_id
        cut = _cut(text, left, right, is_asking=is_asking)
        if cut is not None:
            found.append(Span(at, cut.start))
            at = cut.end
            is_asking = False
    joined: list[Span] = []
    stood = False  # whether the last of them asks something of its own
    is_bare = not has_diacritics(text)
    for span in [*found, Span(at, len(text))]:
        stands = _stands(text, span, mentions, has_subject=start > 0, is_bare=is_bare)
        if stands and (stood or not joined):
            joined.append(span)
        else:
            joined[-1:] = [Span((*joined[-1:], span)[0].start, span.end)]
        stood = stood or stands  # joined, the two say what either says
    last = [Span(joined[MOST - 1].start, len(text))] if len(joined) >= MOST else []
    return [*joined[: MOST - 1], *last]


def _anchors(text: str, start: int, mentions: Sequence[Mention]) -> list[_Anchor]:
    lowered = FALSE_FRIENDS.sub(lambda match: "#" * len(match[0]), text).lower()
    asking = [_Anchor(Span(*m.span())) for m in _INTERROGATIVE.finditer(lowered, start)]
    # Of a single notice, the name asks nothing: it says where to look.
    if len({mention.notice_id for mention in mentions}) > 1:
        asking += [_Anchor(m.span, m.notice_id) for m in mentions if m.span.start >= start]
    return sorted(asking, key=lambda anchor: anchor.span.start)


def _cut(text: str, left: _Anchor, right: _Anchor, *, is_asking: bool) -> Span | None:
    """Where the part of ``left`` ends and that of ``right`` begins."""
    if not is_asking and (not right.notice_id or left.notice_id == right.notice_id):
        return None  # “theo Thông báo 1, ai …”
    marks = list(_MARK.finditer(text, left.span.end, right.span.start))
    if not is_asking:
        marks = [mark for mark in marks if mark["strong"]]
    begins = [mark for mark in marks if _BEGINS.match(fold(text[mark.end() :][:_LONGEST_BEGIN]))]
    return Span(*(begins or marks)[-1].span()) if marks else None


def _stands(
    text: str, side: Span, mentions: Sequence[Mention], *, has_subject: bool, is_bare: bool
) -> bool:
    """Whether a side asks something of its own."""
    words = syllables(_plain(text, side, mentions))
    own = {fold(word) for word in words if not is_stop(word, is_bare=is_bare)} - _POINTING
    names = bool(_names(mentions, side))
    return len(own) >= _LEAST_WORDS - (names and has_subject)


def _resolved(text: str, before: str) -> str:
    """Say again what “trung tâm này” means, where the words before it begin so."""

    def meant(match: re.Match[str]) -> str:
        said = re.search(rf"\b{re.escape(match[1])}(?: [^\W_]+){{1,{_LONGEST}}}", before, re.I)
        if said is None:
            return match[0]
        end = _INTERROGATIVE.search(said[0].lower())
        return said[0][: end.start()].strip() if end else said[0]

    return _THIS.sub(meant, text)


def _asks(text: str) -> bool:
    return bool(_INTERROGATIVE.search(FALSE_FRIENDS.sub(" ", text).lower()))


def _names(mentions: Sequence[Mention], span: Span) -> tuple[str, ...]:
    inside = [m for m in mentions if span.start <= m.span.start < span.end]
    return tuple(dict.fromkeys(mention.notice_id for mention in inside))


def _plain(text: str, span: Span, mentions: Sequence[Mention]) -> str:
    """A stretch of the question without the names of notices."""
    inside = [m for m in mentions if span.start <= m.span.start < span.end]
    moved = [
        replace(m, span=Span(m.span.start - span.start, m.span.end - span.start)) for m in inside
    ]
    return _COMPARING.sub("", without_names(text[span.start : span.end], moved))
