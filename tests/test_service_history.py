"""Conversations stay with their owner, as they were, until the owner wants them gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from assistant.service.history.conversations import History, Rating, Reason
from corpus.errors import BadInput, Damaged, NotFound

NOW = datetime(2031, 6, 5, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANSWER: dict[str, Any] = {
    "question": "Ai chủ trì?",
    "answer": "Sở Công Thương chủ trì [1].",
    "refused": False,
    "citations": [{"marker": 1, "clause": {"lines": [8, 8], "text": "1. Sở…"}}],
}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "history.sqlite") as opened:
        yield opened


def test_an_exchange_comes_back_as_it_was_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with History.open(path) as history:
        chat = history.start("an", "Kho lạnh", NOW)
        first = history.append(chat.id, "an", "Ai chủ trì?", ANSWER, NOW + MINUTE)
        second = history.append(chat.id, "an", "Hạn?", {"answer": ("a", "b")}, NOW + 2 * MINUTE)
        history.give_feedback(first.id, "an", Rating.DOWN, Reason.INCOMPLETE, "thiếu", NOW)
    assert path.stat().st_mode & 0o077 == 0
    with History.open(path) as history:
        (found,) = history.conversations("an")
        assert (found.id, found.title, found.owner) == (chat.id, "Kho lạnh", "an")
        assert (found.created_at, found.updated_at) == (NOW, NOW + 2 * MINUTE)
        assert history.exchanges(chat.id, "an") == (first, second)
        assert history.exchange(first.id, "an").answer == ANSWER
        assert second.answer == {"answer": ["a", "b"]}  # JSON has no tuples, at once and later
        assert history.feedback()[0].comment == "thiếu"


answers = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@checked(deadline=None, max_examples=50)
@given(answer=answers, question=st.text())
def test_any_answer_comes_back_exactly(
    shared: History, answer: dict[str, Any], question: str
) -> None:
    chat = shared.start("an", "x", NOW)
    kept = shared.append(chat.id, "an", question, answer, NOW)
    assert shared.exchange(kept.id, "an") == kept
    assert (kept.answer, kept.question) == (answer, question)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with History.open(tmp_path_factory.mktemp("history") / "history.sqlite") as opened:
        yield opened


def test_what_is_somebody_else_s_sounds_like_what_is_not_there(history: History) -> None:
    chat = history.start("an", "Kho lạnh", NOW)
    kept = history.append(chat.id, "an", "Ai chủ trì?", ANSWER, NOW)
    for owner, chat_id, kept_id in (("bình", chat.id, kept.id), ("an", "0" * 32, "\ud800")):
        told = []
        for act in (
            lambda o, c, k: history.exchanges(c, o),
            lambda o, c, k: history.conversation(c, o),
            lambda o, c, k: history.append(c, o, "?", ANSWER, NOW),
            lambda o, c, k: history.rename(c, o, "Khác"),
            lambda o, c, k: history.delete(c, o, NOW),
            lambda o, c, k: history.restore(c, o),
            lambda o, c, k: history.exchange(k, o),
            lambda o, c, k: history.give_feedback(k, o, Rating.UP, None, "", NOW),
        ):
            with pytest.raises(NotFound) as caught:
                act(owner, chat_id, kept_id)
            told.append(str(caught.value))
        assert len(set(told)) == 2  # about a conversation, about an answer
        assert not any(id in text for text in told for id in (chat.id, kept.id, "Kho lạnh"))
    assert history.conversations("bình") == ()
    assert history.conversations("bình", search="kho") == ()
    assert history.conversation(chat.id, "an").title == "Kho lạnh"


def test_the_conversation_used_last_comes_first(history: History) -> None:
    chats = [history.start("an", f"Chuyện {n}", NOW + n * MINUTE) for n in range(4)]
    history.append(chats[1].id, "an", "Gì?", ANSWER, NOW + 9 * MINUTE)
    assert [one.title[-1] for one in history.conversations("an")] == list("1320")
    assert [one.title[-1] for one in history.conversations("an", limit=2)] == list("13")


@pytest.mark.parametrize("search", ["kho lạnh", "KHO  LANH", "bao nhiêu trạm", "cong thuong", ""])
def test_conversations_are_found_by_title_question_and_answer(
    history: History, search: str
) -> None:
    chat = history.start("an", "Kho lạnh ở cảng", NOW)
    history.append(chat.id, "an", "Bao nhiêu trạm?", ANSWER, NOW)
    other = history.start("an", "Bến phà 100%", NOW)
    found = [one.id for one in history.conversations("an", search=search)]
    assert found == ([other.id, chat.id] if not search else [chat.id])
    assert history.conversations("an", search="kho_lanh") == ()
    assert [one.id for one in history.conversations("an", search="100%")] == [other.id]


def test_a_conversation_is_renamed_and_then_found_so(history: History) -> None:
    chat = history.start("an", "Cũ", NOW)
    assert history.rename(chat.id, "an", "  Tên\nmới ").title == "Tên mới"
    assert [one.id for one in history.conversations("an", search="ten moi")] == [chat.id]
    assert history.conversations("an", search="Cũ") == ()
    assert len(history.start("an", "x" * 999, NOW).title) == 200
    for bad in ("", " \n"):
        with pytest.raises(BadInput, match="trống"):
            history.rename(chat.id, "an", bad)


def test_a_deleted_conversation_is_out_of_sight_and_can_be_brought_back(history: History) -> None:
    chat = history.start("an", "Kho lạnh", NOW)
    kept = history.append(chat.id, "an", "Ai?", ANSWER, NOW)
    history.give_feedback(kept.id, "an", Rating.UP, None, "", NOW)
    history.delete(chat.id, "an", NOW)
    assert history.conversations("an") == ()
    assert history.feedback() == ()
    for gone in (
        lambda: history.exchanges(chat.id, "an"),
        lambda: history.exchange(kept.id, "an"),
        lambda: history.append(chat.id, "an", "?", ANSWER, NOW),
        lambda: history.delete(chat.id, "an", NOW),
    ):
        with pytest.raises(NotFound):
            gone()
    with pytest.raises(NotFound):
        history.restore(chat.id, "bình")
    assert history.restore(chat.id, "an") == history.conversation(chat.id, "an")
    assert history.exchanges(chat.id, "an") == (kept,)
    assert len(history.feedback()) == 1


def test_after_a_while_it_is_gone_for_good(tmp_path: Path) -> None:
    with History.open(tmp_path / "history.sqlite", undo=10 * MINUTE) as history:
        chat = history.start("an", "Chuyện riêng", NOW)
        kept = history.append(chat.id, "an", "Chuyện riêng?", {"answer": "Chuyen rieng"}, NOW)
        history.give_feedback(kept.id, "an", Rating.DOWN, None, "Chuyện riêng", NOW)
        other = history.start("an", "Giữ lại", NOW)
        history.delete(chat.id, "an", NOW)
        assert history.expunge(NOW + 9 * MINUTE) == 0
        assert history.expunge(NOW + 10 * MINUTE) == 1
        with pytest.raises(NotFound):
            history.restore(chat.id, "an")
        assert [one.id for one in history.conversations("an")] == [other.id]
        on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "Chuyện riêng".encode() not in on_disk
    assert b"Chuyen rieng" not in on_disk
    assert "Giữ lại".encode() in on_disk


def test_old_conversations_and_those_of_a_person_can_be_forgotten(history: History) -> None:
    old = history.start("an", "Cũ", NOW)
    used = history.start("an", "Cũ nhưng còn dùng", NOW)
    history.append(used.id, "an", "?", ANSWER, NOW + 9 * MINUTE)
    history.start("bình", "Mới", NOW + 9 * MINUTE)
    assert history.forget_before(NOW + 5 * MINUTE) == 1
    with pytest.raises(NotFound):
        history.conversation(old.id, "an")
    assert [one.id for one in history.conversations("an")] == [used.id]
    assert history.forget_owner("an") == 1
    assert history.conversations("an") == ()
    assert len(history.conversations("bình")) == 1


def test_feedback_is_listed_for_those_who_manage(history: History) -> None:
    chat = history.start("an", "x", NOW)
    one, two = (history.append(chat.id, "an", f"Câu {n}?", ANSWER, NOW) for n in (1, 2))
    history.give_feedback(one.id, "an", Rating.DOWN, Reason.WRONG_ANSWER, " sai ", NOW)
    given_now = history.give_feedback(two.id, "an", Rating.UP, None, "", NOW + MINUTE)
    assert history.feedback()[0] == given_now
    assert [said.question for said in history.feedback()] == ["Câu 2?", "Câu 1?"]
    assert [said.comment for said in history.feedback(verdict=Rating.DOWN)] == ["sai"]
    assert len(history.feedback(limit=1)) == 1
    history.give_feedback(one.id, "an", Rating.UP, Reason.CORRECT, "", NOW + 2 * MINUTE)
    assert history.feedback(verdict=Rating.DOWN) == ()
    assert history.feedback()[0].reason is Reason.CORRECT
    with pytest.raises(BadInput, match="2000"):
        history.give_feedback(one.id, "an", Rating.UP, None, "x" * 2001, NOW)
    assert all(reason.vietnamese for reason in Reason)


def test_threads_share_one_history(history: History) -> None:
    def work(owner: str) -> None:
        chat = history.start(owner, owner, NOW)
        for n in range(15):
            history.append(chat.id, owner, f"{owner} {n}", {"answer": f"{owner} {n}"}, NOW)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(4):
        (chat,) = history.conversations(f"t{n}")
        kept = history.exchanges(chat.id, f"t{n}")
        assert [one.question for one in kept] == [f"t{n} {i}" for i in range(15)]
        assert all(one.answer == {"answer": one.question} for one in kept)


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(Damaged, match="Lịch sử hỏi đáp"):
        History.open(path)
