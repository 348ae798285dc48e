"""The picture in docs/architecture.md is what the imports say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
FOLDERS = ("assistant", "corpus", "eval", "index", "prompts", "ui")
HOUSES = ("assistant", "corpus")  # drawn room by room
DATA = "samples"  # a folder of texts, no room


def floors() -> list[list[str]]:
    """The rooms of each floor, from the top."""
    drawn = PICTURE.split("```floors\n")[1].split("```")[0]
    found = re.findall(r"^│ (.+?) *│", drawn, re.MULTILINE)
    return [re.split(r"\s*·\s*", line) for line in found]


def rooms_of_the_tree() -> set[str]:
    found = {folder for folder in FOLDERS if folder not in HOUSES}
    for house in HOUSES:
        for path in (ROOT / house).iterdir():
            is_room = path.suffix == ".py" or (path / "__init__.py").is_file()
            if is_room and path.stem not in {"__init__", DATA}:
                found.add(f"{house}.{path.stem}")
    return found


def room_of(module: str) -> str | None:
    """The room of a module; None for the houses themselves and what isn't ours."""
    parts = module.split(".")
    if parts[0] not in HOUSES:
        return parts[0] if parts[0] in FOLDERS else None
    return ".".join(parts[:2]) if len(parts) > 1 else None


def imports() -> Iterator[tuple[str, str, str]]:
    """(room, room that it uses, where) of every import in the tree."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).with_suffix("")
            own = room_of(".".join(place.parts))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named: list[str] = []
                if isinstance(node, ast.ImportFrom) and node.module:
                    whole = node.module in HOUSES
                    named = [
                        f"{node.module}.{a.name}" if whole else node.module for a in node.names
                    ]
                elif isinstance(node, ast.Import):
                    named = [alias.name for alias in node.names]
                for name in named:
                    used = room_of(name)
                    if own and used and own != used:
                        yield own, used, f"{place}:{node.lineno}"


def test_every_room_is_drawn_once() -> None:
    drawn = [room for floor in floors() for room in floor]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == rooms_of_the_tree()


def test_rooms_use_only_the_floors_below() -> None:
    floor_of = {room: n for n, floor in enumerate(floors()) for room in floor}
    upwards = [
        f"{own} uses {used} ({where})"
        for own, used, where in imports()
        if floor_of[used] <= floor_of[own]
    ]
    assert upwards == []


def test_the_files_that_the_guide_names_are_there() -> None:
    named = re.findall(r"`((?:assistant|corpus|index|ui|eval|tests|docs)/[\w/.]+)`", PICTURE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
