"""The report page: what it says of a run, what it leaves unsaid, and that data stays data."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from corpus.errors import BadInput
from eval.commands import app
from eval.report import numbers
from eval.report.cases import find_cases, highlight
from eval.report.markup import el
from eval.report.page import make_page
from eval.report.plot import SERIES, Scale
from eval.report.run_data import Run, load_run, load_runs
from eval.report.statistics import calibration_error, ecdf, gate, reliability
from eval.report.targets import State, load_targets, stand
from eval.score import LENGTH_LIMITS
from eval.statistics import wilson

FILE = "07-TB_2032.txt"
ATTACK = "<script>alert(1)</script>"
EVIL = f"\"'>{ATTACK}<img src=x onerror=alert(2)>"
VOID = {"meta", "link", "br", "input"}


def record(n: int, **changed: Any) -> dict[str, Any]:
    fields = {
        "id": f"q{n}",
        "question": f"Sở nào chủ trì việc số {n}?",
        "kind": "owner",
        "style": "formal",
        "answerable": True,
        "answer": "Sở Y tế chủ trì [1].",
        "refused": False,
        "citations": [
            {
                "marker": 1,
                "notice": {"id": "n", "file": FILE, "kind": "Thông báo", "number": "07-TB/BCĐ"},
                "clause": {
                    "text": "- Sở Y tế chủ trì,\n  xong trong quý II.",
                    "label": "mục 2.a",
                    "context": "2. Y tế số",
                    "lines": [12, 13],
                },
                "quote": "Sở Y tế chủ trì, xong trong quý II.",
            }
        ],
        "evidence": [
            {"clause_id": "n#4", "score": 0.9, "file": FILE, "label": "mục 2.a", "lines": [12, 13]},
            {"clause_id": "n#5", "score": 0.3, "file": FILE, "label": "mục 2.b", "lines": [14, 14]},
        ],
        "gold": [[{"file": FILE, "line": 12}]],
        "timings_ms": {"retrieve": 40 + n, "first_token": 900.0, "total": 2000.0 + 100 * n},
        "words": 9,
        "confidence": 0.9 - n / 100,
        "right": True,
        "reasons": [],
        "measures": {"answer_accuracy": [1, 1]},
    }
    return fields | changed


def wrong(n: int, **changed: Any) -> dict[str, Any]:
    fields = {
        "right": False,
        "answer": "Sở Xây dựng chủ trì [1].",
        "gold": [[{"file": FILE, "line": 30, "label": "mục 5", "text": "Sở Công Thương chủ trì."}]],
        "reasons": ["thiếu ý bắt buộc 1: Sở Công Thương"],
        "measures": {"answer_accuracy": [0, 1]},
    }
    return record(n, **(fields | changed))


RUN = {
    "suite": "notices",
    "started": "2032-03-05T08:09:10+00:00",
    "data": {"path": "bo-cau-hoi", "sha256": "ab", "lacks": ["1 câu không có must"]},
    "versions": {"llm": "gia", "prompt": "lead-1"},
}
METRICS = {
    "answer_accuracy": {"value": 0.935, "low": 0.9, "high": 0.97, "n": 40},
    "refusal_recall": {"value": 0.97, "low": 0.96, "high": 1.0, "n": 9},
    "retrieve_ms_p50": {"value": 42.5, "low": 40, "high": 45, "n": 40},
}


def write_run(
    folder: Path,
    records: Sequence[Mapping[str, Any]] | None = None,
    metrics: Mapping[str, Any] | None = None,
    slices: Mapping[str, Any] | None = None,
    **info: Any,
) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(RUN | info))
    lines = [json.dumps(one) for one in ([record(1), wrong(2)] if records is None else records)]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "metrics.json").write_text(json.dumps(METRICS if metrics is None else metrics))
    (folder / "slices.json").write_text(json.dumps(slices or {}))
    return folder


def page_of(*folders: Path) -> str:
    return make_page(load_runs(list(folders)), load_targets())


class Reader(HTMLParser):
    """Checks that elements are closed as they were opened, and gathers what a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name)) is not None]


def row_of(page: str, label: str) -> str:
    rows = [row for row in re.findall(r"<tr.*?</tr>", page) if label in row]
    assert len(rows) == 1, f"{len(rows)} rows with {label}"
    return Reader(rows[0]).text


# -- the page as a whole ------------------------------------------------------------------------


def test_a_page_asks_nothing_of_the_network(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    read = Reader(page)
    assert "://" not in page
    assert [link for link in read.attributes("href") if not link.startswith("#")] == ["data:,"]
    assert read.attributes("src") == []
    assert "url(" not in page
    assert "@import" not in page


def test_a_page_is_in_vietnamese_and_says_what_its_pictures_show(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    read = Reader(page)
    assert ("html", {"lang": "vi"}) in read.tags
    pictures = [attrs for tag, attrs in read.tags if tag == "svg" and attrs.get("role") == "img"]
    assert len(pictures) >= 5
    ids = read.attributes("id")
    assert len(ids) == len(set(ids))
    for attrs in pictures:
        assert set((attrs["aria-labelledby"] or "").split()) <= set(ids)
    for target in read.attributes("href"):
        assert target == "data:," or target[1:] in ids
    for tag, attrs in read.tags:
        assert tag != "svg" or attrs.get("role") == "img" or attrs.get("aria-hidden") == "true"


def test_what_comes_from_data_never_becomes_markup(tmp_path: Path) -> None:
    citation = {
        "marker": 1,
        "notice": {"file": EVIL, "kind": EVIL, "number": EVIL},
        "clause": {"text": EVIL, "label": EVIL, "context": EVIL, "lines": [1, 1]},
        "quote": EVIL,
    }
    gold = [[{"file": EVIL, "line": 1, "label": EVIL, "text": EVIL}]]
    evil = wrong(
        1,
        id=EVIL,
        question=EVIL,
        answer=EVIL + " [1]",
        kind=EVIL,
        style=EVIL,
        citations=[citation],
        gold=gold,
        must=[[EVIL]],
        reasons=[EVIL],
        timings_ms={EVIL: 3},
        evidence=[{"clause_id": EVIL, "label": EVIL, "score": 1.0}],
    )
    metrics = {EVIL: {"value": 1.0}}
    found = {"kind": {EVIL: {"answer_accuracy": {"value": 0.5, "n": 1}}}}
    info = {name: {EVIL: EVIL} for name in ("versions", "machine", "set", "settings")}
    data = {"path": EVIL, "sha256": EVIL, "lacks": [EVIL]}
    a = write_run(tmp_path / "a", [evil], metrics, found, data=data, command=EVIL, **info)
    b = write_run(tmp_path / "b", [evil | {"right": True}], metrics, found, started=EVIL)
    page = page_of(a, b)
    assert ATTACK not in page
    assert page.count("<script") == 1
    read = Reader(page)
    assert read.text.count(ATTACK) > 20
    assert not [tag for tag, _ in read.tags if tag == "img"]
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]


@given(st.text())
def test_any_text_comes_out_of_markup_as_it_went_in(text: str) -> None:
    element = el("p", text, data_kind=text)
    seen = [(tag, dict(attrs)) for tag, attrs in _parse(element)]
    assert [tag for tag, _ in seen] == ["p"]
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "�", text)
    assert seen[0][1]["data-kind"] == clean


def _parse(markup: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    class _Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, attrs))

    _Tags().feed(markup)
    return seen


# -- targets ------------------------------------------------------------------------------------


def test_every_target_is_well_formed_and_told_once() -> None:
    targets = load_targets()
    assert len({target.label for target in targets}) == len(targets)
    assert {suite for target in targets for suite in target.suite} == {
        "notices",
        "beir",
        "mrc",
        "speed",
        "load",
    }
    assert {target.unit for target in targets} <= set(get_args(numbers.Unit))


def test_the_headline_says_met_or_not_in_words_with_the_interval(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    assert row_of(page, ">Trả lời đúng<") == (
        "Trả lời đúng ≥ 95 % 93,5 % ✗ Chưa đạt 90 – 97 % · n = 40 mục tiêu nằm trong khoảng sai số"
    )
    assert row_of(page, "Từ chối đúng câu") == (
        "Từ chối đúng câu không có trong văn bản ≥ 95 % 97 % ✓ Đạt 96 – 100 % · n = 9"
    )
    # Milliseconds of the run against a target in seconds.
    assert row_of(page, "liên quan, p50").startswith(
        "Hiện điều khoản liên quan, p50 ≤ 0,15 giây 0,043 giây ✓ Đạt"
    )
    assert "○ Chưa đo không có trong lần chạy" in row_of(page, "Từ chối nhầm câu")
    assert "Đạt 2 trên 16 mục tiêu, 13 mục tiêu chưa đo" in Reader(page).text


@pytest.mark.parametrize(
    ("metric", "value", "state"),
    [
        ("answer_accuracy", 0.95, State.MET),
        ("answer_accuracy", 0.9499, State.MISSED),
        ("false_refusals", 0.03, State.MET),
        ("false_refusals", 0.0301, State.MISSED),
        ("total_ms_p50", 5000, State.MET),
        ("total_ms_p50", 5001, State.MISSED),
        ("total_ms_p50", None, State.UNKNOWN),
    ],
)
def test_a_bound_is_met_on_it_and_missed_past_it(
    tmp_path: Path, metric: str, value: float | None, state: State
) -> None:
    run = load_run(write_run(tmp_path / "a", metrics={metric: {"value": value}}), "a")
    target = next(one for one in load_targets() if one.metric == metric and "notices" in one.suite)
    assert stand(target, run, [run]).state is state


def test_targets_of_one_data_set_are_not_put_to_another(tmp_path: Path) -> None:
    found = [{"id": "d", "question": "Hỏi gì?", "relevant": ["x"], "ranked": [["x", 1.0]]}]
    metrics = {"R@1": {"value": 0.5, "n": 1}}
    other = write_run(tmp_path / "a", found, metrics, suite="beir", data={"path": "xquad"})
    assert "Không đặt mục tiêu nào" in Reader(page_of(other)).text
    assert "R@1 50 % n = 1" in Reader(page_of(other)).text
    alqac = write_run(tmp_path / "b", found, metrics, suite="beir", data={"path": "ALQAC-dev"})
    assert "đứng đầu (R@1) ≥ 90 % 50 % ✗ Chưa đạt" in row_of(page_of(alqac), "(R@1)")


def test_the_loss_without_diacritics_needs_both_runs(tmp_path: Path) -> None:
    def run(name: str, question: str, value: float) -> Path:
        records = [{"id": "d", "question": question, "relevant": ["x"], "ranked": [["x", 1.0]]}]
        metrics = {"R@1": {"value": value, "n": 1}}
        return write_run(tmp_path / name, records, metrics, suite="beir", data={"path": "alqac"})

    whole, bare = run("co-dau", "Án phí là gì?", 0.91), run("khong-dau", "An phi la gi?", 0.895)
    row = "bỏ dấu: R@1 kém"
    assert "○ Chưa đo cần cả lần chạy có dấu" in row_of(page_of(bare), row)
    assert "0,015 ✗ Chưa đạt" in row_of(page_of(whole, bare), row)
    # The bare run is not asked to reach what is asked of the whole one.
    assert "91 % ✓ Đạt" in row_of(page_of(whole, bare), "đứng đầu (R@1)")
    assert "– không đo ở đây" in row_of(page_of(whole, bare), "đứng đầu (R@1)")


# -- missing parts ------------------------------------------------------------------------------


def test_what_a_run_lacks_is_said(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a", [{"id": "q1", "question": "Hỏi gì?"}])
    for name in ("slices.json", "run.json"):
        (folder / name).unlink()
    (folder / "metrics.json").write_text("{")
    with (folder / "records.jsonl").open("a") as file:
        file.write('{"id": "q2", "ques')
    text = Reader(page_of(folder)).text
    for told in (
        "Không có run.json.",
        "Không có slices.json.",
        "metrics.json hỏng",
        "bỏ qua 1 dòng hỏng",
        "không chia được theo nhóm",
        "không cho biết câu nào trả lời được",
        "Bản ghi không đo: hiện điều khoản liên quan, chữ đầu tiên của câu trả lời, trả lời xong.",
        "không kể ra được câu sai",
    ):
        assert told in text


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="không có kết quả"):
        load_run(tmp_path, "a")
    with pytest.raises(BadInput, match="không phải thư mục"):
        load_run(tmp_path / "x", "a")


@pytest.mark.parametrize("bad", [None, 3, "x", [], [3], {}, {"a": 3}, [[3]], [{"file": 3}], True])
def test_a_record_of_any_shape_makes_a_page(tmp_path: Path, bad: object) -> None:
    names = [*record(1), "error", "must", "ranked", "ranking", "found", "relevant", "gate"]
    keep = {"id", "question", "right", "measures"}
    records = [wrong(n, **{name: bad}) for n, name in enumerate(names) if name not in keep]
    info = dict.fromkeys(("started", "data", "set", "versions", "machine", "command"), bad)
    found = {"kind": bad, "style=chat": bad, "notice": {"x": bad}}
    folder = write_run(tmp_path / "a", records, {"R@1": bad, "words_p50": bad}, found, **info)
    assert "Từng câu sai" in Reader(page_of(folder)).text


# -- slices, in both forms ----------------------------------------------------------------------


@pytest.mark.parametrize("flat", [True, False])
def test_slices_are_told_in_words_with_what_misses_the_target(tmp_path: Path, flat: bool) -> None:
    metrics = {"answer_accuracy": {"value": 0.5, "n": 4}, "false_refusals": {"value": 0.0, "n": 4}}
    slices = {"kind=deadline": metrics} if flat else {"kind": {"deadline": metrics}}
    page = page_of(write_run(tmp_path / "a", slices=slices))
    assert row_of(page, ">thời hạn<") == "thời hạn 50 % ✗ chưa đạt mục tiêu n = 4 0 % n = 4"


def test_a_slice_of_single_questions_is_not_spread_out(tmp_path: Path) -> None:
    slices = {f"notice=p{n}": {"answer_accuracy": {"value": 1.0, "n": 1}} for n in range(9)}
    text = Reader(page_of(write_run(tmp_path / "a", slices=slices))).text
    assert "Văn bản: 9 giá trị, mỗi giá trị quá ít câu." in text
    assert "p7" not in text


# -- gate, scores, times, lengths ---------------------------------------------------------------


def gated(scores: Sequence[tuple[float | None, bool, bool]], folder: Path) -> Run:
    records = [
        record(n, confidence=score, answerable=answerable, refused=refused)
        for n, (score, answerable, refused) in enumerate(scores)
    ]
    return load_run(write_run(folder, records), "a")


def test_the_gate_stands_where_it_let_questions_through(tmp_path: Path) -> None:
    scores = [(0.9, True, False), (0.8, True, False), (0.6, False, False), (0.2, False, True)]
    found = gate(gated(scores, tmp_path / "a"))
    assert found is not None
    assert (found.coverage, found.risk) == (0.75, 1 / 3)
    curve = [(point.coverage, round(point.risk, 3)) for point in found.points]
    assert curve == [(0.25, 0), (0.5, 0), (0.75, 0.333), (1, 0.5)]
    assert not found.is_flat


def test_equal_or_missing_scores_give_no_curve_but_the_reason(tmp_path: Path) -> None:
    same = [(1.0, True, False), (1.0, False, True)]
    gated(same, tmp_path / "a")
    page = page_of(tmp_path / "a")
    assert "Điểm ghi lại của mọi câu đều bằng 1,00" in Reader(page).text
    assert 'class="line s0"' not in page.split('id="bieu-do-cua-t"')[1].split("</svg>")[0]
    gated([(None, True, False), (None, False, True)], tmp_path / "b")
    assert "không có điểm của cửa" in Reader(page_of(tmp_path / "b")).text


def test_reliability_by_hand() -> None:
    bins = reliability([(0.95, True), (0.91, True), (0.99, False), (0.15, False)])
    assert [(one.n, round(one.share, 3)) for one in bins] == [(1, 0.0), (3, 0.667)]
    assert bins[1].score == pytest.approx(0.95)
    assert calibration_error(bins) == pytest.approx((0.15 + 3 * (0.95 - 2 / 3)) / 4)
    assert reliability([]) == ()


def test_an_interval_of_shares_is_wilsons() -> None:
    # Newcombe 1998, table I: 15 of 148.
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    assert wilson(0, 10)[0] == 0


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_distribution_rises_from_nought_to_one(values: list[float]) -> None:
    points = ecdf(values)
    assert points[0] == (0, 0)
    assert points[-1] == (max(values), 1)
    assert list(points) == sorted(points)


@given(st.floats(1e-6, 1e9))
def test_an_axis_holds_its_values_with_few_round_ticks(top: float) -> None:
    scale = Scale.of("x", top)
    assert scale.high >= top * (1 - 1e-6)
    assert 2 <= len(scale.ticks) <= 7
    assert len({scale.write(tick) for tick in scale.ticks}) == len(scale.ticks)


def test_times_are_told_with_their_quantiles(tmp_path: Path) -> None:
    records = [record(n, timings_ms={"retrieve": 20.0 * n}) for n in range(1, 12)]
    page = page_of(write_run(tmp_path / "a", records))
    rows = [Reader(row).text for row in re.findall(r"<tr.*?</tr>", page)]
    assert "Hiện điều khoản liên quan 0,12 giây 0,21 giây 0,22 giây 11" in rows
    assert "Bản ghi không đo: chữ đầu tiên của câu trả lời, trả lời xong." in Reader(page).text


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
