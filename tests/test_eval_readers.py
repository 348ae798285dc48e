"""What readers make of files is held against their transcripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_documents import docx, par, run, table
from fakes_eval import Runner

from assistant.runtime.settings import Settings
from corpus.errors import BadInput
from eval.character_errors import character_error_rate, character_errors
from eval.record import RunFolder
from eval.suites import Asked, make_suite
from eval.suites.readers import measures_of

HEAD = "UBND TỈNH SÔNG BÍCH\nSố: 12/TB-UBND\nSông Bích, ngày 05 tháng 6 năm 2031\n\nTHÔNG BÁO\n"
TEXT = f"{HEAD}Kết luận về kho lạnh\n\n1. Sở Y tế lập danh mục.\n2. Sở Nội vụ rà soát.\n"


def test_a_text_without_fault_is_right_in_everything() -> None:
    rows = "STT\tViệc\tHạn\n1\tLập kho\t15/11/2031\n"
    found = measures_of(TEXT + rows, TEXT + rows, "a.pdf")
    assert found["character_errors"][0] == found["character_errors_moved"][0] == 0
    assert found["labels"] == [2, 2]
    assert found["rows"] == [2, 2]
    assert found["header_fields"] == [5, 5]


def test_each_fault_is_counted_where_it_is_one() -> None:
    wrong = TEXT.replace("12/TB", "17/TB").replace("2. Sở", "3. Sở").replace("Y tế", "Y tê")
    found = measures_of(wrong, TEXT, "a.pdf")
    assert found["character_errors"] == [3, len(" ".join(TEXT.split()))]
    assert found["labels"] == [1, 2]
    assert found["header_fields"] == [4, 5]


def test_a_cell_in_the_wrong_column_is_a_wrong_row_and_a_slip_of_the_pen_is_none() -> None:
    row = "1\tXây dựng kho dữ liệu dùng chung\tSở Y tế\t15/11/2031"
    assert measures_of(row.replace("dựng", "dưng"), row, "a.pdf")["rows"] == [1, 1]
    moved = "1\tXây dựng kho dữ liệu dùng chung\t\tSở Y tế 15/11/2031"
    assert measures_of(moved, row, "a.pdf")["rows"] == [0, 1]
    assert measures_of(row.replace("15/11", "16/12"), row, "a.pdf")["rows"] == [0, 1]


def test_runs_of_words_may_stand_elsewhere_in_one_measure_only() -> None:
    wanted = "một hai ba bốn năm sáu bảy tám chín mười"
    found = "sáu bảy tám chín mười một hai ba bốn năm"
    assert character_errors(found, wanted)[0] > 20
    assert character_errors(found, wanted, moved=True)[0] == 0
    assert character_errors("mười một", "một mười", moved=True)[0] > 0  # too short to be a run
    assert character_error_rate("abc", "abd") == pytest.approx(1 / 3)


def test_a_run_measures_the_files_that_have_a_transcript(
    tmp_path: Path, settings: Settings
) -> None:
    data = tmp_path / "data"
    (data / "more").mkdir(parents=True)
    body = par(run("1. Sở Y tế lập danh mục.")) + table(["a", "b", "c"], ["1", "2", "3"])
    (data / "a.docx").write_bytes(docx(body))
    (data / "a.txt").write_text("1. Sở Y tế lập danh mục.\na\tb\tc\n1\t2\t3\n", "utf-8")
    (data / "more" / "b.docx").write_bytes(docx(body))
    (data / "more" / "b.expected.txt").write_text("1. Sở Y tế lập danh mục khác.", "utf-8")
    (data / "alone.docx").write_bytes(docx(body))
    (data / "broken.docx").write_bytes(b"PK")
    (data / "broken.txt").write_text("x", "utf-8")
    suite = make_suite(Asked("readers", data))
    assert suite.tasks == ("a.docx", "broken.docx", "more/b.docx")
    folder = tmp_path / "run"
    metrics = Runner(settings)(suite, folder)
    right, broken, wrong = RunFolder(folder).records()
    assert right["measures"]["character_errors"] == [0, 36]
    assert right["slices"] == {"format": ["docx"]}
    assert broken["not_measured"].startswith("broken.docx: ")
    assert wrong["measures"]["character_errors"][0] > 0
    assert 0 < (metrics["character_errors"].value or 0) < 1


@pytest.mark.parametrize("data", [None, "empty"])
def test_without_files_it_is_refused_with_a_remedy(tmp_path: Path, data: str | None) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput) as caught:
        make_suite(Asked("readers", data and tmp_path / data))
    assert caught.value.remedy
