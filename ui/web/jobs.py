"""The list of files that are being taken in: how far each is, and what was recognised."""

from __future__ import annotations

from assistant.service.jobs.records import FileState, Job, JobFile
from corpus.store.library import Outcome
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button, column_heads, day, notice_link

_SHOWN = 100
"""Rows: those that a person has to look at come first."""
_ORDER = (
    FileState.REFUSED,
    FileState.FAILED,
    FileState.LOST,
    FileState.READING,
    FileState.STORED,
    FileState.WAITING,
    FileState.DONE,
    FileState.CANCELLED,
)
_OUTCOMES = {
    Outcome.ADDED: "Đã thêm",
    Outcome.NEW_VERSION: "Thay bản trước",
    Outcome.UNCHANGED: "Đã có sẵn",
}


def job_list(job: Job, indexing: tuple[int, int] | None) -> Html:
    """Return the files of a job.

    Args:
        job: the job.
        indexing: passages done and all of them, while an index is built for it.
    """
    total = len(job.files)
    running = not job.is_finished
    shown = sorted(job.files, key=lambda one: (_ORDER.index(one.state), one.position))[:_SHOWN]
    rest = total - len(shown)
    title = f"Đang nhận tệp: xong {job.settled}/{total}" if running else _summary(job)
    return el(
        "section",
        el("h2", title, id="cv-job-title", aria_live="polite"),
        el(
            "progress",
            f"{job.settled}/{total}",
            max=max(total, 1),
            value=job.settled,
            aria_labelledby="cv-job-title",
        )
        if running
        else None,
        el("p", f"Đang lập chỉ mục: {indexing[0]}/{indexing[1]} đoạn.", class_="cv-hint")
        if indexing is not None
        else None,
        el(
            "div",
            button("Bỏ các tệp chưa đọc", "job-cancel", data_job=job.id)
            if job.can_cancel
            else None,
            button("Thử lại các tệp chưa xong", "job-retry", icon_="retry", data_job=job.id)
            if job.can_retry
            else None,
            None if running else button("Đóng danh sách", "job-close"),
            class_="cv-form-buttons",
        ),
        el(
            "div",
            el(
                "table",
                el(
                    "thead",
                    el(
                        "tr",
                        column_heads("Tệp", "Tình trạng", "Nhận ra", "Cần xem lại"),
                    ),
                ),
                el("tbody", *(_row(one) for one in shown)),
                class_="cv-table",
            ),
            class_="cv-job-files",
            tabindex="0",
            role="region",
            aria_label="Các tệp",
        ),
        el("p", f"và {rest} tệp nữa.", class_="cv-hint") if rest else None,
        class_="cv-job",
        data_job=job.id,
        data_state="running" if running else "finished",
        aria_labelledby="cv-job-title",
    )


def _summary(job: Job) -> str:
    counts = job.counts
    parts = [
        (counts[FileState.DONE], "vào kho"),
        (counts[FileState.REFUSED], "bị từ chối"),
        (counts[FileState.FAILED], "chưa xong"),
        (counts[FileState.LOST], "bị gián đoạn"),
        (counts[FileState.CANCELLED], "đã bỏ"),
    ]
    told = ", ".join(f"{count} {words}" for count, words in parts if count)
    return f"Nhận xong {len(job.files)} tệp: {told}." if told else "Chưa có tệp nào."


def _row(file: JobFile) -> Html:
    header, recognised = file.header, file.recognised
    state = _OUTCOMES[Outcome(file.outcome)] if _is_in(file) else file.state.vietnamese
    found: Html | None = None
    if header is not None and recognised is not None:
        name = f"{header.kind} {header.number}".strip() or header.title or file.name
        amount = [f"{recognised.clauses} điều khoản"]
        amount += [f"{recognised.extent.pages} trang"] if recognised.extent.pages else []
        amount += [f"{recognised.extent.tables} bảng"] if recognised.extent.tables else []
        when = day(header.date, "không rõ ngày")
        found = join(
            [
                el("a", name, href=notice_link(file.notice_id), class_="cv-notice-link")
                if _is_in(file)
                else el("span", name),
                el("span", ", ".join([when, *amount]), class_="cv-subject"),
            ]
        )
    doubts = (*recognised.doubts, *recognised.warnings) if recognised is not None else ()
    problem = " ".join(part for part in (file.message, file.remedy) if part)
    told = el("p", icon("warning"), el("span", problem), class_="cv-job-problem")
    return el(
        "tr",
        el("td", file.name, class_="cv-job-name"),
        el("td", state, data_label="Tình trạng"),
        el("td", found, data_label="Nhận ra"),
        el(
            "td",
            told if problem else None,
            *(el("p", one) for one in doubts),
            data_label="Cần xem lại",
        ),
        data_state=file.state.value,
    )


def _is_in(file: JobFile) -> bool:
    return file.state is FileState.DONE and bool(file.outcome)
