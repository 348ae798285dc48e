"""Trains the adapter by which the embedding model reads questions.

The passages' vectors are given and stay as they are; only the questions' move. For each question
all passages of its library are candidates, scored as retrieval scores them, by cosine and by
words, and the adapter is trained to put a passage on a gold line first: what words find already
need not be learned. So a step costs the embedding of a few questions, and every sibling of the
right clause is a counter-example.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch.nn import Linear
from torch.nn.functional import normalize

from assistant.answer.lookup import Reading
from corpus.errors import BadInput
from eval.material import Case
from index.embedder import Embedder, Vectors
from index.embedders.question_adapter import (
    SHIPPED,
    Factors,
    QuestionAdapter,
    file_of,
    read_factors,
    write_factors,
)
from index.embedders.sentence_transformer import SentenceTransformerEmbedder
from index.fusion import min_max
from index.snapshot import Snapshot

RANK = 8
FIRST_LAYER = 12  # of 24: below it the model reads words, and training would cost twice as much
EPOCHS = 2.0  # after three, questions on other documents are read worse again
HALVES = 2
Progress = Callable[[int, int], None]
_RATE = 3e-4  # of AdamW, rising over the first steps and falling to a twentieth
_LEAST_RATE = 0.05
_RISE = 10  # steps
_BATCH = 12  # questions a step
_LONGEST_STEP = 1.0  # norm that gradients are cut to
_DECAY = 0.01
_SHARPNESS = 25.0  # of cosines, which lie close together, and of normalised BM25
_LEXICAL_SHARPNESS = 4.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question and where its answers stand.

    Args:
        text: the question as it is embedded, before it is framed.
        passages: vectors of its library, shape (passages, dimension).
        lexical: normalised BM25, shape (passages,).
        gold: rows of the passages on the lines of each gold group; one of a group is enough.
    """

    text: str
    passages: torch.Tensor
    lexical: torch.Tensor
    gold: tuple[torch.Tensor, ...]


def lessons_of(cases: Sequence[Case]) -> tuple[Lesson, ...]:
    """Return what is to be learned from the cases that have an answer."""
    matrices: dict[str, torch.Tensor] = {}
    lessons: list[Lesson] = []
    for case in cases:
        gold = tuple(torch.tensor(rows) for rows in case.gold_rows() if rows)
        if not gold:
            continue
        snapshot = case.reading.snapshot
        if snapshot.id not in matrices:
            matrices[snapshot.id] = torch.from_numpy(_matrix(snapshot))
        words = snapshot.lexical.scores(case.question.search_text)
        everywhere = np.ones(len(words), dtype=bool)
        lexical = torch.from_numpy(np.asarray(min_max(words, everywhere), dtype=np.float32))
        lessons.append(Lesson(case.question.embedded, matrices[snapshot.id], lexical, gold))
    return tuple(lessons)


class ReadThrough:
    """An embedder whose questions are read through factors of its own.

    Args:
        embedder: does the work, for any number of these; its adapter has the same layers.
        factors: for its adapter.
    """

    def __init__(
        self, embedder: SentenceTransformerEmbedder, factors: dict[str, tuple[Factors, Factors]]
    ) -> None:
        self._embedder = embedder
        self._factors = factors
        self.id, self.dimension, self.window = embedder.id, embedder.dimension, embedder.window
        self.count_tokens, self.embed_documents = embedder.count_tokens, embedder.embed_documents

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder``."""
        self._embedder.adapter.load(self._factors)
        return self._embedder.embed_queries(texts)


class Adapting:
    """Trains adapters for the cases of a fit.

    Args:
        embedder: whose questions are to be read better.
        kept: folder of what was trained: with the same lessons nothing is trained again.
        progress: hears of steps done, and how many there are in all.

    Raises:
        BadInput: the embedder is of a kind that takes no adapter.
    """

    def __init__(
        self,
        embedder: Embedder,
        kept: Path,
        progress: Progress = lambda done, total: None,
    ) -> None:
        if not isinstance(embedder, SentenceTransformerEmbedder):
            raise BadInput(
                f"Mô hình nhúng {embedder.id} không học thêm được cách đọc câu hỏi.",
                "Chạy lại không có --adapt.",
            )
        self._embedder = embedder
        self._kept = kept
        self._progress = progress

    def read_apart(self, cases: Sequence[Case], fold_of: Sequence[int]) -> tuple[Case, ...]:
        """Let each half of the documents be read by an adapter trained on the other half.

        What is fitted on top of the adapter must meet questions as it will in use: about
        documents that the adapter never saw.

        Args:
            cases: questions.
            fold_of: the fold of each; folds with the same parity are a half.
        """
        apart = list(cases)
        for half in range(HALVES):
            mine = [at for at, fold in enumerate(fold_of) if fold % HALVES == half]
            others = [
                case for case, fold in zip(cases, fold_of, strict=True) if fold % HALVES != half
            ]
            reader = ReadThrough(self._embedder, self._trained(lessons_of(others)))
            readings: dict[str, Reading] = {}
            for at in mine:
                library = cases[at].library
                if library not in readings:
                    readings[library] = Reading.of(cases[at].reading.snapshot, reader)
                apart[at] = cases[at].read_by(readings[library])
        return tuple(apart)

    def write(self, cases: Sequence[Case], folder: Path | None) -> Path:
        """Train on all cases and write the adapter; into the installation where no folder is told.

        Returns:
            the file.
        """
        model_id = self._embedder.id.partition("/")[0]
        return write_factors(self._trained(lessons_of(cases)), model_id, folder or SHIPPED)

    def _trained(self, lessons: Sequence[Lesson]) -> dict[str, tuple[Factors, Factors]]:
        told = repr([(one.text, [rows.tolist() for rows in one.gold]) for one in lessons])
        made_of = f"{RANK} {FIRST_LAYER} {EPOCHS} {self._embedder.id} {told}"
        name = sha256(made_of.encode()).hexdigest()[:16]
        if not (found := file_of(name, self._kept)).is_file():
            write_factors(train(self._embedder, lessons, progress=self._progress), name, self._kept)
        return read_factors(found)


def train(
    embedder: SentenceTransformerEmbedder,
    lessons: Sequence[Lesson],
    *,
    epochs: float = EPOCHS,
    seed: int = 0,
    progress: Progress = lambda done, total: None,
) -> dict[str, tuple[Factors, Factors]]:
    """Train an adapter from nothing and return its factors; the embedder keeps it.

    Args:
        embedder: an adapter that it has is taken out first.
        lessons: at least one.
        epochs: passes over the lessons.
        seed: of the order, and of the factors that questions begin with.
        progress: hears of steps done, and how many there are in all.

    Raises:
        BadInput: there are no lessons.
    """
    if not lessons:
        raise BadInput(
            "Không có câu hỏi nào có đáp án để học đọc câu hỏi.",
            "Thêm câu hỏi trả lời được, trên ít nhất hai nhóm văn bản.",
        )
    model = embedder.model
    embedder.adapter.detach(model)
    model.requires_grad_(requires_grad=False)
    embedder.adapter.layers = QuestionAdapter.attach(model, _beginning(model, seed)).layers
    weights = [w for layer in embedder.adapter.layers.values() for w in (layer.down, layer.up)]
    optimizer = torch.optim.AdamW(weights, lr=_RATE, weight_decay=_DECAY)
    steps = max(1, int(epochs * len(lessons) / _BATCH))
    with embedder.adapter.on():
        for step, batch in zip(range(steps), _batches(lessons, seed), strict=False):
            optimizer.param_groups[0]["lr"] = _RATE * min(
                (step + 1) / _RISE, max(_LEAST_RATE, 1 - step / steps)
            )
            optimizer.zero_grad()
            framed = [embedder.prompts.for_query(one.text) for one in batch]
            _loss(model, framed, batch).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, _LONGEST_STEP)
            optimizer.step()
            progress(step + 1, steps)
    return embedder.adapter.factors()


def _loss(
    model: SentenceTransformer, framed: Sequence[str], batch: Sequence[Lesson]
) -> torch.Tensor:
    """Mean over questions and groups of −log of the share that gold passages have."""
    read = model(model.preprocess(list(framed)))["sentence_embedding"]
    losses: list[torch.Tensor] = []
    for vector, lesson in zip(normalize(read.float(), dim=-1), batch, strict=True):
        scores = _SHARPNESS * (lesson.passages @ vector) + _LEXICAL_SHARPNESS * lesson.lexical
        total = torch.logsumexp(scores, 0)
        found = [torch.logsumexp(scores[rows], 0) for rows in lesson.gold]
        losses.append(total - torch.stack(found).mean())
    return torch.stack(losses).mean()


def _beginning(model: SentenceTransformer, seed: int) -> dict[str, tuple[Factors, Factors]]:
    """Factors whose product is nothing, so that training begins with the model as it is."""
    random_numbers = np.random.default_rng(seed)
    factors: dict[str, tuple[Factors, Factors]] = {}
    for name, module in model.named_modules():
        place = [int(part) for part in name.split(".") if part.isdigit()]
        if isinstance(module, Linear) and ".layers." in name and place[-1] >= FIRST_LAYER:
            width = module.in_features
            down = random_numbers.normal(0, 1 / math.sqrt(width), (RANK, width))
            up = np.zeros((module.out_features, RANK), dtype=np.float32)
            factors[name] = (down.astype(np.float32), up)
    return factors


def _batches(lessons: Sequence[Lesson], seed: int) -> Iterator[list[Lesson]]:
    """Yield batches without end, every lesson once a pass."""
    order = random.Random(seed)  # noqa: S311 - an order, not a secret
    waiting: list[Lesson] = []
    while True:
        while len(waiting) < _BATCH:
            waiting += order.sample(list(lessons), len(lessons))
        yield waiting[:_BATCH]
        waiting = waiting[_BATCH:]


def _matrix(snapshot: Snapshot) -> NDArray[np.float32]:
    """The passages' vectors, shape (passages, dimension)."""
    axes = np.eye(snapshot.store.dimension, dtype=np.float32)
    return np.stack([snapshot.store.scores(axis) for axis in axes], axis=1)
