"""What a run was made on and with which code, so that two runs can be told apart."""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_PACKAGES = ("corpus", "index", "assistant", "prompts")
_SOURCES = (".py", ".toml", ".gbnf", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine of a run.

    Args:
        cpu: the processor's name.
        cores: logical processors that this process may use.
        ram_gb: memory, in GiB.
        os: system and its version.
    """

    cpu: str
    cores: int
    ram_gb: float
    os: str

    @classmethod
    def this(cls) -> Machine:
        """Describe the machine this process runs on."""
        return cls(_cpu(), _cores(), _ram_gb(), platform.platform(terse=True))


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of this process, in GiB.

    Args:
        peak_rss: the most that was ever resident, mapped files (the models) included.
        rss_anon: what is resident now and no file: can't be given back.
    """

    peak_rss: float
    rss_anon: float

    @classmethod
    def now(cls) -> Memory | None:
        """Read ``/proc``; None on systems without it."""
        try:
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        except OSError:
            return None
        sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith(" kB")}
        return cls(int(sizes["VmHWM"]) / 2**20, int(sizes["RssAnon"]) / 2**20)


def code_hash() -> str:
    """Return a hash of the code, prompts and tables that answers are made with."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        _add(digest, files(package), package)
    return digest.hexdigest()[:16]


def sha256_of_files(paths: tuple[Path, ...]) -> str:
    """Return one SHA-256 hex digest over names and contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()


def _add(digest: hashlib._Hash, folder: Traversable, name: str) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        inner = f"{name}/{entry.name}"
        if entry.is_dir():
            _add(digest, entry, inner)
        elif entry.name.endswith(_SOURCES):
            digest.update(inner.encode() + b"\n" + entry.read_bytes())


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _ram_gb() -> float:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0.0
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
