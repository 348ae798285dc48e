"""The README's examples of the API do what it says, on a running site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_api import served
from given_parts import GivenParts
from machine import ROOT

from assistant.llm.fake import QueueLLM
from assistant.runtime.settings import Settings
from assistant.service.keys import FILE_NAME, KeyStore
from assistant.service.service import Service
from corpus.readers.files import sample_paths
from index.fakes import CountingEmbedder
from ui.site import build_site

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEFAULT_PORT = "http://127.0.0.1:8017/"


def examples(language: str) -> str:
    """Return the code of a language in the README's section about the API."""
    section = README.split("\n### API\n", 1)[1].split("\n### ", 1)[0]
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert blocks, f"no example in {language}"
    return "\n".join(blocks)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site on the samples, with the assistant that people get and fakes for its models."""
    folder = tmp_path_factory.mktemp("readme")
    settings = Settings(home=folder / "home", models=folder / "models", lead="quote")
    parts = GivenParts(settings, CountingEmbedder(), QueueLLM())
    service = Service.from_settings(settings, parts)
    service.workspace.add(sample_paths())
    service.open()
    with (
        KeyStore.open(settings.home / FILE_NAME) as keys,
        served(build_site(service, keys, settings)) as where,  # type: ignore[arg-type]
    ):
        yield where + "/"
    service.close()


def run(command: list[str], code: str, address: str, folder: Path) -> str:
    """Run an example against the site and return what it printed."""
    assert DEFAULT_PORT in code
    code = code.replace(DEFAULT_PORT, address)
    done = subprocess.run(
        [*command, code], capture_output=True, text=True, cwd=folder, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl_asks_for_an_answer_and_for_a_stream(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("curl") is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("apt-get install curl")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    shutil.copytree(ROOT / "corpus" / "samples", tmp_path / "corpus" / "samples")
    said = run(["bash", "-euo", "pipefail", "-c"], examples("bash"), address, tmp_path)
    whole, end = json.JSONDecoder().raw_decode(said)
    assert not whole["refused"]
    assert "Công an tỉnh" in whole["answer"]
    cited = {one["notice"]["number"]: one for one in whole["citations"]}
    assert "45/KH-UBND" in cited
    assert "Kho dữ liệu dùng chung" in cited["45/KH-UBND"]["quote"]
    events = re.findall(r"^event: (\w+)$", said[end:], re.MULTILINE)
    assert events[0] == "evidence"
    assert events[-1] == "done"
    assert {"delta", "citation"} <= set(events)
    assert '"name":"18-TB-TGV_2025-10-14.txt"' in said
    assert '{"jobs":[{"id":' in said


def test_the_openai_client_gets_text_and_citations(address: str, tmp_path: Path) -> None:
    said = run([sys.executable, "-c"], examples("python"), address, tmp_path)
    assert "Công an tỉnh" in said
    assert re.search(r"^1 mục \S+ 45/KH-UBND$", said, re.MULTILINE), said
