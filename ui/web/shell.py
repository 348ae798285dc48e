"""The parts of the page that never change: top bar, composer, dialogs, and the upload form."""

from __future__ import annotations

from corpus.readers import CONTAINERS, supported_suffixes
from ui.export import LAW
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button
from ui.wording import AI_NOTICE

TITLE = "Trợ lý tra cứu văn bản"


def top_bar(sign_out: str | None = None) -> Html:
    """Return the name, the two pages, the switch of light and dark, and the way out.

    Args:
        sign_out: where signing out is posted to, None where nobody signs in.
    """
    return join(
        [
            el("a", "Tới phần nội dung", href="#cv-question", class_="cv-skip", data_act="skip"),
            el(
                "header",
                button(
                    "Cuộc hỏi đáp và bộ lọc", "drawer", icon_="menu",
                    class_="cv-quiet cv-only-narrow", only_icon=True,
                    aria_expanded="false", aria_controls="cv-side",
                ),
                el(
                    "div",
                    el("span", "CV", class_="cv-seal", aria_hidden="true"),
                    el(
                        "span",
                        el("strong", "congvu"),
                        el("span", TITLE, class_="cv-brand-line"),
                        class_="cv-brand-words",
                    ),
                    class_="cv-brand",
                ),
                el(
                    "nav",
                    el("a", icon("chat"), el("span", "Hỏi đáp"), href="#hoi-dap", id="cv-nav-chat"),
                    el(
                        "a", icon("document"), el("span", "Văn bản"), href="#van-ban",
                        id="cv-nav-notices",
                    ),
                    aria_label="Các trang",
                    class_="cv-nav",
                ),
                button(
                    "Đổi giao diện sáng, tối", "theme", icon_="light", class_="cv-quiet",
                    only_icon=True, id="cv-theme",
                ),
                el(
                    "form",
                    el("button", icon("out"), type="submit", class_="cv-quiet", id="cv-sign-out",
                       aria_label="Đăng xuất", title="Đăng xuất"),
                    method="post",
                    action=sign_out,
                )
                if sign_out
                else None,
                class_="cv-top",
            ),
        ]
    )  # fmt: skip


def side_head() -> Html:
    """Return the button for a new conversation and the search among past ones."""
    return join(
        [
            el(
                "div",
                button("Cuộc hỏi đáp mới", "new", icon_="add", class_="cv-button cv-new",
                       id="cv-new"),
                button("Đóng", "drawer", icon_="close", class_="cv-quiet cv-only-narrow",
                       only_icon=True),
                class_="cv-side-buttons",
            ),
            el(
                "label",
                el("span", "Tìm cuộc hỏi đáp cũ", class_="cv-sr"),
                el("input", type="search", id="cv-list-search", autocomplete="off",
                   placeholder="Tìm cuộc hỏi đáp cũ"),
            ),
        ]
    )  # fmt: skip


def filter_frame() -> tuple[Html, Html]:
    """Return what stands before and after the filter's choices."""
    start = (
        '<details class="cv-filter" id="cv-filter"><summary>'
        + icon("filter")
        + '<span>Chỉ tìm trong…</span><span class="cv-filter-count" id="cv-filter-count"></span>'
        '</summary><form data-form="filter" id="cv-filter-form" aria-label="Lọc văn bản để tìm">'
    )
    end = button("Bỏ lọc", "clear-filter", class_="cv-quiet") + "</form></details>"
    return Html(start), Html(end)


def composer(question_limit: int) -> Html:
    """Return where questions are typed, with the notice that this is an AI.

    Args:
        question_limit: characters of the longest question.
    """
    return join(
        [
            el("p", id="cv-filter-note", class_="cv-filter-note", hidden=True),
            el(
                "form",
                el("label", "Câu hỏi", for_="cv-question", class_="cv-sr"),
                el(
                    "textarea", id="cv-question", name="question", rows=1,
                    maxlength=question_limit, autocomplete="off",
                    placeholder="Hỏi về văn bản trong kho…",
                    aria_describedby="cv-ai-notice cv-keys",
                ),
                el(
                    "button", icon("send"), el("span", "Gửi", class_="cv-sr"), type="submit",
                    id="cv-send", class_="cv-send", title="Gửi (Enter)",
                ),
                el(
                    "button", icon("stop"), el("span", "Dừng"), type="button", id="cv-stop",
                    class_="cv-stop", data_act="stop", hidden=True,
                ),
                class_="cv-composer",
                data_form="ask",
                aria_label="Đặt câu hỏi",
            ),
            el(
                "p",
                el("span", "AI", class_="cv-chip cv-chip-ai"),
                " ",
                AI_NOTICE,
                id="cv-ai-notice",
                class_="cv-ai-notice",
                title=LAW,
            ),
            el("p", "Enter để gửi, Shift+Enter để xuống dòng.", id="cv-keys", class_="cv-sr"),
        ]
    )  # fmt: skip


def panel_frame() -> tuple[Html, Html]:
    """Return what stands before and after the clause."""
    close = button("Đóng điều khoản", "close-panel", icon_="close", class_="cv-quiet",
                   only_icon=True, id="cv-panel-close")  # fmt: skip
    start = (
        '<aside class="cv-panel-frame" aria-label="Điều khoản"><div class="cv-panel-bar">'
        f"<span>Điều khoản</span>{close}</div>"
    )
    return Html(start), Html("</aside>")


def notices_head(*, may_manage: bool, upload_mb: int) -> Html:
    """Return the title of the page of notices and, for those who manage, the upload.

    Args:
        may_manage: whether notices can be taken in.
        upload_mb: size of the largest file.
    """
    endings = (*supported_suffixes(), *CONTAINERS)
    return join(
        [
            el("h1", "Văn bản trong kho", tabindex="-1", id="cv-notices-title"),
            el(
                "form",
                el(
                    "label",
                    icon("upload"),
                    el(
                        "span",
                        el("strong", "Chọn tệp văn bản để thêm"),
                        el(
                            "span",
                            "hoặc kéo thả tệp, thư mục vào đây. Một tệp thì được xem trước; nhiều"
                            f" tệp, tệp nén thì vào thẳng kho. Tệp {', '.join(endings)},"
                            f" mỗi tệp tới {upload_mb} MB; không nhận văn bản mật.",
                            class_="cv-hint",
                        ),
                    ),
                    el("input", type="file", accept=",".join(endings), multiple=True, id="cv-file",
                       class_="cv-sr-input", data_endings=" ".join(endings),
                       data_containers=" ".join(CONTAINERS)),
                    class_="cv-drop",
                    id="cv-drop",
                ),
                el(
                    "label",
                    el("span", "Chọn cả thư mục"),
                    el("input", type="file", webkitdirectory=True, id="cv-folder",
                       class_="cv-sr-input"),
                    class_="cv-button cv-folder",
                ),
                el(
                    "div",
                    el("p", id="cv-upload-words"),
                    el("progress", max=100, value=0, aria_labelledby="cv-upload-words",
                       id="cv-upload-bar"),
                    class_="cv-working",
                    id="cv-uploading",
                    hidden=True,
                ),
                el("p", id="cv-upload-problem", class_="cv-problem", role="alert", hidden=True),
                class_="cv-upload",
                aria_label="Thêm văn bản",
            )
            if may_manage
            else None,
        ]
    )  # fmt: skip


def dialogs() -> Html:
    """Return the two questions that the page asks: a new title, and whether to remove."""
    return join(
        [
            el(
                "dialog",
                el(
                    "form",
                    el("h2", "Gỡ văn bản khỏi kho?", id="cv-remove-title"),
                    el(
                        "p",
                        "Gỡ ",
                        el("strong", id="cv-remove-name"),
                        " cùng mọi bản cũ của nó. Trợ lý sẽ không trả lời theo văn bản này nữa."
                        " Việc này không hoàn tác được; muốn có lại phải thêm tệp.",
                    ),
                    el(
                        "div",
                        el("button", "Giữ lại", value="no", class_="cv-button", autofocus=True),
                        el("button", "Gỡ khỏi kho", value="yes", class_="cv-button cv-danger"),
                        class_="cv-form-buttons",
                    ),
                    method="dialog",
                ),
                id="cv-remove",
                aria_labelledby="cv-remove-title",
            ),
            el(
                "dialog",
                el(
                    "form",
                    el("h2", "Đổi tên cuộc hỏi đáp", id="cv-rename-title"),
                    el(
                        "label",
                        el("span", "Tên mới", class_="cv-label"),
                        el("input", type="text", id="cv-rename-name", maxlength=200, required=True),
                    ),
                    el(
                        "div",
                        # First, for Enter in the field presses the first.
                        el("button", "Đổi tên", value="yes", class_="cv-button cv-primary"),
                        el("button", "Thôi", value="no", class_="cv-button", formnovalidate=True),
                        class_="cv-form-buttons",
                    ),
                    method="dialog",
                ),
                id="cv-rename",
                aria_labelledby="cv-rename-title",
            ),
        ]
    )
