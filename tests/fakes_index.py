"""Notices made by hand for the tests of the index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from corpus.notice import Clause, ClauseKind, ContextPart, Header, Notice, Span
from index.snapshot import MANIFEST, Snapshot

Build = Callable[[tuple[Notice, ...]], Snapshot]
"""Builds and swaps in the snapshot of the notices."""


def make_clause(
    text: str,
    kind: ClauseKind = ClauseKind.ITEM,
    context: tuple[ContextPart, ...] = (),
    clause_id: str = "n#0",
) -> Clause:
    return Clause(
        id=clause_id,
        notice_id=clause_id.split("#", maxsplit=1)[0],
        kind=kind,
        label="mục 1",
        text=text,
        spans=(Span(0, len(text)),),
        lines=((1, 1),),
        context=context,
    )


def make_notice(notice_id: str, *texts: str, number: str = "12-TB/UBND") -> Notice:
    """One item clause per text."""
    source = "\n".join(texts)
    return Notice(
        id=notice_id,
        header=Header(kind="Thông báo", number=number, date=date(2031, 5, 6)),
        source=source,
        content_hash=hashlib.sha256(source.encode()).hexdigest(),
        file_name=f"{notice_id}.txt",
        clauses=tuple(
            make_clause(text, clause_id=f"{notice_id}#{i}") for i, text in enumerate(texts)
        ),
    )


def folders(root: Path) -> set[str]:
    """The names of the snapshots under ``root``."""
    return {path.name for path in (root / "snapshots").iterdir()}


def make_older(root: Path) -> None:
    """Make the current snapshot under ``root`` one that an earlier congvu built."""
    pointers = root / "pointers"
    [current, *others] = pointers.read_text(encoding="ascii").splitlines()
    name, sha256 = current.split()
    manifest = root / "snapshots" / name / MANIFEST
    told = json.loads(manifest.read_bytes())
    told["format"] -= 1
    manifest.write_text(json.dumps(told), encoding="utf-8")
    sha256 = hashlib.sha256(manifest.read_bytes()).hexdigest()
    pointers.write_text("".join(f"{line}\n" for line in (f"{name} {sha256}", *others)), "ascii")


def noon() -> datetime:
    return datetime(2031, 5, 6, 12, tzinfo=UTC)


OLD = (make_notice("a", "Sở Công Thương rà soát kho lạnh.", "Báo cáo trước 15/11/2031."),)
NEW = (*OLD, make_notice("b", "Sở Y tế lập danh mục trạm.", number="13-TB/UBND"))
NEWEST = (*NEW, make_notice("c", "Sở Nội vụ sắp xếp bộ máy.", number="14-TB/UBND"))
