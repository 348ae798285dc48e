"""The page of notices: the list, and what becomes of an upload."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.runtime.intake import Preview
from corpus.notice import Header, Notice, Status
from corpus.parse.doubts import doubts_of
from corpus.store.library import StoredNotice
from corpus.text import fold
from ui.html import Html, el, join
from ui.web.filters import NO_KIND
from ui.web.icons import icon
from ui.web.notice_marks import button, chips, column_heads, day, day_field, notice_link
from ui.web.reader import outline


def notice_table(
    notices: Sequence[StoredNotice], is_sample: Callable[[str], bool], *, may_manage: bool
) -> Html:
    """Return the list of notices, the newest first, with its search and filters."""
    if not notices:
        told = "Kho chưa có văn bản nào."
        return el("p", told + (" Thêm văn bản ở trên." if may_manage else ""), class_="cv-empty")
    rows = [_row(one, is_sample(one.id), may_manage) for one in _by_date(notices)]
    return join(
        [
            _search(notices),
            el(
                "table",
                el(
                    "thead",
                    el(
                        "tr",
                        column_heads("Văn bản", "Cơ quan ban hành", "Ngày", "Tình trạng"),
                        el("th", el("span", "Thao tác", class_="cv-sr"), scope="col")
                        if may_manage
                        else None,
                    ),
                ),
                el("tbody", *rows),
                class_="cv-table",
                id="cv-notice-table",
                aria_label="Các văn bản trong kho",
            ),
            el("p", "Không có văn bản nào khớp.", class_="cv-empty", id="cv-no-match", hidden=True),
        ]
    )


def preview(seen: Preview, *, token: str, known: StoredNotice | None) -> Html:
    """Return what was recognised in an upload, before it is taken in.

    Args:
        seen: as read.
        token: of the upload.
        known: the notice in the library that it is a version or a copy of, if so.
    """
    notice = seen.notice
    header = notice.header
    content = sum(one.kind.is_content for one in notice.clauses)
    return el(
        "div",
        el("h2", "Trợ lý đọc được gì", id="cv-preview-title", tabindex="-1"),
        el("p", chips(status=header.status, is_sample=False)),
        _recognised(header, notice.file_name, content),
        join(
            el("div", icon("warning"), el("p", one), class_="cv-warning", role="note")
            for one in (*seen.warnings, *doubts(notice, known))
        ),
        el(
            "details",
            el("summary", "Mục lục nhận ra"),
            outline(notice, links=False),
            open=True,
            class_="cv-preview-outline",
        ),
        el(
            "div",
            button("Đưa vào kho", "add", class_="cv-button cv-primary", data_token=token),
            button("Bỏ, không thêm", "discard", data_token=token),
            class_="cv-form-buttons",
        ),
        class_="cv-preview",
    )


def doubts(notice: Notice, known: StoredNotice | None) -> list[str]:
    """Say what a person should look at before a notice is taken in."""
    told: list[str] = []
    if known is not None and known.content_hash == notice.content_hash:
        told.append("Văn bản này đã có trong kho với đúng nội dung này.")
    elif known is not None:
        told.append("Kho có một bản khác của văn bản này; bản mới sẽ thay bản ấy.")
    told += doubts_of(notice)
    return told


def working(title: str, done: int, total: int) -> Html:
    """Return a progress bar; without a total it only says that something is going on."""
    share = f"{100 * done // total} %" if total else "…"
    return el(
        "div",
        el("p", f"{title} {share}", id="cv-working"),
        el(
            "progress",
            share,
            max=total or None,
            value=done if total else None,
            aria_labelledby="cv-working",
        ),
        class_="cv-working",
    )


def _recognised(header: Header, file_name: str, clauses: int) -> Html:
    rows = [
        ("Loại", header.kind),
        ("Số ký hiệu", header.number),
        ("Ngày", day(header.date, "")),
        ("Cơ quan", header.issuer),
        ("Trích yếu", header.title),
        ("Tình trạng", header.status.vietnamese),
        ("Văn bản kèm theo", "; ".join(one.title for one in header.attached)),
        ("Số điều khoản", str(clauses)),
        ("Tệp", file_name),
    ]
    optional = {"Văn bản kèm theo"}
    return el(
        "dl",
        *(
            join(
                [
                    el("dt", name),
                    el("dd", value or "không thấy", class_=None if value else "cv-missing"),
                ]
            )
            for name, value in rows
            if value or name not in optional
        ),
        class_="cv-facts",
    )


def _by_date(notices: Sequence[StoredNotice]) -> list[StoredNotice]:
    dated = [one for one in notices if one.header.date]
    return [
        *sorted(dated, key=lambda one: str(one.header.date), reverse=True),
        *(one for one in notices if not one.header.date),
    ]


def _search(notices: Sequence[StoredNotice]) -> Html:
    kinds = sorted({one.header.kind or NO_KIND for one in notices})
    return el(
        "form",
        el(
            "label",
            el("span", "Tìm văn bản", class_="cv-label"),
            el(
                "input", type="search", name="words", autocomplete="off",
                placeholder="Số ký hiệu, trích yếu, cơ quan",
            ),
            class_="cv-grow",
        ),
        el(
            "label",
            el("span", "Loại", class_="cv-label"),
            el(
                "select",
                el("option", "Tất cả", value=""),
                *(el("option", one, value=one) for one in kinds),
                name="kind",
            ),
        ),
        el(
            "label",
            el("span", "Tình trạng", class_="cv-label"),
            el(
                "select",
                el("option", "Tất cả", value=""),
                *(el("option", one.vietnamese, value=one.value) for one in Status),
                name="status",
            ),
        ),
        day_field("from", "Từ ngày"),
        day_field("to", "Đến ngày"),
        class_="cv-search",
        data_form="shelf",
        role="search",
        aria_label="Tìm và lọc văn bản",
    )  # fmt: skip


def _row(one: StoredNotice, is_sample: bool, may_manage: bool) -> Html:
    header = one.header
    name = f"{header.kind} {header.number}".strip() or one.file_name
    found = fold(" ".join([name, header.title, header.issuer, one.file_name]))
    return el(
        "tr",
        el(
            "td",
            el(
                "a",
                el("strong", name),
                href=notice_link(one.id),
                class_="cv-notice-link",
            ),
            el("span", header.title, class_="cv-subject") if header.title else None,
        ),
        el("td", header.issuer or "không rõ", data_label="Cơ quan ban hành"),
        el("td", day(header.date, "không rõ"), data_label="Ngày", class_="cv-figures"),
        el(
            "td",
            chips(status=header.status, is_sample=is_sample)
            or el("span", header.status.vietnamese, class_="cv-plain-status"),
            data_label="Tình trạng",
        ),
        el(
            "td",
            button(
                f"Gỡ {name} khỏi kho", "remove", icon_="bin", class_="cv-quiet", only_icon=True,
                data_notice=one.id, data_title=name,
            ),
            class_="cv-row-action",
        )
        if may_manage
        else None,
        data_find=found,
        data_kind=header.kind or NO_KIND,
        data_status=header.status.value,
        data_date=header.date.isoformat() if header.date else "",
    )  # fmt: skip
