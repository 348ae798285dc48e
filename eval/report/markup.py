"""HTML and SVG elements whose text is escaped unless it is markup made here.

A run holds questions, answers and clauses of other people: none of it may become markup. So
text is escaped by default, and only what ``el`` returns passes as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_VOID = frozenset({"meta", "link", "br", "input"})
# What XML does not know either; a page with them is damaged for some readers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | None
Attribute = str | int | float | bool | None


def escape(text: str) -> Markup:
    """Escape text for element content and quoted attributes."""
    return text if isinstance(text, Markup) else Markup(html.escape(_CONTROL.sub("�", text)))


def join(children: Iterable[Child], between: str = "") -> Markup:
    """Put children one after the other; text among them is escaped."""
    return Markup(between.join(escape(child) for child in children if child is not None))


def el(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """Return an element.

    Args:
        tag: as written, e.g. ``linearGradient``.
        children: text, which is escaped, or markup; None is left out.
        attributes: ``class_`` gives ``class``, ``data_kind`` gives ``data-kind``; False and
            None are left out, True is an attribute without a value.
    """
    shown = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_value(value)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{join(children)}</{tag}>")


def _value(value: Attribute) -> str:
    # Two decimals are a hundredth of a pixel: more would only make the page longer.
    return (
        f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value))
    )
