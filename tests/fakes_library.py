"""A small library of made-up notices, snapshots of them, and assistants that answer from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from assistant.answer.choice import GroundFinder
from assistant.answer.lead import LeadWriter
from assistant.answer.lookup import Reading
from assistant.assistant import AnswerOptions, Assistant
from assistant.contract import Versions
from assistant.find.ground import Ground
from assistant.find.retriever import Evidence, Retriever
from assistant.judge.gate import Gate
from assistant.judge.logistic import Answering, Logistic
from assistant.judge.trees import Node, Trees
from assistant.llm.base import GrammarLLM
from assistant.llm.fake import QueueLLM, Reply
from assistant.llm.prompting import Prompt
from assistant.understand.question import Question, Turn, understand
from corpus.notice import Clause, Notice
from corpus.parse.notices import parse_notice
from index.embedding_cache import EmbeddingCache
from index.fakes import CountingEmbedder
from index.snapshot import Snapshot
from index.snapshot_store import SnapshotStore
from index.vocabulary import Vocabulary

TB18 = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 18/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về kho lạnh và bến phà

1. Về kho lạnh
a) Mục tiêu
- Đến năm 2033, tỉnh có 48 kho lạnh, công suất tối thiểu 350 tấn mỗi kho.
- Tỷ lệ hải sản hỏng sau thu hoạch giảm còn từ 5% đến 7,5%.
b) Nhiệm vụ
(1) Sở Công Thương
- Rà soát 12 kho lạnh cũ, báo cáo trước ngày 15/11/2031.
- Xây dựng sàn bán cá trực tuyến cho ngư dân. Nhiệm vụ thường xuyên.
(2) Các xã thí điểm máy làm đá
Mỗi xã thí điểm một máy làm đá cho một nhóm hộ, cụ thể:
- Xã Bến Đá đặt máy làm đá cho tàu cá.
- Xã Cồn Sậy đặt máy làm đá cho chợ nổi.
Các xã nêu trên gửi báo cáo kết quả thí điểm trước ngày 20/12/2031.
2. Về bến phà
a) Sở Xây dựng chủ trì, phối hợp với Sở Tài chính sửa chữa bến phà Cồn Sậy; hoàn thành trước \
ngày 31/3/2032.
b) Ban quản lý bến phà bán vé điện tử tại 9 bến phà; xe cứu thương không phải mua vé.

CHỦ TỊCH
Lưu Thị Bích Đào
"""
ANNEX = """Phụ lục I
CÁC VIỆC CÓ HẠN ĐẾN NGÀY 30/6/2032

1. KHO LẠNH VÀ BẾN PHÀ
- Rà soát 12 kho lạnh cũ (Sở Công Thương, hạn 15/11/2031; Thông báo số 18/TB-UBND).
- Sửa chữa bến phà Cồn Sậy (Sở Nội vụ, hạn 30/6/2032; Thông báo số 18/TB-UBND).
- Mở 25 lớp dạy ướp cá (Hội Nông dân, hạn 31/01/2032; Kế hoạch số 9/KH-UBND).
"""
PLAN = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 9/KH-UBND
Sông Bích, ngày 20 tháng 7 năm 2031

KẾ HOẠCH
Dạy nghề cho ngư dân

1. Hội Nông dân mở 60 lớp dạy ướp cá, mỗi lớp không quá 20 người.
2. Kinh phí thực hiện Kế hoạch là 94 tỷ đồng, gồm:
a) Ngân sách tỉnh 61 tỷ đồng.
b) Nguồn xã hội hóa 20 tỷ đồng.
3. Trường Cao đẳng Sông Bích dạy nghề sửa máy tàu.
"""
DRAFT = """DỰ THẢO
ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số:     /BC-UBND

BÁO CÁO
Sơ kết sáu tháng làm kho lạnh

1. Sáu tháng qua có 7 kho lạnh được khởi công¹, chưa kho nào chạy đủ công suất.
¹ Có 3 kho lạnh ở huyện đảo Hòn Tro.
"""


def rising(name: str, most: float = 3.0) -> tuple[Node, ...]:
    """A tree that adds up to ``most`` log-odds, in steps of a tenth of the feature."""
    steps = 10
    nodes: list[Node] = []
    for step in range(1, steps):
        at = len(nodes)
        leaf = Node("", 0.0, 0, 0, most * (step - 1) / steps)
        nodes += [Node(name, step / steps, at + 1, at + 2, 0.0), leaf]
    return (*nodes, Node("", 0.0, 0, 0, most * (steps - 1) / steps))


RELEVANCE = Trees(
    -6.5,
    (
        rising("score", 2.0),
        rising("known_in_a_sentence", 5.0),
        rising("known_with_context", 2.0),
        rising("lacks_kind", -2.0),
        rising("lacks_count", -2.0),
        rising("lacks_agency", -2.0),
        rising("given", 3.0),
        rising("due", 3.0),
    ),
)
"""Words decide, then what is lacking: an embedder that counts letters says little."""


class Library:
    """Notices made of ``texts``, indexed under ``home``.

    Args:
        home: an empty folder.
        texts: of notices; the file of the first is ``0.txt``.
    """

    def __init__(self, home: Path, *texts: str) -> None:
        self.notices = tuple(
            parse_notice(text, f"{number}.txt") for number, text in enumerate(texts)
        )
        self.embedder = CountingEmbedder(dimension=1024)
        cache = EmbeddingCache(home / "cache.sqlite")
        self.snapshot: Snapshot = SnapshotStore(home).build(self.notices, self.embedder, cache)
        self.vocabulary = Vocabulary(c.text for c in self.snapshot.clauses.values())
        self.retriever = Retriever(self.snapshot, self.embedder)

    def understood(self, text: str, *history: str) -> Question:
        """Understand a question after earlier ones."""
        turns = [Turn("user", earlier) for earlier in history]
        return understand(text, turns, self.snapshot.notices, self.vocabulary)

    def reading(self) -> Reading:
        """What assistants look things up with, with a gate that counts on words alone."""
        return replace(
            Reading.of(self.snapshot, self.embedder),
            finder=self.finder,
            gate=Gate(Answering(WORDS_ALONE, far=FAR)),
            is_fitted=True,
        )

    def clauses(self) -> list[Clause]:
        """All clauses, in order."""
        return list(self.snapshot.clauses.values())

    def evidence(self, question: Question, limit: int = 12) -> tuple[Evidence, ...]:
        return self.retriever.find(question, limit)

    def ground(self, text: str, *history: str) -> Ground:
        """Choose what is quoted for a question."""
        question = self.understood(text, *history)
        return self.finder.choose(question, self.evidence(question), self.evidence)

    @property
    def finder(self) -> GroundFinder:
        """One whose relevance can be foreseen, whatever the shipped weights were fitted to."""
        return GroundFinder(self.snapshot.clauses, self.vocabulary, RELEVANCE)

    def assistant(
        self, *replies: Reply, options: AnswerOptions | None = None
    ) -> tuple[Assistant, QueueLLM]:
        """Make an assistant whose LLM says ``replies``."""
        llm = QueueLLM(replies)
        return self.assistant_with(llm, options), llm

    def assistant_with(self, llm: GrammarLLM, options: AnswerOptions | None = None) -> Assistant:
        chosen = options or AnswerOptions(quote_enough=QUOTE_ENOUGH)
        reading = self.reading()
        prompt = Prompt.load("lead")
        versions = Versions(self.snapshot.id, llm.id, self.embedder.id, prompt.version)
        lead = LeadWriter(llm, prompt, chosen.answer_max_tokens) if chosen.lead else None
        return Assistant(reading, lead, chosen, versions)

    def clause(self, words: str) -> Clause:
        """The one clause that has ``words``."""
        [found] = [c for c in self.snapshot.clauses.values() if words in c.text]
        return found

    def notice_of(self, clause: Clause) -> Notice:
        return self.snapshot.notices[clause.notice_id]


def texts_of(ground: Ground) -> list[str]:
    """The words quoted, in order."""
    return [quote.text for quote in ground.quotes]


_LACKS = (
    "relation data deadline number place owner person count office event kind trait year"
    " kind_in_main"
)
WORDS_ALONE = Logistic(
    {f"lacks_{name}": -4.0 for name in _LACKS.split()}
    | {"stranger": -4.0, "topic_unknown": -4.0, "unknown": -6.0, "coverage": 4.0},
    0.0,
)
"""The fitted gate counts on the cosines of the real embedder; this one on words alone."""
FAR = 0.35
"""Cosine below which nothing is near, as of the default embedder."""
QUOTE_ENOUGH = 18
"""Words: the clauses here are short, and the LLM must have its say."""


def said(texts: Iterable[str]) -> str:
    return " | ".join(texts)
