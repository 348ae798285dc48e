"""What is installed from the wheel answers questions; the checkout can't be reached from there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from built_wheel import PACKAGES, build, clone
from machine import ROOT, model_store

pytestmark = [pytest.mark.slow, pytest.mark.models]

QUESTION = "Ai chủ trì xây dựng Kho dữ liệu dùng chung của tỉnh và hạn khi nào?"
_SECONDS = 600  # for one command: the models are loaded and the samples embedded


@dataclass(frozen=True)
class Installed:
    """congvu in a virtual environment of its own.

    Args:
        bin: its commands.
        surroundings: environment variables, without those that lead to the checkout.
        folder: where the commands run.
    """

    bin: Path
    surroundings: dict[str, str]
    folder: Path

    def run(self, name: str, *arguments: str | Path) -> str:
        """Run a command and return what it says on stdout."""
        done = subprocess.run(
            [self.bin / name, *arguments],
            cwd=self.folder,
            env=self.surroundings,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.run("python", "-c", code).strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a new environment that borrows what congvu depends on from this one."""
    folder = tmp_path_factory.mktemp("installed")
    wheel = build(clone(folder / "source"), folder / "wheel")
    venv.create(folder / "venv", with_pip=False)
    there = Installed(
        folder / "venv" / "bin",
        {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        | {"CONGVU_HOME": str(folder / "home"), "CONGVU_MODELS": str(model_store().root)},
        folder,
    )
    pip = [sys.executable, "-m", "pip", "--python", str(there.bin / "python")]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        env=there.surroundings,
        check=True,
    )
    # A path in a .pth file is searched, but the .pth files in it are not read: the finder of an
    # editable installation, which leads to the checkout, stays behind.
    site = Path(there.python("import sysconfig; print(sysconfig.get_path('purelib'))"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return there


@pytest.fixture(scope="module")
def filled(installed: Installed) -> Installed:
    """With the samples that the wheel brings."""
    samples = installed.python("import corpus; print(corpus.__path__[0] + '/samples')")
    installed.run("congvu", "add", samples)
    return installed


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_the_wheels(installed: Installed, package: str) -> None:
    where = Path(installed.python(f"import {package}; print({package}.__file__)"))
    assert where.is_relative_to(installed.folder / "venv")


def test_it_explains_itself(installed: Installed) -> None:
    told = installed.run("congvu", "--help")
    for command in ("add", "ask", "serve", "eval"):
        assert re.search(rf"\b{command}\b", told)


def test_it_finds_nothing_amiss(filled: Installed) -> None:
    assert json.loads(filled.run("congvu", "doctor", "--json"))["ready"]


def test_it_answers_the_readmes_question_with_a_citation(filled: Installed) -> None:
    assert QUESTION in (ROOT / "README.md").read_text(encoding="utf-8")
    answer = json.loads(filled.run("congvu", "ask", QUESTION, "--json"))
    assert not answer["refused"]
    assert {one["notice"]["number"] for one in answer["citations"]} >= {"45/KH-UBND"}


def test_it_refuses_what_the_notices_do_not_say(filled: Installed) -> None:
    answer = json.loads(
        filled.run("congvu", "ask", "Lương của công chức cấp xã năm 2026 là bao nhiêu?", "--json")
    )
    assert answer["refused"]


@pytest.fixture(scope="module")
def address(filled: Installed) -> Iterator[str]:
    """A running `congvu serve`."""
    log = filled.folder / "serve.txt"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            [filled.bin / "congvu", "serve", "--port", "0"],
            cwd=filled.folder,
            env=filled.surroundings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + _SECONDS
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))):
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < end, "it does not say where it listens"
            time.sleep(0.2)
        yield found[0]
    finally:
        server.terminate()
        server.wait(60)


def test_it_serves_its_pages_and_its_script(address: str) -> None:
    assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
    page = httpx.get(f"{address}/", timeout=60)
    assert page.status_code == 200
    assert "</html>" in page.text
    widget = httpx.get(f"{address}/widget/congvu-widget.js")
    assert widget.status_code == 200
    assert "congvu" in widget.text
