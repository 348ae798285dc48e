"""The short sentence before the quotes: from the clause's own data, else phrased by the LLM."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer.verify import NOTE_MARKS, adds, check
from assistant.find.ground import Quote
from assistant.judge.answer_types import offers, unmet
from assistant.llm.base import Generation, GrammarLLM
from assistant.llm.prompting import Prompt, load_grammar
from assistant.understand.question import Asked, Question
from corpus.facts.agencies import find_agencies
from corpus.facts.sentences import sentences
from corpus.notice import Clause, ContextRole, Owner, OwnerRole
from corpus.text import fold, normalise

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"(?P<text>.+?)\s{0,9}\[(?P<marker>\d{1,9})\]\.?\s{0,9}$", re.S)
_PREFACE = re.compile(r"^(?:trả lời|đáp án|câu trả lời)\s*:\s*", re.I)
_TERM_PREFACE = re.compile(r"^(?:(?:thời )?hạn(?: hoàn thành)?|hoàn thành)\s*:?\s*", re.I)
# Whom something is sent to, or done with, is not who leads it.
_NOT_LEADING = re.compile(
    r"(?:gui|bao cao|lien he|kien nghi|de nghi|phoi hop|trinh|trao doi)\b(?: \w+){0,4}"
    r" (?:ai|(?:bo|so|nganh|ban|cap|co quan|don vi|to chuc|dia phuong|tinh) nao)\b"
)
# What may stand between the names and “chủ trì” where they lead.
_TO_LEADING = re.compile(
    r"\b(?:và|là (?:cơ quan|đơn vị|đầu mối)|được giao|chịu trách nhiệm|làm"
    r"|theo chức năng,? nhiệm vụ(?: được giao)?)\b|\([^()]*\)"
)
_MOST_FIGURES = 40  # a longer list of choices slows the sampler; it is never reached by facts
_MOST_LEADS = 3  # a longer list of agencies is read better in the quote
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


def claims_from_data(
    question: Question, quotes: Sequence[tuple[int, Quote]], disputed: Sequence[str] = ()
) -> tuple[Claim, ...]:
    """Say owner and deadline from what was recognised on the clause, where that answers.

    Where another notice says otherwise, that is said in the same breath: one of two answers
    alone would be wrong.

    Args:
        question: understood.
        quotes: (marker, quote), the clause that answers first.
        disputed: ids of quoted clauses that give the same task another owner or deadline.
    """
    if not quotes or Asked.LIST in question.asked or Asked.COMPARISON in question.asked:
        return ()
    marker_of = {quote.clause.id: marker for marker, quote in reversed(quotes)}
    others = [quote.clause for _, quote in quotes if quote.clause.id in disputed]
    claims: list[Claim] = []
    for clause in [quotes[0][1].clause, *others]:
        before = "Văn bản khác ghi " if claims and clause in others else ""
        if Asked.OWNER in question.asked and not _NOT_LEADING.search(fold(question.restored)):
            claims += _owner_claim(question, clause, marker_of, before)
        if Asked.DEADLINE in question.asked:
            claims += _deadline_claim(question, clause, marker_of, before)
    return tuple(claims)


def _owner_claim(
    question: Question, clause: Clause, marker_of: dict[str, int], before: str
) -> list[Claim]:
    leads = [owner for owner in leading(clause) if owner.clause_id in marker_of]
    names = list(dict.fromkeys(owner.canonical for owner in leads))
    asked = fold(question.restored)
    if not names or len(names) > _MOST_LEADS or all(fold(n) in asked for n in names):
        return []
    markers = tuple(dict.fromkeys(marker_of[owner.clause_id] for owner in leads))
    return [Claim(f"{_begun(before, 'Cơ quan chủ trì')}: {', '.join(names)}", markers)]


def leading(clause: Clause) -> list[Owner]:
    """Return those of whom a clause says that they lead."""
    leads = [owner for owner in clause.owners if owner.role is OwnerRole.LEAD]
    return [owner for owner in leads if not _only_acts(owner, clause)]


def _only_acts(owner: Owner, clause: Clause) -> bool:
    """Whether the clause begins with the agency but does not say that it leads.

    “Ủy ban nhân dân tỉnh quyết định một cơ quan chủ trì” has an owner, who leads nothing.
    """
    if owner.clause_id != clause.id:
        return False
    before, name, after = normalise(clause.text).partition(normalise(owner.name))
    inside_brackets = before.count("(") > before.count(")")
    between, leads, _ = after.partition("chủ trì")
    for other in find_agencies(between):
        between = between.replace(other.name, "")
    others_only = bool(leads) and not _TO_LEADING.sub("", between).strip(" ,;:")
    return bool(name) and not inside_brackets and not others_only


def _deadline_claim(
    question: Question, clause: Clause, marker_of: dict[str, int], before: str
) -> list[Claim]:
    found = [d for d in clause.deadlines if (d.clause_id or clause.id) in marker_of]
    told = (normalise(NOTE_MARKS.sub("", d.text)).strip(" .;,()") for d in found)
    said = (_TERM_PREFACE.sub("", one) for one in told)
    words = list(dict.fromkeys(said))
    if len(words) != 1 or fold(words[0]) in fold(question.restored):
        return []
    marker = marker_of[found[0].clause_id or clause.id]
    term = f"{words[0][0].lower()}{words[0][1:]}"
    return [Claim(f"{_begun(before, 'Thời hạn')}: {term}", (marker,))]


def _begun(before: str, name: str) -> str:
    return f"{before}{name[0].lower()}{name[1:]}" if before else name


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

    def begin(
        self,
        question: Question,
        quotes: Sequence[tuple[int, Quote]],
        cancel: threading.Event,
    ) -> Writing:
        """Ask the LLM, and return at once with the sentence to come.

        Args:
            question: understood.
            quotes: (marker, quote): all that may be said.
            cancel: stops the model within a token.

        Raises:
            Busy: the queue of the model is full.
        """
        request = Generation(
            messages=self._prompt.messages(
                evidence="\n".join(_line(marker, quote) for marker, quote in quotes),
                question=_flat(f"{question.earlier} {question.restored}"),
            ),
            grammar=lead_grammar(quotes) if self._llm.supports_grammar else None,
            max_tokens=self._max_tokens,
            stop=("\n",),
        )
        return Writing(self._llm.generate(request, cancel), question, tuple(quotes))


class Writing:
    """A sentence that the LLM is writing.

    Args:
        pieces: what it writes, piece by piece.
        question: what it was asked.
        quotes: (marker, quote): all that it may say.
    """

    def __init__(
        self, pieces: Iterator[str], question: Question, quotes: tuple[tuple[int, Quote], ...]
    ) -> None:
        self._pieces = pieces
        self._question = question
        self._quotes = quotes

    def claim(self) -> Claim | None:
        """Wait for the sentence and return it verified, or None where it does not hold.

        Raises:
            Busy: the queue of the server is full.
            Transient: the server behind the model failed.
        """
        return self._verified("".join(self._pieces).strip())

    def _verified(self, written: str) -> Claim | None:
        match = _SENTENCE.fullmatch(written)
        if match is None:
            return None
        text = _PREFACE.sub("", match["text"]).strip(" .,;:")
        wrote = int(match["marker"])
        if wrote not in {marker for marker, _ in self._quotes} or not self._answers(text):
            return None
        # The marker it wrote, else another quote that supports the sentence.
        for marker, quote in sorted(self._quotes, key=lambda pair: pair[0] != wrote):
            if check(text, (quote.clause,)).holds:
                return Claim(_capital(text), (marker,))
        return None

    def _answers(self, text: str) -> bool:
        """Whether it is one sentence that says something of the kind that was asked for."""
        question = self._question.restored
        asked = [a for a in self._question.asked if a in _SPECIFIC]
        return (
            self._is_one_sentence(text)
            and adds(text, question)
            and not unmet(asked, lambda kind: offers(kind, text, question))
            and (Asked.DEADLINE in asked or not _other_year(text, question))
        )

    @staticmethod
    def _is_one_sentence(text: str) -> bool:
        """Whether it is one, and holds no marker of its own making."""
        return not set("[]“”") & set(text) and len(sentences(text.replace(";", ","))) == 1


def lead_grammar(quotes: Sequence[tuple[int, Quote]]) -> str:
    """Return the grammar of a sentence that can only copy figures and markers of ``quotes``."""
    text = " ".join(_evidence(quote) for _, quote in quotes)
    found = (word.strip("“”\"'()[];:,*") for word in text.split() if _DIGIT.search(word))
    figures = sorted({w.rstrip(".") for w in found if "[" not in w and "]" not in w})
    return load_grammar(
        "lead",
        figures=figures[:_MOST_FIGURES] or ["…"],
        markers=sorted({str(marker) for marker, _ in quotes}),
    )


def _other_year(text: str, question: str) -> bool:
    """Whether the sentence is about another year than the question."""
    asked, told = set(_YEAR.findall(question)), set(_YEAR.findall(text))
    return bool(asked and told) and not asked & told


def _capital(text: str) -> str:
    """Begin with a capital, but for names that don't (“iHanoi”, “eKYC”)."""
    return text if text[1:2].isupper() else text[0].upper() + text[1:]


def _owner(clause: Clause) -> str:
    owners = clause.context_of(ContextRole.OWNER)
    return owners[-1].text if owners else ""


def _evidence(quote: Quote) -> str:
    """The quote on one line, after its owner; footnote numbers would pass for figures."""
    owner = _owner(quote.clause)
    before = f"{owner}: " if owner else ""
    return _flat(NOTE_MARKS.sub("", f"{before}{quote.text}"))


def _line(marker: int, quote: Quote) -> str:
    return f"[{marker}] {_evidence(quote).replace('[', '(').replace(']', ')')}"


def _flat(text: str) -> str:
    return " ".join(normalise(text).split())
