"""How much the wording of the questions alone tells whether they can be answered.

A set whose unanswerable questions sound different rewards guessing: an assistant refuses them by
their style, and nobody sees that it never looked. So beside what was refused stands how well a
model tells the two apart that sees nothing but the question: logistic regression over character
2–4-grams and words and pairs of words, trained on the other documents of the same set. Its figure
is the AUC: how often, of an answerable and an unanswerable question on the same documents, it
ranks the answerable one higher; .5 is chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eval.measures import Metric, Record
from eval.statistics import RESAMPLES, SEED

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

QUESTION_ONLY = "question_only_auc"
"""Its name among the figures."""

FAIR = 0.6
"""Above it, a part of what is refused may be a guess at style."""

_REFUSALS = frozenset({"refusal_recall", "false_refusals"})
_FOLDS = 5
_LEAST = 20  # questions of each sort: of fewer, the figure would be noise


def measure_wording(records: Sequence[Record]) -> dict[str, Metric]:
    """Return the AUC of a run's questions; nothing where nobody was asked to refuse.

    Args:
        records: of a run. Those that name their documents (slice ``notice``) are trained on and
            tested apart from others on the same documents.
    """
    asked = [record for record in records if _REFUSALS & (record.get("measures") or {}).keys()]
    found = question_only_auc(
        [str(record["question"]) for record in asked],
        [bool(record["answerable"]) for record in asked],
        [tuple((record.get("slices") or {}).get("notice", ())) for record in asked],
    )
    return {} if found is None else {QUESTION_ONLY: found}


def question_only_auc(
    questions: Sequence[str], answerable: Sequence[bool], documents: Sequence[Sequence[str]]
) -> Metric | None:
    """Tell questions apart by their words.

    Args:
        questions: as asked.
        answerable: whether the documents tell, for each.
        documents: what each is about; one that names none stands alone.

    Returns:
        the AUC with its 95 % interval (questions of each fold and sort resampled); None where
        there are too few of a sort, or all questions are on the same documents.
    """
    can = np.array(answerable, dtype=bool)
    groups = _groups(documents)
    folds = min(_FOLDS, len(set(groups)))
    if min(can.sum(), (~can).sum()) < _LEAST or folds < 2:
        return None
    tables = _tables(questions, can, groups, folds)
    pairs = sum(table.size for table in tables)
    if not pairs:
        return None
    drawn = sum(
        _resampled(table, np.random.default_rng(SEED + n)) for n, table in enumerate(tables)
    )
    low, high = (float(one) for one in np.quantile(drawn / pairs, [0.025, 0.975]))
    return Metric(float(sum(table.sum() for table in tables) / pairs), low, high, len(questions))


def _tables(
    questions: Sequence[str], can: NDArray[np.bool_], groups: Sequence[int], folds: int
) -> list[NDArray[np.float64]]:
    """Return for each fold (answerable × unanswerable) how far the first is ranked higher.

    Scores of different folds come from different models, so they are not compared.
    """
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - takes a second to import

    texts = np.array([question.lower() for question in questions], dtype=object)
    tables: list[NDArray[np.float64]] = []
    for train, test in GroupKFold(folds).split(texts, can, groups):
        if can[train].all() or not can[train].any():
            continue
        model = _model().fit(texts[train], can[train])
        scores = np.asarray(model.decision_function(texts[test]), dtype=np.float64)
        above, below = scores[can[test]][:, None], scores[~can[test]][None, :]
        tables.append((above > below) + 0.5 * (above == below))
    return tables


def _model() -> Pipeline:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    return make_pipeline(
        make_union(words, letters), LogisticRegression(class_weight="balanced", max_iter=1000)
    )


def _resampled(table: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the sum of the table with its rows and columns drawn anew, for each resample."""
    rows, columns = (
        rng.multinomial(n, np.full(n, 1 / n), RESAMPLES) if n else np.zeros((RESAMPLES, 0))
        for n in table.shape
    )
    total: NDArray[np.float64] = ((rows @ table) * columns).sum(axis=1)
    return total


def _groups(documents: Sequence[Sequence[str]]) -> list[int]:
    """Number the questions so that those that share a document have the same number."""
    first: dict[str, int] = {}
    parent = list(range(len(documents)))

    def root(one: int) -> int:
        while parent[one] != one:
            one = parent[one]
        return one

    for place, names in enumerate(documents):
        for name in names:
            parent[root(place)] = root(first.setdefault(name, place))
    return [root(place) for place in range(len(documents))]
