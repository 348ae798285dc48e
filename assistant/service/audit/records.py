"""One record of the audit log, and how it is tied to the one before.

What names a person (caller, question) stands apart with a random salt. The chain holds only the
hash of the three, so they can be erased for good: without the salt, nobody can find out by
trying which question the hash was made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any, Final

from corpus.errors import Damaged

GENESIS: Final = "0" * 64
"""What the first record of a log has before it."""


@unique
class EventKind(StrEnum):
    """What happened."""

    ASK = "ask"
    SEARCH = "search"
    ADD = "add"
    REMOVE = "remove"
    CORRECT = "correct"  # what was recognised of a notice was put right by a person
    FEEDBACK = "feedback"
    DENIED = "denied"  # a missing, bad or insufficient key
    KEY_CREATED = "key_created"
    KEY_REVOKED = "key_revoked"
    PURGE = "purge"  # personal data were erased
    FORGET = "forget"  # old records were dropped
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain, or of a part of it.

    Args:
        seq: its number; 0 stands before the first record.
        hash: its hash in hexadecimal digits.
    """

    seq: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause that an answer relied on.

    Args:
        notice_id: the notice.
        sha256: of the notice or of the clause's text, so that it can be told from later versions.
        clause_id: the clause.
    """

    notice_id: str
    sha256: str
    clause_id: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One event.

    Args:
        seq: 1, 2, 3, … without gaps.
        at: in UTC.
        kind: one of ``EventKind``, as text.
        outcome: what came of it.
        cited: the clauses that the answer relied on.
        versions: what the answer was made with.
        detail: further data without anything personal.
        caller: who, None when it was erased.
        question: what was asked, None when nothing was or it was erased.
        erased: whether the personal part was erased.
        previous: hash of the record before.
        hash: of this record.
    """

    seq: int
    at: datetime
    kind: str
    outcome: str
    cited: tuple[Cited, ...]
    versions: Mapping[str, str]
    detail: Mapping[str, Any]
    caller: str | None
    question: str | None
    erased: bool
    previous: str
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Return the record ready for JSON."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "outcome": self.outcome,
            "caller": self.caller,
            "question": self.question,
            "erased": self.erased,
            "cited": [
                {"notice": one.notice_id, "sha256": one.sha256, "clause": one.clause_id}
                for one in self.cited
            ],
            "versions": dict(self.versions),
            "detail": dict(self.detail),
            "previous": self.previous,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is stored.

    Args:
        seq: its number.
        at: ISO 8601 in UTC.
        kind: what happened.
        outcome: what came of it.
        body: JSON of what was cited, the versions and the detail.
        personal_hash: of the personal part with its salt.
        previous: hash of the record before.
        hash: of all the others.
        salt: 32 random bytes, None when the personal part was erased.
        caller: who, None when erased.
        question: what was asked, if anything was.
    """

    seq: int
    at: str
    kind: str
    outcome: str
    body: str
    personal_hash: str
    previous: str
    hash: str
    salt: bytes | None
    caller: str | None
    question: str | None

    @property
    def is_sound(self) -> bool:
        """Whether the hashes are those of what is there."""
        if self.salt is None:
            personal = self.caller is None and self.question is None
        else:
            told = hash_personal(self.salt, self.caller or "", self.question)
            personal = told == self.personal_hash
        chained = (self.kind, self.outcome, self.body, self.personal_hash)
        return personal and self.hash == hash_record(self.seq, self.at, chained, self.previous)

    def record(self) -> AuditRecord:
        """Return the event.

        Raises:
            Damaged: somebody wrote something else into the file.
        """
        try:
            body = json.loads(self.body)
            at = datetime.fromisoformat(self.at)
            cited = tuple(Cited(*one) for one in body["cited"])
            versions, detail = dict(body["versions"]), dict(body["detail"])
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged(
                f"Bản ghi {self.seq} của nhật ký kiểm toán bị hỏng.",
                "Chạy `congvu audit verify` để biết nhật ký bị sửa từ đâu.",
            ) from error
        return AuditRecord(
            self.seq,
            at,
            self.kind,
            self.outcome,
            cited,
            versions,
            detail,
            self.caller,
            self.question,
            self.salt is None,
            self.previous,
            self.hash,
        )


def hash_record(seq: int, at: str, chained: tuple[str, str, str, str], previous: str) -> str:
    """Return the hash of a record.

    Args:
        seq: its number.
        at: its time.
        chained: kind, outcome, body, hash of the personal part.
        previous: hash of the record before.
    """
    return _sha256([seq, at, *chained, previous])


def hash_personal(salt: bytes, caller: str, question: str | None) -> str:
    """Return the hash by which the personal part stands in the chain."""
    return _sha256([salt.hex(), caller, question])


def _sha256(parts: list[Any]) -> str:
    # As JSON, so that ["ab", "c"] and ["a", "bc"] differ.
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def ranges(numbers: list[int]) -> list[list[int]]:
    """Return ascending numbers as [first, last] pairs: 1, 2, 3, 7 gives [1, 3], [7, 7]."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
