"""What changed between two versions is told clause by clause."""

from __future__ import annotations

import json

from fakes_api import assert_problem
from fakes_assistant import NOTICE
from fakes_cli import Congvu
from fakes_time import assert_grows_evenly
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from corpus.parse.changes import ChangeKind, changes_between
from corpus.parse.notices import parse_notice

LATER = NOTICE.replace("7 kho", "8 kho") + "3. Sở Xây dựng sửa bến phà trong năm 2032.\n"


def told(before: str, after: str) -> list[tuple[str, str]]:
    """The kind of each change, and its words where it is now or was."""
    found = changes_between(parse_notice(before, "a.txt"), parse_notice(after, "a.txt"))
    return [
        (one.kind.value, (one.after or one.before).text)  # type: ignore[union-attr]
        for one in found
    ]


def test_a_changed_figure_and_a_new_clause_are_all_that_is_told() -> None:
    assert told(NOTICE, LATER) == [
        ("changed", "1. Sở Công Thương rà soát 8 kho lạnh trước ngày 15/11/2031."),
        ("added", "3. Sở Xây dựng sửa bến phà trong năm 2032."),
    ]
    assert [kind for kind, _ in told(LATER, NOTICE)] == ["changed", "removed"]
    assert told(NOTICE, NOTICE) == []


def test_the_words_that_differ_are_parted_from_those_that_do_not() -> None:
    [change, added] = changes_between(parse_notice(NOTICE, "a.txt"), parse_notice(LATER, "a.txt"))
    before, after = change.words
    assert (before[1], after[1]) == ("7", "8")
    assert before[0] == after[0] == "1. Sở Công Thương rà soát"
    assert added.words[0] == ("", "", "")


def test_a_clause_put_in_between_does_not_change_those_behind() -> None:
    items = [f"Sở số {n} rà soát {n * 7} việc." for n in b"ABC"]

    def numbered(texts: list[str]) -> str:
        return NOTICE.split("1. Sở")[0] + "".join(
            f"{n}. {one}\n" for n, one in enumerate(texts, start=1)
        )

    more = [items[0], "Sở Nội vụ sắp xếp bộ máy.", *items[1:]]
    kinds = [kind for kind, _ in told(numbered(items), numbered(more))]
    assert kinds == ["added", "renumbered", "renumbered"]


@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.lists(st.sampled_from("abcdef")))
def test_every_clause_of_both_is_the_same_or_told_once(one: list[str], other: list[str]) -> None:
    before, after = (
        parse_notice("\n".join(f"Đoạn {word} của văn bản." for word in words), "a.txt")
        for words in (one, other)
    )
    changes = changes_between(before, after)
    count = {kind: sum(change.kind is kind for change in changes) for kind in ChangeKind}
    assert (
        len(after.clauses) - count[ChangeKind.ADDED]
        == len(before.clauses) - count[ChangeKind.REMOVED]
    )
    ids = [c.after.id for c in changes if c.after] + [c.before.id for c in changes if c.before]
    assert len(ids) == len(set(ids))


def test_time_grows_with_the_number_of_clauses() -> None:
    def compare(size: int) -> None:
        before = parse_notice("Đoạn.\n" * size, "a.txt")
        after = parse_notice("Đoạn.\n" * (size // 2) + "Khác.\n" * size, "a.txt")
        changes_between(before, after)

    assert_grows_evenly(compare, 500)


def test_the_command_tells_what_changed(congvu: Congvu, tmp_path: object) -> None:
    from fakes_assistant import write  # noqa: PLC0415

    folder = write(tmp_path, a=NOTICE)  # type: ignore[arg-type]
    congvu("add", folder)
    assert "chỉ có một bản" in congvu("diff", "12/TB-UBND").err
    write(folder, a=LATER)
    congvu("add", folder)
    shown = congvu("diff", "12/TB-UBND")
    assert shown.code == 0
    assert "Sửa: mục 1" in shown.out
    assert "- 1. Sở Công Thương rà soát [7] kho lạnh" in shown.out
    assert "+ 1. Sở Công Thương rà soát [8] kho lạnh" in shown.out
    assert "Thêm: mục 3" in shown.out
    found = json.loads(congvu("diff", "12/TB-UBND", "--json").out)
    assert [one["kind"] for one in found["changes"]] == ["changed", "added"]
    unknown = congvu("diff", "12/TB-UBND", "--since", "abc").err
    assert f"Các bản cũ: {found['before']}" in unknown.replace("\n", " ")


def test_the_api_tells_what_changed(client: TestClient) -> None:
    added = client.post("/v1/notices", files={"file": ("a.txt", LATER.encode())}).json()
    assert added["outcome"] == "new_version"
    changes = client.get(f"/v1/notices/{added['id']}/changes").json()
    assert changes["before"]["id"] == added["replaced"]
    assert [one["kind"] for one in changes["changes"]] == ["changed", "added"]
    changed = changes["changes"][0]
    assert changed["before"]["text"].startswith("1. Sở Công Thương rà soát 7")
    assert changed["after"]["text"].startswith("1. Sở Công Thương rà soát 8")
    other = next(
        one["id"]
        for one in client.get("/v1/notices").json()["notices"]
        if one["number"] == "13/TB-UBND"
    )
    assert_problem(client.get(f"/v1/notices/{other}/changes"), 404, "not_found")
