"""Conversations as Markdown and Word, with their citations and the AI notice."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

from docx import Document
from fakes_assistant import DRAFT, NOTICE
from fakes_web import HOSTILE, HOSTILE_QUESTION, NOON, refused, shown
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.contract import AnswerWarning, WarningKind
from assistant.service.history.reopened import CitationState, Reopened
from ui.exchanges import read_answer
from ui.export import as_text, moment, to_markdown
from ui.export_docx import to_docx

WARNING = AnswerWarning(WarningKind.DRAFT, "Là bản DỰ THẢO.", ())
CHANGED = Reopened(CitationState.REMOVED, "Văn bản không còn trong kho.")


def no_sample(_: str) -> bool:
    return False


def _paragraphs(data: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(data)).paragraphs]


def test_markdown_holds_question_answer_citation_quote_and_notice() -> None:
    one = shown(notice=NOTICE, question="Kho lạnh ở đâu?")
    written = to_markdown("Về kho", [one], no_sample, NOON)
    assert written.startswith("# Về kho\n")
    assert "## 1. Kho lạnh ở đâu?" in written
    assert "\\[1\\] mục 2, Thông báo số 12/TB-UBND ngày 05/6/2031" in written
    assert "> 2. Sở Y tế lập danh mục" in written
    assert "trí tuệ nhân tạo" in written
    assert "134/2025/QH15" in written


def test_drafts_samples_warnings_and_changes_are_said() -> None:
    one = replace(shown(notice=DRAFT, warnings=(WARNING,)), changed={1: CHANGED})
    for words in (
        to_markdown("t", [one], lambda _: True, NOON),
        "\n".join(_paragraphs(to_docx("t", [one], lambda _: True, NOON))),
    ):
        for part in ("DỰ THẢO", "VĂN BẢN MẪU", "Là bản DỰ THẢO.", CHANGED.text):
            assert part in words


def test_a_refusal_is_called_one() -> None:
    assert "**Không trả lời: Không có căn cứ" in to_markdown("t", [refused()], no_sample, NOON)
    assert any(
        line.startswith("Không trả lời:")
        for line in _paragraphs(to_docx("t", [refused()], no_sample, NOON))
    )


def test_nothing_in_a_notice_becomes_markdown() -> None:
    one = shown(notice=HOSTILE, question=HOSTILE_QUESTION, answer=f"{HOSTILE_QUESTION} [1]")
    written = to_markdown(HOSTILE_QUESTION, [one], no_sample, NOON)
    assert "<script>" not in written.replace("\\<script\\>", "")
    assert "](javascript" not in written.replace("\\](javascript", "")


def test_word_has_the_page_and_the_type_of_official_papers() -> None:
    document = Document(io.BytesIO(to_docx("Về kho", [shown(notice=NOTICE)], no_sample, NOON)))
    section = document.sections[0]
    assert section.page_width is not None
    assert section.left_margin is not None
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (210, 30)
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert "trí tuệ nhân tạo" in section.footer.paragraphs[0].text
    assert document.core_properties.title == "Về kho"


def test_word_takes_characters_that_xml_does_not() -> None:
    one = shown(notice=NOTICE, question="a\x00b\x1b[31m\ufffe")
    assert any("a�b" in line for line in _paragraphs(to_docx("\x01", [one], no_sample, NOON)))


def test_word_loads_nothing_from_elsewhere() -> None:
    archive = zipfile.ZipFile(io.BytesIO(to_docx("t", [shown(notice=NOTICE)], no_sample, NOON)))
    relations = [name for name in archive.namelist() if name.endswith(".rels")]
    assert not [name for name in relations if b'TargetMode="External"' in archive.read(name)]


def test_a_copied_answer_can_stand_alone() -> None:
    copied = as_text(shown(notice=NOTICE), no_sample)
    assert copied.startswith("Hỏi: Ở đâu?\n\nCó trong văn bản [1].")
    assert "“2. Sở Y tế lập danh mục" in copied


def test_times_are_those_of_vietnam() -> None:
    assert moment(NOON) == "12:00, 15/6/2031"


def test_a_stored_answer_comes_back_as_it_was() -> None:
    for one in (shown(notice=NOTICE, warnings=(WARNING,)), refused()):
        stored = json.loads(json.dumps(one.answer.to_dict()))
        assert read_answer({**stored, "added_later": 1}) == one.answer


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_can_be_exported(question: str, answer: str) -> None:
    one = shown(answer, notice=NOTICE, question=question)
    assert to_docx(question, [one], no_sample, NOON).startswith(b"PK")
    assert to_markdown(question, [one], no_sample, NOON)
