"""Which operation answers a question, and with what: the one door to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from assistant.contract import AnswerWarning, WarningKind, Working
from assistant.find.retriever import Evidence
from assistant.operations.arithmetic import Unsure, work_out
from assistant.operations.asked import beyond, content, words
from assistant.operations.counts import count_tasks
from assistant.operations.extremes import extreme
from assistant.operations.holdings import holdings
from assistant.operations.intervals import between
from assistant.operations.recognise import TALK, Operation, Recogniser
from assistant.operations.summary import summarise
from assistant.operations.talk import talk
from assistant.operations.told import Told
from assistant.understand.question import Question
from index.snapshot import Snapshot
from index.vocabulary import Vocabulary

_WORKED_OUT = {
    Operation.SUM: "tổng",
    Operation.DIFFERENCE: "chênh lệch",
    Operation.EXTREME: "điều cao nhất, thấp nhất, sớm nhất hay muộn nhất",
    Operation.INTERVAL: "khoảng cách giữa hai ngày",
    Operation.COUNT: "số lượng",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers what isn't looked up.

    Args:
        snapshot: the notices.
        vocabulary: of their words.
        recogniser: tells which operation is asked for.
    """

    snapshot: Snapshot
    vocabulary: Vocabulary
    recogniser: Recogniser

    @classmethod
    def of(cls, snapshot: Snapshot, vocabulary: Vocabulary) -> Self:
        """Open the desk for a snapshot."""
        return cls(snapshot, vocabulary, Recogniser.load())

    def recognise(self, asked: Question) -> Operation:
        """Return the operation that a question asks for."""
        return self.recogniser.recognise(asked.text)

    def tell(self, operation: Operation, asked: Question, only: Sequence[str]) -> Told | None:
        """Answer without looking anything up; None where that takes more.

        Args:
            operation: as recognised.
            asked: the question.
            only: ids of the only notices to look in; none means all.
        """
        notices = self.snapshot.notices
        if operation in TALK:
            return talk(operation, notices)
        if operation is Operation.HOLDINGS:
            return holdings(asked, notices, only)
        if operation is Operation.SUMMARY and not asked.missing:
            return self._summary(asked, only)
        return None

    def work_out(
        self,
        operation: Operation,
        asked: Question,
        evidence: Sequence[Evidence],
        only: Sequence[str],
    ) -> Told | AnswerWarning | None:
        """Work out what a question asks for.

        Args:
            operation: as recognised.
            asked: the question.
            evidence: what was found for it.
            only: ids of the only notices to look in; none means all.

        Returns:
            A warning where it names what to work out and that can't be done for sure; None
            where the text itself has to tell it.
        """
        if asked.missing:
            return None
        found = self._result(operation, asked, evidence, only)
        if not isinstance(found, Unsure):
            return found
        text = f"Không tính được {_WORKED_OUT[operation]}: {found.reason}. Xem các trích dẫn."
        return AnswerWarning(WarningKind.INCOMPLETE, text)

    def _result(
        self,
        operation: Operation,
        asked: Question,
        evidence: Sequence[Evidence],
        only: Sequence[str],
    ) -> Told | Unsure | None:
        notices, known = self.snapshot.notices, self.vocabulary
        scope = self._scope(asked, only)
        if operation is Operation.SUM:
            return work_out(Working.SUM, asked, evidence, known)
        if operation is Operation.DIFFERENCE:
            return work_out(Working.DIFFERENCE, asked, evidence, known)
        if operation is Operation.COUNT:
            return count_tasks(asked, notices, scope)
        if operation is Operation.EXTREME:
            return extreme(asked, evidence, notices, scope, known)
        if operation is Operation.INTERVAL:
            return between(asked, evidence, notices, known)
        return None

    def _scope(self, asked: Question, only: Sequence[str]) -> tuple[str, ...]:
        """Ids of the notices that a question is about: named, chosen, or all there are."""
        return asked.notice_ids or tuple(only) or tuple(self.snapshot.notices)

    def _summary(self, asked: Question, only: Sequence[str]) -> Told | None:
        scope = self._scope(asked, only)
        left = beyond(asked.restored, words().summary)
        if len(scope) == 1:
            notice = self.snapshot.notices[scope[0]]
            # “Tóm tắt Điều 5 …” is about a part, which is looked up; a title names the whole.
            return None if left - content(notice.header.title) else summarise(notice)
        if left:
            return None
        found = holdings(asked, self.snapshot.notices, scope)
        if found is None:
            return None
        ask = "Bạn muốn tóm tắt văn bản nào? Hãy ghi rõ số ký hiệu."
        return Told(f"{ask}\n{found.text}", found.cited)
