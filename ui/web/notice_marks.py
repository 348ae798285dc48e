"""Small pieces that several pages show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.contract import AnswerWarning, CitedNotice, WarningKind
from corpus.dates import write_date
from corpus.errors import CongvuError
from corpus.notice import Status
from ui.export import SAMPLE, UNVERIFIED
from ui.html import Child, Html, el, join, text
from ui.web.icons import icon
from ui.wording import DRAFT

WARNINGS = {
    WarningKind.DRAFT: "Bản dự thảo",
    WarningKind.SUPERSEDED: "Văn bản đã hết hiệu lực",
    WarningKind.AMENDED: "Điều khoản đã được sửa đổi",
    WarningKind.NOT_IN_FORCE: "Chưa có hiệu lực",
    WarningKind.CONFLICT: "Các văn bản nêu khác nhau",
    WarningKind.INCOMPLETE: "Chưa trả lời hết",
    WarningKind.DEGRADED: "Trợ lý thiếu một bộ phận",
    WarningKind.UNSURE: "Số liệu cần đối chiếu bản gốc",
    WarningKind.UNFITTED: "Chưa khớp với mô hình nhúng",
}
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_TITLE_MARKS = re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE)


def column_heads(*names: str) -> Html:
    """Return the heads of a table's columns."""
    return join([el("th", name, scope="col") for name in names])


def chips(*, status: str, is_sample: bool, verified: bool = True) -> Html:
    """Return the marks that must stand beside a notice."""
    return join(
        [
            el("span", SAMPLE, class_="cv-chip cv-chip-sample") if is_sample else None,
            el("span", DRAFT, class_="cv-chip cv-chip-draft") if status == Status.DRAFT else None,
            None if verified else el("span", UNVERIFIED, class_="cv-chip cv-chip-draft"),
        ]
    )


def button(
    label: str,
    act: str,
    *,
    icon_: str | None = None,
    class_: str = "cv-button",
    only_icon: bool = False,
    **attributes: str | int | bool | None,
) -> Html:
    """Return a button whose press the page's script takes by ``data-act``."""
    drawn: list[Child] = [icon(icon_)] if icon_ else []
    if only_icon:
        attributes |= {"aria_label": label, "title": label}
    else:
        drawn.append(el("span", label))
    return el("button", *drawn, type="button", class_=class_, data_act=act, **attributes)


def marked(words: str, quote: str) -> Html:
    """Return a clause's text with the quoted part marked, if it stands there verbatim."""
    quoted = quote.strip()
    before, found, after = words.partition(quoted) if quoted else (words, "", "")
    if not found:
        return light_markup(words)
    return join([light_markup(before), el("mark", light_markup(found)), light_markup(after)])


def light_markup(words: str) -> Html:
    """Show the bold type and the titles of a Markdown source as such; nothing else acts."""
    plain = _TITLE_MARKS.sub("", words)
    pieces: list[Child] = []
    at = 0
    for found in _STRONG.finditer(plain):
        pieces += [plain[at : found.start()], el("strong", found[1])]
        at = found.end()
    return join([*pieces, plain[at:]])


def warning_boxes(warnings: Sequence[AnswerWarning]) -> Html:
    """Return what a reader must know before relying on an answer."""
    return join(
        el(
            "div",
            icon("warning"),
            el("p", el("strong", WARNINGS[one.kind]), ": ", one.text),
            class_=f"cv-warning cv-warning-{one.kind.value}",
            role="note",
        )
        for one in warnings
    )


def problem(error: CongvuError) -> Html:
    """Tell what went wrong and what can be done."""
    return join([el("strong", error.message), " ", text(error.remedy)])


def day(written: str | date | None, missing: str = "không rõ ngày") -> str:
    """Write a date as official texts do."""
    if written is None:
        return missing
    return write_date(date.fromisoformat(written) if isinstance(written, str) else written)


def day_field(name: str, label: str) -> Html:
    """Return a field for a day; a browser's own would write it as the machine's country does."""
    return el(
        "label",
        el("span", label, class_="cv-label"),
        el("input", type="text", name=name, inputmode="numeric", autocomplete="off",
           placeholder="ngày/tháng/năm", pattern=r"\d{1,2}/\d{1,2}/\d{4}", maxlength=10,
           title="Ghi ngày/tháng/năm, ví dụ 15/6/2026"),
    )  # fmt: skip


def notice_name(notice: CitedNotice) -> str:
    """Return kind and number; the title or file where there is no number."""
    if notice.number:
        return f"{notice.kind} {notice.number}".strip()
    return f"{notice.kind} “{notice.title}”".strip() if notice.title else f"tệp {notice.file}"


def number_of(clause_id: str) -> str:
    """Return what follows ``#`` in a clause's id."""
    return clause_id.rpartition("#")[2]


def notice_link(notice_id: str, clause_id: str = "") -> str:
    """Return the address, within the page, of a notice or of a clause in it."""
    end = f"/{number_of(clause_id)}" if clause_id else ""
    return f"#van-ban/{notice_id}{end}"
