"""Building congvu's wheel from what git tracks, as a clean clone would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from machine import ROOT

PACKAGES = ("assistant", "corpus", "eval", "index", "prompts", "ui")


def tracked() -> list[str]:
    """Return the paths of the tracked files that are there, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def clone(folder: Path) -> Path:
    """Copy the tracked files into ``folder``, which is made, and return it."""
    for name in tracked():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, place)
    return folder


def build(source: Path, folder: Path) -> Path:
    """Build the wheel of the tree ``source`` into ``folder``, with the setuptools of this venv."""
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = folder.glob("*.whl")
    return wheel
