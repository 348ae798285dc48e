"""Which notice a person means: by id, number, short form (TB45), file name or title."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Protocol, TypeVar

from corpus.errors import BadInput, NotFound
from corpus.notice import Header
from corpus.text import fold, normalise

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_SHOWN = 10

# The letters that stand for a kind in a document number (NĐ 30/2020/NĐ-CP, Phụ lục III), so
# that “Thông báo 45” and “TB45” are one name.
_KIND_LETTERS = (
    ("thong bao", "tb"),
    ("nghi quyet", "nq"),
    ("nghi dinh", "nd"),
    ("ke hoach", "kh"),
    ("quyet dinh", "qd"),
    ("chuong trinh", "ctr"),
    ("bao cao", "bc"),
    ("thong tu", "tt"),
    ("to trinh", "ttr"),
    ("chi thi", "ct"),
    ("cong van", "cv"),
    ("ket luan", "kl"),
    ("huong dan", "hd"),
)
_FILLERS = frozenset({"so", "van", "ban"})


class Nameable(Protocol):
    """What a notice is known by."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def header(self) -> Header:
        """Number, kind, title."""

    @property
    def file_name(self) -> str:
        """Name of its file, without folders."""


N = TypeVar("N", bound=Nameable)


def find_by_name(notices: Sequence[N], name: str) -> N:
    """Return the one notice that ``name`` means.

    The first way of reading the name that fits any notice decides: id, full number, file name
    with or without its ending, short number (``TB45``, ``Thông báo 45``, ``45``), title, part
    of the title or file name.

    Raises:
        BadInput: none fits, or several do; the message names the candidates.
    """
    wanted = _plain(name)
    ways: tuple[Callable[[N], bool], ...] = (
        lambda notice: _plain(notice.id) == wanted,
        lambda notice: _same_number(notice.header.number, name),
        lambda notice: wanted in {_plain(notice.file_name), _plain(_stem(notice.file_name))},
        lambda notice: _short_number_fits(notice.header, name),
        lambda notice: wanted in {_plain(notice.header.title), _plain(notice.header.kind)},
        lambda notice: (
            len(wanted) >= 3
            and (wanted in _plain(notice.header.title) or wanted in _plain(_stem(notice.file_name)))
        ),
    )
    for fits in ways if wanted else ():
        found = [notice for notice in notices if fits(notice)]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadInput(
                f"“{name}” có thể là {len(found)} văn bản: {_list(found)}.",
                "Ghi rõ số ký hiệu, tên tệp hoặc mã văn bản.",
            )
    known = f"Đang có: {_list(notices)}." if notices else "Chưa có văn bản nào; hãy thêm trước."
    raise NotFound(f"Không có văn bản nào tên “{name}”.", known)


def _list(notices: Sequence[Nameable]) -> str:
    shown = [
        f"{' '.join((n.header.kind, n.header.number)).strip() or n.file_name} ({n.id})"
        for n in notices[:_SHOWN]
    ]
    more = f" và {len(notices) - _SHOWN} văn bản khác" if len(notices) > _SHOWN else ""
    return ", ".join(shown) + more


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(normalise(text))).strip()


def _stem(file_name: str) -> str:
    return PurePath(file_name).stem


def _tokens(text: str) -> list[str]:
    # Numbers lose their leading zero: people say “nghị quyết 3” for 03/NQ-CP.
    return [token.lstrip("0") or token for token in _TOKEN.findall(_plain(text))]


def _same_number(number: str, name: str) -> bool:
    return bool(number) and _tokens(number) == _tokens(name)


def _short_number_fits(header: Header, name: str) -> bool:
    number = _tokens(header.number)
    plain = _plain(name)
    for kind, letters in _KIND_LETTERS:
        plain = re.sub(rf"\b{kind}\b", letters, plain)
    wanted = [token for token in _tokens(plain) if token not in _FILLERS]
    figures = [token for token in wanted if token.isdigit()]
    if not number or not figures or figures != [t for t in number if t.isdigit()][: len(figures)]:
        return False
    known = {*number, *(letters for kind, letters in _KIND_LETTERS if kind in _plain(header.kind))}
    return set(wanted) <= known
