"""Running congvu's command line in this process, with fakes for the models."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes_assistant import FakeAssistant, FakeParts

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from ui.cli.app import run
from ui.cli.shell import Shell


@dataclass
class Result:
    """What one run of congvu left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


@dataclass
class Congvu:
    """Runs command lines in one home with fakes for the models."""

    settings: Settings
    capsys: pytest.CaptureFixture[str]
    parts: FakeParts = field(default_factory=FakeParts)
    interactive: bool = False

    def __call__(self, *arguments: str | Path) -> Result:
        self.capsys.readouterr()
        shell = Shell(
            load_settings=lambda: self.settings,
            open_workspace=lambda settings: Workspace(settings, self.parts),
            is_interactive=lambda: self.interactive,
        )
        code = run([str(one) for one in arguments], shell)
        captured = self.capsys.readouterr()
        return Result(code, captured.out, captured.err)

    @property
    def assistant(self) -> FakeAssistant:
        return self.parts.assistants[-1]
