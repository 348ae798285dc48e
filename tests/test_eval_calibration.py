"""The harness gives the published figures for a published system.

bm25s with MTEB's tokenisation (words of two characters and more, English stop words) on XQuAD-vi,
each question once: nDCG@10 .9579, R@1 .91624 (docs, "How quality is measured").
"""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import bm25s
import numpy as np
import pytest

from eval.beir import BeirSet, Query, load_beir
from eval.retrieval_metrics import DEPTH, judge_rankings

pytestmark = pytest.mark.shared


def _tokens(texts: list[str]) -> list[list[str]]:
    found: list[list[str]] = bm25s.tokenize(
        texts, stopwords="en", return_ids=False, show_progress=False
    )
    return found


def _rank(data: BeirSet, queries: list[Query]) -> dict[str, list[str]]:
    index = bm25s.BM25()
    texts = [f"{document.title} {document.text}" for document in data.documents]
    index.index(_tokens(texts), show_progress=False)
    rankings: dict[str, list[str]] = {}
    for query, words in zip(queries, _tokens([query.text for query in queries]), strict=True):
        best = np.argsort(-index.get_scores(words), kind="stable")[:DEPTH]
        rankings[query.id] = [data.documents[i].id for i in best]
    return rankings


@pytest.fixture(scope="module")
def published(bench_dir: Path) -> tuple[BeirSet, list[Query]]:
    data = load_beir(bench_dir / "xquad-vi")
    once: dict[str, Query] = {}
    for query in data.queries:
        once.setdefault(query.text, query)
    return data, list(once.values())


def test_bm25_on_xquad_has_the_published_figures(published: tuple[BeirSet, list[Query]]) -> None:
    data, queries = published
    assert len(queries) == 1182
    judged = judge_rankings({q.id: data.qrels[q.id] for q in queries}, _rank(data, queries))
    assert round(mean(found["nDCG@10"] for found in judged.values()), 4) == 0.9579
    assert round(mean(found["R@1"] for found in judged.values()), 5) == 0.91624


def test_a_worse_system_has_worse_figures(published: tuple[BeirSet, list[Query]]) -> None:
    data, queries = published
    shifted = {
        question: [*ranking[1:], ranking[0]] for question, ranking in _rank(data, queries).items()
    }
    judged = judge_rankings({q.id: data.qrels[q.id] for q in queries}, shifted)
    assert mean(found["R@1"] for found in judged.values()) < 0.1
