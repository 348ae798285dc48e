"""``congvu chat`` and ``congvu demo``: talking to the assistant in a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Annotated

import typer

from assistant.contract import Answer
from assistant.runtime.wiring import Answerer
from assistant.runtime.workspace import Workspace
from assistant.understand.question import Turn
from corpus.errors import BadInput, Cancelled, CongvuError, Damaged, NotReady
from ui.cli.ask import open_assistant
from ui.cli.batch import check_question
from ui.cli.clauses import print_clause
from ui.cli.console import put
from ui.cli.render import AnswerPrinter
from ui.cli.samples import provide_samples, remove_samples
from ui.cli.shell import Shell
from ui.wording import AI_NOTICE, clean

_PROMPT = "Hỏi> "
_HELP = (
    "Gõ câu hỏi rồi Enter. /nguon N: xem điều khoản của dẫn chiếu [N]. /moi: cuộc hỏi đáp mới."
    " /thoat: thoát. Ctrl-C dừng câu trả lời, Ctrl-D thoát."
)
_TURNS_KEPT = 6
"""Earlier turns that a follow-up may lean on."""

NoticeNames = Annotated[
    list[str] | None,
    typer.Option("--notice", metavar="VĂN_BẢN", help="Chỉ tìm trong văn bản này."),
]


def chat(context: typer.Context, notice: NoticeNames = None) -> None:
    """Hỏi đáp liên tục; câu sau có thể dựa vào câu trước."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        notices = tuple(workspace.library.find(name).id for name in notice or ())
        talk(shell, workspace, open_assistant(shell, workspace), notices)


def demo(
    context: typer.Context,
    clean_up: Annotated[
        bool, typer.Option("--clean", help="Gỡ các văn bản mẫu khỏi kho rồi thoát.")
    ] = False,
) -> None:
    """Nạp văn bản mẫu, tự hỏi vài câu rồi mở hỏi đáp."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        if clean_up:
            remove_samples(shell, workspace)
            return
        samples = provide_samples(shell, workspace)
        assistant = open_assistant(shell, workspace)
        if samples:
            put(shell.err, AI_NOTICE, style="dim")
            _ask_all(shell, assistant, samples)
        else:
            put(
                shell.err,
                "Kho đã có văn bản của bạn nên không thêm văn bản mẫu và không hỏi thử.",
            )
        if shell.is_interactive():
            talk(shell, workspace, assistant)


def talk(
    shell: Shell, workspace: Workspace, assistant: Answerer, notices: Sequence[str] = ()
) -> None:
    """Answer what is typed until it ends.

    Args:
        shell: where to print.
        workspace: of the notices that citations lead to.
        assistant: what is asked.
        notices: ids of the only notices to look in; none means all.
    """
    put(shell.err, AI_NOTICE, style="dim")
    if shell.is_interactive():
        put(shell.err, _HELP)
    conversation = Conversation(shell, workspace, assistant, notices)
    for line in _lines(shell):
        if line in {"/thoat", "/thoát", "/quit", "/exit"}:
            return
        if line:
            conversation.take(line)


class Conversation:
    """A chat: what was said, and the last answer, whose markers can be followed.

    Args:
        shell: where to print.
        workspace: of the notices that citations lead to.
        assistant: what is asked.
        notices: ids of the only notices to look in; none means all.
    """

    def __init__(
        self, shell: Shell, workspace: Workspace, assistant: Answerer, notices: Sequence[str]
    ) -> None:
        self._shell = shell
        self._workspace = workspace
        self._printer = AnswerPrinter(assistant, shell.out, shell.err)
        self._notices = notices
        self._turns: list[Turn] = []
        self._last: Answer | None = None

    def take(self, line: str) -> None:
        """Answer a question or follow a command; what goes wrong is told and ends nothing."""
        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._ask(line)
        except (KeyboardInterrupt, Cancelled):
            self._shell.out.print()
            put(self._shell.err, "Đã dừng câu trả lời.")
        except (NotReady, Damaged):
            raise  # it would go wrong with every question
        except CongvuError as error:
            put(self._shell.err, str(error), style="red")

    def _ask(self, line: str) -> None:
        limit = self._workspace.settings.question_max_chars
        question = check_question(line, limit)
        answer = self._printer.ask(question, self._turns[-_TURNS_KEPT:], self._notices)
        self._shell.out.print()
        self._turns += [Turn("user", question), Turn("assistant", answer.answer)]
        self._last = answer

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name in {"/moi", "/mới"}:
            self._turns.clear()
            self._last = None
            put(self._shell.err, "Bắt đầu cuộc hỏi đáp mới.")
        elif name in {"/nguon", "/nguồn"}:
            self._show_source(rest.strip(" []"))
        else:
            put(self._shell.err, _HELP)

    def _show_source(self, marker: str) -> None:
        citations = {str(one.marker): one for one in self._last.citations} if self._last else {}
        if marker not in citations:
            known = ", ".join(citations)
            raise BadInput(
                f"Câu trả lời vừa rồi không có dẫn chiếu [{marker}].",
                f"Có các dẫn chiếu: {known}." if known else "Hãy hỏi một câu trước.",
            )
        citation = citations[marker]
        notice = self._workspace.load(citation.notice.id)
        clause = next(one for one in notice.clauses if one.id == citation.clause.id)
        print_clause(self._shell.out, notice, clause)
        self._shell.out.print()


def _lines(shell: Shell) -> Iterator[str]:
    """Yield what is typed, line by line; Ctrl-C at the prompt only clears the line."""
    if not shell.is_interactive():
        yield from (line.strip() for line in sys.stdin or ())
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - arrow keys and history for input()
    while True:
        try:
            yield input(_PROMPT).strip()
        except KeyboardInterrupt:
            shell.err.print()
            put(shell.err, "Gõ /thoat hoặc Ctrl-D để thoát.")
        except EOFError:
            shell.err.print()
            return


def _ask_all(shell: Shell, assistant: Answerer, notices: Sequence[str]) -> None:
    """Ask the questions of the README, each for itself, of the samples alone."""
    printer = AnswerPrinter(assistant, shell.out, shell.err)
    questions = (files("ui") / "questions.txt").read_text(encoding="utf-8").splitlines()
    for question in questions:
        put(shell.out, f"{_PROMPT}{clean(question)}", style="bold")
        printer.ask(question, (), notices)
        shell.out.print()
