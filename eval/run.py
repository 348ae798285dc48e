"""Runs a suite into a directory, and goes on where a stopped run was."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from assistant.runtime.settings import Settings
from corpus.errors import BadInput
from eval.machine import Machine, code_hash
from eval.measures import Metric, measure, measure_slices, words_by_kind
from eval.record import RunFolder, in_order
from eval.suites.base import Progress, Suite, Surroundings, to_json
from eval.wording import measure_wording

_WHERE = ("home", "models")
"""Settings that say where things lie, not what is measured: a run may go on elsewhere."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made with besides its suite.

    Args:
        surroundings: settings, overrides included, and what opens the models.
        overrides: setting → value as given, secrets hidden.
        command: the command line, secrets hidden.
        progress: hears of questions done.
        clock: gives the time of begin and end.
    """

    surroundings: Surroundings
    overrides: Mapping[str, str]
    command: str
    progress: Progress
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def run_suite(suite: Suite, folder: RunFolder, plan: Plan) -> dict[str, Metric]:
    """Do what is left of a run and measure all of it.

    Args:
        suite: what is asked.
        folder: where the run is kept; what was begun there must be the same run.
        plan: what it is made with.

    Returns:
        the figures by name.

    Raises:
        BadInput: another run was begun in ``folder``.
        Busy: another process writes there.
    """
    with folder.locked():
        folder.drop_half_record()
        run = _describe(suite, plan)
        if folder.is_begun:
            run = folder.check(run)
        done = {record["id"] for record in folder.records()}
        todo = [task for task in suite.tasks if task not in done]
        if todo:
            run = _work(suite, todo, folder, plan)
        records = in_order(folder.records(), suite.tasks)
        metrics = measure(records) | words_by_kind(records) | measure_wording(records)
        finished = run.get("finished") or _time(plan.clock())
        folder.finish({**run, "finished": finished}, metrics, measure_slices(records))
    return metrics


def _work(suite: Suite, todo: Sequence[str], folder: RunFolder, plan: Plan) -> dict[str, Any]:
    total = len(suite.tasks)
    with suite.open(plan.surroundings) as session:
        made_with = {"congvu": version("congvu"), "code": code_hash(), **session.versions}
        run = folder.begin({**_describe(suite, plan), "versions": made_with})
        plan.progress(total - len(todo), total)
        for number, task in enumerate(todo, start=1):
            folder.append(session.record(task))
            plan.progress(total - len(todo) + number, total)
    return run


def _describe(suite: Suite, plan: Plan) -> dict[str, Any]:
    """Return ``run.json`` but for the versions, which are known when the models are open."""
    settings = plan.surroundings.settings.redacted()
    described: dict[str, Any] = to_json(
        {
            "suite": suite.name,
            "started": _time(plan.clock()),
            "finished": None,
            "settings": {k: v for k, v in settings.items() if k not in _WHERE},
            "set": dict(plan.overrides),
            "options": dict(suite.options),
            "machine": asdict(Machine.this()),
            "data": asdict(suite.data),
            "command": plan.command,
        }
    )
    return described


def override(settings: Settings, given: Sequence[str]) -> tuple[Settings, dict[str, str]]:
    """Apply ``--set`` options.

    Args:
        settings: as they are without.
        given: ``name=value`` each.

    Returns:
        the settings, and name → value as it may be shown.

    Raises:
        BadInput: no ``=``, no such setting, or a value that it doesn't take.
    """
    changed: dict[str, Any] = {}
    for option in given:
        name, equals, value = option.partition("=")
        if not equals:
            raise BadInput(f"--set {option} thiếu dấu “=”.", "Viết --set TÊN=GIÁ_TRỊ.")
        if name not in Settings.model_fields:
            close = difflib.get_close_matches(name, Settings.model_fields, n=1)
            remedy = f"Có phải là {close[0]}?" if close else "Xem tên bằng `congvu settings`."
            raise BadInput(f"Không có thiết lập nào tên là {name}.", remedy)
        changed[name] = value or None
    kept = {name: getattr(settings, name) for name in Settings.model_fields}
    try:
        new = Settings(**(kept | changed))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        allowed = next(info.values for info in Settings.describe() if info.name == name)
        raise BadInput(f"--set {name} không dùng được.", f"Giá trị phải là {allowed}.") from error
    shown = new.redacted()
    return new, {name: shown[name] for name in changed}


def default_folder_name(suite: str, now: datetime) -> str:
    """Return the name of a new run's directory: UTC time and suite."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{suite}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
