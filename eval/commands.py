"""``congvu eval …``: measures the assistant's answers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corpus.errors import BadInput
from eval.dataset import load_answers, load_questions
from eval.report.command import report_command
from eval.score import score
from ui.cli.console import CountProgress
from ui.cli.notices import INDEXING
from ui.cli.shell import Shell

if TYPE_CHECKING:
    from eval.record import RunFolder
    from eval.suites import Asked

app = typer.Typer(help="Đo chất lượng câu trả lời.", no_args_is_help=True)


@app.command("run")
def run_command(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    suite: Annotated[
        str, typer.Argument(metavar="BỘ_ĐO", help="notices, beir, mrc, speed, load hoặc readers.")
    ],
    data: Annotated[
        Path | None,
        typer.Option(metavar="ĐƯỜNG_DẪN", help="Bộ câu hỏi; không có thì dùng bộ mẫu."),
    ] = None,
    notices: Annotated[
        Path | None, typer.Option(metavar="THƯ_MỤC", help="Văn bản mà câu hỏi nói tới.")
    ] = None,
    set_options: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TÊN=GIÁ_TRỊ", help="Đổi thiết lập; dùng được nhiều lần."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Chỉ hỏi N câu, chọn theo hạt giống.")
    ] = None,
    stripped: Annotated[
        bool, typer.Option("--strip-diacritics", "--folded", help="beir: hỏi không dấu.")
    ] = False,
    peer: Annotated[
        str | None,
        typer.Option(metavar="TÊN", help="notices: hỏi hệ thống đối chiếu này (llamaindex)."),
    ] = None,
    without_own: Annotated[
        bool,
        typer.Option(
            "--without-own",
            help="notices: hỏi lại mỗi câu khi bỏ chính văn bản của nó ra (phải từ chối).",
        ),
    ] = False,
    callers: Annotated[
        str | None,
        typer.Option(metavar="N,N…", help="load: số người hỏi cùng lúc, mỗi mức một số (1,4,16)."),
    ] = None,
    requests: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="load: số câu hỏi của mỗi mức (64).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="THƯ_MỤC", help="Nơi ghi; đã có lần chạy dở thì chạy tiếp."),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="THƯ_MỤC", help="Chạy tiếp lần chạy dở ở đây.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="In các độ đo thành một đối tượng JSON.")
    ] = False,
) -> None:
    """Chạy một bộ đo và ghi kết quả vào một thư mục."""
    from eval.run import Plan, override, run_suite  # noqa: PLC0415 - loads the models' packages
    from eval.show import metrics_object, metrics_table, wording_note  # noqa: PLC0415
    from eval.suites import Asked, make_suite  # noqa: PLC0415
    from eval.suites.base import Surroundings  # noqa: PLC0415

    shell = Shell.of(context)
    settings, overrides = override(shell.load_settings(), set_options or ())
    levels = _levels(callers)
    asked = Asked(suite, data, notices, limit, stripped, peer, levels, requests, without_own)
    made = make_suite(asked)
    folder = _folder(suite if peer is None else peer, settings.home, out, resume)
    for lacking in made.data.lacks:
        shell.err.print(f"Dữ liệu: {lacking}.")
    shell.err.print(f"Ghi vào {folder.path}; nếu bị ngắt thì chạy lại với --resume thư mục đó.")
    command = _command(asked, overrides)
    with (
        CountProgress(INDEXING, shell.err, waiting="Đang mở mô hình…") as indexing,
        CountProgress("Hỏi", shell.err) as asking,
    ):
        surroundings = Surroundings(settings, shell.open_workspace, indexing)
        metrics = run_suite(made, folder, Plan(surroundings, overrides, command, asking))
    if as_json:
        typer.echo(json.dumps(metrics_object(metrics), ensure_ascii=False, indent=2))
    else:
        shell.out.print(metrics_table(metrics))
    if note := wording_note(metrics):
        shell.err.print(note)
    for record in folder.records():
        if why := record.get("not_measured"):
            shell.err.print(f"Không đo {why}.")


@app.command("compare")
def compare_command(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    a: Annotated[Path, typer.Argument(metavar="A", help="Lần chạy trước.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Lần chạy sau.")],
    bound: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Mức kém đi được chấp nhận.")
    ] = 0.02,
    time_bound: Annotated[
        float,
        typer.Option(min=0.0, help="Phần thời gian (p50) chậm đi được chấp nhận; 0.2 là 20 %."),
    ] = 0.2,
    as_json: Annotated[bool, typer.Option("--json", help="In so sánh dạng JSON.")] = False,
) -> None:
    """So sánh hai lần chạy theo từng câu; mã thoát 1 khi kém đi quá mức."""
    from eval.compare import compare_runs  # noqa: PLC0415 - loads numpy
    from eval.record import RunFolder  # noqa: PLC0415
    from eval.show import comparison_parts  # noqa: PLC0415

    shell = Shell.of(context)
    found = compare_runs(RunFolder(a), RunFolder(b), bound, time_bound)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        shell.out.print(*comparison_parts(found), sep="\n")
    if found.regressions:
        raise typer.Exit(1)


@app.command("score")
def score_command(
    data: Annotated[Path, typer.Option(help="Bộ câu hỏi, JSONL.")],
    answers: Annotated[Path, typer.Option(help="Câu trả lời của `congvu ask --batch`, JSONL.")],
    as_json: Annotated[bool, typer.Option("--json", help="In báo cáo dạng JSON.")] = False,
    details: Annotated[
        Path | None, typer.Option(help="Ghi từng câu và lý do sai vào tệp JSONL này.")
    ] = None,
) -> None:
    """Chấm câu trả lời theo đáp án: độ đúng, trích dẫn, độ dài, từ chối."""
    questions = load_questions(data)
    report = score(questions, load_answers(answers, questions))
    if details is not None:
        lines = [json.dumps(record, ensure_ascii=False) for record in report.details()]
        try:
            details.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(
                f"Không ghi được “{details}”.", "Kiểm tra thư mục và quyền ghi."
            ) from error
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        Console().print(*report.tables(), sep="\n")


@app.command("fit")
def fit_command(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="TỆP", help="Bộ câu hỏi; mỗi bộ đi với một --notices."),
    ] = None,
    notices: Annotated[
        list[Path] | None,
        typer.Option(metavar="THƯ_MỤC", help="Văn bản của bộ câu hỏi cùng thứ tự."),
    ] = None,
    samples: Annotated[bool, typer.Option(help="Dùng cả bộ câu hỏi mẫu.")] = True,
    any_embedder: Annotated[
        bool, typer.Option("--any-embedder", help="Bỏ các dấu hiệu riêng của mô hình nhúng.")
    ] = False,
    adapt: Annotated[
        bool,
        typer.Option(
            "--adapt", help="Học cả cách mô hình nhúng đọc câu hỏi (nửa giờ với 1.000 câu)."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="THƯ_MỤC", help="Nơi ghi; không có thì là bản cài đặt.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Chỉ đo, không ghi.")] = False,
) -> None:
    """Học lại trọng số chọn điều khoản và từ chối, đo trên văn bản để riêng."""
    from eval.adapting import Adapting  # noqa: PLC0415 - loads the models' packages
    from eval.fit import FOLDS, SHIPPED, Fitting, write  # noqa: PLC0415
    from eval.material import folds_of, open_cases, weights_name  # noqa: PLC0415
    from eval.measures import measure  # noqa: PLC0415
    from eval.show import metrics_table, reliability_table  # noqa: PLC0415
    from eval.suites.base import Surroundings  # noqa: PLC0415

    if adapt and any_embedder:
        raise BadInput(
            "--adapt học cho mô hình nhúng đang dùng, --any-embedder thì cho mọi mô hình khác.",
            "Chạy hai lần, mỗi lần một tùy chọn.",
        )
    shell = Shell.of(context)
    sets = _pairs(data or (), notices or (), samples=samples)
    with (
        CountProgress(INDEXING, shell.err, waiting="Đang mở mô hình…") as indexing,
        CountProgress("Học đọc câu hỏi", shell.err) as learning,
        CountProgress("Hỏi", shell.err) as asking,
    ):
        settings = shell.load_settings()
        cases, embedder = open_cases(sets, Surroundings(settings, shell.open_workspace, indexing))
        fold_of = folds_of(cases, FOLDS)
        kept = settings.home / "eval" / "adapters"
        adapting = Adapting(embedder, kept, learning) if adapt else None
        if adapting is not None:
            cases = adapting.read_apart(cases, fold_of)
        name = "" if any_embedder else weights_name(embedder)
        fitting = Fitting(cases, name, fold_of, progress=asking)
        metrics = measure(fitting.records()) | {"first_clause": fitting.first_clause()}
        if check:
            adapting = None
        # They belong together: nothing is written before all is there.
        fitted = None if check else fitting.fitted()
        written = [adapting.write(cases, out)] if adapting else []
        written += [write(fitted, out or SHIPPED)] if fitted else []
    shell.out.print(metrics_table(metrics), reliability_table(fitting.reliability()))
    for path in written:
        shell.err.print(f"Đã ghi {path}.")


def _folder(suite: str, home: Path, out: Path | None, resume: Path | None) -> RunFolder:
    from eval.record import RunFolder  # noqa: PLC0415
    from eval.run import default_folder_name  # noqa: PLC0415

    if out is not None and resume is not None:
        raise BadInput("--out và --resume không đi cùng nhau.", "Dùng một trong hai.")
    if resume is not None:
        folder = RunFolder(resume)
        folder.info()  # there must be a run
        return folder
    return RunFolder(out or home / "runs" / default_folder_name(suite, datetime.now(UTC)))


def _pairs(
    data: Sequence[Path], notices: Sequence[Path], *, samples: bool
) -> list[tuple[Path, Path]]:
    from eval.suites import SAMPLES  # noqa: PLC0415 - loads the models' packages

    if len(data) != len(notices):
        raise BadInput("Mỗi --data cần một --notices.", "Viết từng cặp: --data A --notices B.")
    sets = [*zip(data, notices, strict=True), *([SAMPLES] if samples else [])]
    if not sets:
        raise BadInput("Không có bộ câu hỏi nào.", "Thêm --data và --notices.")
    return sets


def _levels(given: str | None) -> tuple[int, ...] | None:
    if given is None:
        return None
    try:
        return tuple(int(one) for one in given.split(","))
    except ValueError as error:
        raise BadInput(f"--callers {given} không phải các số.", "Viết như 1,4,16.") from error


def _command(asked: Asked, overrides: Mapping[str, str]) -> str:
    """Return the command line that makes the same run, without secrets."""
    words = ["congvu", "eval", "run", asked.suite]
    options = (
        ("--data", asked.data),
        ("--notices", asked.notices),
        ("--limit", asked.limit),
        ("--peer", asked.peer),
        ("--callers", asked.callers and ",".join(map(str, asked.callers))),
        ("--requests", asked.requests),
    )
    for option, given in options:
        words += [] if given is None else [option, str(given)]
    words += ["--strip-diacritics"] if asked.stripped else []
    words += ["--without-own"] if asked.without_own else []
    for name, value in overrides.items():
        words += ["--set", f"{name}={value}"]
    return shlex.join(words)


app.command("report")(report_command)
