"""From a question to the clauses that may answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.understand.question import Asked, Question
from corpus.facts.references import matches_number
from corpus.notice import Clause, ClauseKind, Notice
from index.embedder import Embedder
from index.fusion import Scores, fuse, min_max
from index.snapshot import Snapshot
from index.title_scores import Titles

# Of .3 to .7 the folds of ALQAC choose .45 to .5 for words; on notices .6 answers the same.
LEXICAL_WEIGHT = 0.5
DENSE_WEIGHT = 0.5
_LEFT_OUT = -1.0  # score of passages that may not be found
# Who signed or received a notice answers nothing else, and a title says what stands under it.
_KIND_FACTORS = {
    ClauseKind.HEADER: 0.6,
    ClauseKind.BASIS: 0.7,
    ClauseKind.RECIPIENT: 0.7,
    ClauseKind.SIGNATURE: 0.6,
    ClauseKind.HEADING: 0.8,
}
_NAMED_BONUS = 0.15  # where several notices are named, others may still hold the answer
_REFERENCE_BONUS = 0.25  # a clause that refers to the document that the question names
_ABOUT_PEOPLE = frozenset({ClauseKind.RECIPIENT, ClauseKind.SIGNATURE})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clause that was found.

    Args:
        clause: the clause.
        notice: the notice it stands in.
        score: fused, in [0, 1].
        lexical: normalised BM25, in [0, 1].
        dense: normalised cosine, in [0, 1].
        cosine: between the question and the clause's best passage, as it is.
        passages: rows of the clause's passages in the snapshot, best first.
        relevance: probability that it holds the answer or a part of it; 0 until it is judged.
    """

    clause: Clause
    notice: Notice
    score: float
    lexical: float
    dense: float
    cosine: float
    passages: tuple[int, ...]
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scores of the passages, each of shape (passages,)."""

    fused: Scores
    lexical: Scores
    dense: Scores
    cosine: Scores


class Retriever:
    """Hybrid retrieval over one snapshot.

    Args:
        snapshot: what is searched.
        embedder: the one the snapshot was made with.
    """

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        self.snapshot = snapshot
        self._embedder = embedder
        self._notice_of = np.array([p.notice_id for p in snapshot.passages])
        self._clause_of = np.array([p.clause_id for p in snapshot.passages])
        self._titles = Titles(snapshot.passages, snapshot.clauses)
        self._kinds = [p.kind for p in snapshot.passages]

    def find(
        self,
        question: Question,
        limit: int,
        notices: Sequence[str] = (),
        vectors: dict[str, NDArray[np.float32]] | None = None,
    ) -> tuple[Evidence, ...]:
        """Return at most ``limit`` clauses, best first.

        Args:
            question: understood.
            limit: clauses, at least 1.
            notices: ids of the only notices to look in; none means all.
            vectors: of the texts embedded for this question, shape (dimension,) each; added to,
                so that the same text asked of several notices is embedded once.
        """
        if not self.snapshot.passages:
            return ()
        mask = self._mask(question, notices)
        asked = question.embedded
        known = {} if vectors is None else vectors
        if asked not in known:
            known[asked] = self._embedder.embed_queries([asked])[0]
        cosine = self.snapshot.store.scores(known[asked])
        words = self.snapshot.lexical.scores(question.search_text)
        if question.earlier:
            before = self.snapshot.lexical.scores(question.earlier)
            words += question.earlier_weight * before
        dense, lexical = min_max(cosine, mask), min_max(words, mask)
        fused = fuse([(LEXICAL_WEIGHT, lexical), (DENSE_WEIGHT, dense)])
        fused = self._titles.lend(np.where(mask, fused, _LEFT_OUT))
        fused = fused * self._factors(question)
        if not question.only_named and question.notice_ids:
            fused = fused + _NAMED_BONUS * np.isin(self._notice_of, question.notice_ids)
        if question.missing:
            fused = fused + _REFERENCE_BONUS * self._refers(question)
        # Divided, not clipped: clauses with a bonus would tie at 1 and stand as in their notice.
        fused = np.where(mask, fused / max(1.0, float(fused.max())), _LEFT_OUT)
        named = question.notice_ids if not question.only_named else ()
        return self._by_clause(_Scored(fused, lexical, dense, cosine), limit, named)

    def _mask(self, question: Question, notices: Sequence[str]) -> NDArray[np.bool_]:
        allowed = set(notices) or set(self.snapshot.notices)
        if question.only_named and allowed & set(question.notice_ids):
            allowed &= set(question.notice_ids)
        mask: NDArray[np.bool_] = np.isin(self._notice_of, sorted(allowed))
        if question.within:
            mask &= np.isin(self._clause_of, sorted(question.within))
        if Asked.SIGNER in question.asked:
            signed = mask & np.array([kind is ClauseKind.SIGNATURE for kind in self._kinds])
            return signed if signed.any() else mask
        return mask

    def _factors(self, question: Question) -> Scores:
        factors = dict(_KIND_FACTORS)
        if question.asked & {Asked.PERSON, Asked.SIGNER}:
            factors = factors | dict.fromkeys(_ABOUT_PEOPLE, 0.95)
        return np.array([factors.get(kind, 1.0) for kind in self._kinds], dtype=np.float32)

    def _refers(self, question: Question) -> NDArray[np.bool_]:
        wanted = question.missing
        found = {
            clause.id
            for clause in self.snapshot.clauses.values()
            if any(matches_number(w.number, r.number) for w in wanted for r in clause.references)
        }
        return np.array([p.clause_id in found for p in self.snapshot.passages])

    def _by_clause(self, scored: _Scored, limit: int, named: Sequence[str]) -> tuple[Evidence, ...]:
        passages = self.snapshot.passages
        rows: dict[str, list[int]] = {}
        for row in np.argsort(-scored.fused, kind="stable"):
            if scored.fused[row] <= _LEFT_OUT:
                break
            rows.setdefault(passages[row].clause_id, []).append(int(row))
        notice_of = {clause_id: passages[best[0]].notice_id for clause_id, best in rows.items()}
        kept = set(islice(rows, limit))
        if named:
            # Of notices that are compared each must be seen, though one has the better words.
            share = limit // (len(named) + 1)
            of_each = [
                list(islice((c for c in rows if notice_of[c] == name), share)) for name in named
            ]
            sure = {clause_id for part in of_each for clause_id in part}
            kept = sure | set(islice((c for c in rows if c not in sure), limit - len(sure)))
        return tuple(
            Evidence(
                clause=self.snapshot.clauses[clause_id],
                notice=self.snapshot.notices[passages[best[0]].notice_id],
                score=round(float(scored.fused[best[0]]), 4),
                lexical=round(float(scored.lexical[best[0]]), 4),
                dense=round(float(scored.dense[best[0]]), 4),
                cosine=float(scored.cosine[best].max()),
                passages=tuple(best),
            )
            for clause_id, best in rows.items()
            if clause_id in kept
        )
