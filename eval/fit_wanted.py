"""Fits what tells the wanted data of a document (``assistant.understand.wanted``) to questions.

    python -m eval.fit_wanted SET… [--write FILE]

A set is a folder with ``questions.jsonl`` and ``notices/``. Nobody labels: a question wants the
data that its gold lines say by the sheet of the document. An unanswerable question that was made
from one that wants data asks the same of another document, so it is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.understand.wanted import signs
from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from corpus.parse.sheet import Datum, DatumKind, Sheet, read_sheet
from corpus.text import fold

_SEEN = 3  # questions that an n-gram must stand in
_STRENGTH = 0.3  # L2 penalty
_BIAS = 4.0  # value of the constant feature: the penalty hardly touches its weight
_ROUNDS = 20
_LEAST = 10  # questions: of fewer nothing is learned
_SMALL = 0.02  # weights below are left out of the file
_OF = {DatumKind.OFFICE: DatumKind.SIGNER, DatumKind.REPEALS: DatumKind.REPLACES}
_DATE = re.compile(r"\d+[/-]\d+[/-]\d{4}|ngay .*\d{4}")
_FORCE = re.compile(r"hieu luc|\d{4}|ngay ky|thong qua|sau \d")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question's n-grams and the data it wants."""

    signs: frozenset[str]
    wants: frozenset[DatumKind]


def examples(folder: Path) -> Iterator[Example]:
    """Yield the questions of a set, labelled."""
    sheets: dict[str, tuple[Notice, Sheet]] = {}
    for path in sorted((folder / "notices").iterdir()):
        notice = parse_notice(path.open(encoding="utf-8-sig", newline="").read(), path.name)
        sheets[path.name] = (notice, read_sheet(notice))
    asked = [json.loads(line) for line in (folder / "questions.jsonl").open(encoding="utf-8")]
    wants = {one["id"]: frozenset(_wanted(one, sheets)) for one in asked}
    for one in asked:
        if one["answerable"] or not wants.get(one.get("pair", "")):
            yield Example(signs(one["question"]), wants[one["id"]])


def _wanted(
    question: Mapping[str, Any], sheets: Mapping[str, tuple[Notice, Sheet]]
) -> Iterator[DatumKind]:
    for line in (line for group in question["gold"] for line in group):
        if line["file"] not in sheets:
            continue
        notice, sheet = sheets[line["file"]]
        on_line = {
            clause.id
            for clause in notice.clauses
            if any(first <= line["line"] <= last for first, last in clause.lines)
        }
        for datum in sheet.data:
            if datum.clause_id in on_line and _says(datum, fold(line.get("span") or "")):
                yield _OF.get(datum.kind, datum.kind)


def _says(datum: Datum, span: str) -> bool:
    """Whether the gold span is the datum, and not something else that its clause says."""
    text = fold(datum.text)
    match datum.kind:
        case DatumKind.SIGNER | DatumKind.OFFICE | DatumKind.BASIS | DatumKind.RECIPIENTS:
            return True
        case DatumKind.EFFECT:
            return bool(_FORCE.search(span))
        case DatumKind.DATE:
            return bool(_DATE.search(span))
        case DatumKind.REPLACES | DatumKind.REPEALS | DatumKind.AMENDS:
            return datum.reference is None or fold(datum.reference.number) in span or span in text
        case DatumKind.NUMBER | DatumKind.ISSUER:
            return bool(span) and (span in text or text in span)
        case _:
            return False


def fit(given: Sequence[Example], kind: DatumKind) -> tuple[dict[str, float], float]:
    """Fit a logistic regression by Newton's method in the space of the questions.

    There are three times as many n-grams as questions. Returned are weights and bias.
    """
    counted = Counter(sign for one in given for sign in one.signs)
    names = sorted(sign for sign, times in counted.items() if times >= _SEEN)
    column = {name: i for i, name in enumerate(names)}
    seen: Matrix = np.zeros((len(given), len(names) + 1))
    seen[:, -1] = _BIAS
    for row, one in enumerate(given):
        seen[row, [column[sign] for sign in one.signs if sign in column]] = 1.0
    wanted = np.array([kind in one.wants for one in given], dtype=np.float64)
    kernel = seen @ seen.T
    score = np.zeros(len(given))
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-score))
        spread = np.maximum(chance * (1.0 - chance), 1e-4)
        target = score + (wanted - chance) / spread
        dual = np.linalg.solve(kernel + _STRENGTH * np.diag(1.0 / spread), target)
        score = kernel @ dual
    weights = seen.T @ dual
    kept = {name: round(float(weights[i]), 3) for name, i in column.items()}
    kept = {name: weight for name, weight in kept.items() if abs(weight) >= _SMALL}
    return kept, round(float(weights[-1]) * _BIAS, 3)


def main() -> None:
    """Fit all kinds that enough questions want, and print or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    given = [one for folder in args.sets for one in examples(folder)]
    told: dict[str, dict[str, object]] = {}
    for kind in DatumKind:
        positive = sum(kind in one.wants for one in given)
        if positive >= _LEAST:
            weights, bias = fit(given, kind)
            told[kind.value] = {"bias": bias, "weights": weights}
            told_of = f"{kind}: {positive} of {len(given)}, {len(weights)} n-grams"
            sys.stderr.write(f"{told_of}\n")
    if args.write:
        text = json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True)
        args.write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
