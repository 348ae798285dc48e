"""What documents do to others, and the words that say it, folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.dates import View
from corpus.facts.cited_places import Place
from corpus.notice import DocumentReference


class RelationKind(StrEnum):
    """What one document does to another."""

    BASIS = "basis"
    REPLACES = "replaces"
    REPEALS = "repeals"
    AMENDS = "amends"
    GUIDES = "guides"
    CORRECTS = "corrects"

    @property
    def vietnamese(self) -> str:
        """What is said of the document that does it."""
        return _TOLD[self][0]

    @property
    def passive(self) -> str:
        """What is said of the document that suffers it."""
        return _TOLD[self][1]


_TOLD = {
    RelationKind.BASIS: ("Căn cứ", "Là căn cứ của"),
    RelationKind.REPLACES: ("Thay thế", "Được thay thế bởi"),
    RelationKind.REPEALS: ("Bãi bỏ", "Bị bãi bỏ bởi"),
    RelationKind.AMENDS: ("Sửa đổi, bổ sung", "Được sửa đổi, bổ sung bởi"),
    RelationKind.GUIDES: ("Hướng dẫn, quy định chi tiết", "Được hướng dẫn bởi"),
    RelationKind.CORRECTS: ("Đính chính", "Được đính chính bởi"),
}


ENDING = frozenset({RelationKind.REPLACES, RelationKind.REPEALS})
"""What ends a document, or the places of it that are named."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing that a document does to another.

    Args:
        kind: what it does.
        clause_id: the clause that says it.
        target: the other document as it is named; its ``span`` lies in the text that names it,
            which may be the title or a heading above the clause.
        places: of the other document, where only these are meant; none means all of it.
        attached: whether the places are of what is attached to the other document.
        day: from when on, where the text names a day other than the source's first.
        issuer: what is said after “của” behind the other document's number, folded.
    """

    kind: RelationKind
    clause_id: str
    target: DocumentReference
    places: tuple[Place, ...] = ()
    attached: bool = False
    day: date | None = None
    issuer: str = ""

    @property
    def ends_all(self) -> bool:
        """Whether it ends the other document as a whole."""
        return self.kind in ENDING and not self.places


# The words by which documents end, as parts of patterns.
REPLACE = r"thay (?:the )?(?:cho )?"
REPEAL = r"(?:bai|huy) bo"
OVER = r"(?:het|cham dut) hieu luc"

DOES = (
    (RelationKind.REPLACES, re.compile(rf"\b{REPLACE}\b(?!cum tu|tu\b|the cum)")),
    (RelationKind.REPEALS, re.compile(rf"\b{REPEAL}\b")),
    (RelationKind.AMENDS, re.compile(r"\bsua doi\b|\bbo sung\b|\bthay(?: the)? (?:cum )?tu\b")),
    (RelationKind.CORRECTS, re.compile(r"\bdinh chinh\b")),
)
"""What stands before a document that something is done to."""
_SUFFERS = (
    (RelationKind.REPLACES, re.compile(rf"\b{OVER}\b")),
    (RelationKind.REPEALS, re.compile(rf"\bbi {REPEAL}\b|\bduoc bai bo\b")),
)
ACTS = (*DOES, *_SUFFERS)
"""What stands before it, or after it."""
BY_OTHERS = re.compile(r"\b(?:da )?(?:duoc|bi) (?:sua doi|bo sung|thay the|bai bo|dinh chinh)\b")
"""What was done to a document by another one than that which says it."""
SOME = re.compile(r"\bmot so\b")
_AS_RULED = re.compile(r"\b(?:theo|can cu|quy dinh tai|neu tai)\b")
_MARK = re.compile(
    r"[*_#\s“\"]{0,40}(?:dieu \d{1,3}[a-z]?[.:]?|\d{1,3}(?:\.\d{1,2})*[.)]|[a-z]\)|[-+*])?\s{0,40}"
)
_ISSUER = re.compile(
    r"(?:,? ngay [\d/ .-]{1,12}(?:thang [\d ]{1,4}nam [\d ]{4,6})?)? ?cua (.{1,100})"
)
REACH = 600
"""Characters between a document and the word that says what is done to it."""


def after_mark(folded: str) -> int:
    """Return where the text of a clause begins behind its mark: “2. ”, “a) ”, “Điều 3. ”."""
    mark = _MARK.match(folded)
    return mark.end() if mark else 0


def issuer_after(view: View, reference: DocumentReference) -> str:
    """Return what is said after “của” behind a document's number, folded; ``""`` for nothing.

    Args:
        view: of the text that the reference was found in.
        reference: the document.
    """
    match = _ISSUER.match(view.folded, reference.span.end)
    return match[1] if match else ""


def done_to(before: str, after: str, prefix: str) -> tuple[RelationKind, int] | None:
    """What is done to a document, and where the words that say it end in ``before``.

    By the nearest word before it, else by one after it: then the place is before its beginning.

    Args:
        before: what stands between the sentence's beginning, or the document before, and it.
        after: the rest of the sentence.
        prefix: the sentence up to the document before, where there is one.
    """
    if BY_OTHERS.search(before):
        return None
    acts = [(match, kind) for kind, words in DOES for match in words.finditer(before)]
    if acts:
        match, kind = max(acts, key=lambda one: one[0].start())
        subject = before[: acts[0][0].start()] if not prefix else before[: match.start()]
        if prefix:
            # What follows a document is what that document does, unless it is a second act.
            return (kind, match.end()) if re.search(r"\b(?:va|dong thoi) $", subject) else None
        begins = min(one[0].start() for one in acts)
        is_own = not before[:begins].strip() or re.search(r"\bnay\b", before[:begins])
        return (kind, match.end()) if is_own else None
    if _AS_RULED.search(before) or before.startswith(("truong hop ", "khi ", "neu ", "doi voi ")):
        return None
    suffered = next((kind for kind, words in _SUFFERS if words.search(after)), None)
    return (suffered, 0) if suffered else None


def are_joined(between: str) -> bool:
    """Return whether folded words between two documents join them: “và Thông tư số”."""
    return bool(re.search(r"(?:^|[,;] |\bva )(?:[a-z ]{0,40} so )?$", between)) and not (
        _AS_RULED.search(between) or any(words.search(between) for _, words in DOES)
    )
