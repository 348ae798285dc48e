"""Suite ``speed``: how long answers take, and how near that is to what the machine can do.

Questions are asked one after the other: how long until the evidence, the quotes, the sentence of
the language model where there is one, and the whole answer. Each question is embedded once more by
itself; then probes
measure memory, the building of an index, and our generation beside the bare loop of llama.cpp.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from eval.measures import Record
from eval.suites.base import DataInfo, Surroundings, subsample
from eval.suites.notices import NoticeQuestions, NoticeSession, open_notices
from eval.suites.probes import PROBES, NotMeasured

Probe = Callable[[NoticeSession], Mapping[str, list[float]]]
"""Measures something several times: metric → values; may raise ``NotMeasured``."""

_EVIDENCE, _EMBEDDING = "evidence_vs_query_embedding", "query_embedding_ms"
_RATIOS = {
    "decode_vs_bare": ("decode_tokens_per_s", "bare_decode_tokens_per_s"),
    "prefill_vs_bare": ("prefill_tokens_per_s", "bare_prefill_tokens_per_s"),
}
"""Ours over the bare one's; both are measured in the same rounds."""

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
        if task.startswith(_PROBE_MARK):
            return self._probe(task)
        record = self.asking.record(task)
        # Its figures are those of the suite ``notices``; here only its time is measured.
        timed = {key: value for key, value in record.items() if key != "measures"}
        embedding = self._query_embedding(task)
        timed["samples"] = {_EMBEDDING: [embedding]}
        if evidence := (record.get("timings_ms") or {}).get("retrieve"):
            timed["pairs"] = {_EVIDENCE: [[evidence, embedding]]}
        return timed

    def _query_embedding(self, task: str) -> float:
        """Time the embedding of the question alone, right after its answer: the limit, in ms."""
        question = self.asking.asked.questions[task].question
        began = time.perf_counter()
        self.asking.workspace.embedder.embed_queries([question])
        return 1000 * (time.perf_counter() - began)

    def _probe(self, task: str) -> Record:
        try:
            samples = self.probes[task.removeprefix(_PROBE_MARK)](self.asking)
        except NotMeasured as reason:
            return {"id": task, "not_measured": str(reason)}
        pairs = {
            name: [list(pair) for pair in zip(samples[ours], samples[bare], strict=True)]
            for name, (ours, bare) in _RATIOS.items()
            if ours in samples and bare in samples
        }
        return {"id": task, "samples": samples, "pairs": pairs}


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
