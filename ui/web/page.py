"""The page as Gradio sees it: its parts, and what is called when the page's script sends."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Final

import gradio as gr
from gradio.components import Component
from starlette.requests import Request

from assistant.service.callers import Caller, Scope
from corpus.errors import CongvuError
from ui.html import Html, el, text
from ui.web import shell, side
from ui.web.chat import Chat, Updates
from ui.web.notice_marks import problem
from ui.web.panel import empty_panel
from ui.web.routes import CallerOf
from ui.web.sent import Sent
from ui.web.stacks import Stacks
from ui.web.tabs import Tab

_log = logging.getLogger("congvu.web")

Handler = Callable[[Tab, Sent, Caller, str], Updates]
"""Takes what the tab shows, what was sent, who sent it, and Gradio's name of the tab."""
Streaming = Callable[[Tab, Sent, Caller, str], Iterator[Updates]]

STYLES: Final = ("tokens.css", "frame.css", "chat.css", "notices.css")
_NOTHING: Final = Html("")
SCRIPTS: Final = ("core.js", "chat.js", "notices.js")
_FONTS: Final = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif"]


def page_head() -> str:
    """Return style and script for the page's ``<head>``.

    The style goes here because Gradio puts its own class before every selector of a style that
    is given as such, and ours ask what page the root element shows.
    """
    return f"<style>{_bundled(STYLES)}</style><script>{_bundled(SCRIPTS)}</script>"


def page_theme() -> gr.themes.Base:
    """Return a theme without web fonts, for what of Gradio's own shows."""
    return gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "Consolas", "monospace"])


class Page:
    """Builds the page.

    Args:
        chat: the chat.
        stacks: the page of notices.
        caller_of: tells who sends a request.
        question_limit: characters of the longest question.
        upload_mb: size of the largest upload.
        sign_out: where signing out is posted to, None where nobody signs in.
    """

    def __init__(  # noqa: PLR0913 - the parts of a page
        self,
        chat: Chat,
        stacks: Stacks,
        caller_of: CallerOf,
        *,
        question_limit: int,
        upload_mb: int,
        sign_out: str | None = None,
    ) -> None:
        self._chat = chat
        self._stacks = stacks
        self._caller_of = caller_of
        self._question_limit = question_limit
        self._upload_mb = upload_mb
        self._sign_out = sign_out
        self._parts: dict[str, Component] = {}

    def blocks(self) -> gr.Blocks:
        """Return Gradio's blocks."""
        blocks: gr.Blocks = gr.Blocks(title=shell.TITLE, analytics_enabled=False, fill_width=True)
        with blocks:
            self._lay_out()
            self._wire(blocks)
        # What Gradio queues is bounded by the service; the routes behind it are not for others.
        blocks.queue(api_open=False, default_concurrency_limit=None, max_size=256)
        # Monitoring is off, yet Gradio sums up thousands of past events after each one.
        blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
        return blocks

    def _lay_out(self) -> None:
        self._parts["tab"] = gr.State(Tab())
        _fixed("top", shell.top_bar(self._sign_out))
        with gr.Column(elem_id="cv-chat"):
            with gr.Column(elem_id="cv-side"):
                _fixed("side-head", shell.side_head())
                self._part("list")
                self._part("filters", *shell.filter_frame())
            with gr.Column(elem_id="cv-main"):
                self._part("head")
                with gr.Column(elem_id="cv-scroll"):
                    self._part("thread")
                    self._part("live")
                _fixed("composer", shell.composer(self._question_limit))
            self._part("panel", *shell.panel_frame(), value=empty_panel())
        with gr.Column(elem_id="cv-notices"):
            with gr.Column(elem_id="cv-shelf-page"):
                self._part("upload")
                self._part("intake")
                self._part("jobs")
                self._part("shelf")
            self._part("reader")
        self._part("toast")
        self._part("status", Html('<p role="status" class="cv-sr">'), Html("</p>"))
        _fixed("dialogs", shell.dialogs())

    def _wire(self, blocks: gr.Blocks) -> None:
        chat, stacks = self._chat, self._stacks
        outputs = list(self._parts.values())
        answering: dict[str, Handler] = {
            "clause": chat.clause,
            "open": lambda _, sent, who, session: chat.open(sent, who, session),
            "new": lambda _, __, who, session: chat.new(who, session),
            "list": lambda tab, sent, who, _: chat.found(tab, sent, who),
            "rename": lambda tab, sent, who, _: chat.rename(tab, sent, who),
            "delete": lambda tab, sent, who, _: chat.delete(tab, sent, who),
            "restore": lambda tab, sent, who, _: chat.restore(tab, sent, who),
            "feedback": lambda _, sent, who, __: chat.feedback(sent, who),
            "shelf": lambda _, __, who, ___: stacks.listed(who),
            "read": lambda _, sent, who, __: stacks.read(sent, who),
            "preview": lambda _, sent, who, __: stacks.preview(sent, who),
            "job": lambda tab, sent, who, _: self._followed(stacks.job(sent, who), tab, who),
            "job-cancel": lambda tab, sent, who, _: self._followed(
                stacks.cancel(sent, who), tab, who
            ),
            "job-retry": lambda _, sent, who, __: stacks.retry(sent, who),
            "job-close": lambda _, __, ___, ____: {"jobs": Html("")},
            "discard": lambda _, sent, who, __: stacks.discard(sent, who),
        }
        streaming: dict[str, Streaming] = {
            "ask": chat.ask,
            "add": lambda tab, sent, who, _: self._stocked(stacks.add(sent, who), tab, who),
            "remove": lambda tab, sent, who, _: self._stocked(stacks.remove(sent, who), tab, who),
            "correct": lambda tab, sent, who, _: self._stocked(stacks.correct(sent, who), tab, who),
        }
        for name, handler in answering.items():
            _bus(name, self._answering(handler), self._parts["tab"], outputs, streams=False)
        for name, stream in streaming.items():
            _bus(name, self._streaming(stream), self._parts["tab"], outputs, streams=True)
        _bus("stop", self._stop, None, None, streams=False)
        blocks.load(
            self._opened,
            outputs=outputs,
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        blocks.unload(self._closed)

    def _stocked(self, steps: Iterator[Updates], tab: Tab, caller: Caller) -> Iterator[Updates]:
        yield from steps
        yield self._chat.restocked(tab, caller)

    def _followed(self, shown: Updates, tab: Tab, caller: Caller) -> Updates:
        """Let the chat know, too, once files are done."""
        return {**shown, **self._chat.restocked(tab, caller)} if "shelf" in shown else shown

    def _opened(self, request: gr.Request) -> dict[Any, Any]:
        def shown(_: Tab, __: Sent, caller: Caller, ___: str) -> Updates:
            head = shell.notices_head(
                may_manage=caller.may(Scope.MANAGE), upload_mb=self._upload_mb
            )
            return {
                **self._chat.opened(caller),
                **self._stacks.listed(caller),
                **self._stacks.jobs(caller),
                "upload": head,
            }

        return self._run(shown, Tab(), Sent(), request)

    def _closed(self, request: gr.Request) -> None:
        self._chat.running.leave(request.session_hash or "")

    def _stop(self, request: gr.Request) -> None:
        self._chat.running.stop(request.session_hash or "")

    def _answering(self, handler: Handler) -> Callable[..., dict[Any, Any]]:
        def answer(tab: Tab, event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
            return self._run(handler, tab, Sent.of(event._data), request)

        return answer

    def _run(self, handler: Handler, tab: Tab, sent: Sent, request: gr.Request) -> dict[Any, Any]:
        def once(*given: Any) -> Iterator[Updates]:  # noqa: ANN401 - passed on as they are
            yield handler(*given)

        return next(self._updates(once, tab, sent, request))

    def _streaming(self, handler: Streaming) -> Callable[..., Iterator[dict[Any, Any]]]:
        def answer(tab: Tab, event: gr.EventData, request: gr.Request) -> Iterator[dict[Any, Any]]:
            yield from self._updates(handler, tab, Sent.of(event._data), request)

        return answer

    def _updates(
        self, handler: Streaming, tab: Tab, sent: Sent, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        """Run a handler; whatever goes wrong is told on the page."""
        nonce = str(sent.data.get("nonce", ""))
        try:
            caller = self._caller_of(_plain(request))
            for updates in handler(tab, sent, caller, request.session_hash or ""):
                yield {self._parts[name]: value for name, value in updates.items()}
        except CongvuError as error:
            yield {self._parts["toast"]: side.toast(problem(error), nonce, is_error=True)}
        except Exception:  # noqa: BLE001 - the last to hear of it
            # The page would else wait for ever; what happened is for the log, not for people.
            _log.exception("Trang web gặp lỗi ngoài dự kiến.")
            told = text("Trợ lý gặp lỗi ngoài dự kiến. Hãy thử lại, hoặc báo người quản trị.")
            yield {
                self._parts["toast"]: side.toast(told, nonce, is_error=True),
                self._parts["live"]: Html(""),
            }

    def _part(
        self,
        name: str,
        before: Html = _NOTHING,
        after: Html = _NOTHING,
        value: Html = _NOTHING,
    ) -> None:
        """Add a part whose content the server sends.

        The template takes the content as a value of the script's, never as a part of it: with
        Gradio's other way of writing it, ``{{value}}``, a notice could run script.
        """
        self._parts[name] = gr.HTML(
            str(value),
            elem_id=f"cv-{name}",
            html_template=f"{before}${{value}}{after}",
            js_on_load=f"congvu.part('{name}', element, watch)",
            apply_default_css=False,
        )


def _fixed(name: str, content: Html) -> None:
    """Add a part that never changes."""
    gr.HTML(str(content), elem_id=f"cv-{name}", js_on_load=None, apply_default_css=False)


def _bus(
    name: str,
    handler: Callable[..., Any],
    tab: Component | None,
    outputs: list[Component] | None,
    *,
    streams: bool,
) -> None:
    """Let the page's script call ``handler`` by ``congvu.send(name, data)``."""
    bus = gr.HTML(
        str(el("span", hidden=True)),
        elem_id=f"cv-bus-{name}",
        elem_classes="cv-bus",
        js_on_load=f"congvu.bus('{name}', trigger)",
        apply_default_css=False,
    )
    bus.submit(
        handler,
        inputs=tab,
        outputs=outputs,
        show_progress="hidden",
        queue=streams,
        # Otherwise Gradio drops a question asked the moment after an answer.
        trigger_mode="multiple",
        concurrency_limit=None,
        api_visibility="private",
    )


def _plain(request: gr.Request) -> Request:
    plain = request.request
    if not isinstance(plain, Request):
        raise TypeError("the page was called without a request")
    return plain


def _bundled(names: tuple[str, ...]) -> str:
    folder = files("ui.web")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
