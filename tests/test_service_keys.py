"""Keys let in whom they should, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.service.callers import Caller, Scope, local_caller
from assistant.service.keys import KeyStore
from assistant.service.origins import parse_origin, same_origin
from corpus.errors import BadInput, Forbidden, NotFound, Unauthenticated

NOW = datetime(2031, 6, 5, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SITE = "https://cong.songbich.gov.vn"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KeyStore]:
    with KeyStore.open(tmp_path / "access.sqlite") as opened:
        yield opened


def test_a_key_lets_its_holder_in_with_its_scopes(store: KeyStore) -> None:
    made = store.create("van-phong", [Scope.ASK, Scope.READ], NOW, per_minute=5)
    caller = store.check(made.text, LATER, None)
    assert caller == Caller("van-phong", frozenset({Scope.ASK, Scope.READ}), (), 5)
    assert caller.may(Scope.READ)
    assert not caller.may(Scope.MANAGE)
    assert all(local_caller().may(scope) for scope in Scope)


def test_keys_survive_a_restart_and_the_secret_is_not_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "access.sqlite"
    with KeyStore.open(path) as store:
        made = store.create("a", [Scope.ASK], NOW)
        on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    secret = made.text.rpartition("_")[2]
    assert re.fullmatch(r"congvu_[0-9a-f]{12}_[0-9a-f]{64}", made.text)
    assert secret.encode() not in on_disk
    assert bytes.fromhex(secret) not in on_disk
    assert secret not in repr(made)
    assert path.stat().st_mode & 0o077 == 0
    with KeyStore.open(path) as store:
        assert store.check(made.text, LATER, None).name == "a"
        assert store.list() == (made.info,)


def test_no_two_keys_are_alike(store: KeyStore) -> None:
    texts = {store.create(f"k{n}", [Scope.ASK], NOW).text for n in range(50)}
    assert len({text.split("_")[1] for text in texts}) == 50
    assert len({text.split("_")[2] for text in texts}) == 50


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: "x",
        lambda text: "___",
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.upper(),
        lambda text: text.replace("congvu", "other"),
        lambda text: text[:-64] + "0" * 64,
        lambda text: "congvu_ffffffffffff_" + text[-64:],
        lambda text: "congvu_ffffffffffff_",
        lambda text: text + "\ud800",
        lambda text: "congvu_\ud800_x",
    ],
)
def test_any_other_key_is_refused(store: KeyStore, spoil: object) -> None:
    made = store.create("a", [Scope.ASK], NOW)
    assert callable(spoil)
    with pytest.raises(Unauthenticated) as caught:
        store.check(spoil(made.text), NOW, None)
    assert caught.value.exit_code == 7


def test_an_unknown_id_and_a_wrong_secret_sound_the_same(store: KeyStore) -> None:
    made = store.create("a", [Scope.ASK], NOW)
    told = set()
    for wrong in (made.text[:-1] + "g", f"congvu_{'f' * 12}_{'0' * 64}"):
        with pytest.raises(Unauthenticated) as caught:
            store.check(wrong, NOW, None)
        told.add(str(caught.value))
    assert len(told) == 1


def test_a_key_ends_when_it_should(store: KeyStore) -> None:
    made = store.create("a", [Scope.ASK], NOW, expires_at=LATER)
    assert store.check(made.text, LATER - timedelta(seconds=1), None)
    with pytest.raises(Unauthenticated, match="hết hạn"):
        store.check(made.text, LATER, None)


@pytest.mark.parametrize("by_name", [True, False])
def test_a_revoked_key_is_refused_at_once(store: KeyStore, by_name: bool) -> None:
    made = store.create("a", [Scope.ASK], NOW)
    other = store.create("b", [Scope.ASK], NOW)
    revoked = store.revoke("a" if by_name else made.info.id, LATER)
    assert revoked.revoked_at == LATER
    with pytest.raises(Unauthenticated, match="thu hồi"):
        store.check(made.text, NOW, None)
    assert store.check(other.text, NOW, None).name == "b"
    with pytest.raises(BadInput, match="từ trước"):
        store.revoke("a", LATER)
    with pytest.raises(NotFound):
        store.revoke("c", LATER)


def test_that_a_key_ended_is_told_only_to_who_has_all_of_it(store: KeyStore) -> None:
    made = store.create("a", [Scope.ASK], NOW)
    store.revoke("a", NOW)
    with pytest.raises(Unauthenticated) as caught:
        store.check(made.text[:-1] + "g", NOW, None)
    assert "thu hồi" not in str(caught.value)


def test_a_name_belongs_to_one_living_key(store: KeyStore) -> None:
    old = store.create("Phòng Tổng hợp", [Scope.ASK], NOW, expires_at=LATER)
    with pytest.raises(BadInput, match="Đã có khoá"):
        store.create(" Phòng  Tổng hợp ", [Scope.ASK], NOW)
    again = store.create("Phòng Tổng hợp", [Scope.ASK], LATER)
    assert store.check(again.text, LATER, None).name == old.info.name
    assert store.revoke("Phòng Tổng hợp", LATER).id == again.info.id


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\x07b", "local", "LOCAL"])
def test_a_bad_name_is_refused(store: KeyStore, name: str) -> None:
    with pytest.raises(BadInput):
        store.create(name, [Scope.ASK], NOW)
    assert store.list() == ()


def test_what_can_not_be_is_refused(store: KeyStore) -> None:
    with pytest.raises(BadInput, match="quyền"):
        store.create("a", [], NOW)
    with pytest.raises(BadInput, match="đã qua"):
        store.create("a", [Scope.ASK], NOW, expires_at=NOW)
    with pytest.raises(BadInput, match="mỗi phút"):
        store.create("a", [Scope.ASK], NOW, per_minute=0)
    with pytest.raises(ValueError, match="zone"):
        store.create("a", [Scope.ASK], datetime(2031, 6, 5))
    assert store.list() == ()


def test_a_portal_s_key_may_only_ask_and_only_from_its_portal(store: KeyStore) -> None:
    made = store.create("cong", [Scope.ASK], NOW, origins=[SITE + "/", "http://localhost:8080"])
    assert made.info.origins == (SITE, "http://localhost:8080")
    assert store.check(made.text, NOW, SITE).scopes == {Scope.ASK}
    assert store.check(made.text, NOW, "http://localhost:8080").origins
    for other in (
        None,
        "",
        "null",
        "http://cong.songbich.gov.vn",
        SITE + ":444",
        SITE + ".evil.vn",
    ):
        with pytest.raises(Forbidden):
            store.check(made.text, NOW, other)
    with pytest.raises(Unauthenticated):
        store.check(made.text[:-1] + "g", NOW, SITE)
    for scopes in ([Scope.READ], [Scope.ASK, Scope.MANAGE]):
        with pytest.raises(BadInput, match="ask"):
            store.create("khac", scopes, NOW, origins=[SITE])


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Cong.GOV.vn", "https://cong.gov.vn"),
        ("https://cong.gov.vn:443/", "https://cong.gov.vn"),
        ("http://cong.gov.vn:80", "http://cong.gov.vn"),
        ("https://cong.gov.vn:8443", "https://cong.gov.vn:8443"),
        ("http://[::1]:8017", "http://[::1]:8017"),
        ("https://cổng.vn", "https://xn--cng-qmz.vn"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(text: str, origin: str) -> None:
    assert parse_origin(text) == origin
    assert parse_origin(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "null", "cong.gov.vn", "ftp://a.vn", "https://", "https://a.vn/x"),
        *("https://a.vn?x", "https://u@a.vn", "https://a.vn:99999", "https://*.vn"),
        *("https://a b.vn", "https://a..vn"),
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="không phải địa chỉ"):
        parse_origin(text)


@given(st.text())
def test_no_header_at_all_breaks_the_check(sent: str) -> None:
    assert same_origin(SITE, sent) == (
        sent.strip().lower().rstrip("/").removesuffix(":443") == SITE
    )
