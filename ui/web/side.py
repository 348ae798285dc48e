"""The left column: past conversations and filters; the welcome; messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.service.history.conversations import Conversation
from corpus.errors import CongvuError, NotReady
from corpus.store.library import StoredNotice
from ui.export import VIETNAM, moment
from ui.html import Html, el, join
from ui.web.filters import NO_KIND
from ui.web.icons import icon
from ui.web.notice_marks import button, chips, day, day_field
from ui.web.notice_marks import problem as told_of


def conversation_list(
    conversations: Sequence[Conversation], current: str | None, now: datetime, search: str = ""
) -> Html:
    """Return past conversations by day, the one used last first.

    Args:
        conversations: as the history gives them.
        current: id of the one that is open.
        now: with a time zone.
        search: what was searched for.
    """
    if not conversations:
        words = "Không tìm thấy cuộc hỏi đáp nào." if search else "Chưa có cuộc hỏi đáp nào."
        return el("p", words, class_="cv-empty")
    groups: dict[str, list[Html]] = {}
    for one in conversations:
        groups.setdefault(_when(one.updated_at, now), []).append(_conversation(one, current))
    return join(
        join([el("h3", name, class_="cv-small-title"), el("ul", *items, class_="cv-list")])
        for name, items in groups.items()
    )


def filter_form(notices: Sequence[StoredNotice]) -> Html:
    """Return the choices of notice, kind and date."""
    kinds = sorted({one.header.kind or NO_KIND for one in notices})
    return join(
        [
            el(
                "fieldset",
                el("legend", "Loại văn bản"),
                *(_tick("kinds", kind, kind) for kind in kinds),
            )
            if len(kinds) > 1
            else None,
            el(
                "fieldset",
                el("legend", "Ngày văn bản"),
                el(
                    "div",
                    day_field("from", "Từ"),
                    day_field("to", "Đến"),
                    class_="cv-dates",
                ),
            ),
            el(
                "fieldset",
                el("legend", "Văn bản"),
                *(
                    _tick("notices", one.id, _name(one), one.header.title or one.file_name)
                    for one in notices
                ),
            )
            if notices
            else None,
        ]
    )


def welcome(
    questions: Sequence[str], notices: int, *, samples: bool, problem: CongvuError | None
) -> Html:
    """Return what stands in an empty chat.

    Args:
        questions: examples to press.
        notices: how many there are.
        samples: whether the examples are about the sample notices.
        problem: why no question can be answered now, if so.
    """
    lede = (
        f"Đang có {notices} văn bản. Trợ lý chỉ trả lời theo các văn bản này, trích nguyên văn và"
        " dẫn từng điều khoản; văn bản không nói thì trợ lý nói là không."
        if notices
        else "Kho chưa có văn bản nào. Mở trang Văn bản để thêm."
    )
    return el(
        "div",
        el("h1", "Hỏi về văn bản chỉ đạo, điều hành"),
        el("p", lede, class_="cv-lede"),
        el(
            "p",
            chips(status="", is_sample=True),
            " Trong kho có văn bản của một tỉnh không có thật, chỉ để dùng thử.",
            class_="cv-sample-note",
        )
        if samples
        else None,
        el("div", icon("warning"), el("p", told_of(problem)), class_="cv-warning", role="note")
        if problem is not None
        else None,
        el(
            "div",
            el("p", "Hỏi thử", class_="cv-small-title"),
            el(
                "ul",
                *(
                    el(
                        "li",
                        el(
                            "button",
                            one,
                            type="button",
                            class_="cv-example",
                            data_act="example",
                            data_question=one,
                        ),
                    )
                    for one in questions
                ),
            ),
            class_="cv-examples",
        )
        if notices and questions
        else None,
        class_="cv-welcome",
        # Models take a while to open: the page asks again until they are.
        data_waiting=type(problem) is NotReady,
    )


def chat_head(title: str, conversation: str | None, files: str) -> Html:
    """Return the title of the conversation with its exports.

    Args:
        title: of the conversation.
        conversation: its id, None before the first answer.
        files: where the exports are, up to the conversation's id.
    """
    if conversation is None:
        return Html("")
    return el(
        "div",
        el("h2", title, class_="cv-chat-title", title=title),
        el(
            "div",
            el("span", "Xuất", class_="cv-export-word"),
            *(
                el(
                    "a",
                    icon("export"),
                    el("span", name),
                    href=f"{files}/{conversation}.{ending}",
                    download=True,
                    class_="cv-quiet",
                    aria_label=f"Xuất cuộc hỏi đáp ra {what}",
                )
                for name, ending, what in (
                    ("Word", "docx", "tệp Word"),
                    ("Markdown", "md", "tệp Markdown"),
                )
            ),
            class_="cv-exports",
        ),
        class_="cv-chat-head",
    )


def toast(words: Html, nonce: str, *, is_error: bool = False, undo: str | None = None) -> Html:
    """Return a short message.

    Args:
        words: what to say.
        nonce: another one for each message, so that the page notices.
        is_error: whether it must be read out at once and stay.
        undo: id of the conversation that can be brought back.
    """
    return el(
        "div",
        el("p", words),
        button("Hoàn tác", "restore", class_="cv-quiet", data_conversation=undo) if undo else None,
        button("Đóng thông báo", "close-toast", icon_="close", class_="cv-quiet", only_icon=True),
        class_="cv-toast" + (" cv-toast-error" if is_error else ""),
        role="alert" if is_error else "status",
        data_nonce=nonce,
    )


def _conversation(one: Conversation, current: str | None) -> Html:
    return el(
        "li",
        el(
            "button",
            one.title,
            type="button",
            class_="cv-open",
            data_act="open",
            data_conversation=one.id,
            title=f"{one.title} ({moment(one.updated_at)})",
            aria_current="true" if one.id == current else None,
        ),
        button(
            f"Đổi tên: {one.title}", "rename", icon_="pen", class_="cv-quiet", only_icon=True,
            data_conversation=one.id, data_title=one.title,
        ),
        button(
            f"Xoá: {one.title}", "delete", icon_="bin", class_="cv-quiet", only_icon=True,
            data_conversation=one.id,
        ),
        class_="cv-current" if one.id == current else None,
    )  # fmt: skip


def _when(then: datetime, now: datetime) -> str:
    days = (now.astimezone(VIETNAM).date() - then.astimezone(VIETNAM).date()) // timedelta(days=1)
    if days <= 0:
        return "Hôm nay"
    return "Hôm qua" if days == 1 else "7 ngày qua" if days < 7 else "Trước đó"


def _tick(name: str, value: str, label: str, title: str | None = None) -> Html:
    return el(
        "label",
        el("input", type="checkbox", name=name, value=value),
        el("span", label),
        title=title,
        class_="cv-tick",
    )


def _name(one: StoredNotice) -> str:
    header = one.header
    if header.number:
        return f"{header.kind} {header.number}".strip()
    return f"{header.kind} {day(header.date, '')}".strip() if header.kind else one.file_name
