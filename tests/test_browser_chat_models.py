"""The chat with the default models on the sample notices: what `make run` ends with."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

import pytest
from browser import Visit
from chat_page import Chat, Open, chat, chromium, site, site_on, visits
from given_parts import GivenParts
from machine import ROOT
from playwright.sync_api import expect

from assistant.llm.base import GrammarLLM
from assistant.runtime.settings import Settings
from corpus.readers.files import sample_paths
from corpus.text import fold
from index.embedder import Embedder

pytestmark = [pytest.mark.browser, pytest.mark.models]

QUESTIONS = (ROOT / "ui" / "questions.txt").read_text(encoding="utf-8").splitlines()
LONG_MS = 60_000


def source_lines(place: str) -> str:
    """Return the lines of a sample that the panel names: ``dòng 22, tệp 45-KH.txt``."""
    lines, name = place.removeprefix("dòng ").split(", tệp ")
    first, _, last = lines.partition("–")
    sample = next(path for path in sample_paths() if path.name == name)
    text = sample.read_text(encoding="utf-8").split("\n")
    return " ".join(" ".join(text[int(first) - 1 : int(last or first)]).split())


def test_a_question_of_the_readme_typed_without_diacritics(
    settings: Settings,
    chat: Open,
    real_embedder: Embedder,
    real_llm: GrammarLLM,
) -> None:
    parts = GivenParts(settings, real_embedder, real_llm)
    with site_on(settings, sample_paths(), parts) as real:
        one = chat(real)
        expect(one.page.locator(".cv-example")).to_have_text(QUESTIONS)
        asked = [fold(QUESTIONS[0]), QUESTIONS[2]]
        assert all(question.isascii() for question in asked)
        for number, question in enumerate(asked, 1):
            one.ask(question)
            # Until the answer is there the evidence is shown; then it is folded up below it.
            expect(one.page.locator(".cv-evidence li").first).to_be_attached()
            expect(one.answers).to_have_count(number, timeout=LONG_MS)
            panel = one.open_citation()
            place = panel.locator(".cv-facts dt", has_text="Vị trí").locator("+ dd").inner_text()
            quoted = [" ".join(mark.split()) for mark in panel.locator("mark").all_inner_texts()]
            assert quoted
            assert all(part in source_lines(place) for part in quoted), (quoted, place)
            expected = "Công an tỉnh chủ trì" if number == 1 else "Hộ kinh doanh chưa có chữ ký số"
            assert expected in " ".join(quoted)
        panel.locator("[data-act=read]").click()
        target = one.page.locator(".cv-paper .cv-target")
        expect(target).to_be_in_viewport()
        expect(target).to_contain_text("11 phút")
        one.assert_kept_to_itself()
