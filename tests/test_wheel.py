"""The wheel holds every file of the packages, and nothing else."""

from __future__ import annotations

import zipfile
from email import message_from_bytes
from pathlib import Path, PurePosixPath

import pytest
from built_wheel import PACKAGES, build, clone, tracked


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made beside folders and files that only look like congvu's."""
    folder = tmp_path_factory.mktemp("wheel")
    source = clone(folder / "source")
    for stray in ("ui_old/__init__.py", "ui_old/page.css", "indexes/__init__.py"):
        (source / stray).parent.mkdir(exist_ok=True)
        (source / stray).write_text("", encoding="utf-8")
    return build(source, folder / "out")


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_holds_what_git_tracks_in_the_packages(built: Path) -> None:
    inside = {name for name in names(built) if ".dist-info/" not in name}
    expected = {name for name in tracked() if PurePosixPath(name).parts[0] in PACKAGES}
    sets = {name for name in expected if name.startswith("eval/sets/")}
    assert sets
    expected -= sets  # what the assistant is developed with, not what it needs
    assert any(not name.endswith(".py") for name in expected)
    assert inside == expected


def test_the_wheel_brings_its_licence(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        [where] = [n for n in archive.namelist() if n.endswith(".dist-info/licenses/LICENSE")]
        licence = archive.read(where).decode()
        [meta] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        told = message_from_bytes(archive.read(meta))
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert told["License-Expression"] == "Apache-2.0"
