"""``congvu add | list | show | remove | index``: the notices that questions are answered from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Column, Table

from assistant.contract import CitedNotice
from assistant.runtime.intake import AddReport
from assistant.runtime.reading_tools import reading_tools
from assistant.runtime.workspace import Workspace
from assistant.service.audit import log as audit_log
from assistant.service.audit.corrections import correction_detail
from assistant.service.audit.log import AuditLog
from assistant.service.audit.records import EventKind
from assistant.service.callers import LOCAL_NAME
from corpus.dates import write_date
from corpus.errors import BadInput, Cancelled
from corpus.notice import Header, Status
from corpus.readers import CONTAINERS, check_file, read_file, supported_suffixes
from corpus.readers.files import explain
from corpus.store.corrections import Field
from corpus.store.library import Outcome, StoredNotice
from ui.cli.clauses import (
    clause_json,
    find_clause,
    outline_json,
    print_clause,
    print_outline,
)
from ui.cli.console import CountProgress, put
from ui.cli.relations import (
    changes_json,
    print_changes,
    print_head,
    print_relations,
    relations_json,
)
from ui.cli.shell import Shell
from ui.wording import DRAFT, clean

INDEXING = "Lập chỉ mục"
READING = "Đọc tệp"

AsJson = Annotated[bool, typer.Option("--json", help="In dạng JSON.")]
_NAMES = "Số ký hiệu (45-TB/TGV), tên ngắn (TB45), tên tệp hoặc mã."
NoticeName = Annotated[str, typer.Argument(metavar="VĂN_BẢN", help=_NAMES)]
NoticeNames = Annotated[list[str], typer.Argument(metavar="VĂN_BẢN…", help=_NAMES)]


def add(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="ĐƯỜNG_DẪN…",
            help=f"Tệp {', '.join((*supported_suffixes(), *CONTAINERS))} hoặc thư mục.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Thêm văn bản vào kho rồi lập chỉ mục."""
    shell = Shell.of(context)
    out, err = shell.out, shell.err

    def tell(report: AddReport) -> None:
        if report.error is not None or not as_json:
            print_report(out, err, report)

    taken = 0

    def told(report: AddReport) -> None:
        nonlocal taken
        taken += report.added is not None
        tell(report)

    with shell.workspace() as workspace, CountProgress(INDEXING, err) as progress:
        try:
            reports = workspace.add(paths, progress, told, progress.titled(READING))
        except KeyboardInterrupt as error:
            raise Cancelled(
                f"Đã dừng; {taken} văn bản đã ở trong kho.",
                "Chạy lại đúng lệnh này để làm tiếp: tệp nào đã nhận thì được bỏ qua.",
            ) from error
    if as_json:
        found = [_report_json(report) for report in reports]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if any(report.error for report in reports):
        raise typer.Exit(BadInput.exit_code)


def print_report(out: Console, err: Console, report: AddReport) -> None:
    """Say what became of one file."""
    if report.error is not None:
        put(err, f"Không thêm {report.path}: {report.error}", style="red")
        return
    header, added = report.header, report.added
    if header is None or added is None:
        raise TypeError("a report has a header or an error")
    name = described(header, report.file_name)
    if added.outcome is Outcome.UNCHANGED:
        put(out, f"Đã có sẵn, giữ nguyên: {name} (tệp {added.known_as}).")
    elif added.outcome is Outcome.NEW_VERSION:
        put(out, f"Bản mới thay bản trước: {name}.")
    else:
        put(out, f"Đã thêm: {name}.")
    for warning in report.warnings:
        put(err, f"{report.file_name}: {warning}", style="yellow")
    for doubt in report.recognised.doubts if report.changed and report.recognised else ():
        put(err, f"{report.file_name}: {doubt}", style="dim")


def text(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp cần đọc thử.")],
) -> None:
    """In chữ mà trợ lý đọc được từ một tệp, không thêm vào kho."""
    shell = Shell.of(context)
    file = read_file(path, tools=reading_tools(shell.load_settings()))
    check_file(file)
    for warning in file.warnings:
        put(shell.err, warning, style="yellow")
    typer.echo(file.text, nl=not file.text.endswith("\n"))


def show_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Liệt kê các văn bản trong kho."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        notices = workspace.library.notices()
    if as_json:
        typer.echo(json.dumps([_stored_json(one) for one in notices], ensure_ascii=False, indent=2))
        return
    if not notices:
        shell.err.print("Kho chưa có văn bản nào. Thêm bằng `congvu add ĐƯỜNG_DẪN`.")
        return
    number = Column("Số ký hiệu", overflow="fold")
    table = Table(number, "Loại", "Ngày", "Tình trạng", "Trích yếu", "Mã", box=box.SIMPLE)
    for one in notices:
        header = one.header
        table.add_row(
            clean(header.number),
            clean(header.kind),
            write_date(header.date) if header.date else "",
            DRAFT if header.status is Status.DRAFT else header.status.vietnamese,
            clean(header.title or one.file_name),
            one.id,
        )
    shell.out.print(table)


def show(
    context: typer.Context,
    name: NoticeName,
    clause: Annotated[
        str | None,
        typer.Argument(
            metavar="ĐIỀU_KHOẢN",
            help="Nhãn (“mục 4.b.(1), gạch đầu dòng 8”), “dòng 112” hoặc mã; bỏ trống: mục lục.",
        ),
    ] = None,
    as_json: AsJson = False,
    original: Annotated[
        Path | None,
        typer.Option(metavar="TỆP_RA", help="Chép tệp gốc của văn bản ra tệp này, không in gì."),
    ] = None,
) -> None:
    """Xem mục lục của một văn bản, hoặc một điều khoản trong ngữ cảnh của nó."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        if original is not None:
            _save_original(shell, workspace, name, original)
            return
        notice = workspace.load(name)
        found = find_clause(notice, clause) if clause is not None else None
        links = workspace.links()
        corrections = workspace.library.corrections.of(notice.id)
    today = datetime.now().astimezone().date()
    if as_json:
        content = (
            {**outline_json(notice), **relations_json(notice, links, corrections, today)}
            if found is None
            else {**clause_json(notice, found), **changes_json(found, links, today)}
        )
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    elif found is None:
        print_outline(shell.out, notice)
        print_relations(shell.out, notice, links, corrections, today)
    else:
        print_clause(shell.out, notice, found)
        print_changes(shell.out, found, links, today)


def correct(  # noqa: PLR0913, PLR0917 - an option for each field
    context: typer.Context,
    name: NoticeName,
    kind: Annotated[str | None, typer.Option(help="Loại văn bản, ví dụ “Quyết định”.")] = None,
    number: Annotated[str | None, typer.Option(help="Số ký hiệu.")] = None,
    issuer: Annotated[str | None, typer.Option(help="Cơ quan ban hành.")] = None,
    date: Annotated[str | None, typer.Option(help="Ngày ban hành: 09/3/2026.")] = None,
    title: Annotated[str | None, typer.Option(help="Trích yếu.")] = None,
    status: Annotated[
        str | None, typer.Option(help="Tình trạng: issued (đã ban hành) hoặc draft (dự thảo).")
    ] = None,
    undo: Annotated[
        list[Field] | None,
        typer.Option(
            metavar="PHẦN",
            help=f"Bỏ phần đã sửa ({', '.join(Field)}), về điều máy đọc được; nhiều lần được.",
        ),
    ] = None,
) -> None:
    """Sửa điều nhận ra sai ở phần đầu một văn bản; được giữ khi đọc lại và khi có bản mới.

    Không nêu phần nào thì chỉ xem phần đầu đang được hiểu thế nào. Để trống một phần (""): văn bản
    không có phần ấy.
    """
    shell = Shell.of(context)
    given = (kind, number, issuer, date, title, status)
    values: dict[Field, str | None] = {
        field: value for field, value in zip(Field, given, strict=True) if value is not None
    }
    values |= dict.fromkeys(undo or ())
    with shell.workspace() as workspace:
        if values:
            stored = workspace.library.find(name)
            with CountProgress(INDEXING, shell.err) as progress:
                stored = workspace.correct(
                    stored.id,
                    values,
                    LOCAL_NAME,
                    progress,
                    lambda one: _audit(workspace, one, values),
                )
        else:
            stored = workspace.library.find(name)
        corrections = workspace.library.corrections.of(stored.id)
    print_head(shell.out, stored, corrections)


def _audit(workspace: Workspace, stored: StoredNotice, values: Mapping[Field, str | None]) -> None:
    """Write a correction into the audit log, as the service does."""
    with AuditLog.open(workspace.settings.home / audit_log.FILE_NAME) as log:
        log.append(EventKind.CORRECT, LOCAL_NAME, "done", detail=correction_detail(stored, values))


def remove(
    context: typer.Context,
    names: NoticeNames,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")] = False,
) -> None:
    """Gỡ văn bản và mọi bản cũ của nó khỏi kho và chỉ mục."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        wanted = {one.id: one for one in map(workspace.library.find, names)}
        told = ", ".join(described(one.header, one.file_name) for one in wanted.values())
        if not yes:
            shell.confirm("gỡ", told)
        with CountProgress(INDEXING, shell.err) as progress:
            gone = workspace.remove(*wanted, progress=progress)
    old = len(gone) - len(wanted)
    put(shell.out, f"Đã gỡ: {told}" + (f" và {old} bản cũ." if old else "."))


def index(
    context: typer.Context,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Quay về bản chỉ mục ngay trước bản đang dùng.")
    ] = False,
) -> None:
    """Lập lại chỉ mục; chỉ những đoạn có chữ thay đổi mới phải tính lại."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        if rollback:
            _roll_back(shell, workspace)
            return
        with CountProgress(INDEXING, shell.err) as progress:
            counts = workspace.index(progress)
    put(
        shell.out,
        f"Chỉ mục có {counts.notices} văn bản, {counts.clauses} điều khoản,"
        f" {counts.passages} đoạn (tính mới {counts.embedded}, dùng lại {counts.reused}).",
    )


def _save_original(shell: Shell, workspace: Workspace, name: str, out: Path) -> None:
    stored = workspace.library.find(name)
    data = workspace.library.origins.original(stored.id)
    try:
        with out.open("xb") as file:  # a file that is there is somebody's own
            file.write(data)
    except FileExistsError as error:
        raise BadInput(f"“{out}” đã có, không ghi đè.", "Chọn tên khác cho tệp ra.") from error
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError) as error:
        raise explain(error, str(out)) from error
    put(shell.out, f"Đã chép tệp gốc “{stored.file_name}” ra {out}.")


def _roll_back(shell: Shell, workspace: Workspace) -> None:
    manifest = workspace.roll_back()
    put(
        shell.out,
        f"Đã quay về bản chỉ mục {manifest.id}, lập lúc {manifest.created:%H:%M %d/%m/%Y} (UTC),"
        f" gồm {manifest.counts.notices} văn bản.",
    )


def described(header: Header, file_name: str) -> str:
    """Return what a notice is called in a line: kind and number, or its file."""
    draft = f" ({DRAFT})" if header.status is Status.DRAFT else ""
    if header.number:
        return f"{header.kind} {header.number}".strip() + draft
    return f"{header.kind} “{file_name}”".strip() + draft


def _report_json(report: AddReport) -> dict[str, object]:
    """Say what was recognised in a file, or why it was refused."""
    header, recognised = report.header, report.recognised
    if header is None or recognised is None:
        return {"file": str(report.path), "notice": None, "error": str(report.error)}
    extent = recognised.extent
    return {
        "file": str(report.path),
        "notice": report.added.notice_id if report.added else None,
        "outcome": report.added.outcome.value if report.added else None,
        "kind": header.kind,
        "number": header.number,
        "issuer": header.issuer,
        "date": header.date.isoformat() if header.date else None,
        "title": header.title,
        "status": header.status.value,
        "pages": extent.pages,
        "clauses": recognised.clauses,
        "tables": extent.tables,
        "footnotes": extent.footnotes,
        "warnings": list(recognised.warnings),
        "doubts": list(recognised.doubts),
    }


def _stored_json(one: StoredNotice) -> dict[str, object]:
    header = one.header
    cited = CitedNotice(
        id=one.id,
        number=header.number,
        kind=header.kind,
        issuer=header.issuer,
        date=header.date.isoformat() if header.date else None,
        title=header.title,
        status=header.status.value,
        file=one.file_name,
    )
    return {**asdict(cited), "added_at": one.added_at.isoformat()}
