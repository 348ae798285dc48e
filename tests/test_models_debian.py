"""A model that a Debian package carries is fetched by apt, checked, and never installed."""

from __future__ import annotations

import io
import stat
import sys
import tarfile
from pathlib import Path

import pytest
from fakes_models import sha

from assistant.runtime.models.catalogue import Catalogue
from assistant.runtime.models.debian import AptSource
from assistant.runtime.models.store import ModelStore
from corpus.errors import CongvuError, Damaged

MODEL = b"letters" * 1000
MEMBER = "usr/share/data/vie.traineddata"


def deb(member: str = f"./{MEMBER}", data: bytes = MODEL) -> bytes:
    """A package: an ar archive with three members (deb(5))."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        entry = tarfile.TarInfo(member)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    out = b"!<arch>\n"
    parts = (("debian-binary", b"2.0\n"), ("control.tar.xz", b"x"))
    parts += (("data.tar.xz", packed.getvalue()),)
    for name, body in parts:
        out += f"{name:16}{0:<12}{0:<6}{0:<6}{'100644':8}{len(body):<10}`\n".encode() + body
        out += b"\n" * (len(body) % 2)
    return out


def catalogue(package: bytes) -> Catalogue:
    licence = {"name": "L", "url": "https://example.org/L", "notice": "L."}
    model = {
        "id": "ocr",
        "role": "ocr",
        "title": "ocr",
        "licence": licence,
        "files": [{"name": "vie.traineddata", "size": len(MODEL), "sha256": sha(MODEL)}],
        "context_length": 0,
        "template": "",
        "debian": {
            "package": "ocr-vie",
            "version": "1:4.1-2",
            "size": len(package),
            "sha256": sha(package),
            "member": MEMBER,
        },
    }
    return Catalogue.model_validate({"model": [model]})


def apt(folder: Path, given: bytes, code: int = 0) -> AptSource:
    """A client that gives these bytes, and notes what it was asked."""
    (folder / "given.deb").write_bytes(given)
    script = folder / "apt"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, shutil, sys\n"
        f"pathlib.Path({str(folder)!r}, 'asked').write_text(' '.join(sys.argv[1:]))\n"
        f"if {code}: sys.exit('E: Unable to locate package')\n"
        f"shutil.copy({str(folder / 'given.deb')!r}, 'x.deb')\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return AptSource((str(script),))


def pull(tmp_path: Path, package: bytes, source: AptSource) -> Path:
    store = ModelStore(tmp_path / "models", catalogue(package))
    return store.pull("ocr", [source])


def test_the_file_is_taken_out_of_the_pinned_package(tmp_path: Path) -> None:
    package = deb()
    path = pull(tmp_path, package, apt(tmp_path, package))
    assert path.read_bytes() == MODEL
    assert (tmp_path / "asked").read_text() == "download ocr-vie=1:4.1-2"


def test_another_package_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    package = deb()
    with pytest.raises(Damaged, match="SHA-256"):
        pull(tmp_path, package, apt(tmp_path, package[:-1] + b"?"))
    assert not list(tmp_path.rglob("vie.traineddata"))


def test_a_package_with_another_file_is_refused(tmp_path: Path) -> None:
    package = deb(data=MODEL[:-1] + b"?")
    with pytest.raises(Damaged):
        pull(tmp_path, package, apt(tmp_path, package))
    package = deb(member="./usr/share/other")
    with pytest.raises(Damaged):
        pull(tmp_path, package, apt(tmp_path, package))


def test_what_apt_says_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CongvuError) as caught:
        pull(tmp_path, deb(), apt(tmp_path, b"", code=1))
    told = f"{caught.value.message} {caught.value.remedy}"
    assert "Unable to locate package" in told
    with pytest.raises(CongvuError) as caught:
        pull(tmp_path, deb(), AptSource(("no-such-apt",)))
    assert "no-such-apt" in f"{caught.value.message} {caught.value.remedy}"
