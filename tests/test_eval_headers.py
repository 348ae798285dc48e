"""Heads of documents, read and compared with a gold that was written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from fakes_notices import read, source_of
from machine import CASES, DOCUMENTS, NOTICES

from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from eval.headers import Digest, HeaderGold, Part, digest_of, load_gold, score_headers

FLOOR = 0.97
FOLDERS = {"documents": DOCUMENTS, "notices": NOTICES, "cases": CASES}

HEAD = (
    "BỘ XÂY DỰNG\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Số: 06/2032/TT-BXD\tHà Nội, ngày 13 tháng 02 năm 2032",
    "THÔNG TƯ",
    "Về bến chợ",
    "Căn cứ Luật Chợ số 9/2031/QH20;",
    "Điều 1. Thông tư này có hiệu lực từ ngày 01/4/2032.",
    "BỘ TRƯỞNG",
    "Lê Văn Lâm",
)
VALUES = {
    "kind": "Thông tư",
    "number": "06/2032/TT-BXD",
    "issuer": "Bộ Xây dựng",
    "date": "2032-02-13",
    "title": "VỀ BẾN CHỢ.",
    "status": "issued",
    "signers": ["Lê Văn Lâm"],
    "effective": "2032-04-01",
}


def score(**values: object) -> Mapping[str, float]:
    gold = HeaderGold("a.txt", Part.WORK, VALUES | values)
    return {f: one.share for f, one in score_headers([gold], {"a.txt": read(*HEAD)}).items()}


def test_case_and_punctuation_do_not_count() -> None:
    assert set(score().values()) == {1.0}


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("number", "60/2032/TT-BXD"),
        ("issuer", "BỘ XÂY - DỰNG"),
        ("date", None),
        ("title", "Về bến"),
        ("signers", ["Lê Văn Lâm", "Lê Văn Khoa"]),
        ("effective", "2032-04-02"),
    ],
)
def test_what_differs_is_wrong(field: str, other: object) -> None:
    assert {name for name, share in score(**{field: other}).items() if share < 1} == {field}


@pytest.mark.parametrize(("title", "share"), [("Về bến chợ", 1.0), ("Về bến chợ cá", 0.0)])
def test_a_digest_stands_for_the_whole_title(title: str, share: float) -> None:
    assert score(title=Digest("Về bến", digest_of(title)))["title"] == share


def test_no_document_is_in_both_parts() -> None:
    gold = load_gold()
    assert len({one.file for one in gold}) == len(gold) == 100
    assert sum(one.part is Part.MEASURE for one in gold) == 40


@pytest.fixture(scope="module")
def notices() -> Mapping[str, Notice]:
    def at(file: str) -> Path:
        folder, _, rest = file.partition("/")
        return FOLDERS[folder] / rest

    return {one.file: parse_notice(source_of(at(one.file)), one.file) for one in load_gold()}


@pytest.mark.shared
@pytest.mark.parametrize("part", Part)
def test_every_field_of_real_documents_is_read(part: Part, notices: Mapping[str, Notice]) -> None:
    scores = score_headers([one for one in load_gold() if one.part is part], notices)
    low = {field: one.share for field, one in scores.items() if one.share < FLOOR}
    assert not low
