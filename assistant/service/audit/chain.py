"""Finding out whether an audit log is as it was written."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from assistant.service.audit.records import EventKind, Head, Row
from corpus.errors import Damaged


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What looking through a log gave.

    Args:
        records: how many there are.
        head: the last one that ties to all before it; note it elsewhere.
        first_bad: number of the first record that is changed, missing or out of place, or None.
        problem: what is wrong with it, in Vietnamese; ``""`` when nothing is.
    """

    records: int
    head: Head
    first_bad: int | None = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.problem

    def to_dict(self) -> dict[str, Any]:
        """Return the result ready for JSON."""
        return {
            "ok": self.ok,
            "records": self.records,
            "head": {"seq": self.head.seq, "hash": self.head.hash},
            "first_bad": self.first_bad,
            "problem": self.problem,
        }


class _Bad(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, seq: int, problem: str) -> None:
        super().__init__(problem)
        self.seq = seq
        self.problem = problem


def check_chain(
    rows: Iterable[Row], anchor: Head, side: Head | None, noted: Head | None = None
) -> AuditCheck:
    """Look through all records of a log.

    Args:
        rows: in the order of their numbers.
        anchor: the last record that the retention dropped.
        side: what the file beside the log says the last record is, or at least was lately;
            None when that file is missing.
        noted: a head that somebody noted elsewhere, if any.
    """
    chain = _Chain(anchor, {head.seq for head in (side, noted) if head is not None})
    try:
        for row in rows:
            chain.follow(row)
        chain.finish()
        if side is None:
            raise _Bad(chain.head.seq, "thiếu tệp audit-head.sqlite nên không biết có bị cắt đuôi")
        chain.expect(side, "bản ghi ở cuối đã bị xoá, hoặc tệp được thay bằng bản cũ hơn")
        if noted is not None:
            chain.expect(noted, "khác với dấu đã ghi lại trước đây")
    except _Bad as bad:
        return AuditCheck(chain.count, chain.head, bad.seq, bad.problem)
    return AuditCheck(chain.count, chain.head)


class _Chain:
    def __init__(self, anchor: Head, wanted: set[int]) -> None:
        self.head = anchor
        self.count = 0
        self._anchor = anchor
        self._wanted = wanted
        self._hashes = {anchor.seq: anchor.hash}
        self._without: list[int] = []
        self._erased: list[tuple[int, int]] = []
        self._forgotten = Head()

    def follow(self, row: Row) -> None:
        self.count += 1
        expected = self.head.seq + 1
        if row.seq != expected:
            raise _Bad(expected, "bản ghi này bị thiếu")
        if row.previous != self.head.hash:
            raise _Bad(row.seq, "không nối tiếp bản ghi trước")
        if not row.is_sound:
            raise _Bad(row.seq, "nội dung đã bị sửa")
        if row.salt is None:
            self._without.append(row.seq)
        if row.kind in {EventKind.PURGE, EventKind.FORGET}:
            self._note(row)
        self.head = Head(row.seq, row.hash)
        if row.seq in self._wanted:
            self._hashes[row.seq] = row.hash

    def _note(self, row: Row) -> None:
        try:
            detail = row.record().detail
            if row.kind == EventKind.PURGE:
                # What comes later can't have been erased by it.
                self._erased += [(a, b) for a, b in detail["erased"] if a <= b < row.seq]
            else:
                self._forgotten = Head(detail["until"]["seq"], detail["until"]["hash"])
        except (Damaged, KeyError, TypeError, ValueError) as error:
            raise _Bad(row.seq, "nội dung không đọc được") from error

    def finish(self) -> None:
        if self._anchor != self._forgotten:
            raise _Bad(self._anchor.seq + 1, "các bản ghi đầu bị xoá mà không phải do hết hạn lưu")
        self._erased.sort()
        starts = [first for first, _ in self._erased]
        reached = list(accumulate((last for _, last in self._erased), max))
        for seq in self._without:
            place = bisect.bisect_right(starts, seq) - 1
            if place < 0 or reached[place] < seq:
                raise _Bad(seq, "dữ liệu cá nhân bị xoá mà không qua lệnh purge")

    def expect(self, head: Head, problem: str) -> None:
        if head.seq > self.head.seq:
            raise _Bad(self.head.seq + 1, problem)
        # Of what the retention dropped, nothing can be said any more.
        if head.seq >= self._anchor.seq and self._hashes[head.seq] != head.hash:
            raise _Bad(head.seq, problem)
