"""The place of a document that a question names, opened by the document's structure.

“Điều 2 Quy chế quản lý xe công quy định gì?” wants all that stands there; “Điều 5 … giao ai …?”
wants what of it answers: there the place bounds the search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.find.ground import Ground, Quote
from assistant.find.opened import Opened, whole_ground
from assistant.understand.places import Asked, Naming, find_places
from assistant.understand.question import Question
from corpus.notice import Clause, ClauseKind, ContextRole, Notice
from corpus.parse.places import Place
from corpus.parse.titles import bare, kind_of
from corpus.text import fold

_WORDS = 300  # of one answer: the bound of a list
_LEADS = frozenset({ContextRole.LEAD_IN, ContextRole.OWNER})
_SHOWN = frozenset(
    {
        ClauseKind.HEADING,
        ClauseKind.PARAGRAPH,
        ClauseKind.ITEM,
        ClauseKind.BULLET,
        ClauseKind.FOOTNOTE,
        ClauseKind.TABLE_ROW,
    }
)
_CHANGES = ("sua doi", "bo sung", "thay the", "bai bo", "nhu sau")
_MOST_NAMED = 5  # documents that a refusal names


@dataclass(frozen=True, slots=True)
class Document:
    """A notice, or a document attached to one.

    Args:
        notice: that it is, or stands in.
        naming: how questions name it.
        name: how it is told.
        clauses: in order.
    """

    notice: Notice
    naming: Naming
    name: str
    clauses: tuple[Clause, ...]

    def at(self, place: Place) -> tuple[Clause, ...]:
        """Return the clause of a place and all that stands under it, in order.

        Of several such places (“mục 1” of each part) the outermost is meant; none of it is
        returned where that doesn't tell.
        """
        found = [one for one in self.clauses if one.place and _is(one.place, place)]
        heads = [one for one in found if one.above not in {other.id for other in found}]
        least = min((len(one.place) for one in heads), default=0)
        [*outermost] = [one for one in heads if len(one.place) == least]
        return self._under(outermost[0]) if len(outermost) == 1 else ()

    def _under(self, head: Clause) -> tuple[Clause, ...]:
        kept = {head.id}
        found: list[Clause] = []
        for clause in self.clauses:
            if clause.above in kept:
                kept.add(clause.id)
            if clause.id in kept:
                found.append(clause)
        return tuple(found)

    def numbers(self, outer: Place, word: str) -> list[str]:
        """Return the numbers of the units of that sort under ``outer``, in order."""
        inside = self.at(outer) if outer else self.clauses
        units = [clause.place[-1] for clause in inside if clause.place]
        return list(dict.fromkeys(number for sort, number in units if sort == word))

    def changes(self, place: Place) -> bool:
        """Whether the document speaks of such a place as of one that it changes or quotes."""
        said = fold(_told(place))
        for clause in self.clauses:
            text = f" {fold(clause.text)} "
            at = text.find(said)
            if at < 0 or text[at + len(said)].isalnum():
                continue
            if not text[:at].strip(' “"*') or any(words in text for words in _CHANGES):
                return True
        return False


class Places:
    """Opens the places of a library's documents.

    Args:
        notices: by id.
    """

    def __init__(self, notices: Mapping[str, Notice]) -> None:
        self._documents = [one for notice in notices.values() for one in _documents(notice)]

    def open(self, question: Question, notices: Sequence[str] = ()) -> Opened | None:
        """Find the places that a question names; None where it names none that is certain.

        Args:
            question: understood.
            notices: ids of the only notices to look in; none means all.
        """
        allowed = [one for one in self._documents if not notices or one.notice.id in notices]
        asked = find_places(question.restored, question.mentions, [one.naming for one in allowed])
        if asked is None:
            return None
        documents = self._meant(asked, question, allowed)
        if len(documents) != 1 and not asked.is_tied:
            return _several(documents, asked) if asked.is_whole else None
        found = [(one, place, one.at(place)) for place in asked.places for one in documents]
        found = _nearest(found)
        there = [(one, clauses) for one, _, clauses in found if clauses]
        if len(there) != len(asked.places):
            return self._missing(asked, documents)
        if asked.is_whole:
            return Opened(ground=_ground(there))
        return Opened(clauses=frozenset(c.id for _, clauses in there for c in clauses))

    def _meant(
        self, asked: Asked, question: Question, allowed: Sequence[Document]
    ) -> list[Document]:
        named = [one for one in allowed if one.naming in asked.named]
        if named:
            return named
        if question.only_named:
            allowed = [one for one in allowed if one.notice.id in question.notice_ids]
        return [one for one in allowed if any(one.at(place) for place in asked.places)]

    @staticmethod
    def _missing(asked: Asked, documents: Sequence[Document]) -> Opened | None:
        """Say what there is instead, where the question is certainly about such a document."""
        main = documents[0] if documents else None
        if main is None or not asked.is_tied:
            return None
        lost = [place for place in asked.places if not any(one.at(place) for one in documents)]
        if not lost:
            return None
        place = lost[0]
        depth = next(d for d in range(1, len(place) + 1) if not main.at(place[:d]))
        if any(one.changes(place[:depth]) for one in documents):
            return None
        outer, (word, number) = place[: depth - 1], place[depth - 1]
        there = main.numbers(outer, word)
        where = f"{_told(outer)} {main.name}".strip()
        has = f"có {word} {_run(there)}" if there else f"không chia theo {word}"
        return Opened(missing=f"{where} không có {word} {number}: {has}.".replace(" điều", " Điều"))


def _nearest(
    found: Sequence[tuple[Document, Place, tuple[Clause, ...]]],
) -> list[tuple[Document, Place, tuple[Clause, ...]]]:
    """Of each place keep one: a notice itself comes before what is attached to it."""
    kept: dict[Place, tuple[Document, Place, tuple[Clause, ...]]] = {}
    for one in found:
        if one[2] or one[1] not in kept:
            has = kept.get(one[1])
            if has is None or not has[2]:
                kept[one[1]] = one
    return list(kept.values())


def _several(documents: Sequence[Document], asked: Asked) -> Opened | None:
    """Ask back, where the same place stands in several documents and none is named."""
    if not documents:
        return None
    names = list(dict.fromkeys(one.name for one in documents))
    told = "; ".join(names[:_MOST_NAMED]) + ("; …" if len(names) > _MOST_NAMED else "")
    where = _told(asked.places[0])
    return Opened(missing=f"Nhiều văn bản có {where}: {told}. Hãy hỏi kèm tên văn bản.")


def _ground(there: Sequence[tuple[Document, Sequence[Clause]]]) -> Ground:
    """Quote what stands there, whole and in order, as far as there is room."""
    groups: list[list[Quote]] = []
    for document, clauses in there:
        # “Tàu 16 chỗ:” says whose the item is; “QUYẾT ĐỊNH:” above all articles says nothing.
        numbered = {clause.id for clause in document.clauses if clause.place}
        above = {
            part.clause_id
            for part in clauses[0].context
            if part.role in _LEADS
            or (part.clause_id in numbered and part.text.rstrip(" *_").endswith(":"))
        }
        ids = {clause.id for clause in clauses}
        groups += [
            [Quote.whole(clause, document.notice)]
            for clause in document.clauses
            if clause.id in above or (clause.id in ids and clause.kind in _SHOWN)
        ]
    return whole_ground(groups, _WORDS)


def _documents(notice: Notice) -> list[Document]:
    """Part a notice's clauses by the document that they stand in."""
    apart: dict[str, list[Clause]] = {}
    heads = {part.clause_id for c in notice.clauses for part in c.context_of(ContextRole.ATTACHED)}
    for clause in notice.clauses:
        attached = [part.clause_id for part in clause.context_of(ContextRole.ATTACHED)]
        head = attached[0] if attached else clause.id if clause.id in heads else ""
        apart.setdefault(head, []).append(clause)
    header = notice.header
    documents = [
        Document(
            notice,
            Naming(notice.id, header.kind, header.title),
            notice.short_name,
            tuple(apart.pop("", ())),
        )
    ]
    for clauses in apart.values():
        title = [bare(line) for line in clauses[0].text.splitlines() if bare(line)]
        found = kind_of(title[0]) if title else None
        if found is None:
            continue
        said = " ".join([found[1], *title[1:]]).partition("(")[0].strip()
        name = f"{found[0]} kèm theo {notice.short_name}"
        naming = Naming(notice.id, found[0], said, is_attached=True)
        documents.append(Document(notice, naming, name, tuple(clauses)))
    return documents


def _is(path: Place, place: Place) -> bool:
    """Whether the last unit of ``place`` is that of ``path``, and the others stand above it."""
    if not _same(path[-1], place[-1]):
        return False
    above = iter(path[:-1])
    return all(any(_same(unit, asked) for unit in above) for asked in place[:-1])


def _same(unit: tuple[str, str], asked: tuple[str, str]) -> bool:
    """Whether people may call a unit so: a “mục” is called “khoản” or “điểm” as well."""
    fixed = {"điều", "chương"}
    if unit[1].lower() != asked[1].lower():
        return False
    return unit[0] == asked[0] or (
        unit[0] not in fixed and asked[0] not in fixed and "mục" in {unit[0], asked[0]}
    )


def _told(place: Place) -> str:
    """A place as laws cite it: ``điểm b khoản 1 Điều 4``."""
    said = " ".join(f"{word} {number}" for word, number in reversed(place))
    return said.replace("điều", "Điều")


def _run(numbers: Sequence[str]) -> str:
    """A list of numbers: ``1 đến 4`` where it has no gap, else all of them."""
    values = [int(one) for one in numbers if one.isdigit()]
    if len(values) == len(numbers) > 2 and values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]} đến {values[-1]}"
    return ", ".join(numbers)
