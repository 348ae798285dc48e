"""Suite ``speed``: how long answers take, and how near that is to what the machine can do.

Questions are asked one after the other; then probes measure memory, the embedding of one
question, the building of an index, and our generation beside the bare loop of llama.cpp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from eval.measures import Metric, Record
from eval.suites.base import DataInfo, Surroundings, subsample
from eval.suites.notices import NoticeQuestions, NoticeSession, open_notices
from eval.suites.probes import PROBES

Probe = Callable[[NoticeSession], Mapping[str, list[float]]]
"""Measures something several times: metric → values."""

_RATIOS = {
    "evidence_vs_query_embedding": ("retrieve_ms_p50", "query_embedding_ms"),
    "decode_vs_bare": ("decode_tokens_per_s", "bare_decode_tokens_per_s"),
    "prefill_vs_bare": ("prefill_tokens_per_s", "bare_prefill_tokens_per_s"),
}
_PROBE_MARK = "@"


@dataclass(frozen=True, slots=True)
class SpeedSession:
    """The assistant on the notices, and the probes."""

    asking: NoticeSession
    probes: Mapping[str, Probe]

    @property
    def versions(self) -> Mapping[str, str]:
        """See ``Session``."""
        return self.asking.versions

    def record(self, task: str) -> Record:
        """Ask a question, or run a probe."""
        if not task.startswith(_PROBE_MARK):
            record = self.asking.record(task)
            # Its figures are those of the suite ``notices``; here only its time is measured.
            return {key: value for key, value in record.items() if key != "measures"}
        return {"id": task, "samples": self.probes[task.removeprefix(_PROBE_MARK)](self.asking)}


@dataclass(frozen=True, slots=True)
class SpeedSuite:
    """See the module.

    Args:
        asked: the questions.
        limit: a seeded subsample of so many, None for all.
        probes: name → probe, run in this order after the questions.
    """

    asked: NoticeQuestions
    limit: int | None = None
    probes: Mapping[str, Probe] = field(default_factory=lambda: PROBES)
    name: str = field(default="speed", init=False)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``; whether answers are right is not asked here."""
        return replace(self.asked.data, lacks=())

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"limit": self.limit, "probes": list(self.probes)}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        questions = subsample(list(self.asked.questions), self.limit)
        return (*questions, *(f"{_PROBE_MARK}{name}" for name in self.probes))

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[SpeedSession]:
        """See ``Suite``."""
        with open_notices(self.asked, surroundings) as session:
            yield SpeedSession(session, self.probes)

    def derived(self, metrics: Mapping[str, Metric]) -> dict[str, Metric]:
        """Return the ratios of what was measured, ours over the bare one's."""
        return {
            name: _ratio(metrics[above], metrics[below])
            for name, (above, below) in _RATIOS.items()
            if above in metrics and below in metrics
        }


def _ratio(above: Metric, below: Metric) -> Metric:
    """Divide two figures of one run; their intervals don't make one of the ratio."""
    if above.value is None or not below.value:
        return Metric(None, None, None, 0)
    return Metric(above.value / below.value, None, None, min(above.n, below.n))
