"""The web pages on a small library, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fakes_assistant import FakeParts
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from assistant.contract import (
    Answer,
    AnswerWarning,
    Citation,
    CitedClause,
    CitedNotice,
    RefusalReason,
    Versions,
)
from assistant.runtime.settings import Settings
from assistant.service.callers import Caller, Scope
from assistant.service.jobs.desk import JobDesk
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.parse.notices import parse_notice
from ui.exchanges import Shown
from ui.html import Html
from ui.web import mount_chat
from ui.web.chat import Chat, Examples, Updates
from ui.web.readings import Readings, Samples
from ui.web.sent import Sent
from ui.web.stacks import Stacks
from ui.web.tabs import Tab
from ui.web.uploads import Uploads

LAN = Caller("lan", frozenset(Scope))
MAI = Caller("mai", frozenset(Scope))
READER = Caller("doc", frozenset({Scope.ASK, Scope.READ}))
ASKER = Caller("hoi", frozenset({Scope.ASK}))
NOON = datetime(2031, 6, 15, 5, tzinfo=UTC)

HOSTILE = """ỦY BAN NHÂN DÂN TỈNH <script>window.pwned=1</script>
Số: 66/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về <img src=x onerror="window.pwned=2"> kho lạnh

1. Sở Công Thương <script>window.pwned=4</script> rà soát [bấm](javascript:window.pwned=5) \
"><svg onload=window.pwned=6> **đậm <b>** `${window.pwned=7}` {{constructor}} trước 15/11/2031.
"""
HOSTILE_QUESTION = 'kho <img src=x onerror=alert(1)> <script>alert(2)</script> [a](javascript:3)"'


class Pages:
    """Chat and notices as one caller after the other uses them.

    Args:
        settings: of an empty home.
        texts: notices in the library.
        parts: opens the models.
    """

    def __init__(self, settings: Settings, texts: dict[str, str], parts: FakeParts) -> None:
        self.service = Service.from_settings(settings, parts)
        self.parts = parts
        folder = settings.home.parent / "in"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        if texts:
            self.service.workspace.add([folder])
        self.service.open()
        self.shelf = Shelf(self.service)
        readings = Readings(self.shelf, self.service.workspace)
        samples = Samples.from_package()
        self.uploads = Uploads()
        examples = Examples(("Về mẫu?",), ("Ai chủ trì …?",))
        self.chat = Chat(
            self.service, self.shelf, readings, samples, examples, "tep/hoi-dap", lambda: NOON
        )
        self.stacks = Stacks(self.shelf, readings, samples, self.uploads, JobDesk(self.service))

    def ask(
        self, question: str, tab: Tab | None = None, caller: Caller = LAN, **data: Any
    ) -> tuple[Tab, list[Updates]]:
        """Ask, and return what the tab shows then, with every update on the way."""
        tab = tab or Tab()
        sent = Sent({"question": question, **data})
        updates = list(self.chat.ask(tab, sent, caller, "tab"))
        last = updates[-1].get("tab", tab)
        assert isinstance(last, Tab)
        return last, updates

    def app(self, caller_of: Callable[[HTTPConnection], Caller]) -> FastAPI:
        app = FastAPI()
        mount_chat(app, self.service, self.shelf, caller_of, lambda: NOON)
        return app


def html(updates: Updates, part: str) -> Html:
    """The new content of a part."""
    value = updates[part]
    assert isinstance(value, Html)
    return value


def shown(
    answer: str = "Có trong văn bản [1].",
    *,
    notice: str,
    question: str = "Ở đâu?",
    verified: bool = True,
    warnings: tuple[AnswerWarning, ...] = (),
) -> Shown:
    """An answer that cites the last content clause of a notice."""
    read = parse_notice(notice, "a.txt")
    clause = [one for one in read.clauses if one.kind.is_content][-1]
    cited = Citation(1, CitedNotice.of(read), CitedClause.of(clause), clause.text, verified)
    versions = Versions("s", "l", "e", "p")
    whole = Answer(question, answer, False, None, (cited,), (), versions, warnings)
    return Shown("x1", question, whole, NOON, {})


def refused(question: str = "Ở đâu?", reason: RefusalReason = RefusalReason.NO_EVIDENCE) -> Shown:
    versions = Versions("s", "l", "e", "p")
    answer = Answer(question, "Không có nội dung này.", True, reason, (), (), versions)
    return Shown("x2", question, answer, NOON, {})
