"""``congvu keys`` and ``congvu audit`` on the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fakes_cli import Congvu

from assistant.runtime.home import make_home
from assistant.service.audit.log import AuditLog
from assistant.service.callers import Scope
from assistant.service.history.conversations import History
from assistant.service.keys import KeyStore
from corpus.errors import BadInput, Unauthenticated
from ui.cli.moments import moment_after, moment_before

NOW = datetime(2031, 6, 5, 8, 0, tzinfo=timezone(timedelta(hours=7)))
HANOI = NOW.tzinfo


def keys_of(congvu: Congvu) -> KeyStore:
    return KeyStore.open(congvu.settings.home / "access.sqlite")


def log_of(congvu: Congvu) -> AuditLog:
    return AuditLog.open(make_home(congvu.settings.home) / "audit.sqlite")


def fill(congvu: Congvu) -> None:
    with log_of(congvu) as log:
        for n in range(4):
            log.append("ask", f"người {n % 2}", "answered", question=f"Câu hỏi {n}?")


def test_a_key_is_printed_once_alone_on_stdout(congvu: Congvu) -> None:
    result = congvu("keys", "create", "van-phong", "--scope", "ask", "--scope", "read")
    assert result.code == 0
    text = result.out.strip()
    assert re.fullmatch(r"congvu_[0-9a-f]{12}_[0-9a-f]{64}", text)
    assert "cất khoá này ngay" in result.err
    with keys_of(congvu) as store:
        assert store.check(text, datetime.now(UTC), None).scopes == {Scope.ASK, Scope.READ}
    secret = text.rpartition("_")[2]
    listed = congvu("keys", "list")
    assert re.search(r"van-phong +ask, read .*đang dùng", listed.out)
    assert secret not in listed.out
    assert secret not in congvu("keys", "list", "--json").out


def test_a_portal_s_key_is_made_for_asking_from_there(congvu: Congvu) -> None:
    url = "https://cong.songbich.gov.vn"
    made = congvu(
        "keys", "create", "cong", "--origin", f"{url}/", "--per-minute", "20", "--expires", "90d",
        "--json",
    ).json  # fmt: skip
    assert (made["scopes"], made["origins"], made["per_minute"]) == (["ask"], [url], 20)
    left = datetime.fromisoformat(str(made["expires_at"])) - datetime.now(UTC)
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)
    refused = congvu("keys", "create", "x", "--origin", url, "--scope", "manage")
    assert refused.code == 2
    assert "quyền ask" in refused.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--expires", "mai"], "90d"),
        (["--expires", "2001-01-01"], "đã qua"),
        (["--scope", "all"], "--scope"),
        (["--per-minute", "0"], "--per-minute"),
        (["--origin", "cong.gov.vn"], "https://"),
    ],
)
def test_bad_options_are_told(congvu: Congvu, options: list[str], said: str) -> None:
    result = congvu("keys", "create", "a", *options)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_revoked_key_is_refused(congvu: Congvu) -> None:
    text = congvu("keys", "create", "a").out.strip()
    assert congvu("keys", "revoke", "a").code == 0
    with keys_of(congvu) as store, pytest.raises(Unauthenticated):
        store.check(text, datetime.now(UTC), None)
    assert "đã thu hồi" in congvu("keys", "list").out
    assert congvu("keys", "revoke", "a").code == 2
    assert congvu("keys", "revoke", "none").code == 2


def test_without_keys_the_list_says_what_to_do(congvu: Congvu) -> None:
    result = congvu("keys", "list")
    assert (result.code, result.out) == (0, "")
    assert "congvu keys create" in result.err


def test_making_and_revoking_stand_in_the_audit_log_without_the_name(congvu: Congvu) -> None:
    congvu("keys", "create", "Nguyễn Thị Bích")
    congvu("keys", "revoke", "Nguyễn Thị Bích")
    records = congvu("audit", "show", "--json").json["records"]
    assert [one["kind"] for one in records] == ["key_created", "key_revoked"]  # type: ignore[attr-defined]
    assert "Bích" not in json.dumps(records, ensure_ascii=False)


def test_records_are_shown_with_the_head_to_note(congvu: Congvu) -> None:
    fill(congvu)
    out = congvu("audit", "show").out
    assert re.search(r"1 .*người 0 +ask +answered +Câu hỏi 0\?", out)
    with log_of(congvu) as log:
        assert out.endswith(f"Dấu cuối chuỗi: {log.head()}\n")
    some = congvu("audit", "show", "--caller", "người 1", "--limit", "1", "--kind", "ask").out
    assert ("Câu hỏi 3?" in some, "Câu hỏi 1?" in some) == (True, False)
    empty = congvu("audit", "show", "--since", "2999-01-01")
    assert "Không có bản ghi nào" in empty.err
    assert congvu("audit", "show", "--since", "hôm qua").code == 2
    assert congvu("audit", "show", "--kind", "other").code == 2


def test_terminal_codes_in_a_question_are_not_obeyed(congvu: Congvu) -> None:
    with log_of(congvu) as log:
        log.append("ask", "an", "answered", question="\x1b[31mđỏ\x1b]0;tên\x07")
    assert "\x1b" not in congvu("audit", "show").out


def test_a_sound_log_is_confirmed_also_against_a_noted_head(congvu: Congvu) -> None:
    fill(congvu)
    with log_of(congvu) as log:
        noted = log.head()
    fill(congvu)
    result = congvu("audit", "verify", "--head", str(noted))
    assert result.code == 0
    assert "nguyên vẹn: 8 bản ghi" in result.out
    assert congvu("audit", "verify", "--json").json["ok"] is True
    assert congvu("audit", "verify", "--head", f"{noted.seq}:{'0' * 64}").code == 4
    assert congvu("audit", "verify", "--head", "x").code == 2


def test_a_broken_chain_ends_in_code_4_and_names_the_place(congvu: Congvu) -> None:
    fill(congvu)
    with closing(sqlite3.connect(congvu.settings.home / "audit.sqlite")) as db, db:
        db.execute("DROP TRIGGER record_fixed")
        db.execute("UPDATE record SET outcome = 'refused' WHERE seq = 3")
    result = congvu("audit", "verify")
    assert (result.code, result.out) == (4, "")
    assert "từ bản ghi 3" in result.err
    as_json = congvu("audit", "verify", "--json")
    assert (as_json.code, as_json.json["first_bad"]) == (4, 3)


def test_the_log_is_exported_for_its_owner_alone(congvu: Congvu, tmp_path: Path) -> None:
    fill(congvu)
    path = tmp_path / "nhat-ky.jsonl"
    assert "4 bản ghi" in congvu("audit", "export", path).out
    assert path.stat().st_mode & 0o077 == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4
    assert congvu("audit", "show", "--kind", "export", "--json").json["records"]
    again = congvu("audit", "export", path)
    assert again.code == 2
    assert "Đã có tệp" in again.err
    assert congvu("audit", "export", tmp_path / "none" / "x").code == 2


def test_personal_data_are_purged_on_demand(congvu: Congvu) -> None:
    fill(congvu)
    with History.open(congvu.settings.home / "history.sqlite") as history:
        for owner in ("người 0", "người 1"):
            history.start(owner, "x", NOW)
    result = congvu("audit", "purge", "--caller", "người 0", "--history", "--yes")
    assert result.code == 0
    assert "trong 2 bản ghi" in result.out
    assert "1 cuộc hỏi đáp" in result.out
    shown = congvu("audit", "show").out
    assert "người 0" not in shown
    assert "(đã xoá)" in shown
    assert congvu("audit", "verify").code == 0
    with History.open(congvu.settings.home / "history.sqlite") as history:
        assert history.conversations("người 0") == ()
        assert len(history.conversations("người 1")) == 1
    assert "trong 3 bản ghi" in congvu("audit", "purge", "--before", "2999-01-01", "--yes").out


def test_purging_asks_first(congvu: Congvu, typing: Callable[..., None]) -> None:
    fill(congvu)
    assert congvu("audit", "purge", "--caller", "người 0").code == 2
    congvu.interactive = True
    typing("không")
    assert congvu("audit", "purge", "--caller", "người 0").code == 130
    assert "người 0" in congvu("audit", "show").out
    typing("có")
    assert congvu("audit", "purge", "--caller", "người 0").code == 0
    assert "người 0" not in congvu("audit", "show").out


def test_purging_needs_one_clear_bound(congvu: Congvu) -> None:
    assert congvu("audit", "purge", "--yes").code == 2
    both = ["--before", "1d", "--caller", "a", "--history"]
    assert congvu("audit", "purge", *both, "--yes").code == 2


def test_moments_are_read_as_people_mean_them() -> None:
    assert moment_before("2d", NOW) == NOW - timedelta(days=2)
    assert moment_after(" 2d ", NOW) == NOW + timedelta(days=2)
    assert moment_before("2031-06-05", NOW) == datetime(2031, 6, 5, tzinfo=HANOI)
    assert moment_after("2031-06-30", NOW) == datetime(2031, 7, 1, tzinfo=HANOI)
    for bad in ("", "d", "-1d", "2031-13-01", "05/6/2031", "99999999d", "9999-12-31", "٣d"):
        with pytest.raises(BadInput, match="thời điểm"):
            moment_after(bad, NOW)
