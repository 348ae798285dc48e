"""``congvu watch``: a folder and the library kept in step."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Final

import typer

from assistant.runtime.home import make_home
from assistant.runtime.watched import FILE_NAME, WatchList
from assistant.runtime.watching import Change, ChangeKind, Watcher
from assistant.runtime.workspace import Workspace
from corpus.errors import Busy, NoSpace, NotReady, UnreadableFile
from ui.cli.console import CountProgress, put
from ui.cli.notices import INDEXING, described, print_report
from ui.cli.shell import Shell

_PASSING: Final = (Busy, NoSpace, NotReady, UnreadableFile)
"""What may be over at the next look."""


def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục cần theo dõi.")],
    remove: Annotated[
        bool,
        typer.Option("--remove", help="Tệp bị xoá khỏi thư mục thì gỡ luôn văn bản khỏi kho."),
    ] = False,
    interval: Annotated[
        float, typer.Option(metavar="GIÂY", min=0.1, max=3600, help="Mấy giây nhìn lại một lần.")
    ] = 2.0,
    once: Annotated[
        bool, typer.Option("--once", help="Làm cho khớp một lần rồi thôi, không theo dõi tiếp.")
    ] = False,
) -> None:
    """Giữ cho kho khớp với một thư mục: tệp mới, sửa, chuyển chỗ; tệp bị xoá thì được báo."""
    shell = Shell.of(context)
    if not folder.is_dir():
        raise UnreadableFile(f"“{folder}” không phải thư mục.", "Chỉ đường dẫn tới một thư mục.")
    whole = folder.resolve()
    with shell.workspace() as workspace:
        home = make_home(workspace.settings.home)
        with WatchList.open(home / FILE_NAME, whole) as seen:
            watcher = Watcher(workspace, seen, whole, removes=remove)
            if once:
                _once(shell, workspace, watcher, interval)
                return
            put(shell.err, f"Đang theo dõi {folder}; Ctrl-C để dừng.", style="dim")
            try:
                _for_good(shell, workspace, watcher, interval)
            except KeyboardInterrupt:
                put(shell.err, "Đã dừng theo dõi; chạy lại lệnh này để làm tiếp.")


def _once(shell: Shell, workspace: Workspace, watcher: Watcher, interval: float) -> None:
    """Look until nothing waits: what is the same at two looks is taken in at the second."""
    _look(shell, workspace, watcher)
    time.sleep(interval)
    while _look(shell, workspace, watcher):
        time.sleep(interval)


def _for_good(shell: Shell, workspace: Workspace, watcher: Watcher, interval: float) -> None:
    told = ""
    while True:
        try:
            _look(shell, workspace, watcher)
            told = ""
        except _PASSING as error:
            if str(error) != told:  # once, not at every look
                put(shell.err, f"{error} Sẽ thử lại.", style="yellow")
            told = str(error)
        time.sleep(interval)


def _look(shell: Shell, workspace: Workspace, watcher: Watcher) -> int:
    with CountProgress(INDEXING, shell.err) as progress:
        return watcher.look(lambda change: _tell(shell, workspace, change), progress)


def _tell(shell: Shell, workspace: Workspace, change: Change) -> None:
    """Say what happened in one line."""
    match change.kind:
        case ChangeKind.TAKEN | ChangeKind.REFUSED if change.report is not None:
            print_report(shell.out, shell.err, change.report)
        case ChangeKind.MOVED:
            put(shell.out, f"Đã chuyển chỗ: {change.before} → {change.path}.")
        case ChangeKind.REMOVED:
            put(shell.out, f"{_why(change)}, đã gỡ văn bản khỏi kho: {change.path}.")
        case ChangeKind.AWAY:
            put(
                shell.err,
                "Thư mục không còn tệp nào: có thể ổ đĩa chưa được gắn. Kho giữ nguyên.",
                style="yellow",
            )
        case _:
            put(shell.out, f"{_why(change)}: {change.path}.{_still(workspace, change)}")


def _why(change: Change) -> str:
    return "Tệp nay chứa văn bản khác" if change.is_there else "Tệp đã bị xoá"


def _still(workspace: Workspace, change: Change) -> str:
    """Say which notices stay though no file holds them, and how they are removed."""
    if not change.notices:
        return ""
    named = {one.id: one for one in workspace.library.notices()}
    names = [described(named[id_].header, named[id_].file_name) for id_ in change.notices]
    return (
        f" Văn bản vẫn còn trong kho: {', '.join(names)}"
        f" (gỡ bằng `congvu remove {' '.join(change.notices)}`)."
    )
