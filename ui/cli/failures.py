"""From an exception to a message, a remedy and an exit code; no traceback reaches a person."""

from __future__ import annotations

import errno
import logging
import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from typer.exceptions import TyperException

from corpus.errors import BadInput, Cancelled, CongvuError, NoSpace
from ui.cli.console import put

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def exit_code_of(run: Callable[[], object], err: Console, log_folder: Callable[[], Path]) -> int:
    """Run a command and return its exit code; what goes wrong is told on ``err``.

    Args:
        run: the command; an int that it returns is its exit code.
        err: where to tell.
        log_folder: gives the folder for tracebacks; made when needed.
    """
    try:
        result = run()
    except CongvuError as error:
        return _tell(err, error)
    except TyperException as error:
        return _tell(err, usage_error(error))
    except (KeyboardInterrupt, typer.Abort):
        return _tell(err, Cancelled("Đã dừng."))
    except BrokenPipeError:
        raise  # the reader went away: `main` ends quietly
    except Exception as error:  # noqa: BLE001 - told, and written down with its traceback
        return _tell(err, _unexpected(error, log_folder))
    if result == Cancelled.exit_code:  # typer turns Ctrl-C into the code and says nothing
        return _tell(err, Cancelled("Đã dừng."))
    return result if isinstance(result, int) else 0


@contextmanager
def warnings_on(err: Console) -> Iterator[None]:
    """Show what congvu's modules log as warnings on ``err`` while the block runs."""
    handler = _ConsoleHandler(err)
    logger = logging.getLogger("congvu")
    propagates = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False  # else Python prints it a second time
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


def usage_error(error: TyperException) -> BadInput:
    """Say in Vietnamese what typer found wrong with the command line."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "congvu"
    param = getattr(error, "param", None)
    name = param.get_error_hint().strip("'") if param is not None else ""
    match type(error).__name__:
        case "NoSuchOption":
            message = f"Không có tùy chọn {getattr(error, 'option_name', '')}."
        case "MissingParameter":
            message = f"Thiếu {name}."
        case "BadParameter":
            message = f"Giá trị của {name} không dùng được: {error.message}"
        case "BadOptionUsage":
            message = f"Tùy chọn {getattr(error, 'option_name', '')} thiếu giá trị."
        case _ if error.message.startswith("No such command"):
            message = f"Không có lệnh {error.message.split(maxsplit=3)[3].rstrip('.')}."
        case _ if error.message.startswith("Got unexpected extra"):
            message = f"Thừa tham số {error.message.rpartition('(')[2].rstrip(')')}."
        case _:
            message = f"Lệnh gõ chưa đúng: {error.format_message()}"
    return BadInput(message, f"Xem cách dùng bằng `{path} --help`.")


class _ConsoleHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        put(self._console, record.getMessage(), style="yellow")


def _tell(err: Console, error: CongvuError) -> int:
    put(err, error.message, style="bold red")
    if error.remedy:
        put(err, error.remedy)
    return error.exit_code


def _unexpected(error: Exception, log_folder: Callable[[], Path]) -> CongvuError:
    if isinstance(error, OSError) and error.errno in _FULL:
        return NoSpace("Ổ đĩa đầy.", "Giải phóng chỗ trống rồi chạy lại.")
    path = _write_log(error, log_folder)
    where = f" ({error.strerror}: {error.filename})" if isinstance(error, OSError) else ""
    return CongvuError(
        f"Có lỗi ngoài dự kiến{where}.",
        f"Chi tiết nằm ở {path}; hãy gửi tệp đó cho người phát triển (xem trước khi gửi).",
    )


def _write_log(error: Exception, log_folder: Callable[[], Path]) -> Path:
    text = "".join(traceback.format_exception(error))
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    try:
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, CongvuError):  # no settings, no home: it must be written somewhere
        folder = Path(tempfile.mkdtemp(prefix="congvu-"))
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path
