"""What relevance and the gate are fitted to: questions with what is found for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from assistant.answer.lookup import Reading
from assistant.find.retriever import Evidence
from assistant.judge.gate_features import features, is_about_missing_document
from assistant.judge.logistic import Features
from assistant.judge.ranking import rerank
from assistant.judge.relevance import Relevance
from assistant.judge.trees import Trees
from assistant.understand.question import Asked, Question, Turn, understand
from assistant.understand.weighing import weigh_question
from corpus.errors import BadInput
from eval.dataset import Question as Gold
from eval.learning import Example
from eval.suites.asking import Clauses
from eval.suites.base import Surroundings
from eval.suites.notices import NoticeQuestions, fill
from index.embedder import Embedder
from index.snapshot import Snapshot

_SHOWN = 12  # as `evidence_clauses` in the settings
_MODEL_AND_DIMENSION = 2  # parts of an embedder's id; precision changes the third digit only
_UNFITTED = Trees(0.0, ())
_Found = tuple[tuple[Evidence, ...], tuple[Features, ...]]
"""Clauses, and the signs of each."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the gate sees of a question.

    Args:
        example: holds where the question is answerable.
        is_answered: whether clauses of every gold group are quoted.
    """

    example: Example
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One question, on the notices that it is about.

    Args:
        reading: looks the notices up.
        clauses: tells which of them stand on gold lines.
        question: as it is understood.
        gold: as it is given.
        history: the turns before it.
    """

    reading: Reading
    clauses: Clauses
    question: Question
    gold: Gold
    history: tuple[Turn, ...]
    _found: dict[tuple[Question, bool], _Found] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> frozenset[str]:
        """The notices it is about: of its gold lines, or of the clause that is found first."""
        first = () if self.gold.files else self._find(self.question)[0][:1]
        return frozenset(self.gold.files or (found.notice.file_name for found in first))

    def for_relevance(self) -> Iterator[Example]:
        """Yield what relevance sees of the clauses found, where the question has an answer."""
        if not self.gold.answerable:
            return
        found, seen = self._find(self.question)
        for evidence, signs in zip(found, seen, strict=True):
            holds = any(self._is_on(evidence.clause.id, group) for group in range(self._groups))
            yield Example(signs, holds)

    def for_gate(self, relevance: Trees, *, taken_out: bool = False) -> Signs | None:
        """Return what the gate sees with that relevance; None where a rule decides instead.

        Args:
            relevance: judges the clauses.
            taken_out: whether the notices with its answer are not in the library: then it must
                be refused, though it is worded like any that is answered.
        """
        if taken_out and not self._others:
            return None
        find = partial(self._rank, relevance=relevance, taken_out=taken_out)
        ranked = find(self.question)
        if not ranked or Asked.SIGNER in self.question.asked:
            return None
        ground = self.reading.finder.choose(self.question, ranked, find)
        if not ground.quotes or is_about_missing_document(self.question, ground.quotes):
            return None
        quoted = {quote.clause.id for quote in ground.quotes}
        is_answerable = self.gold.answerable and not taken_out
        is_answered = is_answerable and all(
            any(self._is_on(one, group) for one in quoted) for group in range(self._groups)
        )
        signs = features(self.question, ranked[:_SHOWN], ground)
        return Signs(Example(signs, is_answerable), is_answered)

    def gold_rows(self) -> list[list[int]]:
        """Return the rows of the passages on the lines of each gold group."""
        clauses = [passage.clause_id for passage in self.reading.snapshot.passages]
        return [
            [row for row, clause in enumerate(clauses) if self._is_on(clause, group)]
            for group in range(self._groups)
        ]

    def read_by(self, reading: Reading) -> Case:
        """Return the case, looked up by another reading of the same snapshot."""
        return replace(self, reading=reading, _found={})

    @property
    def library(self) -> str:
        """What its notices are in: a file of one library is no file of another."""
        return self.reading.snapshot.id

    @property
    def _groups(self) -> int:
        return len(self.gold.gold)

    def _is_on(self, clause_id: str, group: int) -> bool:
        return any(self.clauses.touches(clause_id, line) for line in self.gold.gold[group])

    @property
    def _others(self) -> tuple[str, ...]:
        """The notices that have no gold line; none where it has no answer to take out."""
        notices = self.reading.snapshot.notices.values() if self.gold.answerable else ()
        return tuple(one.id for one in notices if one.file_name not in self.gold.files)

    def _rank(
        self, question: Question, *, relevance: Trees, taken_out: bool
    ) -> tuple[Evidence, ...]:
        found, signs = self._find(question, taken_out=taken_out)
        weights = weigh_question(question, self.reading.vocabulary)
        return rerank(found, weights, [relevance.probability(one) for one in signs])

    def _find(self, question: Question, *, taken_out: bool = False) -> _Found:
        """Return what is found for a question or a part of it, and what relevance sees of it.

        Both are the same whatever was fitted, and a fit looks at them many times.
        """
        key = (question, taken_out)
        if key not in self._found:
            found = self.reading.find(question, _SHOWN, self._others if taken_out else ())
            weights = weigh_question(question, self.reading.vocabulary)
            signs = Relevance(question, weights, _UNFITTED).features(found)
            self._found[key] = (found, tuple(signs))
        return self._found[key]


def cases_of(asked: NoticeQuestions, snapshot: Snapshot, embedder: Embedder) -> tuple[Case, ...]:
    """Understand the questions of a set.

    Args:
        asked: the set.
        snapshot: of its notices.
        embedder: that the snapshot was made with.
    """
    reading = Reading.of(snapshot, embedder)
    clauses = Clauses.of(tuple(snapshot.notices.values()))
    made: list[Case] = []
    for gold in asked.questions.values():
        history = asked.history.get(gold.id, ())
        question = understand(gold.question, history, snapshot.notices, reading.vocabulary)
        made.append(Case(reading, clauses, question, gold, history))
    return tuple(made)


def open_cases(
    sets: Iterable[tuple[Path, Path]], surroundings: Surroundings
) -> tuple[tuple[Case, ...], Embedder]:
    """Index notices and understand the questions about them.

    Args:
        sets: question sets, each with the folder of its notices; several may share a folder.
        surroundings: settings, and what opens a workspace.

    Returns:
        the cases, and the embedder that reads them.

    Raises:
        BadInput: a set or a notice is refused.
    """
    by_folder: dict[Path, list[NoticeQuestions]] = {}
    for data, notices in sets:
        by_folder.setdefault(notices, []).append(NoticeQuestions.load(data, notices))
    cases: list[Case] = []
    embedder: Embedder | None = None
    for notices, loaded in by_folder.items():
        with surroundings.workspace("notices", notices) as workspace:
            fill(loaded[0], workspace, surroundings.progress)
            snapshot = workspace.snapshots.load_current()
            embedder = embedder or workspace.embedder  # one model in memory is enough
        for asked in loaded:
            cases += cases_of(asked, snapshot, embedder)
    if embedder is None:
        raise BadInput("Không có bộ câu hỏi nào.", "Thêm --data và --notices.")
    return tuple(cases), embedder


def weights_name(embedder: Embedder) -> str:
    """Return the embedder as weights name it: ``model/dimension``."""
    return "/".join(embedder.id.split("/")[:_MODEL_AND_DIMENSION])


def folds_of(cases: Sequence[Case], count: int) -> list[int]:
    """Return the fold of each case: documents that a question joins are in the same.

    Args:
        cases: of any number of libraries; a file of one is no file of another.
        count: folds; some are empty where there are fewer groups of documents.
    """
    files = [{(case.library, name) for name in case.files} for case in cases]
    groups: list[set[tuple[str, str]]] = []
    for names in files:
        joined = [group for group in groups if group & names]
        merged = names.union(*joined)
        groups = [group for group in groups if group not in joined] + [merged]
    sizes = [sum(bool(group & names) for names in files) for group in groups]
    loads = [0] * count
    fold_of: dict[tuple[str, str], int] = {}
    for at in sorted(range(len(groups)), key=lambda at: -sizes[at]):
        fold = loads.index(min(loads))
        loads[fold] += sizes[at]
        fold_of |= dict.fromkeys(groups[at], fold)
    return [fold_of[next(iter(names))] if names else 0 for names in files]
