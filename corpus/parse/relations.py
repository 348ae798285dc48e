"""What a document does to others: the relations between documents, as it states them.

Each is read with the clause that says it, the other document as it is named there, and the
places of that document that it is about. New text that an amending document quotes speaks for
the other document, and documents attached to a notice speak for themselves: neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from corpus.dates import View
from corpus.facts.cited_places import Place, cited_places
from corpus.notice import Clause, ClauseKind, ContextRole, Notice
from corpus.parse.acts import (
    ACTS,
    BY_OTHERS,
    ENDING,
    REACH,
    Relation,
    RelationKind,
    after_mark,
    are_joined,
    done_to,
    issuer_after,
)
from corpus.parse.endings import Ending, by_act, by_suffering, decides, is_all, listed, of_lead_in
from corpus.parse.instructions import Above
from corpus.parse.title_relations import relations_of_title

# What may stand between the word of the act and a document that all of it is about.
_WHOLE = re.compile(
    r"\b(?:toan bo|noi dung|hieu luc(?: thi hanh)?|cua|cac|nhung|mot so van ban|van ban"
    r"|quy pham phap luat|sau(?: day)?|va|bo sung|cho|doi voi|thong tu|nghi dinh|quyet dinh"
    r"|nghi quyet|bo luat|luat|phap lenh|chi thi|so|the)\b"
)
_STAYS = re.compile(r"\b(?:tiep tuc|van|con) (?:con |van )?(?:co )?hieu luc\b")
_SENTENCE = re.compile(r"[.;]\s")
_FURTHEST = 200  # characters before a document that begins an item, its mark with them
_NEAR = 60  # characters of a mark, and of “Toàn bộ”, before a document that begins an item


def read_relations(notice: Notice) -> tuple[Relation, ...]:
    """Return what a notice says that it does to other documents, in the order of its clauses."""
    own = [
        clause
        for clause in notice.clauses
        if not clause.is_new_text and not clause.context_of(ContextRole.ATTACHED)
    ]
    by_id = {clause.id: clause for clause in own}
    head = next((clause for clause in own if clause.kind is ClauseKind.HEADER), None)
    found = [*relations_of_title(notice, own, head.id)] if head else []
    above = Above(next((one.target for one in found if one.kind is RelationKind.AMENDS), None))
    for clause in own:
        if clause.kind is ClauseKind.BASIS:
            found += _bases(clause)
        elif clause.kind is ClauseKind.HEADING or clause.kind.is_content:
            stated = tuple(_stated(clause, by_id))
            found += stated or above.instructed(clause)
            above.remember(clause, stated)
    if not decides(notice.header.kind):
        found = [one for one in found if not one.ends_all]
    kept = {number for clause in own for number in _kept(clause)}
    found = [
        replace(one, kind=RelationKind.AMENDS, day=None)
        if one.ends_all and one.target.number in kept
        else one
        for one in found
    ]
    # The enacting words and the first article say the title again.
    told: dict[tuple[RelationKind, str, tuple[Place, ...]], Relation] = {}
    for one in found:
        told.setdefault((one.kind, one.target.number, one.places), one)
    return tuple(told.values())


def _kept(clause: Clause) -> Iterator[str]:
    """The numbers of documents that a clause says stay in force, wholly or in part."""
    if not clause.references:
        return
    folded = View.of(clause.text).folded
    for reference in clause.references:
        end = reference.span.end
        if _STAYS.search(_SENTENCE.split(folded[end : end + REACH])[0]):
            yield reference.number


def _bases(clause: Clause) -> Iterator[Relation]:
    view = View.of(clause.text)
    for reference in clause.references:
        before = view.folded[max(0, reference.span.start - REACH) : reference.span.start]
        if not BY_OTHERS.search(before.rsplit("; ", 1)[-1]):
            yield Relation(RelationKind.BASIS, clause.id, reference)


def _stated(clause: Clause, by_id: Mapping[str, Clause]) -> Iterator[Relation]:
    """Read what running text says is done to the documents that it names."""
    if not clause.references:
        return
    view = View.of(clause.text)
    last: Relation | None = None
    last_end = 0
    for reference in clause.references:
        start, end = reference.span.start, reference.span.end
        opens = _sentence_start(view.folded, start)
        before = view.folded[max(opens, last_end) : start]
        after = _SENTENCE.split(view.folded[end : end + REACH])[0]
        first = last_end <= opens
        prefix = "" if first else view.folded[opens:last_end]
        done = done_to(before, after, prefix)
        kind, at = done or (None, len(before))
        ending: Ending | None = None
        begin = (
            start - len(before) + at if 0 < at < len(before) else max(opens, start - len(before))
        )
        between = view.folded[begin:start]
        if done is not None and at:
            head = view.folded[begin - at if first else opens : begin]
            ending = by_act(head, between, after)
            if not first and ending is not None:  # “thay thế … và bãi bỏ …”
                sure = last is not None and last.ends_all and is_all(between)
                ending = listed(after) if sure else Ending(False)
        elif done is not None:
            # “Thông tư số 1/… và Thông tư số 2/… hết hiệu lực”
            joined = not first and last is not None and last.ends_all and are_joined(before)
            ending = by_suffering("" if joined else before, after)
            if not (first or joined) and ending is not None:
                ending = Ending(False)
        elif last is not None and not first and are_joined(before):
            # “bãi bỏ Thông tư số 1/… và Thông tư số 2/…”
            kind, ending = last.kind, listed(after)
            ending = Ending(ending.sure and last.ends_all, ending.day or last.day)
        elif _begins_item(view.folded[:start]) and (of_list := _of_list(clause, by_id)):
            kind, ending = of_list
            own = listed(after)
            ending = Ending(ending.sure and own.sure, own.day or ending.day)
        last, last_end = None, end
        if kind is None or before.endswith("mau so "):
            continue
        if kind in ENDING and ending is None:
            continue
        places = cited_places(view.plain[begin:start])
        day = ending.day if ending is not None and kind in ENDING else None
        if not places and kind in ENDING and not (ending is not None and ending.sure):
            kind, day = RelationKind.AMENDS, None
        attached, issuer = "kem theo" in between, issuer_after(view, reference)
        last = Relation(kind, clause.id, reference, places, attached, day, issuer)
        yield last


def _sentence_start(folded: str, end: int) -> int:
    """Where the sentence begins in which ``end`` stands; at most ``REACH`` before it."""
    low = max(0, end - REACH)
    starts = [match.end() for match in _SENTENCE.finditer(folded, low, end)]
    begin = after_mark(folded) if low == 0 else low
    return max([one for one in starts if one > begin], default=begin)


def _is_whole(between: str) -> bool:
    return not re.search(r"[a-z]{2,}", _WHOLE.sub(" ", between))


def _begins_item(head: str) -> bool:
    if len(head) > _FURTHEST:
        return False
    rest = head[after_mark(head) :]
    return len(rest) <= _NEAR and _is_whole(rest)


def _of_list(clause: Clause, by_id: Mapping[str, Clause]) -> tuple[RelationKind, Ending] | None:
    """What the heading or lead-in of a list does to the documents that are its items."""
    above = by_id.get(clause.above)
    heads = [above.text] if above is not None else []
    heads += [part.text for part in reversed(clause.context) if part.role is ContextRole.LEAD_IN]
    for text in heads:
        folded = View.of(text[:REACH]).folded
        found = [(m.start(), kind) for kind, words in ACTS for m in words.finditer(folded)]
        announces = text.rstrip(" *_").endswith((":", "sau", "sau đây")) or len(text) < REACH // 3
        if found and announces and not re.search(r"\bmot so (?:dieu|diem|khoan)\b", folded):
            kind = max(found, key=lambda one: one[0])[1]
            return kind, of_lead_in(folded[after_mark(folded) :])
    return None
