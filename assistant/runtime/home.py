"""The folder that holds everything congvu keeps, closed to other people of the machine.

A folder that was there before (a volume of a container, one made by hand) may be open. It is
closed where that is ours to do; where it isn't, what congvu puts into it is closed all the same,
and the person is told.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from corpus.errors import NotReady

_log = logging.getLogger("congvu.home")

_PARTS: Final = ("index", "cache", "logs", "originals")
"""Folders whose files are as open as the caller's umask: they hold texts, too."""
_DATABASES: Final = "*.sqlite*"
_MAY_LIE_THERE: Final = frozenset(
    {
        "library",
        "access",
        "audit",
        "audit-head",
        "history",
        "jobs",
        "watched",
        "congvu",
        "models",
        "lost+found",
    }
)
"""Beginnings of names, up to the first dot. A folder with anything else in it may be ``/srv`` or
somebody's own home, chosen by mistake: to close that would hurt others."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_home(home: Path, chmod: Callable[[Path, int], None] = os.chmod) -> Path:
    """Make the folder where it isn't there yet, for its owner alone, and return it.

    A group can't share it either: the databases in it are for one user.

    Args:
        home: the folder.
        chmod: changes the rights of a path.

    Raises:
        NotReady: it can't be made.
    """
    try:
        # State papers are nobody else's business.
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in _PARTS:
            (home / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotReady(
            f"Không tạo được thư mục dữ liệu {home}: {error.strerror}.",
            "Hãy đặt CONGVU_HOME sang thư mục ghi được.",
        ) from error
    for path, mode in exposed(home):
        _close(path, mode, chmod, is_ours=path != home or _holds_nothing_else(home))
    return home


def exposed(home: Path) -> Iterator[tuple[Path, int]]:
    """Return what other people of the machine may get at: the path and its rights.

    Args:
        home: the folder; it need not exist.
    """
    if os.name != "posix":
        return  # rights are told otherwise there, and a person's folders are closed
    for path in (home, *(home / name for name in _PARTS), *home.glob(_DATABASES)):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:  # or a journal that was just deleted
            continue
        if mode & _OTHERS:
            yield path, mode


def how_to_close(path: Path) -> str:
    """Return what a person can do about a path that is open to others."""
    return (
        f"Chạy `chmod go= {path}` bằng người dùng sở hữu nó, hoặc đặt CONGVU_HOME sang một thư mục"
        " riêng."
    )


def _close(path: Path, mode: int, chmod: Callable[[Path, int], None], *, is_ours: bool) -> None:
    why = "trong đó còn tệp không phải của congvu"
    if is_ours:
        try:
            chmod(path, mode & ~_OTHERS)
            if not stat.S_IMODE(path.stat().st_mode) & _OTHERS:
                _log.warning(
                    "Đã thu hẹp quyền của %s từ %04o còn %04o: người khác trên máy từng đọc được.",
                    path,
                    mode,
                    mode & ~_OTHERS,
                )
                return
            why = "hệ thống tệp không giữ quyền"
        except OSError as error:
            why = error.strerror or type(error).__name__
    _log.warning(
        "Người khác trên máy vào được %s (quyền %04o), chưa thu hẹp được: %s. %s",
        path,
        mode,
        why,
        how_to_close(path),
    )


def _holds_nothing_else(home: Path) -> bool:
    """Whether closing the folder takes nothing away from anybody."""
    if home.stat().st_mode & stat.S_ISVTX:  # /tmp
        return False
    names = {entry.name.partition(".")[0] for entry in home.iterdir()}
    return names <= _MAY_LIE_THERE.union(_PARTS)
