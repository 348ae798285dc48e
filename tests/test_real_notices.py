"""The five real notices: line numbers and short facts, no sentence of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fakes_notices import at, check_laws, places, read_file

from corpus.notice import Clause, ClauseKind, ContextRole, Notice, OwnerRole, Status

pytestmark = pytest.mark.shared

K, R = ClauseKind, ContextRole
TB45 = "45-TB-TGV_2025-09-30.txt"
TB25 = "25-TB-TGV_2025-05-24.txt"
NQ03 = "03-NQ-CP_2025-01-09.md"
PL2 = "phu-luc-II_nhiem-vu-den-31-12-2025.txt"
BC = "bao-cao-so-ket-NQ57_du-thao_2026-06-30.md"
KHCN = "Bộ Khoa học và Công nghệ"

Reader = Callable[[str], Notice]


@pytest.fixture(scope="module")
def notice(notices_dir: Path) -> Reader:
    read: dict[str, Notice] = {}

    def of(name: str) -> Notice:
        if name not in read:
            read[name] = read_file(notices_dir / name)
        return read[name]

    return of


def leads(clause: Clause) -> list[str]:
    return [owner.canonical for owner in clause.owners if owner.role is OwnerRole.LEAD]


@pytest.mark.parametrize("name", [TB45, TB25, NQ03, PL2, BC])
def test_no_character_is_lost_and_every_line_belongs_to_one_clause(
    notice: Reader, name: str
) -> None:
    check_laws(notice(name))


@pytest.mark.parametrize("name", [TB45, TB25, NQ03, PL2, BC])
def test_every_label_but_that_of_notes_is_given_once(notice: Reader, name: str) -> None:
    labels = [c.label for c in notice(name).clauses if c.kind is not K.NOTE]
    assert len(labels) == len(set(labels))
    assert not any("của tệp" in label for label in labels)


@pytest.mark.parametrize(
    ("name", "kind", "number", "day", "status"),
    [
        (TB45, "Thông báo", "45-TB/TGV", date(2025, 9, 30), Status.ISSUED),
        (TB25, "Thông báo", "25-TB/TGV", date(2025, 5, 24), Status.ISSUED),
        (NQ03, "Nghị quyết", "03/NQ-CP", date(2025, 1, 9), Status.ISSUED),
        (PL2, "Phụ lục II", "", None, Status.ISSUED),
        (BC, "Báo cáo", "", date(2026, 6, 30), Status.DRAFT),
    ],
)
def test_headers(
    notice: Reader, name: str, *, kind: str, number: str, day: date | None, status: Status
) -> None:
    header = notice(name).header
    assert (header.kind, header.number, header.date, header.status) == (kind, number, day, status)


def test_issuers_and_titles(notice: Reader) -> None:
    assert notice(TB45).header.issuer.endswith("CHUYỂN ĐỔI SỐ - TỔ GIÚP VIỆC")
    assert notice(TB25).header.issuer == notice(TB45).header.issuer
    assert notice(NQ03).header.issuer == "CHÍNH PHỦ"
    assert notice(PL2).header.issuer == notice(BC).header.issuer == ""
    assert notice(TB45).header.title.startswith("Kết luận CUỘC HỌP")
    assert notice(TB45).header.title.endswith("TRÍ TUỆ NHÂN TẠO")
    assert notice(NQ03).header.title.startswith("Ban hành Chương trình hành động")
    assert "31/12/2025" in notice(PL2).header.title
    assert notice(BC).header.title.startswith("Sơ kết 01 năm 06 tháng")


def test_the_resolution_and_its_programme_are_told_apart(notice: Reader) -> None:
    nq03 = notice(NQ03)
    assert [a.first_line for a in nq03.header.attached] == [54]
    assert at(nq03, 24).label == "Điều 1"
    assert at(nq03, 12).kind is K.BASIS
    assert at(nq03, 61).label == "mục I.1, Chương trình hành động"
    assert at(nq03, 177).label == "mục II.4.a, Chương trình hành động"
    assert at(nq03, 307).label == "mục III.6, Chương trình hành động"
    assert at(nq03, 61).context_of(R.ATTACHED)
    assert not at(nq03, 24).context_of(R.ATTACHED)


@pytest.mark.parametrize(
    ("name", "line", "label"),
    [
        (TB45, 24, "mục 1.a, nhóm * thứ nhất, gạch đầu dòng 8"),
        (TB45, 50, "mục 1.b.(4)"),
        (TB45, 75, "mục 2.c.(1), nhóm * thứ nhất, gạch đầu dòng 2"),
        (TB45, 77, "mục 2.c.(1), nhóm * thứ hai"),
        (TB45, 94, "mục 3.a, đoạn 1"),
        (TB45, 104, "mục 4.b.(1)"),
        (TB45, 112, "mục 4.b.(1), gạch đầu dòng 8"),
        (TB45, 126, "mục 4.b.(4), gạch đầu dòng 1"),
        (TB45, 132, "mục 4.b.(4), đoạn 2"),
        (TB45, 144, "mục 5.c"),
        (TB45, 145, "đoạn kết 1"),
        (TB45, 164, "chú thích 1"),
        (TB25, 18, "mục 1.a.(3)"),
        (TB25, 28, "mục 4.a"),
        (TB25, 33, "đoạn kết 1"),
        (PL2, 15, "mục 2.1, gạch đầu dòng 1"),
        (PL2, 30, "mục 2.4, gạch đầu dòng 1, dấu cộng 3"),
        (PL2, 71, "mục 3.4"),
        (PL2, 83, "mục 3.5, chấm đầu dòng 8"),
        (BC, 25, "đoạn mở đầu 5"),
        (BC, 39, "Phần 1"),
        (BC, 219, "Phần 1, mục IV.3.(1)"),
        (BC, 231, "Phần 1, mục IV.3, đoạn 2"),
        (BC, 335, "Phần 1, mục IV.10, bảng 1, dòng 4"),
        (BC, 479, "Phần 2, mục II, đoạn 2"),
        (BC, 591, "Phần 4, mục 1, gạch đầu dòng 1"),
        (BC, 613, "Phần 4, mục 2, bảng 1, dòng 6"),
        (BC, 633, "Phần 5, mục I.(2), gạch đầu dòng 1"),
        (BC, 651, "Phần 5, mục I.(5).a, đoạn 1"),
        (BC, 705, "Phần 5, mục II.4, đoạn 1"),
        (BC, 757, "Phần 5, mục III.2.đ"),
        (BC, 761, "đoạn kết 2"),
    ],
)
def test_labels(notice: Reader, name: str, line: int, label: str) -> None:
    assert at(notice(name), line).label == label


def test_the_closer_gives_its_deadline_to_the_whole_list(notice: Reader) -> None:
    tb45 = notice(TB45)
    for line in range(126, 132):
        clause = at(tb45, line)
        [closer] = clause.context_of(R.CLOSER)
        assert closer.clause_id == at(tb45, 132).id
        assert "20/12/2025" in closer.text
        assert [(d.due, d.clause_id) for d in clause.deadlines] == [
            (date(2025, 12, 20), at(tb45, 132).id)
        ]
        assert [p.clause_id for p in clause.context_of(R.LEAD_IN)] == [at(tb45, 125).id]
    assert not at(tb45, 133).context_of(R.CLOSER)


def test_owner_headings_own_their_bullets(notice: Reader) -> None:
    tb45 = notice(TB45)
    assert at(tb45, 104).kind is K.HEADING
    assert leads(at(tb45, 112)) == [KHCN]
    assert leads(at(tb45, 120)) == ["Bộ Công an"]
    assert at(tb45, 120).owners[0].clause_id == at(tb45, 117).id
    assert [leads(at(tb45, n)) for n in (126, 127)] == [["Bộ Công an"], ["Văn phòng Chính phủ"]]
    assert leads(at(notice(TB25), 16)) == [KHCN]
    assert leads(at(notice(PL2), 74)) == [KHCN]


def test_the_annex_names_the_owner_in_brackets(notice: Reader) -> None:
    assert leads(at(notice(PL2), 83)) == ["Bộ Công an"]


def test_a_slip_of_the_typist_leads_nothing_in(notice: Reader) -> None:
    assert [at(notice(PL2), n).context_of(R.LEAD_IN) for n in range(6, 13)] == [()] * 7


def test_page_broken_paragraphs_are_one_clause(notice: Reader) -> None:
    bc = notice(BC)
    first = at(bc, 25)
    assert first is at(bc, 29)
    assert first.lines == ((25, 25), (29, 29))
    assert at(bc, 27).kind is K.FOOTNOTE
    assert at(bc, 321) is at(bc, 323)
    assert "02-CTr/BCĐTW" in [r.number for r in at(bc, 321).references]
    assert at(bc, 335) is at(bc, 337)
    assert [name for name, _ in at(bc, 335).table] == ["Điều kiện", "Mô tả", "Rủi ro nếu thiếu"]
    assert at(notice(NQ03), 297) is at(notice(NQ03), 299)
    assert sum(len(c.lines) > 1 and c.kind is not K.HEADING for c in bc.clauses) == 31


def test_footnotes_know_who_refers_to_them(notice: Reader) -> None:
    tb45, bc = notice(TB45), notice(BC)
    assert places(tb45, at(tb45, 23).footnote_ids) == [164]
    assert places(tb45, at(tb45, 43).footnote_ids) == [165]
    notes = [c for c in bc.clauses if c.kind is K.FOOTNOTE]
    assert [c.label for c in notes] == [f"chú thích {n}" for n in range(1, 48)]
    assert all(len(c.context_of(R.REFERRED)) == 1 for c in notes)
    assert places(bc, at(bc, 605).footnote_ids) == [615]
    assert not any(c.footnote_ids for c in notes)
    assert sum(len(c.footnote_ids) for c in bc.clauses) == 47


@pytest.mark.parametrize(
    ("name", "first", "last", "signed"),
    [
        (TB45, 146, 163, "Võ Thành Hưng"),
        (TB25, 34, 44, ""),
        (NQ03, 30, 52, "Nguyễn Hòa Bình"),
        (BC, 763, 776, "Nguyễn Hải Ninh"),
    ],
)
def test_recipients_and_signatures_are_no_tasks(
    notice: Reader, name: str, first: int, last: int, signed: str
) -> None:
    block = [c for c in notice(name).clauses if first <= c.line_range[0] <= last]
    assert {c.kind for c in block} <= {K.RECIPIENT, K.SIGNATURE, K.NOTE}
    assert not any(c.owners or c.deadlines for c in block)
    signatures = [c for c in block if c.kind is K.SIGNATURE]
    assert len(signatures) == bool(signed)
    assert all(c.text.endswith(signed) for c in signatures)


def test_mat_in_running_text_hides_nothing(notice: Reader) -> None:
    assert at(notice(PL2), 15).kind.is_content
    assert at(notice(BC), 513).kind.is_content
