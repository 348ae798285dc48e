"""The kinds of measurement, one a file, and how one is made from a command line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from corpus.errors import BadInput
from eval.beir import load_beir
from eval.suites.base import Suite
from eval.suites.beir import BeirSuite
from eval.suites.load import CALLERS, REQUESTS, LoadSuite
from eval.suites.mrc import MrcSuite
from eval.suites.notices import NoticeQuestions, NoticesSuite
from eval.suites.peer import PeerSuite
from eval.suites.readers import ReadersSuite
from eval.suites.speed import SpeedSuite

SUITES = ("notices", "beir", "mrc", "speed", "load", "readers")
SAMPLES = (
    Path(str(files("eval") / "samples.jsonl")),
    Path(str(files("corpus") / "samples")),
)
"""The questions that come with congvu, and the notices they are about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks for.

    Args:
        suite: one of ``SUITES``.
        data: the questions; the samples' own for ``notices``, ``speed`` and ``load`` where None.
        notices: what they are about, likewise.
        limit: a seeded subsample of so many, None for all.
        stripped: ask without diacritics; ``beir`` only.
        peer: ask this system of ``eval.peers`` instead of congvu; ``notices`` only.
        callers: how many at once, ``load`` only; one number for each level, None for its own.
        requests: of each level, likewise.
        without_own: ask each answerable question once more without its own notices; ``notices``
            only, and not of a peer.
    """

    suite: str
    data: Path | None = None
    notices: Path | None = None
    limit: int | None = None
    stripped: bool = False
    peer: str | None = None
    callers: tuple[int, ...] | None = None
    requests: int | None = None
    without_own: bool = False


def make_suite(asked: Asked) -> Suite:
    """Read the data and make the suite.

    Raises:
        BadInput: the suite is unknown, an option isn't its own, or the data isn't in its format.
        ExtraMissing: the peer's packages are not installed.
    """
    if asked.suite not in SUITES:
        raise BadInput(f"Không có bộ đo “{asked.suite}”.", f"Các bộ đo: {', '.join(SUITES)}.")
    if asked.stripped and asked.suite != "beir":
        raise BadInput("--strip-diacritics chỉ đi cùng beir.", "Bỏ tùy chọn đó.")
    if asked.peer is not None and asked.suite != "notices":
        raise BadInput("--peer chỉ đi cùng notices.", "Bỏ tùy chọn đó.")
    if asked.without_own and (asked.suite != "notices" or asked.peer is not None):
        raise BadInput("--without-own chỉ đi cùng notices của congvu.", "Bỏ tùy chọn đó.")
    if (asked.callers is not None or asked.requests is not None) and asked.suite != "load":
        raise BadInput("--callers và --requests chỉ đi cùng load.", "Bỏ tùy chọn đó.")
    if asked.suite == "readers":
        return _of_files(asked)
    if asked.suite in {"beir", "mrc"}:
        return _of_documents(asked)
    questions = NoticeQuestions.load(*_notice_paths(asked))
    if asked.suite == "speed":
        return SpeedSuite(questions, asked.limit)
    if asked.suite == "load":
        callers, requests = asked.callers or CALLERS, asked.requests or REQUESTS
        return LoadSuite(questions, asked.limit, callers, requests)
    if asked.peer is not None:
        return PeerSuite(questions, asked.peer, asked.limit)
    return NoticesSuite(questions, asked.limit, asked.without_own)


def _of_files(asked: Asked) -> Suite:
    if asked.data is None or not asked.data.is_dir():
        raise BadInput(
            "Bộ đo readers cần --data THƯ_MỤC.",
            "Chỉ ra thư mục có các tệp và bản gõ tay của chúng.",
        )
    if asked.notices is not None:
        raise BadInput("--notices không đi cùng readers.", "Các tệp nằm trong --data.")
    return ReadersSuite.load(asked.data, asked.limit)


def _of_documents(asked: Asked) -> Suite:
    if asked.data is None:
        raise BadInput(f"Bộ đo {asked.suite} cần --data THƯ_MỤC.", "Chỉ ra một thư mục dạng BEIR.")
    if asked.notices is not None:
        raise BadInput(f"--notices không đi cùng {asked.suite}.", "Văn bản nằm trong --data.")
    data = load_beir(asked.data)
    if asked.suite == "mrc":
        return MrcSuite(data, asked.limit)
    return BeirSuite(data, asked.stripped, asked.limit)


def _notice_paths(asked: Asked) -> tuple[Path, Path]:
    if (asked.data is None) != (asked.notices is None):
        raise BadInput("--data và --notices đi cùng nhau.", "Bỏ cả hai để đo trên bộ văn bản mẫu.")
    if asked.data is not None and asked.notices is not None:
        return asked.data, asked.notices
    return SAMPLES
