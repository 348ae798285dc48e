"""Fits the weights of the recogniser of operations, and tells how it does on other phrasings.

    python scripts/fit_operations.py OTHER.jsonl… [--check SET.jsonl…]

`eval/operations/learn.jsonl` has phrasings of every operation and near misses; the questions of
OTHER (`{"question": …, "kind": …}`, as the question sets are) are none, but for those of kind
`aggregate`, which are left out. A greeting is put before some of them: they stay questions.
Written is `assistant/operations/recogniser.json`. `eval/operations/held.jsonl`, phrased in another
style, is only judged; so are the sets after `--check`, of which any question taken for an
operation is printed by its kind.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from assistant.operations.recognise import Operation, Recogniser, features
from corpus.text import fold

ROOT = Path(__file__).parents[1]
FITTED = ROOT / "assistant" / "operations" / "recogniser.json"
PHRASINGS = ROOT / "eval" / "operations"
_STRENGTH = 30.0  # inverse of the L2 penalty; 10 to 100 do about the same
_OTHERS = 0.3  # weight of a question of the sets: there are many of them
_GREETED = 200  # of these questions, those that a greeting is put before
_LEAST = 0.45  # as low as nothing of the sets is taken for talk
_SMALL = 0.2  # a feature with no larger weight is left out
_SEED = 1


def main() -> None:
    """Fit, write and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("others", type=Path, nargs="*")
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    told = parser.parse_args()
    learn, held = (_lines(PHRASINGS / f"{name}.jsonl") for name in ("learn", "held"))
    others = [q["question"] for path in told.others for q in _lines(path) if not _worked_out(q)]
    model = _fit(learn, others)
    FITTED.write_text(json.dumps(model, ensure_ascii=False) + "\n", encoding="utf-8")
    recogniser = Recogniser.load()
    _judge(recogniser, held)
    for path in told.check:
        kinds = Counter(
            f"{q['kind']} → {found}"
            for q in _lines(path)
            if (found := recogniser.recognise(q["question"])) is not Operation.OTHER
        )
        sys.stdout.write(f"{path}: {dict(kinds)}\n")


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _worked_out(question: dict[str, str]) -> bool:
    return question["kind"] == "aggregate"


def _fit(learn: list[dict[str, str]], others: list[str]) -> dict[str, object]:
    pick = random.Random(_SEED)  # noqa: S311 -- no secret
    greetings = [one["text"] for one in learn if one["operation"] in {"greeting", "thanks"}]
    some = pick.sample(others, min(_GREETED, len(others)))
    others = others + [f"{pick.choice(greetings)}, {question}" for question in some]
    said = [(one["text"], one["operation"], 1.0) for one in learn]
    said += [(question, "other", _OTHERS) for question in others]
    # Words are seen as they are typed, and many type without marks.
    said += [(fold(text), name, weight) for text, name, weight in said if fold(text) != text]
    texts, names, weights = zip(*said, strict=True)
    vectorizer = DictVectorizer()
    seen = vectorizer.fit_transform([features(text) for text in texts])
    model = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(
        seen, names, sample_weight=np.array(weights)
    )
    rows = zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True)
    return {
        "operations": list(model.classes_),
        "least": _LEAST,
        "bias": [round(float(b), 2) for b in model.intercept_],
        "weights": {
            name: [round(float(w), 1) for w in row]
            for name, row in rows
            if np.abs(row).max() > _SMALL
        },
    }


def _judge(recogniser: Recogniser, held: list[dict[str, str]]) -> None:
    right = Counter[str]()
    for one in held:
        found = recogniser.recognise(one["text"])
        right[one["operation"]] += found == one["operation"]
        if found != one["operation"]:
            sys.stdout.write(f"  {one['operation']} → {found}: {one['text']}\n")
    total = Counter(one["operation"] for one in held)
    sys.stdout.write(f"held: {', '.join(f'{k} {right[k]}/{n}' for k, n in total.items())}\n")


if __name__ == "__main__":
    main()
