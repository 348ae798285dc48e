"""What a question is looked up with, and what was found for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.answer.choice import GroundFinder
from assistant.contract import RefusalReason
from assistant.find.ground import Ground, Quote
from assistant.find.opened import Opened
from assistant.find.own_data import OwnData
from assistant.find.periods import Periods
from assistant.find.places import Places
from assistant.find.retriever import Evidence, Retriever
from assistant.judge.coverage import describe
from assistant.judge.fitted import Fitted
from assistant.judge.gate import Gate, GateDecision
from assistant.understand.constraints import Constraints
from assistant.understand.question import Asked, Question
from assistant.understand.weighing import weigh_question
from corpus.parse.links import Links
from index.embedder import Embedder
from index.snapshot import Snapshot
from index.vocabulary import Vocabulary

_MANY = 60  # clauses looked at where their owners or deadlines decide, not their words


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a question.

    Args:
        evidence: the nearest clauses, best first.
        ground: what is quoted of them; None where there is no clause.
        verdict: whether that answers the question.
        told: why it isn't answered, for people, where more can be said than the reason.
    """

    evidence: tuple[Evidence, ...]
    ground: Ground | None
    verdict: GateDecision
    told: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an assistant looks things up with, all over the same snapshot.

    Args:
        snapshot: the notices.
        vocabulary: of their words.
        retriever: finds clauses.
        finder: chooses what is quoted of them.
        gate: decides whether that answers.
        is_fitted: whether finder and gate were fitted with the embedder; else they count on
            words alone.
        places: opens the articles that a question names.
        periods: selects tasks by when they are due.
        own_data: knows what notices say of themselves.
        links: knows what notices do to each other.
    """

    snapshot: Snapshot
    vocabulary: Vocabulary
    retriever: Retriever
    finder: GroundFinder
    gate: Gate
    is_fitted: bool
    places: Places
    periods: Periods
    own_data: OwnData
    links: Links

    @classmethod
    def of(cls, snapshot: Snapshot, embedder: Embedder) -> Self:
        """Make them for ``snapshot``, which ``embedder`` was used for."""
        vocabulary = Vocabulary(clause.text for clause in snapshot.clauses.values())
        fitted = Fitted.of(embedder.id)
        return cls(
            snapshot,
            vocabulary,
            Retriever(snapshot, embedder),
            GroundFinder(snapshot.clauses, vocabulary, fitted.relevance),
            Gate(fitted.answering),
            is_fitted=not fitted.counts_on_words_alone,
            places=Places(snapshot.notices),
            periods=Periods(snapshot.notices),
            own_data=OwnData.of(snapshot),
            links=Links.between(snapshot.notices.values()),
        )

    def find(
        self,
        asked: Question,
        limit: int,
        notices: Sequence[str] = (),
        vectors: dict[str, NDArray[np.float32]] | None = None,
    ) -> tuple[Evidence, ...]:
        """Find clauses; more of them where owners or deadlines tell which are meant.

        Args:
            asked: understood.
            limit: clauses, where its words decide.
            notices: ids of the only notices to look in; none means all.
            vectors: of texts that are embedded already.
        """
        by_data = Asked.LIST in asked.asked and Constraints.of(asked).names_data
        return self.retriever.find(asked, max(limit, _MANY if by_data else 0), notices, vectors)

    def look_up(
        self,
        asked: Question,
        limit: int,
        notices: Sequence[str],
        go_on: Callable[[], None] = lambda: None,
    ) -> Findings:
        """Find what answers a question, or else those of its parts that name their notice.

        Args:
            asked: understood.
            limit: clauses of evidence.
            notices: ids of the only notices to look in; none means all.
            go_on: called before each step of each part; what it raises ends the search.
        """
        opened = self.places.open(asked, notices) or self.periods.select(asked, notices)
        if opened is not None and not opened.clauses:
            return self._without_search(opened)
        if opened is not None:
            parts = tuple(replace(part, within=opened.clauses) for part in asked.divided)
            asked = replace(asked, within=opened.clauses, divided=parts)
        vectors: dict[str, NDArray[np.float32]] = {}

        def find(part: Question) -> tuple[Evidence, ...]:
            go_on()
            return self.find(part, limit, notices, vectors)

        def judge(part: Question) -> Findings:
            evidence = find(part)
            go_on()
            own = self._own_data(part, evidence, notices)
            if own is not None:
                return own
            ground = self.finder.choose(part, evidence, find) if evidence else None
            go_on()
            return Findings(evidence, ground, self.gate.decide(part, evidence, ground))

        whole = judge(asked)
        if whole.ground is None or whole.verdict.reason is None:
            return whole
        # Of one notice, a part such as “ai ký?” is answered though the question is about another.
        of_several = len({part.notice_ids for part in asked.divided}) == len(asked.divided)
        parts = asked.divided if of_several else ()
        named = [judge(part) for part in parts if len(part.notice_ids) == 1]
        told = [one for one in named if one.verdict.reason is None]
        grounds = [one.ground for one in told if one.ground is not None]
        quotes = dict.fromkeys(quote for ground in grounds for quote in ground.quotes)
        if not quotes:
            return whole
        left_out = sum(ground.left_out for ground in grounds)
        ground = replace(whole.ground, quotes=tuple(quotes), left_out=left_out)
        return Findings(whole.evidence, ground, told[0].verdict)

    @staticmethod
    def _without_search(opened: Opened) -> Findings:
        """Answer with what stands within the question's bounds, or say why nothing does."""
        if opened.ground is None:
            return Findings(
                (), None, GateDecision(RefusalReason.NOT_SUPPORTED, 0.0), opened.missing
            )
        first = {quote.clause.id: quote for quote in reversed(opened.ground.quotes)}
        found = [
            Evidence(quote.clause, quote.notice, 1.0, 1.0, 1.0, 1.0, (), 1.0)
            for quote in reversed(first.values())
        ]
        return Findings(tuple(found), opened.ground, GateDecision(None, 1.0))

    def _own_data(
        self, part: Question, evidence: tuple[Evidence, ...], notices: Sequence[str]
    ) -> Findings | None:
        """Answer by the clauses that say a document's own data; None where none is wanted."""
        weights = weigh_question(part, self.vocabulary)
        told, sure = self.own_data.told(part, weights, evidence, notices)
        if not told:
            return None
        first = {clause.id: place for place, clause in enumerate(told)}
        score = max((found.score for found in evidence), default=1.0)
        retrieved = {found.clause.id: found for found in evidence}
        known = self.snapshot.notices
        led = tuple(
            retrieved.get(one.id, Evidence(one, known[one.notice_id], score, 0.0, 0.0, 0.0, ()))
            for one in told
        )
        led = tuple(replace(found, score=score, relevance=sure) for found in led)
        quotes = [Quote.whole(found.clause, found.notice) for found in led]
        ground = replace(describe(part, quotes, weights, ()), relevance=sure)
        rest = tuple(found for found in evidence if found.clause.id not in first)
        kept = max(len(evidence), len(led))
        return Findings((*led, *rest)[:kept], ground, GateDecision(None, sure))
