"""Which notices are in the library, by kind, issuer and year where these are asked for."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.answer.wording import CitedQuotes
from assistant.find.ground import Quote
from assistant.operations.asked import beyond, content, words
from assistant.operations.told import Told, plain
from assistant.understand.question import Question
from corpus.dates import write_date
from corpus.facts.agencies import find_agencies
from corpus.notice import ClauseKind, Notice
from corpus.text import fold, normalise

_MOST = 12  # notices that are named one by one; more are counted
_NEWEST = 5  # of more, those named
_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/-])")
_HOW = "Xem tất cả ở mục Văn bản của trang hỏi đáp, hoặc bằng `congvu list`."


def holdings(
    asked: Question, notices: Mapping[str, Notice], only: Sequence[str] = ()
) -> Told | None:
    """Name the notices of the library, each with a citation of its head.

    Args:
        asked: the question, whose kind, issuer and year bound which are named.
        notices: the library, by id.
        only: ids of the only notices to look at; none means all.

    Returns:
        None where the question is about a subject that no title has: it has to be looked up.
    """
    looked_at = [one for one in notices.values() if not only or one.id in only]
    fitting, bounds = _fitting(asked.restored, looked_at)
    subject = beyond(asked.restored, words().library, _KIND_WORDS) - content(bounds)
    if subject:
        fitting = [one for one in fitting if subject <= content(one.header.title)]
        bounds = f"{bounds} có nhan đề như vậy".strip()
        if not fitting:
            return None
    whole = f"Trong {len(only)} văn bản được chọn" if only else f"Trong {len(notices)} văn bản"
    if not fitting:
        return Told(f"{whole} của kho không có văn bản nào {bounds}.")
    newest = sorted(fitting, key=_date, reverse=True)
    named = newest if len(newest) <= _MOST else newest[:_NEWEST]
    cited = tuple(_head(marker, one) for marker, one in enumerate(named, start=1))
    lines = [f"- {_line(one)} [{entry.marker}]" for entry, one in zip(cited, named, strict=True)]
    said = f"{len(fitting)} văn bản {bounds}".strip()
    head = f"{whole} của kho có {said}" if bounds or only else f"Kho có {said}"
    if len(named) == len(fitting):
        return Told("\n".join([f"{head}:", *lines]), cited)
    counts = Counter(one.header.kind or "Chưa rõ loại" for one in fitting)
    kinds = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    return Told("\n".join([f"{head}: {kinds}.", f"Mới nhất ({_NEWEST}):", *lines, _HOW]), cited)


def name_of(notice: Notice) -> str:
    """Return kind and number, date and issuer of a notice, as far as it says them."""
    header = notice.header
    dated = f"ngày {write_date(header.date)}" if header.date else ""
    told = (notice.short_name, dated, header.issuer)
    return ", ".join(plain(normalise(part)) for part in told if part)


def title_of(notice: Notice) -> str:
    """Return the title of a notice on one line; ``""`` where it has none."""
    return plain(normalise(notice.header.title))


def head_quote(notice: Notice) -> Quote:
    """Return the quote of a notice's head, or of what it begins with where it has none."""
    heads = [clause for clause in notice.clauses if clause.kind is ClauseKind.HEADER]
    return Quote.whole((heads or list(notice.clauses))[0], notice)


def _head(marker: int, notice: Notice) -> CitedQuotes:
    return CitedQuotes(marker, (head_quote(notice),), None)


def _line(notice: Notice) -> str:
    title = title_of(notice)
    draft = " (dự thảo)" if notice.is_draft else ""
    return f"{name_of(notice)}{draft}{f': {title}' if title else ''}"


def _date(notice: Notice) -> datetime.date:
    return notice.header.date or datetime.date.min


def _fitting(text: str, notices: Sequence[Notice]) -> tuple[list[Notice], str]:
    """Return those that a question's words leave, and these bounds in words."""
    folded = f" {fold(normalise(text))} "
    known = {one.header.kind for one in notices if one.header.kind} | set(_KINDS)
    kinds = [kind for kind in sorted(known) if re.search(rf"\b{re.escape(fold(kind))}\b", folded)]
    years = {int(year) for year in _YEAR.findall(text)}
    issuers = [agency.canonical for agency in find_agencies(text)]
    fitting = [
        one
        for one in notices
        if (not kinds or one.header.kind in kinds)
        and (not years or (one.header.date is not None and one.header.date.year in years))
        and (not issuers or any(_issued(one, issuer) for issuer in issuers))
    ]
    bounds = [
        f"loại {' hoặc '.join(kinds)}" if kinds else "",
        f"của {' hoặc '.join(issuers)}" if issuers else "",
        f"năm {' hoặc '.join(map(str, sorted(years)))}" if years else "",
    ]
    return fitting, " ".join(bound for bound in bounds if bound)


_KINDS = (
    "Báo cáo", "Chỉ thị", "Công điện", "Công văn", "Hướng dẫn", "Kế hoạch", "Luật", "Nghị định",
    "Nghị quyết", "Pháp lệnh", "Quy chế", "Quyết định", "Thông báo", "Thông tư", "Tờ trình",
)  # fmt: skip

_KIND_WORDS = re.compile(rf"\b(?:{'|'.join(normalise(kind).lower() for kind in _KINDS)})\b")


def _issued(notice: Notice, issuer: str) -> bool:
    told = find_agencies(notice.header.issuer)
    names = [notice.header.issuer, *(agency.canonical for agency in told)]
    return any(fold(issuer) in fold(name) for name in names)
