"""Suite ``beir``: any BEIR folder through the assistant's own retrieval.

A document is a notice, its clauses are found as in any answer, and it ranks by its best one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.find.retriever import Evidence, Retriever
from assistant.understand.question import Question, understand
from eval.beir import BeirSet, Query, strip_diacritics
from eval.measures import Record
from eval.retrieval_metrics import DEPTH, judge_ranking
from eval.suites.base import DataInfo, Surroundings, subsample
from eval.suites.documents import IndexedDocuments, index_documents, info_of, rank_documents
from index.vocabulary import Vocabulary

_CLAUSES = 200  # of an answer's 12 clauses, all might stand in one document
_SHOWN = 3  # documents whose best clause is written into the record beside the relevant ones


class BeirSession:
    """Ranks documents for questions.

    Args:
        indexed: the documents.
        queries: by id.
        qrels: see ``BeirSet``.
        stripped: whether questions are asked without diacritics.
        clock: seconds.
    """

    def __init__(
        self,
        indexed: IndexedDocuments,
        data: BeirSet,
        stripped: bool,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._snapshot = indexed.snapshot
        self._documents_of = indexed.documents_of
        self._queries = {query.id: query for query in data.queries}
        self._qrels = data.qrels
        self._stripped = stripped
        self._clock = clock
        embedder = indexed.workspace.embedder
        self._retriever = Retriever(indexed.snapshot, embedder)
        # As ``Assistant.from_parts`` does.
        self._vocabulary = Vocabulary(c.text for c in indexed.snapshot.clauses.values())
        self.versions = {
            "snapshot": indexed.snapshot.id,
            "llm": "",
            "embedder": embedder.id,
            "prompt": "",
        }

    def record(self, task: str) -> Record:
        """Rank the documents for one question."""
        query = self._queries[task]
        text = strip_diacritics(query.text) if self._stripped else query.text
        began = self._clock()
        asked = understand(text, (), self._snapshot.notices, self._vocabulary)
        evidence = self._retriever.find(asked, _CLAUSES)
        took = (self._clock() - began) * 1000
        best = rank_documents(evidence, self._documents_of)
        if len(best) < DEPTH and len(evidence) == _CLAUSES:
            # All clauses came from a few documents: look at every clause there is.
            evidence = self._retriever.find(asked, len(self._snapshot.clauses))
            best = rank_documents(evidence, self._documents_of)
        ranking = list(best)
        relevant = self._qrels[task]
        measures = judge_ranking(relevant, ranking[:DEPTH])
        return {
            "id": task,
            "question": text,
            "restored": asked.restored,
            "named": _named(asked, self._snapshot.notices),
            "relevant": sorted(relevant),
            "ranked": [[document, best[document].score] for document in ranking[:DEPTH]],
            "best_clauses": [
                _shown(document, ranking, best.get(document))
                for document in dict.fromkeys([*ranking[:_SHOWN], *sorted(relevant)])
            ],
            "timings_ms": {"retrieve": round(took, 2)},
            "measures": {name: [value, 1] for name, value in measures.items()},
            "slices": _slices(query),
        }


@dataclass(frozen=True, slots=True)
class BeirSuite:
    """See the module.

    Args:
        beir: the folder.
        stripped: ask the same questions without diacritics.
        limit: a seeded subsample of so many, None for all.
    """

    beir: BeirSet
    stripped: bool = False
    limit: int | None = None
    name: str = field(default="beir", init=False)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``."""
        return info_of(self.beir)

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"strip_diacritics": self.stripped, "limit": self.limit}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample([query.id for query in self.beir.judged], self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[BeirSession]:
        """See ``Suite``."""
        with index_documents(self.beir, surroundings) as indexed:
            yield BeirSession(indexed, self.beir, self.stripped)


def _shown(document: str, ranking: list[str], best: Evidence | None) -> dict[str, Any]:
    if best is None:
        return {"document": document, "rank": None}
    return {
        "document": document,
        "rank": ranking.index(document) + 1,
        "label": best.clause.label,
        "text": best.clause.text,
        "score": best.score,
        "lexical": best.lexical,
        "dense": best.dense,
    }


def _named(asked: Question, notices: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the question was understood to name: it narrows or moves what is found."""
    return {
        "notices": [notices[one].file_name for one in asked.notice_ids],
        "missing": [reference.text for reference in asked.missing],
    }


def _slices(query: Query) -> dict[str, list[str]]:
    kind = query.metadata.get("type")
    return {"type": [kind]} if isinstance(kind, str) and kind else {}
