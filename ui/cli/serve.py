"""``congvu serve``: the HTTP API, the web chat and the widget in one process.

FastAPI, Gradio and uvicorn take seconds to import, so they are imported when the command runs:
``congvu --help`` loads this module too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assistant.api.listening import listening
from assistant.runtime.home import make_home
from assistant.runtime.settings import Settings
from corpus.errors import NotReady
from ui.cli.console import CountProgress, put
from ui.cli.notices import INDEXING
from ui.cli.samples import provide_samples
from ui.cli.shell import Shell
from ui.wording import AI_NOTICE

if TYPE_CHECKING:
    from assistant.service.keys import KeyStore
    from assistant.service.service import Service

_LOG_BYTES = 5_000_000
_GRACE_SECONDS = 5  # for answers under way when the process is told to stop


def serve(
    context: typer.Context,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ĐỊA_CHỈ", help="Nơi nghe; ngoài máy này thì người gọi luôn cần khoá."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="CỔNG", help="Cổng để nghe; 0 để tự chọn.")
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Kho còn trống thì nạp các văn bản mẫu trước.")
    ] = False,
) -> None:
    """Mở trang hỏi đáp và API cho trình duyệt và các hệ thống khác."""
    shell = Shell.of(context)
    given = {"host": host, "port": port}
    settings = shell.load_settings().replaced(
        **{name: value for name, value in given.items() if value is not None}
    )
    run_server(shell, settings, samples=samples)


def run_server(shell: Shell, settings: Settings, *, samples: bool) -> None:
    """Serve until the process is told to stop.

    The models are opened while the server already says that it is alive.

    Args:
        shell: opens the workspace and says what happens.
        settings: where to listen and what to serve.
        samples: whether an empty library gets the sample notices first.

    Raises:
        NotReady: the address is not this machine's own and there is no key yet.
        BadInput: the address can't be listened on.
    """
    import uvicorn  # noqa: PLC0415

    from assistant.api.options import ApiOptions  # noqa: PLC0415
    from assistant.service.keys import FILE_NAME, KeyStore  # noqa: PLC0415
    from assistant.service.service import Service  # noqa: PLC0415
    from ui.site import build_site  # noqa: PLC0415

    keys_required = ApiOptions.from_settings(settings).keys_required
    with (
        listening(settings.host, settings.port) as listener,
        _logging_to(make_home(settings.home) / "logs" / "serve.log"),
    ):
        address = _address(settings, listener.getsockname()[1])
        service = Service.from_settings(settings, shell.open_workspace(settings).parts)
        keys = KeyStore.open(settings.home / FILE_NAME)
        try:
            if keys_required:
                _need_a_key(keys, settings.host)
            if samples:
                provide_samples(shell, service.workspace)
            site = build_site(service, keys, settings)
            server = uvicorn.Server(
                uvicorn.Config(
                    site,
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    proxy_headers=True,
                    forwarded_allow_ips=settings.trusted_proxies,
                    timeout_graceful_shutdown=_GRACE_SECONDS,
                )
            )
            opener = threading.Thread(
                target=_open, args=(service, shell.err, address, keys_required), daemon=True
            )
            opener.start()
            server.run(sockets=[listener])
            opener.join()
        finally:
            keys.close()
            service.close()


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Write what congvu and uvicorn have to tell into a file that stays small.

    Questions and answers are no part of it: they stand in the audit log.
    """
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("congvu", "uvicorn")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()


def _address(settings: Settings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}{settings.root_path}/"


def _need_a_key(keys: KeyStore, host: str) -> None:
    now = datetime.now(UTC)
    if not any(one.is_live(now) for one in keys.list()):
        raise NotReady(
            f"Nghe ở {host} thì người gọi phải có khoá truy cập, mà chưa có khoá nào.",
            "Tạo khoá bằng `congvu keys create TÊN --scope ask --scope read`.",
        )


def _open(service: Service, err: Console, address: str, keys_required: bool) -> None:
    put(err, AI_NOTICE, style="dim")
    with CountProgress(INDEXING, err, waiting="Đang mở mô hình…") as progress:
        service.open(progress)
    problem = service.readiness().problem
    if problem is not None:
        put(err, str(problem), style="yellow")
    put(err, f"Trang hỏi đáp: {address}", style="bold")
    put(
        err, f"API: {address}v1/ask · tài liệu: {address}docs · tiện ích: {address}widget/demo.html"
    )
    if keys_required:
        put(err, "Người dùng đăng nhập bằng khoá truy cập (`congvu keys list`).")
    put(err, "Ctrl-C để dừng.")
