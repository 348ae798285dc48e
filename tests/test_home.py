"""The folder of all data is closed to others, or the person is told."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.runtime.home import exposed, make_home
from corpus.errors import NotReady


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def refuse(path: Path, mode: int) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))


def forget(path: Path, mode: int) -> None:
    """As file systems do that know no rights."""


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """A folder that was there before."""
    home = tmp_path / "volume"
    home.mkdir()
    home.chmod(0o755)
    return home


def test_a_new_home_is_for_its_owner_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = make_home(tmp_path / "a" / "b")
    assert rights(home) == 0o700
    assert list(exposed(home)) == []
    assert caplog.text == ""


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o750, 0o2775])
def test_a_home_that_was_there_is_closed_and_that_is_said_once(
    volume: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    volume.chmod(mode)
    make_home(volume)
    assert rights(volume) & 0o077 == 0
    assert f"từ {mode:04o}" in caplog.text
    caplog.clear()
    make_home(volume)
    assert caplog.text == ""


def test_what_an_older_congvu_left_open_is_closed(volume: Path) -> None:
    (volume / "index" / "snapshots").mkdir(parents=True)
    (volume / "cache").mkdir()
    with closing(sqlite3.connect(volume / "library.sqlite")) as db:
        db.execute("CREATE TABLE notice (x)")
    for path in (volume / "index", volume / "cache", volume / "library.sqlite"):
        path.chmod(0o755)
    make_home(volume)
    assert list(exposed(volume)) == []


@pytest.mark.parametrize(("chmod", "why"), [(refuse, "not permitted"), (forget, "không giữ quyền")])
def test_a_home_that_can_not_be_closed_is_told_with_a_remedy(
    volume: Path,
    caplog: pytest.LogCaptureFixture,
    chmod: Callable[[Path, int], None],
    why: str,
) -> None:
    make_home(volume, chmod)
    assert list(exposed(volume)) == [(volume, 0o755)]
    assert why in caplog.text
    assert "chmod go=" in caplog.text
    # What we make ourselves is closed all the same.
    assert {rights(volume / name) for name in ("index", "cache", "logs")} == {0o700}


def test_a_folder_that_others_use_too_is_left_open(
    volume: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (volume / "www").mkdir()
    make_home(volume)
    assert rights(volume) == 0o755
    assert "không phải của congvu" in caplog.text
    assert list(exposed(volume)) == [(volume, 0o755)]


def test_a_folder_for_everybody_is_left_open(volume: Path) -> None:
    volume.chmod(0o1777)
    make_home(volume)
    assert rights(volume) == 0o1777


def test_looking_at_a_home_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert list(exposed(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_a_home_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(NotReady, match="CONGVU_HOME"):
        make_home(tmp_path / "file" / "home")
