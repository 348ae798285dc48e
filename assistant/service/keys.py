"""Access keys: who may call the service from outside, and what for.

A key is ``congvu_<id>_<secret>``: the id finds it, 256 random bits prove it. At rest there is
only the SHA-256 of the secret; a slow password hash adds nothing to that many random bits
(NIST SP 800-63B, 5.1.2.2).

A key bound to web origins stands in the source of a public page, where anybody reads it. So it
may only ask. Browsers can't forge the ``Origin`` header, other programs can: the binding keeps
other sites from using the key for their visitors, the rate limit bounds the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from assistant.service.callers import LOCAL_NAME, Caller, Scope
from assistant.service.origins import parse_origin, same_origin
from corpus.errors import BadInput, Forbidden, NotFound, Unauthenticated
from corpus.store.closing import Closing
from corpus.store.database import Database, Schema, stamp
from corpus.text import normalise

FILE_NAME: Final = "access.sqlite"
"""Under the home folder."""

_PREFIX: Final = "congvu"
_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32
_NAME_LENGTH: Final = 64
_NO_HASH: Final = bytes(32)

_SCHEMA = Schema(
    name="sổ khoá truy cập",
    restore="Khôi phục tệp từ bản sao lưu, hoặc đổi tên tệp này rồi tạo lại các khoá.",
    version=1,
    statements=(
        """
        CREATE TABLE key (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            secret_hash BLOB NOT NULL,
            scopes TEXT NOT NULL,
            origins TEXT NOT NULL,
            per_minute INTEGER,
            created_at TEXT NOT NULL,
            expires_at TEXT,
            revoked_at TEXT
        ) STRICT
        """,
    ),
)
_COLUMNS = "id, name, scopes, origins, per_minute, created_at, expires_at, revoked_at"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key without its secret.

    Args:
        id: public part of the key.
        name: of the caller; no two living keys have the same.
        scopes: what it lets one do.
        origins: web origins it is bound to; empty for none.
        per_minute: questions a minute, or None for the setting of the service.
        created_at: in UTC.
        expires_at: from when on it is refused, or None.
        revoked_at: since when it is refused, or None.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    origins: tuple[str, ...]
    per_minute: int | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Return whether the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @property
    def caller(self) -> Caller:
        """Who calls with it."""
        return Caller(self.name, self.scopes, self.origins, self.per_minute)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made.

    Args:
        info: what is kept.
        text: the whole key; it can't be shown again.
    """

    info: KeyInfo
    text: str = field(repr=False)


class KeyStore(Closing):
    """The keys in one SQLite file; any thread may use it, and several processes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    def open(cls, path: Path, timeout_s: float = 10.0) -> Self:
        """Open the keys at ``path``, making the file when there is none.

        Args:
            path: the SQLite file; its folder must exist.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: the file holds something else.
            NotReady: it was written by a newer congvu, or may not be opened.
            Busy: another process was writing for longer than ``timeout_s``.
        """
        return cls(Database.open(path, _SCHEMA, timeout_s))

    def close(self) -> None:
        """Close the file; the store can't be used afterwards."""
        self._db.close()

    def create(  # noqa: PLR0913 - what makes up a key
        self,
        name: str,
        scopes: Iterable[Scope],
        now: datetime,
        *,
        expires_at: datetime | None = None,
        origins: Iterable[str] = (),
        per_minute: int | None = None,
    ) -> NewKey:
        """Make a key.

        A name whose keys are all revoked or expired may be used again: the new key's holder
        then gets the conversations of that name.

        Args:
            name: of the caller.
            scopes: at least one; only ``ask`` for a key that is bound to origins.
            now: with a time zone.
            expires_at: from when on the key is refused, or None.
            origins: web origins, as ``https://cong.tinh.gov.vn``.
            per_minute: questions a minute, or None for the setting of the service.

        Raises:
            BadInput: something of this can't be.
        """
        kept = frozenset(scopes)
        bound = tuple(dict.fromkeys(parse_origin(one) for one in origins))
        if not kept:
            raise BadInput("Khoá phải có ít nhất một quyền.", "Chọn trong: ask, read, manage.")
        if bound and kept != {Scope.ASK}:
            raise BadInput(
                "Khoá gắn với trang web thì ai cũng đọc được, nên chỉ được có quyền ask.",
                "Bỏ các quyền khác, hoặc tạo khoá riêng không gắn với trang web.",
            )
        if expires_at is not None and expires_at <= now:
            raise BadInput("Hạn của khoá đã qua.", "Chọn một ngày sau hôm nay.")
        if per_minute is not None and per_minute < 1:
            raise BadInput("Số lần mỗi phút phải từ 1 trở lên.", "Chọn số lớn hơn.")
        secret = secrets.token_hex(_SECRET_BYTES)
        info = KeyInfo(
            secrets.token_hex(_ID_BYTES), _checked_name(name), kept, bound, per_minute, now,
            expires_at,
        )  # fmt: skip
        with self._db.writing() as db:
            if any(one.name == info.name and one.is_live(now) for one in self.list()):
                raise BadInput(
                    f"Đã có khoá đang dùng tên “{info.name}”.",
                    "Chọn tên khác, hoặc thu hồi khoá cũ bằng `congvu keys revoke`.",
                )
            db.execute(
                "INSERT INTO key (id, name, secret_hash, scopes, origins, per_minute, created_at,"
                " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    info.id,
                    info.name,
                    _hash(secret),
                    json.dumps(sorted(kept)),
                    json.dumps(bound),
                    per_minute,
                    stamp(now),
                    stamp(expires_at) if expires_at is not None else None,
                ),
            )
        return NewKey(info, f"{_PREFIX}_{info.id}_{secret}")

    def list(self) -> tuple[KeyInfo, ...]:
        """Return every key that was ever made, the oldest first."""
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM key ORDER BY created_at, rowid")  # noqa: S608
        return tuple(_info(row) for row in rows)

    def revoke(self, id_or_name: str, now: datetime) -> KeyInfo:
        """Refuse a key from now on, and return it.

        Args:
            id_or_name: an id, or the name of a key that is not yet revoked.
            now: with a time zone.

        Raises:
            NotFound: there is no such key.
            BadInput: it was revoked before.
        """
        wanted = normalise(id_or_name)
        with self._db.writing() as db:
            keys = self.list()
            found = [one for one in keys if wanted in {one.id, one.name}]
            if not found:
                raise NotFound(
                    f"Không có khoá nào mang mã hay tên “{id_or_name}”.",
                    "Xem các khoá bằng `congvu keys list`.",
                )
            # Of an expired key and the one made after it under the same name, the later is meant.
            open_ones = [one for one in found if one.revoked_at is None]
            if not open_ones:
                raise BadInput(f"Khoá “{id_or_name}” đã bị thu hồi từ trước.", "Không cần làm gì.")
            revoked = open_ones[-1]
            db.execute("UPDATE key SET revoked_at = ? WHERE id = ?", (stamp(now), revoked.id))
            return next(one for one in self.list() if one.id == revoked.id)

    def check(self, presented: str, now: datetime, origin: str | None) -> Caller:
        """Return who calls with a key.

        Args:
            presented: what the caller sent, ``""`` for nothing.
            now: with a time zone.
            origin: the ``Origin`` header of the request, or None.

        Raises:
            Unauthenticated: no key, or one that is unknown, expired or revoked. That a key has
                expired or was revoked is told only to those who have the whole of it.
            Forbidden: the key is bound to web origins, and this is none of them.
        """
        if not presented:
            raise Unauthenticated(
                "Cần khoá truy cập.", "Gửi khoá trong tiêu đề `Authorization: Bearer …`."
            )
        prefix, _, rest = presented.partition("_")
        key_id, _, secret = rest.partition("_")
        rows = self._db.rows(
            f"SELECT {_COLUMNS}, secret_hash FROM key WHERE id = ?",  # noqa: S608
            (key_id.encode("utf-8", "replace").decode("utf-8"),),
        )
        # An unknown id costs the same work as a wrong secret.
        known = rows[0][-1] if rows else _NO_HASH
        right = hmac.compare_digest(_hash(secret), known)
        if not rows or not right or prefix != _PREFIX:
            raise Unauthenticated(
                "Khoá truy cập không đúng.", "Xem lại khoá, hoặc xin người quản trị khoá mới."
            )
        info = _info(rows[0][:-1])
        if not info.is_live(now):
            why = "đã bị thu hồi" if info.revoked_at is not None else "đã hết hạn"
            raise Unauthenticated(f"Khoá truy cập {why}.", "Xin người quản trị khoá mới.")
        if info.origins and not any(same_origin(one, origin) for one in info.origins):
            raise Forbidden(
                "Khoá này không dùng được từ trang đang gọi.",
                "Nhờ người quản trị thêm địa chỉ trang vào khoá.",
            )
        return info.caller


def _checked_name(name: str) -> str:
    name = normalise(name)
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise BadInput(f"Tên khoá phải có từ 1 đến {_NAME_LENGTH} ký tự.", "Ví dụ: cong-thong-tin.")
    if name.casefold() == LOCAL_NAME:
        raise BadInput(f"Tên “{name}” dành cho người dùng ngay trên máy chủ.", "Chọn một tên khác.")
    return name


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _info(row: tuple[Any, ...]) -> KeyInfo:
    key_id, name, scopes, origins, per_minute, created_at, expires_at, revoked_at = row
    return KeyInfo(
        key_id,
        name,
        frozenset(Scope(one) for one in json.loads(scopes)),
        tuple(json.loads(origins)),
        per_minute,
        datetime.fromisoformat(created_at),
        datetime.fromisoformat(expires_at) if expires_at else None,
        datetime.fromisoformat(revoked_at) if revoked_at else None,
    )
