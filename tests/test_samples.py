"""The sample notices are ours, marked as samples, and their questions have answers in them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from machine import ROOT

from corpus import errors

SAMPLES = ROOT / "corpus" / "samples"
QUESTIONS = ROOT / "ui" / "questions.txt"
NOTICES = sorted(p for p in SAMPLES.iterdir() if p.suffix in {".txt", ".md"})
GOLD = ROOT / "eval" / "samples.jsonl"
README = ROOT / "README.md"

KINDS = {
    "number",
    "fact",
    "owner",
    "deadline",
    "list",
    "aggregate",
    "person",
    "footnote",
    "table",
    "temporal",
    "conflict",
    "unanswerable",
}
STYLES = {"formal", "chat", "no_diacritics", "typo", "abbrev", "followup"}

# What every notice of its form says and nobody wrote: quốc hiệu, Party header, the formula
# that issues an attachment, the name of a law.
FORMULAIC = tuple(
    " ".join(run.split())
    for run in (
        "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc số",
        "tổ giúp việc đảng cộng sản việt nam số",
        "năm 2025 nghị quyết ban hành chương trình",
        "luật tổ chức chính quyền địa phương ngày",
        "quyết nghị điều 1 ban hành kèm theo nghị quyết này chương trình",
    )
)
RUN = 8


def read(path: Path) -> str:
    # newline="" keeps the line ends of the file; read_text would hide a stray CR.
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())


def runs(text: str) -> set[str]:
    found = words(text)
    return {" ".join(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().replace("**", "").split())


def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(GOLD).splitlines()]


def gold_text(question: dict[str, Any]) -> str:
    lines = (
        read(SAMPLES / place["file"]).split("\n")[place["line"] - 1]
        for group in question["gold"]
        for place in group
    )
    return folded(" ".join(lines))


def by_id(question: dict[str, Any]) -> str:
    return str(question["id"])


def test_there_are_at_least_six_notices() -> None:
    assert len(NOTICES) >= 6


@pytest.mark.parametrize("path", NOTICES, ids=lambda p: p.name)
def test_a_sample_says_so_in_its_first_line(path: Path) -> None:
    assert read(path).split("\n")[0].startswith("VĂN BẢN MẪU")


@pytest.mark.parametrize("path", NOTICES, ids=lambda p: p.name)
def test_a_sample_is_a_plain_text_file(path: Path) -> None:
    text = read(path)
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert text.endswith("\n")
    assert max(map(len, text.split("\n"))) <= 4000
    assert 35 <= sum(1 for line in text.split("\n") if line.strip()) <= 120 or (
        "CDS_2026-04-09" in path.name  # the letter is short, as letters are
    )


def sample(start: str) -> str:
    (path,) = (p for p in NOTICES if p.name.startswith(start))
    return read(path)


def test_a_party_notice_and_a_state_notice_write_their_numbers_differently() -> None:
    assert "\nSố 18-TB/TGV\n" in sample("18-TB")
    assert "\n*\nĐẢNG CỘNG SẢN VIỆT NAM\n" in sample("18-TB")
    assert "\nSố: 45/KH-UBND\n" in sample("45-KH")
    assert "\nSố: 678/SKHCN-CĐS\n" in sample("678")


def test_the_annex_has_no_number_of_its_own() -> None:
    assert not re.search(r"^Số\b", sample("phu-luc"), re.MULTILINE)


def test_the_draft_has_no_number_and_says_that_it_is_a_draft() -> None:
    draft = sample("bao-cao")
    assert re.search(r"^Số {2,}-BC/BCĐ$", draft, re.MULTILINE)
    assert "\nDỰ THẢO\n" in draft


def test_page_breaks_of_the_draft_split_a_number_a_cell_and_two_sentences() -> None:
    draft = sample("bao-cao").split("\n")
    assert "Kế hoạch số 45/KH-" in draft[72]
    assert draft[76].startswith("UBND ghi")
    assert draft[51].endswith("công chức phải nhập")
    assert draft[57] == "\t\t\tlại hồ sơ vào cuối ngày"
    assert draft[24].endswith("vùng cao bị")
    assert draft[28].startswith("ẩm mốc")
    assert draft[86].endswith("xã Khe Thượng")
    assert draft[90].startswith("mới dùng nội bộ")


def test_every_footnote_of_a_notice_is_referred_to() -> None:
    for path in NOTICES:
        body = read(path)
        for mark in "¹²³⁴⁵⁶":
            assert body.count(mark) in {0, 2}, (path.name, mark)
    for number in ("[1]", "[2]", "[3]"):
        assert sample("18-TB").count(number) == 2


def test_figures_of_the_draft_add_up() -> None:
    rows = [line.split("\t") for line in sample("bao-cao").split("\n") if line.count("\t") == 3]
    money = [[float(cell.replace(",", ".")) for cell in row[1:3]] for row in rows[-5:]]
    assert sum(planned for planned, _ in money) == pytest.approx(186.0)
    assert sum(spent for _, spent in money) == pytest.approx(71.3)
    assert 163 + 38 + 13 == 214
    assert 4 + 6 + 3 == 13


def test_the_samples_hold_the_damage_that_real_files_hold() -> None:
    texts = [read(path) for path in NOTICES]
    decomposed = [
        line
        for text in texts
        for line in text.split("\n")
        if unicodedata.normalize("NFC", line) != line
    ]
    assert len(decomposed) >= 2
    everything = "\n".join(texts)
    assert "\u00a0" in everything
    assert "11/2025 ." in everything
    assert "Thuỵ" in everything
    assert "Thụy" in everything
    assert "\n\t2.3." in everything
    assert "18 -TB/TGV" in everything


def test_a_list_is_replaced_and_two_notices_contradict_each_other() -> None:
    letter = sample("678")
    assert "24 nền tảng" in letter
    assert "thay thế Danh mục 30 nền tảng" in letter
    assert "Kho dữ liệu dùng chung" in sample("18-TB")
    assert "Công an tỉnh chủ trì" in sample("45-KH")


def test_the_questions_cover_every_kind_and_style() -> None:
    asked = questions()
    assert len(asked) >= 45
    assert [q["id"] for q in asked] == [f"s-{n:03d}" for n in range(1, len(asked) + 1)]
    assert len({q["question"] for q in asked}) == len(asked)
    assert {q["kind"] for q in asked} == KINDS
    assert {q["style"] for q in asked} == STYLES
    assert Counter(q["kind"] for q in asked)["unanswerable"] >= 9
    assert {q["gold"][0][0]["file"] for q in asked if q["gold"]} <= {p.name for p in NOTICES}


@pytest.mark.parametrize("question", questions(), ids=by_id)
def test_an_answerable_question_has_gold_and_an_unanswerable_one_has_none(
    question: dict[str, Any],
) -> None:
    assert question["answerable"] is (question["kind"] != "unanswerable")
    assert bool(question["gold"]) is question["answerable"]
    assert bool(question["must"]) is question["answerable"]
    assert ("history" in question) is (question["style"] == "followup")
    assert all(question["gold"])
    assert all(question["must"])


@pytest.mark.parametrize("question", [q for q in questions() if q["answerable"]], ids=by_id)
def test_the_gold_lines_hold_what_the_answer_must_say(question: dict[str, Any]) -> None:
    for group in question["gold"]:
        for place in group:
            lines = read(SAMPLES / place["file"]).split("\n")
            assert lines[place["line"] - 1].strip()
    text = gold_text(question)
    for forms in question["must"]:
        assert any(folded(form) in text for form in forms), forms
    for form in question["must_not"]:
        assert folded(form) not in text, form


def test_a_question_without_diacritics_has_none() -> None:
    for question in questions():
        if question["style"] == "no_diacritics":
            plain = unicodedata.normalize("NFD", question["question"])
            assert not any(unicodedata.combining(c) for c in plain)
            assert "đ" not in plain.lower()


def test_the_readme_asks_the_questions_of_the_demo() -> None:
    section = read(README).split("## Hỏi thử", 1)[1].split("\n## ", 1)[0]
    before, session = section.split("```text", 1)
    listed = [line[2:] for line in before.split("\n") if line.startswith("- ")]
    assert listed == read(QUESTIONS).splitlines()
    asked = [line[5:] for line in session.split("\n") if line.startswith("Hỏi> ")]
    assert asked
    assert set(asked) <= set(listed)


def test_the_demo_asks_what_the_evaluation_knows_the_answer_to() -> None:
    known = {q["question"]: q for q in questions()}
    asked = [known[line] for line in read(QUESTIONS).splitlines()]
    assert 5 <= len(asked) <= 6
    assert [q["answerable"] for q in asked].count(False) == 1
    assert any(q["style"] == "no_diacritics" for q in asked)
    assert {"footnote", "table"} & {q["kind"] for q in asked}


def test_the_readme_lists_the_exit_codes() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", read(README), re.MULTILINE)}
    raised = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.CongvuError)
    }
    assert listed == raised | {0}


@pytest.mark.shared
def test_no_sentence_of_the_real_notices_is_copied(notices_dir: Path) -> None:
    real = set().union(*(runs(read(p)) for p in notices_dir.iterdir()))
    assert real, notices_dir
    copied = {
        (path.name, run)
        for path in NOTICES
        for run in runs(read(path)) & real
        if not any(run in formula for formula in FORMULAIC)
    }
    assert not copied
