"""Short ways to read a small notice and to look at its clauses; lines for property tests."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from hypothesis import strategies as st

from corpus.notice import Clause, ClauseKind, Notice
from corpus.parse.lines import join_pieces
from corpus.parse.notices import parse_notice
from corpus.parse.reading import read_lines

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
SAMPLE_FILES = sorted(p for p in SAMPLES.iterdir() if p.suffix in {".txt", ".md"})
SAMPLE_FILES = [p for p in SAMPLE_FILES if p.name != "questions.txt"]


def source_of(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def read_file(path: Path) -> Notice:
    return parse_notice(source_of(path), path.name)


def read(*lines: str, name: str = "thu.txt") -> Notice:
    """Read a notice made of these lines."""
    return parse_notice("\n".join(lines), name)


def at(notice: Notice, line: int) -> Clause:
    """The one clause that holds a line."""
    [clause] = [c for c in notice.clauses if any(a <= line <= b for a, b in c.lines)]
    return clause


def labels(notice: Notice) -> list[str]:
    return [clause.label for clause in notice.clauses]


def places(notice: Notice, clause_ids: tuple[str, ...]) -> list[int]:
    """First lines of the clauses with these ids."""
    first = {clause.id: clause.line_range[0] for clause in notice.clauses}
    return [first[clause_id] for clause_id in clause_ids]


def check_laws(notice: Notice) -> None:
    """What holds for every notice, whatever its text."""
    claimed = [0] * len(notice.source)
    for clause in notice.clauses:
        for span in clause.spans:
            for place in range(span.start, span.end):
                claimed[place] += 1
    assert {n for n, char in zip(claimed, notice.source, strict=True) if not char.isspace()} <= {1}
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", notice.source))]
    lines = {line.span.start: line for line in read_lines(notice.source)}
    ids = {clause.id for clause in notice.clauses}
    assert len(ids) == len(notice.clauses)
    for clause in notice.clauses:
        for span, (first, last) in zip(clause.spans, clause.lines, strict=True):
            assert starts[first - 1] <= span.start
            assert span.end <= [*starts, len(notice.source)][last]
        if clause.kind not in (ClauseKind.HEADER, ClauseKind.SIGNATURE):
            assert join_pieces(lines[one.start].text for one in clause.spans) == clause.text
        assert clause.label
        assert {part.clause_id for part in clause.context} <= ids - {clause.id}
        assert set(clause.footnote_ids) <= ids
        for reference in clause.references:
            assert reference.span.of(clause.text) == reference.text
        for deadline in clause.deadlines:
            assert deadline.clause_id or deadline.span.of(clause.text) == deadline.text
    named = Counter(clause.label for clause in notice.clauses if clause.kind.is_content)
    assert max(named.values(), default=1) == 1


_WORDS = (
    "Sở Tài chính chủ trì, phối hợp với Sở Nội vụ hoàn thành trước ngày 30/6/2026. Hoà hoà uỷ Ủy"
    " ban nhân dân tỉnh; Thông báo số 18-TB/TGV cụ thể: nêu trên (1) (2) (i) [1] ¹ ² 02- UBND và"
    " CHỦ TỊCH Nguyễn Văn Đức Đường NGHỊ QUYẾT Căn cứ - + * · 5 12/2026 năm sau: a\u0301 \u200b"
)
_MARKS = (
    "1. |2. |3.|I. |II. |Phần 1|Điều 1. |Điều 2.|a) |b) |đ)|i) |(i) |(1) |(2) |2.1. |* |- |+ |· |-|"
    "**1.** |## I. |[1] |[2] |¹ |²|Số: |Nơi nhận:|Kính gửi:|KT. |(Kèm theo |Phụ lục I|\t| |# "
)
WORDS = st.sampled_from(_WORDS.split())
MARKS = st.sampled_from(["", *_MARKS.split("|")])
LINES = st.one_of(
    st.builds(lambda mark, words: mark + " ".join(words), MARKS, st.lists(WORDS, max_size=9)),
    st.builds("\t".join, st.lists(WORDS, min_size=2, max_size=4)),
    st.sampled_from(
        ["", " ", "\u00a0", "---", "*", "NGHỊ QUYẾT", "Nơi nhận:", "CHỦ TỊCH", "Trần Bá"]
    ),
)
TEXTS = st.builds(
    lambda end, lines: end.join(lines),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    st.lists(LINES, max_size=30),
)
