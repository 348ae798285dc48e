"""A service on three notices, with fakes for the models."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fakes_assistant import THREE, FakeAssistant, FakeParts, Lead, write

from assistant.runtime.settings import Settings
from assistant.service.callers import Caller, Scope, local_caller
from assistant.service.inquiries import Inquiry, Served
from assistant.service.service import Service
from index.snapshot import Snapshot

ASKER = Caller("portal", frozenset({Scope.ASK}), per_minute=1000)
READER = Caller("reader", frozenset({Scope.ASK, Scope.READ}), per_minute=1000)
LOCAL = local_caller()


@dataclass
class Gate:
    """Holds answers up until it is opened; the answers notice when they are stopped meanwhile."""

    opened: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __call__(self, question: str) -> None:
        self.entered.release()
        assert self.opened.wait(10), "nobody opened the gate"


def open_service(
    settings: Settings,
    folder: Path,
    before: Callable[[str], None] = lambda question: None,
    lead: Lead = lambda question: None,
    **texts: str,
) -> Service:
    """Return an open service on two notices and a draft, or on ``texts``.

    Args:
        settings: of a home of its own.
        folder: where the notices are written.
        before: called with each question in the middle of its quotes.
        lead: gives the sentences above the quotes; see ``FakeAssistant``.
        texts: file name without its ending → text.
    """

    def assemble(snapshot: Snapshot) -> FakeAssistant:
        return FakeAssistant(snapshot, before, lead)

    service = Service.from_settings(settings, FakeParts(assemble_as=assemble))
    service.workspace.add([write(folder, **(texts or THREE))])
    service.open()
    return service


def ask(service: Service, question: str, caller: Caller = LOCAL, **more: object) -> list[Served]:
    """Return all that is served for a question."""
    return list(service.ask(Inquiry(question, **more), caller))  # type: ignore[arg-type]
