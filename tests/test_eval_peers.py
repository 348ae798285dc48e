"""A peer is asked the same questions, and what its markers mean is found on the lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fakes_assistant import NOTICE, FakeParts
from fakes_cli import Congvu
from fakes_eval import COLD, UNKNOWN, WRONG, Runner, notices_data
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.base import GrammarLLM
from assistant.llm.fake import QueueLLM, Reply
from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import LocalParts
from corpus.errors import BadInput, Busy, ExtraMissing
from corpus.readers import SourceFile
from eval import peers
from eval.peers.sources import Chunk, FileText, contract_of, says_nothing
from eval.record import RunFolder
from eval.suites import Asked, make_suite
from eval.suites.notices import NoticeQuestions
from eval.suites.peer import PeerSuite

# Deprecations inside the peer's packages are theirs to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FILE = "a.txt"
CHUNKS = (
    Chunk(FILE, "Một.", (3, 4), 0.9),
    Chunk("b.txt", "Hai.", (8, 8), 0.5),
)


# What its answer means


def test_markers_become_citations_on_the_lines_of_their_chunks() -> None:
    found = contract_of("Hai kho lạnh [2]. Một bến [2][1]. Ba bến [7].", CHUNKS)
    assert [
        (one["marker"], one["notice"]["file"], one["clause"]) for one in found["citations"]
    ] == [
        (2, "b.txt", {"text": "Hai.", "lines": [8, 8]}),
        (1, "a.txt", {"text": "Một.", "lines": [3, 4]}),
    ]
    assert not found["refused"]
    assert found["evidence"] == [
        {"clause_id": "[1] a.txt:3-4", "score": 0.9},
        {"clause_id": "[2] b.txt:8-8", "score": 0.5},
    ]


def test_a_marker_that_names_its_source_is_one() -> None:
    found = contract_of("Hai kho [Source 2, paragraph 3]. Một bến [Nguồn 1].", CHUNKS)
    assert found["answer"] == "Hai kho [2]. Một bến [1]."
    assert [one["marker"] for one in found["citations"]] == [2, 1]


def test_sources_that_the_answer_does_not_name_are_not_cited() -> None:
    assert contract_of("Hai kho lạnh.", CHUNKS)["citations"] == []
    assert contract_of("According to Source 1, một.", CHUNKS)["citations"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Không có thông tin về lương bổng trong các nguồn.",
        "Các nguồn được cung cấp không đề cập đến lương bổng [1].",
        "Không tìm thấy thông tin nào.",
        "Tôi không thể trả lời câu hỏi này.",
        "None of the sources are helpful.",
        "The sources do not mention a salary.",
        "The text does not explicitly state who does it. The sources only mention a salary.",
        "Empty Response",
        "",
    ],
)
def test_an_answer_that_says_nothing_is_a_refusal(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Công Thương rà soát 7 kho lạnh [1].",
        "Sở Y tế lập danh mục [1]. Các nguồn không đề cập thời hạn.",
        "Không để kho lạnh nào bị bỏ trống [1].",
        "The text does not explicitly state a date. However, it is due in June [1].",
    ],
)
def test_an_answer_that_says_something_is_none(text: str) -> None:
    assert not says_nothing(text)


def test_a_chunk_is_found_on_the_lines_it_touches() -> None:
    text = FileText(SourceFile("một\r\nhai ba\n\nbốn\n", FILE, 20))
    assert text.lines_of("hai ba") == (2, 2)
    assert text.lines_of("một\nhai") == (1, 2)
    assert text.lines_of(" ba  bốn ") == (2, 4)
    assert text.lines_of("babốn") == (2, 4)
    for stranger in ("năm", ""):
        with pytest.raises(ValueError, match=r"stands nowhere|not a piece"):
            text.lines_of(stranger)


@given(st.lists(st.text("ab \n", min_size=0, max_size=8), max_size=6), st.data())
def test_a_chunk_is_found_where_it_was_cut(pieces: list[str], data: st.DataObject) -> None:
    # Numbers make every place of the text another one.
    text = "".join(f"{n}:{piece}\n" for n, piece in enumerate(pieces)) + "end"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    chunk = text[start:end]
    if not chunk.strip() or text.find(chunk.strip()) != start + len(chunk) - len(chunk.lstrip()):
        return
    first, last = FileText(SourceFile(text, FILE, 1)).lines_of(chunk)
    inner = chunk.strip()
    at = text.find(inner)
    assert first == text.count("\n", 0, at) + 1
    assert last == text.count("\n", 0, at + len(inner) - 1) + 1


# Its run


class Answering(FakeParts):
    """Opens a language model that gives these replies."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self.replies = replies

    def open_llm(self) -> GrammarLLM:
        self.llms.append(QueueLLM(self.replies))
        return self.llms[-1]


def peer_suite(tmp_path: Path, *questions: dict[str, object]) -> PeerSuite:
    pytest.importorskip("llama_index.core")
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data", *questions))
    return PeerSuite(asked, "llamaindex")


def test_the_peer_is_judged_by_the_same_scorer(tmp_path: Path, settings: Settings) -> None:
    def quote(request: object) -> str:
        return "Theo văn bản, có trong văn bản 7 kho lạnh [1]."

    parts = Answering(quote, quote, "Không có thông tin.")
    metrics = Runner(settings, parts)(peer_suite(tmp_path), tmp_path / "run")
    assert metrics["answer_accuracy"].value == 0.5  # COLD, and not WRONG
    assert metrics["refusal_recall"].value == 1
    cold, wrong, unknown = RunFolder(tmp_path / "run").records()
    (cited,) = cold["citations"]
    file = cited["notice"]["file"]
    assert file in {"a.txt", "b.txt"}
    # The notice is short: one chunk from its first line to its last.
    assert cited["clause"]["lines"] == [1, 9]
    assert cold["measures"]["citation_recall"] == [int(file == "a.txt"), 1]
    assert cold["evidence"][0]["lines"] == [1, 9]
    assert cold["gold"][0][0]["label"] == "mục 1"
    assert wrong["reasons"] == ["thiếu ý bắt buộc 1: mười kho lạnh"] or file != "a.txt"
    assert unknown["refused"] and unknown["measures"] == {"refusal_recall": [1, 1]}
    assert cold["timings_ms"].keys() == {"retrieve", "first_token", "total"}
    info = RunFolder(tmp_path / "run").info()
    assert info["suite"] == "notices"
    assert info["options"]["peer"] == "llamaindex"
    assert info["versions"]["peer"].startswith("llama-index-core 0.14")


def test_the_peer_gets_its_own_prompt_whole_files_and_the_question(
    tmp_path: Path, settings: Settings
) -> None:
    history = [
        {"role": "user", "content": "Kho lạnh nào?"},
        {"role": "assistant", "content": "Kho ở bến."},
    ]
    parts = Answering("Bảy kho lạnh [1].")
    Runner(settings, parts)(peer_suite(tmp_path, COLD | {"history": history}), tmp_path / "run")
    (request,) = parts.llms[-1].requests
    (message,) = request.messages
    assert message.role == "user"
    assert message.content.startswith("Please provide an answer based solely on the provided")
    assert NOTICE.strip() in message.content
    assert f"Query: Kho lạnh nào?\n{COLD['question']}" in message.content
    assert request.grammar is None
    assert request.max_tokens == 256


def test_two_chunks_of_one_long_line_are_two(tmp_path: Path, settings: Settings) -> None:
    suite = peer_suite(tmp_path, COLD)
    long = NOTICE.replace("trước ngày", f"{'kho lạnh ở bến phà, ' * 250}trước ngày")
    (suite.asked.notices / "a.txt").write_text(long, encoding="utf-8")
    Runner(settings, Answering("Bảy kho [1]."))(suite, tmp_path / "run")
    (record,) = RunFolder(tmp_path / "run").records()
    lines = [tuple(found["lines"]) for found in record["evidence"]]
    assert lines.count((8, 8)) > 1
    assert record["measures"]["R@10"] == [1, 1]


def test_a_question_that_the_peer_fails_at_is_wrong_and_stops_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    parts = Answering(Busy("Đang bận.", "Thử lại."), "Không có thông tin.")
    runner = Runner(settings, parts)
    metrics = runner(peer_suite(tmp_path, WRONG, UNKNOWN), tmp_path / "run")
    assert metrics["answer_accuracy"].value == 0
    assert metrics["refusal_recall"].value == 1
    failed = RunFolder(tmp_path / "run").records()[0]
    assert failed["error"] == {"kind": "Busy", "message": "Đang bận. Thử lại."}


# The command, and the extra


def test_a_peer_is_asked_by_the_command(congvu: Congvu, tmp_path: Path) -> None:
    pytest.importorskip("llama_index.core")
    questions, notices = notices_data(tmp_path / "data", UNKNOWN)
    congvu.parts = Answering("Không có thông tin.")
    result = congvu(
        *("eval", "run", "notices", "--data", questions, "--notices", notices),
        *("--peer", "llamaindex", "--out", tmp_path / "run", "--json"),
    )
    assert result.code == 0, result.err
    assert "--peer llamaindex" in RunFolder(tmp_path / "run").info()["command"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked("beir", peer="llamaindex"), "--peer chỉ đi cùng notices"),
        (Asked("notices", peer="ai"), "Không có hệ thống đối chiếu “ai”"),
    ],
)
def test_a_peer_that_cannot_be_asked_is_told(asked: Asked, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_suite(asked)
    assert told in str(caught.value)


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissing) as caught:
        make_suite(Asked("notices", peer="llamaindex"))
    assert "pip install congvu[peers]" in str(caught.value)


def test_importing_eval_does_not_import_the_peer() -> None:
    code = (
        "import sys, eval.commands, eval.run, eval.suites.peer, eval.report.page;"
        "sys.exit(any(name.startswith('llama_index') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0


@pytest.mark.slow
@pytest.mark.models
def test_the_real_peer_answers_two_questions(tmp_path: Path, model_store: ModelStore) -> None:
    pytest.importorskip("llama_index.core")
    samples = make_suite(Asked("notices", limit=2, peer="llamaindex"))
    settings = Settings(home=tmp_path / "home", models=model_store.root)
    metrics = Runner(settings, LocalParts(settings))(samples, tmp_path / "run")
    assert metrics["total_ms_p50"].n == 2
    for record in RunFolder(tmp_path / "run").records():
        assert record["answer"]
        assert "error" not in record
        assert len(record["evidence"]) >= 3
