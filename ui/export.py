"""A conversation as text that can be pasted or filed: Markdown, and a plain text of one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from assistant.contract import Citation, RefusalReason
from corpus.dates import write_date
from corpus.notice import Status
from ui.exchanges import Shown
from ui.wording import AI_NOTICE, DRAFT, clean, full_name, place_of

SAMPLE: Final = "VĂN BẢN MẪU"
UNVERIFIED: Final = "CHƯA KIỂM CHỨNG"
VIETNAM: Final = timezone(timedelta(hours=7))
LAW: Final = "Thông báo theo Điều 11, Luật Trí tuệ nhân tạo số 134/2025/QH15."

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|~!])")

REFUSALS: Final = {
    RefusalReason.NO_EVIDENCE: "Không có căn cứ trong kho văn bản",
    RefusalReason.NOT_SUPPORTED: "Văn bản không nêu điều được hỏi",
    RefusalReason.OUT_OF_SCOPE: "Văn bản được hỏi không có trong kho",
}


def marks_of(citation: Citation, *, is_sample: bool) -> tuple[str, ...]:
    """Return what must stand beside a citation, in capitals."""
    marks = (
        (is_sample, SAMPLE),
        (citation.notice.status == Status.DRAFT, DRAFT),
        (not citation.verified, UNVERIFIED),
    )
    return tuple(mark for holds, mark in marks if holds)


def refusal_title(reason: RefusalReason | None) -> str:
    """Say in a few words why there is no answer."""
    return REFUSALS[reason or RefusalReason.NOT_SUPPORTED]


def moment(when: datetime) -> str:
    """Write a moment in Vietnam's time: ``09:05, 15/6/2026``."""
    local = when.astimezone(VIETNAM)
    return f"{local:%H:%M}, {write_date(date(local.year, local.month, local.day))}"


def citation_line(citation: Citation, *, is_sample: bool) -> str:
    """Name clause and notice in full, with lines and marks."""
    where = f"{citation.clause.label}, {full_name(citation.notice)}"
    marks = marks_of(citation, is_sample=is_sample)
    return " · ".join([*marks, f"{where} ({place_of(citation.clause)})"])


def as_text(shown: Shown, is_sample: Callable[[str], bool]) -> str:
    """Return one answer with its citations, to be pasted elsewhere."""
    answer = shown.answer
    parts = [f"Hỏi: {shown.question}", answer.answer.strip()]
    parts += [f"Lưu ý: {one.text}" for one in answer.warnings]
    if answer.citations:
        lines = ["Căn cứ:"]
        for one in answer.citations:
            lines.append(f"[{one.marker}] {citation_line(one, is_sample=is_sample(one.notice.id))}")
            lines.append(f"    “{one.quote.strip()}”")
        parts.append("\n".join(lines))
    parts.append(AI_NOTICE)
    return clean("\n\n".join(parts))


def to_markdown(
    title: str, exchanges: Sequence[Shown], is_sample: Callable[[str], bool], now: datetime
) -> str:
    """Write a conversation as Markdown; nothing in it acts as markup that we didn't write.

    Args:
        title: of the conversation.
        exchanges: the oldest first.
        is_sample: tells by a notice's id whether it is one of the made-up samples.
        now: when it is exported.
    """
    blocks = [f"# {_plain(title)}", f"*Xuất lúc {moment(now)}.*", f"> {AI_NOTICE}\n> {LAW}"]
    for number, shown in enumerate(exchanges, 1):
        answer = shown.answer
        blocks.append(f"## {number}. {_plain(shown.question)}")
        blocks.append(f"*Hỏi lúc {moment(shown.asked_at)}.*")
        if answer.refused:
            blocks.append(f"**Không trả lời: {refusal_title(answer.refusal_reason)}.**")
        blocks.append(_lines(answer.answer))
        blocks += [f"> **Lưu ý:** {_plain(one.text)}" for one in answer.warnings]
        if answer.citations:
            blocks.append("**Căn cứ**")
        for one in answer.citations:
            line = _plain(citation_line(one, is_sample=is_sample(one.notice.id)))
            quote = "\n".join(f"> {_plain(part)}" for part in one.quote.strip().splitlines())
            changed = shown.changed.get(one.marker)
            since = f"\n\n*{_plain(changed.text)}*" if changed else ""
            blocks.append(f"\\[{one.marker}\\] {line}\n\n{quote}{since}")
    return clean("\n\n".join(blocks) + "\n")


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _lines(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(
        f"- {_plain(line[2:])}" if line.startswith("- ") else f"{_plain(line)}\n" for line in lines
    ).strip()
