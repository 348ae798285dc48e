"""What is embedded and searched: a clause, or a sentence-bounded part of a long one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.notice import Clause, ClauseKind, ContextRole, Notice, Span

PASSAGE_KINDS = frozenset(
    {
        ClauseKind.HEADER,
        ClauseKind.BASIS,
        ClauseKind.HEADING,
        ClauseKind.PARAGRAPH,
        ClauseKind.ITEM,
        ClauseKind.BULLET,
        ClauseKind.FOOTNOTE,
        ClauseKind.TABLE_ROW,
        ClauseKind.RECIPIENT,
        ClauseKind.SIGNATURE,
    }
)
"""Kinds that can be found; page titles and column names alone answer nothing."""

_TITLE_ROLES = frozenset(
    {
        ContextRole.ATTACHED,
        ContextRole.HEADING,
        ContextRole.OWNER,
        ContextRole.LEAD_IN,
        ContextRole.COLUMNS,
        ContextRole.REFERRED,
    }
)
_JOINT = " › "
_PROMPT_TOKENS = 32  # "title: … | text: …" and the begin and end marks, with room to spare
_SMALLEST_PART = 16  # characters; a window that can't take these can't take anything

_NOT_AN_END = "".join(
    rf"(?<!\b{short}\.)"
    for short in ("TP", "Tp", "GS", "PGS", "TS", "ThS", "BS", "KS", "tr", "[A-ZĐ]")
)
_SEPARATORS = [
    # Every separator holds white space, so 1.245, 15/11/2025 and 45-TB/TGV are never cut.
    rf"(?<=[.!?…]){_NOT_AN_END}[\"”’»)\]]*+\s++",
    r"(?<=;)\s++",
    # A page break may stand inside a document number: "02-\nCTr/BCĐTW", "45 -TB/TGV".
    r"(?<![-–/\s])\s*+\n\s*+(?![-–/]\S)",
    r"(?<=[:,])\s++",
    r"(?<![-–/\d\s])\s++(?![-–/\d])",
    r"(?<![-–/\s])\s++(?![-–/])",
]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a clause small enough for one vector.

    Args:
        clause_id: the clause it is cited by.
        notice_id: the notice the clause stands in.
        kind: the clause's kind, for weighting.
        start: first code point in the clause's text.
        end: one past the last: ``clause.text[start:end] == text``.
        text: verbatim, without white space at its ends.
        title: the notice's short name and the inherited context, shortened.
    """

    clause_id: str
    notice_id: str
    kind: ClauseKind
    start: int
    end: int
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How clauses are cut.

    Args:
        characters: a longer clause is split by sentences. Long texts dilute the vector and
            cost as many tokens as they have.
        title_characters: bound of the title, which every passage pays for again: on the real
            notices 80, 160 and 300 gave 121, 140 and 157 tokens a passage.
    """

    characters: int = 1000
    title_characters: int = 160

    def __post_init__(self) -> None:
        if self.characters < _SMALLEST_PART or self.title_characters < _SMALLEST_PART:
            raise ValueError(f"passage settings under {_SMALLEST_PART} characters: {self}")


def passages_of(
    notice: Notice,
    settings: PassageSettings,
    window: int,
    count_tokens: Callable[[str], int],
) -> tuple[Passage, ...]:
    """Cut the clauses of ``notice`` into passages, in order.

    The passages of a clause cover it but for white space and don't overlap.

    Args:
        notice: read and cut into clauses.
        settings: sizes in characters.
        window: tokens the embedder sees; no passage with its title is longer.
        count_tokens: the embedder's count.
    """
    passages: list[Passage] = []
    for clause in notice.clauses:
        if clause.kind not in PASSAGE_KINDS:
            continue
        title = title_of(notice, clause, settings.title_characters)
        room = max(1, window - _PROMPT_TOKENS - _tokens_at_most(title))
        passages.extend(
            Passage(
                clause_id=clause.id,
                notice_id=notice.id,
                kind=clause.kind,
                start=span.start,
                end=span.end,
                text=span.of(clause.text),
                title=title,
            )
            for span in split_text(clause.text, settings.characters, room, count_tokens)
        )
    return tuple(passages)


def title_of(notice: Notice, clause: Clause, limit: int) -> str:
    """Return the notice's short name and the clause's context in at most ``limit`` characters.

    The name and the innermost parts say most, so what doesn't fit goes from the outside.
    """
    name = _shorten(notice.short_name, limit // 2)
    room = limit - len(name)
    inner: list[str] = []
    for part in reversed(clause.context):
        if part.role not in _TITLE_ROLES:
            continue
        room_for_text = min(room - len(_JOINT), limit // 2)
        if room_for_text < _SMALLEST_PART:
            break
        text = _shorten(part.text, room_for_text)
        inner.append(text)
        room -= len(_JOINT) + len(text)
    return _JOINT.join([name, *reversed(inner)])


def split_text(text: str, size: int, window: int, count_tokens: Callable[[str], int]) -> list[Span]:
    """Return the spans of ``text``'s parts: whole sentences where they fit, in order.

    Args:
        text: any text; white space alone gives no part.
        size: characters a part may have.
        window: tokens a part may have.
        count_tokens: the embedder's count, asked only where bytes don't already settle it.
    """
    spans: list[Span] = []
    for span in _by_characters(text, size):
        part = span.of(text)
        if size < 2 * _SMALLEST_PART or _fits(part, window, count_tokens):
            spans.append(span)
            continue
        smaller = split_text(part, min(size, len(part)) // 2, window, count_tokens)
        spans.extend(Span(span.start + inner.start, span.start + inner.end) for inner in smaller)
    return spans


def _by_characters(text: str, size: int) -> Iterator[Span]:
    bare = text.strip()
    if not bare:
        return
    first = text.index(bare)
    if len(bare) <= size:
        yield Span(first, first + len(bare))
        return
    # Parts of like length: a full first part and a tail of five words would lose the tail.
    parts = math.ceil(len(bare) / size)
    even = min(size, math.ceil(len(bare) / parts * 1.15))
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=even,
        chunk_overlap=0,
        add_start_index=True,
    )
    for document in splitter.create_documents([text]):
        start = int(document.metadata["start_index"])
        yield from _cut_hard(text, start, start + len(document.page_content), size)


def _cut_hard(text: str, start: int, end: int, size: int) -> Iterator[Span]:
    """Cut what has no white space to be cut at (a line of a million letters)."""
    for cut in range(start, end, size):
        part = text[cut : min(cut + size, end)]
        bare = part.strip()
        if bare:
            first = cut + part.index(bare)
            yield Span(first, first + len(bare))


def _fits(text: str, window: int, count_tokens: Callable[[str], int]) -> bool:
    return _tokens_at_most(text) <= window or count_tokens(text) <= window


def _tokens_at_most(text: str) -> int:
    """Bound the tokens without asking: a tokenizer with byte fallback never exceeds the bytes."""
    return len(text.encode("utf-8", errors="replace"))


def _shorten(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return at_word.rstrip(" ,;:.") + "…"
