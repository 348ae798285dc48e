"""Suite ``load``: many callers of the HTTP API at once, on this machine.

Each level has a number of callers; each caller asks for a stream, and its next question as soon
as it has an answer. Times count from the first time a question is sent, so whoever is told to
come back (503 with ``Retry-After``) waits on the caller's time. The same questions are asked
alone before: an answer under load that is another one is told.

A level is run as a whole when its first record is asked for: a stopped run goes on with the
level that it was in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle, islice
from typing import Any, Final

from assistant.api.app import create_api
from assistant.api.options import ApiOptions
from assistant.service.keys import FILE_NAME, KeyStore
from assistant.service.service import Service
from corpus.errors import BadInput, NotReady
from eval.load.client import Heard, Patience
from eval.load.judging import Outcome, Print, judge
from eval.load.level import Level, run_level
from eval.load.server import LOOPBACK, serving
from eval.machine import Memory
from eval.measures import Record
from eval.suites.base import DataInfo, Surroundings, subsample
from eval.suites.notices import NoticeQuestions, fill, versions_of

CALLERS: Final = (1, 4, 16)
REQUESTS: Final = 64
MOST_CALLERS: Final = 64
MOST_REQUESTS: Final = 1000
_LEVEL_MARK: Final = "@"


@dataclass(frozen=True, slots=True)
class LoadSuite:
    """See the module.

    Args:
        asked: the questions, asked over and over until there are enough requests.
        limit: a seeded subsample of so many questions, None for all.
        callers: at once, one number for each level.
        requests: of each level.
        patience: how long callers wait.
    """

    asked: NoticeQuestions
    limit: int | None = None
    callers: tuple[int, ...] = CALLERS
    requests: int = REQUESTS
    patience: Patience = field(default_factory=Patience)
    name: str = field(default="load", init=False)

    def __post_init__(self) -> None:
        if not self.callers or len(set(self.callers)) < len(self.callers):
            raise BadInput("--callers phải là các số khác nhau.", "Viết như --callers 1,4,16.")
        if not all(1 <= one <= MOST_CALLERS for one in self.callers):
            raise BadInput(
                f"--callers nhận các số từ 1 đến {MOST_CALLERS}.", "Viết như --callers 1,4,16."
            )
        if not 1 <= self.requests <= MOST_REQUESTS:
            raise BadInput(f"--requests nhận số từ 1 đến {MOST_REQUESTS}.", "Viết --requests 64.")

    @property
    def data(self) -> DataInfo:
        """See ``Suite``; whether answers are right is not asked here."""
        return replace(self.asked.data, lacks=())

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {
            "limit": self.limit,
            "callers": list(self.callers),
            "requests": self.requests,
            "patience": asdict(self.patience),
            "answer_cache": 0,
        }

    @property
    def questions(self) -> tuple[str, ...]:
        """Ids of the questions of each level, in the order of asking."""
        chosen = subsample(list(self.asked.questions), self.limit)
        return tuple(islice(cycle(chosen), self.requests))

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``: the requests of each level, then the level itself."""
        return tuple(
            task
            for callers in self.callers
            for task in (
                *(_task(callers, place, one) for place, one in enumerate(self.questions)),
                f"{_LEVEL_MARK}{callers}",
            )
        )

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[LoadSession]:
        """See ``Suite``: the site's API with real parts, on a port of this machine."""
        with surroundings.workspace("notices", self.asked.notices) as workspace:
            # Each answer is to be made, and a caller on loopback needs no key.
            settings = workspace.settings.replaced(
                answer_cache=0, host=LOOPBACK, require_keys=False
            )
            service = Service.from_settings(settings, workspace.parts)
            with closing(service), KeyStore.open(settings.home / FILE_NAME) as keys:
                fill(self.asked, service.workspace, surroundings.progress)
                service.open(surroundings.progress)
                ready = service.readiness()
                if ready.snapshot is None:
                    raise ready.problem or NotReady("Trợ lý chưa sẵn sàng.", "Hãy chạy lại.")
                app = create_api(service, keys, ApiOptions.from_settings(settings))
                with serving(app) as address:
                    yield LoadSession(self, address, versions_of(ready.snapshot, service.workspace))


@dataclass(slots=True)
class LoadSession:
    """The API with models open.

    Args:
        suite: what is asked.
        address: where.
        versions: see ``Session``.
    """

    suite: LoadSuite
    address: str
    versions: Mapping[str, str]
    _alone: dict[str, Print] = field(default_factory=dict)
    _levels: dict[int, Level] = field(default_factory=dict)

    def record(self, task: str) -> Record:
        """Return what became of a request, or the figures of a level; see ``Session``."""
        callers = int(task.removeprefix(_LEVEL_MARK).split("/")[0])
        if callers not in self._levels:
            self._levels[callers] = self._run(callers)
        level = self._levels[callers]
        records = [self._request(callers, place, heard) for place, heard in enumerate(level.heard)]
        if task.startswith(_LEVEL_MARK):
            return _level_record(callers, level, records)
        return next(record for record in records if record["id"] == task)

    def _run(self, callers: int) -> Level:
        suite = self.suite
        if not self._alone:
            self._ask_alone()
        bodies = [self._body(one) for one in suite.questions]
        return run_level(self.address, bodies, callers, suite.patience)

    def _ask_alone(self) -> None:
        chosen = list(dict.fromkeys(self.suite.questions))
        bodies = [self._body(one) for one in chosen]
        level = run_level(self.address, bodies, 1, self.suite.patience)
        for one, heard in zip(chosen, level.heard, strict=True):
            if heard.answer is None:
                raise BadInput(
                    f"Câu {one} hỏi một mình cũng không có câu trả lời: {heard.problem}.",
                    "Sửa câu hỏi hoặc máy chủ rồi đo lại.",
                )
            self._alone[one] = Print.of(heard.answer)

    def _body(self, question: str) -> dict[str, Any]:
        asked = self.suite.asked
        turns = asked.history.get(question, ())
        return {
            "question": asked.questions[question].question,
            "history": [{"role": one.role, "content": one.content} for one in turns],
        }

    def _request(self, callers: int, place: int, heard: Heard) -> dict[str, Any]:
        one = self.suite.questions[place]
        others = frozenset(found for name, found in self._alone.items() if name != one)
        question = self.suite.asked.questions[one].question
        outcome = judge(question, heard, self._alone[one], others)
        return _request_record(_task(callers, place, one), one, callers, heard, outcome)


def _task(callers: int, place: int, question: str) -> str:
    return f"{callers}/{place:03d}/{question}"


def _request_record(
    task: str, question: str, callers: int, heard: Heard, outcome: Outcome
) -> dict[str, Any]:
    server = heard.answer.get("timings_ms") if heard.answer is not None else None
    times = {
        "evidence": heard.evidence_ms,
        "first_token": heard.first_token_ms,
        "first_quote": heard.first_quote_ms,
        "lead": heard.lead_ms,
        "total": heard.total_ms,
    }
    if heard.evidence_ms is not None and server:
        # What it spent in the server's line: neither told to come back nor searching.
        in_line = heard.evidence_ms - heard.waited_ms - server["retrieve"]
        times["in_line"] = max(0.0, in_line)
    judged = int(outcome is not Outcome.LOST)
    wrong = {} if outcome is Outcome.OWN or heard.answer is None else {"heard": heard.answer}
    return {
        "id": task,
        "question_id": question,
        "callers": callers,
        "outcome": outcome.value,
        "problem": heard.problem,
        "status": heard.status,
        "refusals": heard.refusals,
        "waited_ms": heard.waited_ms,
        "server_ms": server,
        "timings_ms": {f"callers_{callers}_{name}": value for name, value in times.items()},
        "measures": {
            "lost": [int(outcome is Outcome.LOST), 1],
            "mixed": [int(outcome is Outcome.MIXED), judged],
            "changed": [int(outcome is Outcome.CHANGED), judged],
            "told_to_come_back": [heard.refusals, heard.refusals + 1],
        },
        "slices": {"callers": [str(callers)]},
        **wrong,
    }


def _level_record(callers: int, level: Level, records: list[dict[str, Any]]) -> dict[str, Any]:
    outcomes = [record["outcome"] for record in records]
    refusals = sum(one.refusals for one in level.heard)
    answered = len(records) - outcomes.count(Outcome.LOST.value)
    memory = Memory.now()
    figures = {
        "requests": len(records),
        **{one.value: outcomes.count(one.value) for one in Outcome if one is not Outcome.OWN},
        "told_to_come_back": refusals / (len(records) + refusals),
        "answers_per_min": 60 * answered / level.seconds,
        "seconds": level.seconds,
        **({} if memory is None else {"peak_memory_gib": memory.peak_rss}),
    }
    return {
        "id": f"{_LEVEL_MARK}{callers}",
        "samples": {f"callers_{callers}_{name}": [value] for name, value in figures.items()},
    }
