"""The report page: single answers, runs side by side, a peer, the command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fakes_report import (
    EVIL,
    FILE,
    METRICS,
    Reader,
    page_of,
    record,
    row_of,
    write_run,
    wrong,
)
from typer.testing import CliRunner

from corpus.errors import BadInput
from eval.commands import app
from eval.report import numbers
from eval.report.cases import find_cases, highlight
from eval.report.plot import SERIES
from eval.report.run_data import load_runs
from eval.report.targets import load_targets
from eval.score import LENGTH_LIMITS


def test_times_are_told_with_their_quantiles(tmp_path: Path) -> None:
    records = [record(n, timings_ms={"retrieve": 20.0 * n}) for n in range(1, 12)]
    page = page_of(write_run(tmp_path / "a", records))
    rows = [Reader(row).text for row in re.findall(r"<tr.*?</tr>", page)]
    assert "Hiện điều khoản liên quan 0,12 giây 0,21 giây 0,22 giây 11" in rows
    absent = "chữ đầu tiên của câu trả lời, hiện trích dẫn, hiện câu tóm tắt của mô hình"
    assert f"Bản ghi không đo: {absent}, trả lời xong." in Reader(page).text


def test_lengths_are_held_against_the_bounds_of_their_kind(tmp_path: Path) -> None:
    records = [
        record(1, words=40),
        record(2, words=41, kind="person"),
        record(3, words=500, kind="footnote"),
        record(4, words=900, refused=True),
    ]
    page = page_of(write_run(tmp_path / "a", records))
    rows = [Reader(row).text for row in re.findall(r"<tr.*?</tr>", page)]
    assert "cơ quan chủ trì 40 40 40 / 120 ✓ có 1" in rows
    assert "nhân sự 41 41 40 / 120 ✗ không 1" in rows
    assert "chú thích 500 500 – – 1" in rows


# -- wrong answers ------------------------------------------------------------------------------


def articles(page: str) -> list[str]:
    return re.findall(r"<article.*?</article>", page, flags=re.S)


def test_a_wrong_answer_stands_beside_what_is_right(tmp_path: Path) -> None:
    (article,) = articles(page_of(write_run(tmp_path / "a")))
    text = Reader(article).text
    assert "Sở nào chủ trì việc số 2?" in text
    assert "Sở Xây dựng chủ trì [1] ." in text
    assert "thiếu ý bắt buộc 1: Sở Công Thương" in text
    assert "[1] mục 2.a · Thông báo 07-TB/BCĐ · dòng 12–13" in text
    assert "<mark>Sở Y tế chủ trì,\n  xong trong quý II.</mark>" in article
    assert f"mục 5 · {FILE}:30 Sở Công Thương chủ trì." in text
    assert 'data-kind="owner" data-style="formal"' in article


def test_a_gold_line_gets_its_text_from_the_notice_then_from_a_citation(tmp_path: Path) -> None:
    bare = wrong(2, gold=[[{"file": FILE, "line": 13}], [{"file": FILE, "line": 2}]], citations=[])
    folder = write_run(tmp_path / "a", [record(1), bare])
    (article,) = articles(page_of(folder))
    assert "- Sở Y tế chủ trì,\n  xong trong quý II." in article
    assert "Lần chạy không kèm lời văn bản của dòng này." in article
    notice = {"file": FILE, "text": "Đầu đề\r\nDòng thứ hai.\r\nDòng ba"}
    (folder / "notices.jsonl").write_text(json.dumps(notice) + "\n")
    (article,) = articles(page_of(folder))
    assert f"{FILE}:2 Dòng thứ hai." in Reader(article).text


def test_refusals_and_errors_are_told_as_such(tmp_path: Path) -> None:
    records = [
        wrong(1, refused=True, answer="Không thấy.", citations=[], reasons=["từ chối nhầm"]),
        wrong(2, answerable=False, gold=[], reasons=["trả lời câu không có"]),
        wrong(3, answer=None, citations=None, error={"kind": "Busy", "message": "Máy bận."}),
        record(4, reasons=["câu không có trích dẫn: x"]),
        record(5),
    ]
    folder = write_run(tmp_path / "a", records)
    refused, unanswerable, failed, flawed = (Reader(one).text for one in articles(page_of(folder)))
    assert "Đã từ chối ✗ sai" in refused
    assert "đúng ra phải từ chối" in unanswerable
    assert "Lỗi ✗ sai Máy bận." in failed
    assert "✓ đúng" in flawed
    told = Reader(page_of(folder)).text
    assert "3 câu sai trong 5 câu hỏi." in told
    assert "1 câu trả lời đúng nhưng trích dẫn hoặc số liệu còn lỗi" in told


@pytest.mark.parametrize("suite_form", ["run", "layout"])
def test_a_missed_document_is_shown_beside_the_right_one(tmp_path: Path, suite_form: str) -> None:
    one: dict[str, Any] = {"id": "d1", "question": "Tìm gì?"}
    if suite_form == "run":
        one["gold"] = [{"document": "y", "rank": 2, "label": "Điều 2", "text": "Lời của y."}]
        one["found"] = [{"document": "x", "rank": 1, "score": 0.91, "text": "Lời của x."}]
        one["ranking"] = ["x", "y"]
    else:
        one |= {"relevant": ["y"], "ranked": [["x", 0.91], ["y", 0.4]]}
    folder = write_run(tmp_path / "a", [one], {"R@1": 0.0}, suite="beir", data={"path": "z"})
    (article,) = articles(page_of(folder))
    text = Reader(article).text
    assert "1. x · điểm 0,910" in text
    assert "y · đứng thứ 2" in text
    assert ("Lời của y." in text) == (suite_form == "run")


def test_a_run_for_speed_judges_no_answers(tmp_path: Path) -> None:
    probe = {"id": "@memory", "samples": {"peak_memory_gib": [3.2]}}
    metrics = {"peak_memory_gib": {"value": 3.2, "low": 3.2, "high": 3.2, "n": 1}}
    folder = write_run(tmp_path / "a", [wrong(1), probe], metrics, suite="speed")
    page = page_of(folder)
    assert "3,20 GiB ✓ Đạt n = 1" in row_of(page, "Bộ nhớ khi phục vụ")
    assert "1 câu hỏi" in Reader(page).text
    assert articles(page) == []


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("Một hai  ba\nbốn.", "hai ba bốn", "hai  ba\nbốn"),
        ("Tỷ lệ (30%) đạt.", "(30%)", "(30%)"),
        ("Một hai.", "ba", None),
        ("Một hai.", "", None),
    ],
)
def test_a_quote_is_marked_white_space_aside(text: str, quote: str, found: str | None) -> None:
    marked, was_found = highlight(text, quote)
    assert was_found is (found is not None)
    assert re.findall("<mark>(.*)</mark>", marked, flags=re.S) == ([found] if found else [])
    assert re.sub("</?mark>", "", marked) == text


# -- several runs -------------------------------------------------------------------------------


def test_runs_stand_side_by_side_with_what_changed(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", [record(n) for n in range(8)] + [wrong(9)])
    b = write_run(
        tmp_path / "b",
        [wrong(n) for n in range(7)] + [record(7), record(9)],
        METRICS | {"answer_accuracy": {"value": 0.25, "n": 9}},
        versions={"llm": "khac", "prompt": "lead-1"},
    )
    page = page_of(a, b)
    text = Reader(page).text
    headline = row_of(page, 'Trả lời đúng</th><td data-label="Mục tiêu"')
    assert "93,5 % ✗ Chưa đạt" in headline
    assert "25 % ✗ Chưa đạt" in headline
    assert "Sai thành đúng: 1 câu q9 Sở nào chủ trì việc số 9?" in text
    assert "Đúng thành sai: 7 câu q0" in text
    assert re.search(r"Trả lời đúng 88,9 % 22,2 % −66,7 điểm % −100,0 đến .* ✗ kém hơn", text)
    assert "llm ≠ gia khac" in text
    assert "prompt lead-1 lead-1" in text
    assert len(articles(page)) == 8
    assert "Đã trả lời · a ✓ đúng" in text
    assert "Đã trả lời · b ✗ sai" in text


def test_runs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folders = [write_run(tmp_path / one / "chay") for one in ("x", "y")]
    assert [run.name for run in load_runs(folders)] == ["chay", "chay (2)"]


def test_runs_without_common_questions_are_not_compared(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", [record(1)])
    b = write_run(tmp_path / "b", [record(2)])
    assert "không so được" in Reader(page_of(a, b)).text
    assert find_cases(load_runs([a, b])) == ()


def test_a_peer_stands_beside_ours_with_the_ratio(tmp_path: Path) -> None:
    times = {"total_ms_p50": {"value": 500, "n": 9}, "words_fact_p50": {"value": 30, "n": 3}}
    slow = {"total_ms_p50": {"value": 2000, "n": 9}, "words_fact_p50": {"value": 0, "n": 3}}
    right = {"answer_accuracy": {"value": 0.9, "n": 9}, "false_refusals": {"value": 0.0, "n": 9}}
    poor = {"answer_accuracy": {"value": 0.3, "n": 9}, "false_refusals": {"value": 0.0, "n": 9}}
    a = write_run(tmp_path / "a", [record(1), wrong(2), record(3)], times | right)
    b = write_run(
        tmp_path / "b", [wrong(1), wrong(2), record(3)], slow | poor, options={"peer": "llamaindex"}
    )
    page = page_of(a, b)
    assert "a ÷ b" in Reader(page).text
    assert row_of(page, '>Trả lời đúng</th><td data-label="Mục').endswith("3,00 congvu tốt hơn")
    assert row_of(page, '>Trả lời xong, p50</th><td data-label="Mục').endswith(
        "0,25 congvu tốt hơn"
    )
    assert row_of(page, "Từ chối nhầm câu").endswith("– đối chiếu bằng 0")
    text = Reader(page).text
    assert "hệ thống đối chiếu llamaindex" in text
    # What only the peer got wrong is folded away below what we got wrong.
    assert "1 câu sai trong 3 câu hỏi ." in text or "1 câu sai trong 3 câu hỏi." in text
    assert "1 câu chỉ hệ thống đối chiếu sai hoặc trích dẫn sai" in text
    assert [case.peer_only for case in find_cases(load_runs([a, b]))] == [True, False]
    # Ours is judged against the peer's, whatever their order.
    assert "a so với b" in text
    assert "a so với b" in Reader(page_of(b, a)).text


def test_a_peer_on_other_questions_has_no_ratio(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a")
    other = {"path": "bo-cau-hoi", "sha256": "cd"}
    b = write_run(tmp_path / "b", data=other, options={"peer": "llamaindex"})
    assert "a ÷ b" not in page_of(a, b)


def test_each_suite_has_its_own_table_of_targets(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a")
    b = write_run(tmp_path / "b", [], {"peak_memory_gib": {"value": 3.2, "n": 1}}, suite="speed")
    page = page_of(a, b)
    assert "không đo ở đây" not in page
    assert "b" not in row_of(page, ">Trả lời đúng<").split()
    assert row_of(page, "Bộ nhớ khi phục vụ").startswith("Bộ nhớ khi phục vụ")
    headings = re.findall("<h3>(.*?)</h3>", page)
    assert headings[:2] == ["Hỏi đáp trên văn bản chỉ đạo", "Tốc độ"]


def test_times_are_compared_by_pairs(tmp_path: Path) -> None:
    def run(name: str, total: float) -> Path:
        records = [record(n, timings_ms={"total": total + n}) for n in range(12)]
        return write_run(tmp_path / name, records)

    page = page_of(run("a", 2000.0), run("b", 500.0))
    assert row_of(page, 'Trả lời xong, p50</th><td data-label="a"').endswith(
        "−1,50 giây −1,50 giây đến −1,50 giây ✓ nhanh hơn"
    )


def test_lengths_are_judged_by_their_longest_kind(tmp_path: Path) -> None:
    words = {
        "words_fact_p50": {"value": 38, "n": 4},
        "words_owner_p50": {"value": 57, "n": 5},
        "words_fact_p90": {"value": 100, "n": 4},
        "words_list_p50": {"value": 90, "n": 3},
    }
    page = page_of(write_run(tmp_path / "a", metrics=words))
    row = row_of(page, "Độ dài, từng loại ngắn, p50")
    assert "≤ 40 từ 57 từ ✗ Chưa đạt n = 5 cao nhất: cơ quan chủ trì" in row
    assert "≤ 120 từ 100 từ ✓ Đạt" in row_of(page, "Độ dài, từng loại ngắn, p90")
    assert "≤ 150 từ 90 từ ✓ Đạt" in row_of(page, "Độ dài, liệt kê và tổng hợp, p50")
    assert "Chưa đo" in row_of(page, "Độ dài, liệt kê và tổng hợp, p90")


def test_the_targets_of_length_are_those_of_the_scorer() -> None:
    found: dict[str, dict[str, float]] = {}
    for target in load_targets():
        for kind in target.kinds:
            found.setdefault(kind, {})[target.metric[-3:]] = target.value
    assert found == {kind: {"p50": a, "p90": b} for kind, (a, b) in LENGTH_LIMITS.items()}


def test_every_run_has_a_style_of_its_own_and_more_are_refused(tmp_path: Path) -> None:
    css = files("eval.report").joinpath("page.css").read_text()
    dashes = re.findall(r"\.line\.s\d { stroke-dasharray: (.*?); }", css)
    assert len(set(dashes)) == len(dashes) == SERIES - 1
    for scheme in re.findall(r":root {(.*?)}", css, flags=re.S):
        colours = re.findall(r"--s\d: (#\w+);", scheme)
        assert len(set(colours)) == len(colours) == SERIES
    folders = [write_run(tmp_path / f"r{n}") for n in range(SERIES + 1)]
    assert len(load_runs(folders[:SERIES])) == SERIES
    with pytest.raises(BadInput, match="nhiều nhất 8"):
        load_runs(folders)


def test_the_gate_says_its_area_and_where_it_would_be_precise(tmp_path: Path) -> None:
    asked = [(0.9, True), (0.8, True), (0.7, False), (0.6, True)]
    records = [
        record(n, confidence=score, answerable=answerable, gate_told=True)
        for n, (score, answerable) in enumerate(asked)
    ]
    text = Reader(page_of(write_run(tmp_path / "a", records))).text
    # Risks 0, 0, 1/3, 1/4 at steps of a quarter; at best 0, 0, 0, 1/4.
    assert "(AURC) 0,146" in text
    assert "không thể nhỏ hơn 0,062" in text
    assert "thì ngưỡng là 0,800, độ phủ 50 %" in text
    assert "không ghi độ tin của cửa" not in text
    assert "Độ tin của cửa, mọi câu hỏi" in text


def test_a_run_of_before_the_gate_told_its_confidence_says_so(tmp_path: Path) -> None:
    text = Reader(page_of(write_run(tmp_path / "a"))).text
    assert "đường vẽ theo điểm của điều khoản tốt nhất" in text


# -- numbers ------------------------------------------------------------------------------------


def test_numbers_are_written_in_vietnamese() -> None:
    assert numbers.number(1234567.891, 2) == "1.234.567,89"
    assert numbers.number(-0.0004, 2) == "0,00"
    assert numbers.number(-3.5, 1) == "−3,5"
    assert numbers.share(0.935) == "93,5\u00a0%"
    assert numbers.share(1) == "100\u00a0%"
    assert numbers.seconds(0.0425) == "0,043\u00a0giây"
    assert numbers.shown(None, "share") == "–"
    assert numbers.signed(-0.0204, "share") == "−2,0\u00a0điểm\u00a0%"
    assert numbers.signed(0.0, "share") == "0,0\u00a0điểm\u00a0%"
    assert numbers.bound(4.0, "seconds") == "4\u00a0giây"
    assert numbers.bound(0.985, "share") == "98,5\u00a0%"


# -- the command, and a real browser ------------------------------------------------------------


def test_the_command_writes_a_page_only_its_owner_reads(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a")
    result = CliRunner().invoke(app, ["report", str(folder)])
    assert result.exit_code == 0, result.output
    path = folder / "report.html"
    assert result.stdout.strip() == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("<!doctype html>")
    elsewhere = tmp_path / "trang.html"
    assert CliRunner().invoke(app, ["report", str(folder), "--out", str(elsewhere)]).exit_code == 0
    assert elsewhere.read_text() == path.read_text()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a")
    result = CliRunner().invoke(app, ["report", str(folder), "--out", str(tmp_path / "x" / "y")])
    assert isinstance(result.exception, BadInput)


@pytest.mark.slow
def test_the_page_opens_in_a_real_browser(tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium on this machine")
    records = [wrong(n, kind=kind, question=EVIL) for n, kind in enumerate(["owner", "list"])]
    folder = write_run(tmp_path / "a", records)
    page = tmp_path / "trang.html"
    page.write_text(page_of(folder))
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    options += "--disable-background-networking --disable-component-update --disable-sync"
    command = [browser, *options.split(), f"--user-data-dir={tmp_path / 'nguoi-dung'}"]
    shot = tmp_path / "anh.png"
    looks = [f"--screenshot={shot}", "--window-size=1280,2000", page.as_uri()]
    subprocess.run([*command, *looks], check=True, capture_output=True, timeout=120)
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert shot.stat().st_size > 20_000
    logged = ["--enable-logging=stderr", "--dump-dom", page.as_uri()]
    done = subprocess.run([*command, *logged], check=True, capture_output=True, timeout=120)
    dom = done.stdout.decode()
    # The script has run, which the page's own policy allows, and made the filters visible.
    form = re.search(r"<form[^>]*>", dom)
    assert form is not None
    assert "hidden" not in form[0]
    assert ":CONSOLE" not in done.stderr.decode(errors="replace")
