"""The short sentence before the quotes: from the clause's own data, else phrased by the LLM."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quotes import Quote
from assistant.llm.base import Generation, GrammarLLM
from assistant.needs import offers
from assistant.prompting import Prompt, load_grammar
from assistant.question import Asked, Question
from assistant.verify import adds, check
from corpus.notice import Clause, ContextRole, OwnerRole
from corpus.text import fold, normalise

_FIGURE_WORD = re.compile(r"\S*\d\S*")
_SENTENCE = re.compile(r"(?P<text>.+?)\s*\[(?P<marker>\d+)\]\.?\s*$", re.S)
_PREFACE = re.compile(r"^(?:trả lời|đáp án|câu trả lời)\s*:\s*", re.I)
_TERM_PREFACE = re.compile(r"^(?:thời )?hạn(?: hoàn thành)?\s*:?\s*", re.I)
# Whom something is sent to, or done with, is not who leads it.
_NOT_LEADING = re.compile(
    r"(?:gui|bao cao|lien he|kien nghi|de nghi|phoi hop|trinh|trao doi)\b(?: \w+){0,4}"
    r" (?:ai|nao)\b"
)
_MOST_FIGURES = 40
_MOST_LEADS = 3
_SPECIFIC = (Asked.DEADLINE, Asked.OWNER, Asked.NUMBER, Asked.DOCUMENT, Asked.PERSON, Asked.SIGNER)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the markers it cites."""

    text: str
    markers: tuple[int, ...]

    @property
    def shown(self) -> str:
        """The sentence with its markers."""
        return f"{self.text} {''.join(f'[{m}]' for m in self.markers)}."


def claims_from_data(question: Question, quotes: Sequence[tuple[int, Quote]]) -> tuple[Claim, ...]:
    """Say owner and deadline from what was recognised on the clause, where that answers.

    Args:
        question: understood.
        quotes: (marker, quote), the clause that answers first.
    """
    if not quotes or Asked.LIST in question.asked or Asked.COMPARISON in question.asked:
        return ()
    marker_of = {quote.clause.id: marker for marker, quote in reversed(quotes)}
    clause = quotes[0][1].clause
    claims: list[Claim] = []
    if Asked.OWNER in question.asked and not _NOT_LEADING.search(fold(question.restored)):
        claims += _owner_claim(question, clause, marker_of)
    if Asked.DEADLINE in question.asked:
        claims += _deadline_claim(question, clause, marker_of)
    return tuple(claims)


def _owner_claim(question: Question, clause: Clause, marker_of: dict[str, int]) -> list[Claim]:
    leads = [o for o in clause.owners if o.role is OwnerRole.LEAD and o.clause_id in marker_of]
    names = list(dict.fromkeys(owner.canonical for owner in leads))
    asked = fold(question.restored)
    if not names or len(names) > _MOST_LEADS or all(fold(n) in asked for n in names):
        return []
    markers = tuple(dict.fromkeys(marker_of[owner.clause_id] for owner in leads))
    return [Claim(f"Cơ quan chủ trì: {', '.join(names)}", markers)]


def _deadline_claim(question: Question, clause: Clause, marker_of: dict[str, int]) -> list[Claim]:
    found = [d for d in clause.deadlines if (d.clause_id or clause.id) in marker_of]
    said = (_TERM_PREFACE.sub("", normalise(d.text).strip(" .;,()")) for d in found)
    words = list(dict.fromkeys(said))
    if len(words) != 1 or fold(words[0]) in fold(question.restored):
        return []
    marker = marker_of[found[0].clause_id or clause.id]
    return [Claim(f"Thời hạn: {words[0][0].lower()}{words[0][1:]}", (marker,))]


class LeadWriter:
    """Lets the LLM phrase one sentence under a grammar and keeps it only if it holds.

    Args:
        llm: the model.
        prompt: the ``lead`` prompt.
        max_tokens: upper bound of the sentence.
    """

    def __init__(self, llm: GrammarLLM, prompt: Prompt, max_tokens: int) -> None:
        self._llm = llm
        self._prompt = prompt
        self._max_tokens = max_tokens

    def write(
        self,
        question: Question,
        quotes: Sequence[tuple[int, Quote]],
        cancel: threading.Event,
    ) -> Claim | None:
        """Return a verified sentence, or None where what the LLM wrote does not hold.

        Args:
            question: understood.
            quotes: (marker, quote): all that may be said.
            cancel: stops the model within a token.

        Raises:
            Busy: the queue of the model is full.
            Transient: the server behind it failed.
        """
        request = Generation(
            messages=self._prompt.messages(
                evidence="\n".join(_line(marker, quote) for marker, quote in quotes),
                question=f"{question.earlier} {question.restored}".strip(),
            ),
            grammar=self._grammar(quotes) if self._llm.supports_grammar else None,
            max_tokens=self._max_tokens,
            stop=("\n",),
        )
        written = "".join(self._llm.generate(request, cancel)).strip()
        return self._verified(question, written, quotes)

    def _grammar(self, quotes: Sequence[tuple[int, Quote]]) -> str:
        text = " ".join(f"{_owner(q.clause)} {q.text}" for _, q in quotes)
        found = (word.strip("“”\"'()[];:,*") for word in _FIGURE_WORD.findall(normalise(text)))
        figures = sorted({w.rstrip(".") for w in found if "[" not in w and "]" not in w})
        return load_grammar(
            "lead",
            figures=figures[:_MOST_FIGURES] or ["…"],
            markers=sorted({str(marker) for marker, _ in quotes}),
        )

    def _verified(
        self, question: Question, written: str, quotes: Sequence[tuple[int, Quote]]
    ) -> Claim | None:
        match = _SENTENCE.fullmatch(written)
        if match is None:
            return None
        text = _PREFACE.sub("", match["text"]).strip(" .,;:")
        if not text or not adds(text, question.restored):
            return None
        asked = [a for a in question.asked if a in _SPECIFIC]
        if not all(offers(a, text, question.restored) for a in asked):
            return None
        first = int(match["marker"])
        # The marker it wrote, else another quote that supports the sentence.
        for marker, quote in sorted(quotes, key=lambda pair: pair[0] != first):
            if check(text, (quote.clause,), question.restored).holds:
                return Claim(text[0].upper() + text[1:], (marker,))
        return None


def _owner(clause: Clause) -> str:
    owners = clause.context_of(ContextRole.OWNER)
    return owners[-1].text if owners else ""


def _line(marker: int, quote: Quote) -> str:
    owner = _owner(quote.clause)
    before = f"{normalise(owner)}: " if owner else ""
    return f"[{marker}] {before}{normalise(quote.text).replace('[', '(').replace(']', ')')}"
