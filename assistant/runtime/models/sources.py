"""Where models come from: the seam, folders and plain HTTPS (``parts.py`` has PyPI)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import httpx

from assistant.runtime.models.catalogue import Model, ModelFile
from assistant.runtime.models.hashing import blocks
from assistant.runtime.models.progress import Reporter
from assistant.runtime.models.staging import Staging, damaged
from corpus.errors import SourceFailed


class Source(Protocol):
    """One place a model can be had from."""

    @property
    def name(self) -> str:
        """What people are told, e.g. ``kho huggingface.co``."""

    def offers(self, model: Model) -> bool:
        """Whether it is worth asking for ``model`` here at all."""

    def space(self, model: Model, staging: Staging) -> int:
        """Return the bytes of disk that fetching what is missing takes, at its peak."""

    def fetch(self, model: Model, staging: Staging, reporter: Reporter) -> None:
        """Bring every missing file into ``staging``.

        Raises:
            SourceFailed: it can't be reached or hasn't got the model.
            Damaged: what it gave is not what the catalogue pins; nothing of it is kept.
        """


def _space_of_files(staging: Staging) -> int:
    there = 0
    for file in staging.missing:
        path = staging.incoming(file)
        there += path.stat().st_size if path.exists() else 0
    return max(0, sum(file.size for file in staging.missing) - there)


class FolderSource:
    """A folder that holds ``<id>/<file>`` or ``<file>``, or the only file of a model itself."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """See ``Source``."""
        return f"đường dẫn {self._path}"

    def offers(self, model: Model) -> bool:
        """See ``Source``."""
        return True

    def space(self, model: Model, staging: Staging) -> int:
        """See ``Source``."""
        return _space_of_files(staging)

    def fetch(self, model: Model, staging: Staging, reporter: Reporter) -> None:
        """See ``Source``."""
        found = [(file, self._find(model, file)) for file in staging.missing]
        reporter.begin(f"Chép {model.id}", sum(file.size for file, _ in found))
        for file, path in found:
            with path.open("rb") as stream:
                content = (_counted(block, reporter) for block in blocks(stream))
                staging.write(file, content, self.name)

    def _find(self, model: Model, file: ModelFile) -> Path:
        if self._path.is_file() and len(model.files) == 1:
            return self._path
        for path in (self._path / model.id / file.name, self._path / file.name):
            if path.is_file():
                return path
        raise SourceFailed(
            f"Không thấy {model.id}/{file.name} ở {self._path}.",
            "Hãy chỉ đúng thư mục chứa các tệp của mô hình.",
        )


def _counted(block: bytes, reporter: Reporter) -> bytes:
    reporter.advance(len(block))
    return block


class HttpSource:
    """Files behind URLs, fetched by GET and resumed by Range.

    Args:
        name: what people are told.
        locate: gives the URL of a file, or None where the source hasn't got the model.
        open_client: makes the client, with its time-outs and any token.
    """

    def __init__(
        self,
        name: str,
        locate: Callable[[Model, ModelFile], str | None],
        open_client: Callable[[], httpx.Client],
    ) -> None:
        self._name = name
        self._locate = locate
        self._open_client = open_client

    @property
    def name(self) -> str:
        """See ``Source``."""
        return self._name

    def offers(self, model: Model) -> bool:
        """See ``Source``."""
        return all(self._locate(model, file) for file in model.files)

    def space(self, model: Model, staging: Staging) -> int:
        """See ``Source``."""
        return _space_of_files(staging)

    def fetch(self, model: Model, staging: Staging, reporter: Reporter) -> None:
        """See ``Source``."""
        missing = staging.missing
        total = sum(file.size for file in missing)
        reporter.begin(f"Tải {model.id}", total, max(0, total - _space_of_files(staging)))
        with self._open_client() as client:
            for file in missing:
                url = self._locate(model, file)
                if url is None:
                    raise SourceFailed(f"{self._name} không có {model.id}/{file.name}.")
                self._fetch_file(client, url, file, staging, reporter)

    def _fetch_file(
        self,
        client: httpx.Client,
        url: str,
        file: ModelFile,
        staging: Staging,
        reporter: Reporter,
    ) -> None:
        path = staging.incoming(file)
        path.touch()
        # A broken connection is taken up again as long as each attempt brings something.
        while (before := path.stat().st_size) < file.size:
            try:
                self._append(client, url, file, path, reporter)
            except httpx.HTTPError as error:
                if path.stat().st_size <= before:
                    raise SourceFailed(
                        f"Không tải được {file.name} từ {self._name}: {_reason(error)}.",
                        "Hãy kiểm tra mạng rồi chạy lại: phần đã tải được giữ nguyên.",
                    ) from error
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            for block in blocks(stream):
                digest.update(block)
        staging.accept(file, path, self._name, digest.hexdigest())

    def _append(
        self, client: httpx.Client, url: str, file: ModelFile, path: Path, reporter: Reporter
    ) -> None:
        start = path.stat().st_size
        # The pinned size counts the bytes of the file, not of a compressed transfer.
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with client.stream("GET", url, headers=headers) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                # Their file ends before ours does: what we have is not the beginning of it.
                path.unlink()
                raise damaged(file.name, self._name)
            response.raise_for_status()
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT and response.headers.get(
                "Content-Range", ""
            ).startswith(f"bytes {start}-")
            if start and not resumed:
                reporter.advance(-start)
                start = 0
            length = response.headers.get("Content-Length")
            if length is not None and int(length) != file.size - start:
                path.unlink()
                raise damaged(file.name, self._name)
            with path.open("ab" if start else "wb") as stream:
                # As they arrive: asked for large blocks, httpx drops the last one with the line.
                for block in response.iter_raw():
                    stream.write(block)
                    reporter.advance(len(block))
                    if stream.tell() > file.size:
                        break
        if path.stat().st_size < file.size:
            raise httpx.ReadError(f"kết nối đứt ở byte {path.stat().st_size}")


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        code = error.response.status_code
        if code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            return f"HTTP {code}, phải chấp nhận giấy phép trên trang đó rồi đặt CONGVU_HUB_TOKEN"
        return f"HTTP {code}"
    return str(error) or type(error).__name__
