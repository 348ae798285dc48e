"""The structure of a Word document: its paragraphs, tables, rows and cells, whatever wraps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.readers.office.names import ALTERNATIVES, chosen, number, value, w
from corpus.readers.office.styles import is_coloured


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row; ``element`` is None where another row's cell covers it."""

    element: etree._Element | None
    columns: int


def blocks_in(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables of a container, whatever wraps them."""
    for child in parent:
        if child.tag in (w("p"), w("tbl")):
            yield child
        elif child.tag == ALTERNATIVES:
            if (one := chosen(child)) is not None:
                yield from blocks_in(one)
        elif child.tag in _WRAPPERS:
            yield from blocks_in(child)


_WRAPPERS = frozenset(
    w(name) for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)


def rows_in(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows of a table that no tracked change deletes."""
    for child in parent:
        if child.tag == w("tr"):
            if child.find(f"{w('trPr')}/{w('del')}") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from rows_in(child)


def cells_in(row: etree._Element) -> Iterator[Cell]:
    """Yield the cells of a row from its first column; columns left out before it are empty ones."""
    before = number(value(row.find(w("trPr")), "gridBefore"), 0)
    yield from [Cell(None, 1)] * min(before, 100)
    yield from _inside(row)


def _inside(parent: etree._Element) -> Iterator[Cell]:
    for child in parent:
        if child.tag == w("tc"):
            properties = child.find(w("tcPr"))
            columns = min(max(1, number(value(properties, "gridSpan"), 1)), 100)
            merged = None if properties is None else properties.find(w("vMerge"))
            covered = merged is not None and merged.get(w("val"), "continue") == "continue"
            yield Cell(None if covered else child, columns)
        elif child.tag in _WRAPPERS:
            yield from _inside(child)


def has_ground(cell: Cell) -> bool:
    """Whether a cell stands on a ground of its own."""
    return cell.element is not None and bool(is_coloured(cell.element.find(w("tcPr"))))


def notes_in(root: etree._Element | None, tag: str) -> dict[str, etree._Element]:
    """The notes by id, without the lines that part them from the text."""
    if root is None:
        return {}
    return {
        one.get(w("id"), ""): one
        for one in root.iterchildren(tag)
        if one.get(w("type"), "normal") == "normal"
    }


def rough_text(element: etree._Element) -> str:
    """The words of a cell, a line for each paragraph: enough to tell what the table is for."""
    return "\n".join(lines_in(element))


def lines_in(root: etree._Element) -> Iterator[str]:
    """Yield the typed words of each paragraph below an element, whatever they look like."""
    for paragraph in root.iter(w("p")):
        yield "".join(
            "\t"
            if one.tag == w("tab")
            else "-"
            if one.tag == w("noBreakHyphen")
            else one.text or ""
            for one in paragraph.iter(w("t"), w("tab"), w("noBreakHyphen"))
        )
