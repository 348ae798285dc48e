"""``congvu models …``: what models there are, and bringing them to this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Column, Table

from assistant.runtime.models.catalogue import Catalogue, Role
from assistant.runtime.models.factory import sources
from assistant.runtime.models.progress import ConsoleReporter, human_size
from assistant.runtime.models.store import ModelStore, State
from assistant.runtime.settings import Settings
from ui.cli.console import open_console

app = typer.Typer(help="Mô hình: xem, tải, kiểm tra.", no_args_is_help=True)

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="MÔ_HÌNH…", help="Tên mô hình; bỏ trống là các mô hình đang dùng."),
]


def open_store(settings: Settings) -> ModelStore:
    """Return the store of the models that ``settings`` point to."""
    return ModelStore(settings.models, Catalogue.load())


def models_in_use(settings: Settings) -> tuple[str, ...]:
    """Return the ids of the models that ``settings`` need on this machine."""
    local = () if settings.llm_server else (settings.llm,)
    return (*local, settings.embedder)


@app.command("list")
def show() -> None:
    """Liệt kê các mô hình trong danh mục và tình trạng trên máy này."""
    settings = Settings.load()
    store = open_store(settings)
    in_use = models_in_use(settings)
    name = Column("Mô hình", no_wrap=True)  # an id that is cut short can't be copied
    table = Table(name, "Vai trò", "Cỡ", "Giấy phép", "Tình trạng", box=box.SIMPLE)
    for model in store.catalogue.models:
        table.add_row(
            model.id,
            model.role.vietnamese,
            human_size(model.size),
            model.licence.name,
            store.state(model.id).vietnamese + (", đang dùng" if model.id in in_use else ""),
        )
    open_console().print(table)


@app.command()
def pull(
    ids: Ids = None,
    local: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="ĐƯỜNG_DẪN",
            help="Tệp hoặc thư mục chứa mô hình (hay các tệp wheel của nó), được thử trước tiên.",
        ),
    ] = None,
    tests: Annotated[
        bool, typer.Option("--tests", help="Tải thêm các mô hình chỉ dùng để kiểm thử.")
    ] = False,
) -> None:
    """Tải mô hình về máy; bị ngắt thì lần sau tải tiếp, tệp nào cũng được kiểm SHA-256."""
    settings = Settings.load()
    store = open_store(settings)
    token = settings.hub_token
    wanted = list(ids or models_in_use(settings))
    if tests:
        wanted += [model.id for model in store.catalogue.of_role(Role.TEST_LLM)]
    places = sources(
        local, settings.model_mirror, settings.hub, token.get_secret_value() if token else None
    )
    with ConsoleReporter(open_console(stderr=True)) as reporter:
        for model_id in dict.fromkeys(wanted):
            path = store.pull(model_id, places, reporter)
            reporter.say(f"Đã có {model_id} ở {path}.")


@app.command()
def verify(ids: Ids = None) -> None:
    """Tính lại SHA-256 của từng tệp."""
    settings = Settings.load()
    store = open_store(settings)
    with ConsoleReporter(open_console(stderr=True)) as reporter:
        for model_id in ids or models_in_use(settings):
            store.verify(model_id, reporter)
            typer.echo(f"{model_id}: {State.READY.vietnamese}")


@app.command()
def path(
    model_id: Annotated[str, typer.Argument(metavar="MÔ_HÌNH", help="Tên mô hình.")],
) -> None:
    """In đường dẫn của mô hình trên máy này."""
    typer.echo(open_store(Settings.load()).path(model_id))
