"""What relevance and the gate are fitted to: questions with what is found for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from assistant.answer.lookup import Reading
from assistant.find.retriever import Evidence
from assistant.judge.gate_features import features, is_about_missing_document
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

_JUDGED = 20  # clauses judged for a question
_SHOWN = 12  # as `evidence_clauses` in the settings
_MODEL_AND_DIMENSION = 2  # parts of an embedder's id; precision changes the third digit only
_UNFITTED = Trees(0.0, ())


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
    _found: dict[tuple[Question, int, bool], tuple[Evidence, ...]] = field(
        default_factory=dict, repr=False
    )

    @property
    def files(self) -> frozenset[str]:
        """The notices it is about: of its gold lines, or of the clause that is found first."""
        first = () if self.gold.files else self._find(self.question, limit=_SHOWN)[:1]
        return frozenset(self.gold.files or (found.notice.file_name for found in first))

    def for_relevance(self) -> Iterator[Example]:
        """Yield what relevance sees of the clauses found, where the question has an answer."""
        if not self.gold.answerable:
            return
        weights = weigh_question(self.question, self.reading.vocabulary)
        relevance = Relevance(self.question, weights, _UNFITTED)
        found = self._find(self.question, limit=_JUDGED)
        for evidence, signs in zip(found, relevance.features(found), strict=True):
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
        find = partial(self._find, limit=_SHOWN, taken_out=taken_out)
        evidence = find(self.question)
        if not evidence or Asked.SIGNER in self.question.asked:
            return None
        ground = self.reading.finder.judging_by(relevance).choose(self.question, evidence, find)
        if not ground.quotes or is_about_missing_document(self.question, ground.quotes):
            return None
        quoted = {quote.clause.id for quote in ground.quotes}
        is_answerable = self.gold.answerable and not taken_out
        is_answered = is_answerable and all(
            any(self._is_on(one, group) for one in quoted) for group in range(self._groups)
        )
        signs = features(self.question, evidence, ground)
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

    def _find(
        self, question: Question, limit: int, *, taken_out: bool = False
    ) -> tuple[Evidence, ...]:
        key = (question, limit, taken_out)
        if key not in self._found:
            notices = self._others if taken_out else ()
            self._found[key] = self.reading.find(question, limit, notices)
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
