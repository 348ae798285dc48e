"""HTML and SVG that are safe by construction: what is not marked as HTML is escaped.

Pages and reports hold questions, answers and clauses of other people: none of it may become
markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from ui.wording import clean

_NO_ELEMENT: Final = frozenset({"script", "style", "iframe"})
_NO_ATTRIBUTE: Final = frozenset({"style", "srcdoc"})
_NAME: Final = re.compile(r"[a-z][A-Za-z0-9-]*")  # “linearGradient”, “viewBox”
_VOID: Final = frozenset({"input", "br", "hr", "img", "link", "meta"})


class Html(str):
    """A piece of HTML; everything else is text."""

    __slots__ = ()


Child = str | None
"""Text is escaped, ``Html`` is taken as it is, None is nothing."""
Attribute = str | int | float | bool | None


def text(words: str) -> Html:
    """Escape ``words``; what would turn the direction of writing is replaced."""
    return words if isinstance(words, Html) else Html(html.escape(clean(words), quote=True))


def join(children: Iterable[Child], between: str = "") -> Html:
    """Put pieces one after the other."""
    return Html(text(between).join(text(child) for child in children if child is not None))


def el(tag: str, *children: Child, **attributes: Attribute) -> Html:
    """Write an element.

    Args:
        tag: its name.
        children: what stands in it.
        attributes: ``class_`` for ``class``, ``data_act`` for ``data-act``; True gives an
            attribute without a value, None and False give none.

    Raises:
        ValueError: a name is none that an element or attribute may have, or would hold script.
    """
    written = []
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(name) or name.lower().startswith("on") or name in _NO_ATTRIBUTE:
            raise ValueError(f"{name} may not be an attribute")
        if value is None or value is False:
            continue
        written.append(f" {name}" if value is True else f' {name}="{_value(value)}"')
    if not _NAME.fullmatch(tag) or tag.lower() in _NO_ELEMENT:
        raise ValueError(f"{tag} may not be an element")
    start = f"<{tag}{''.join(written)}>"
    return Html(start if tag in _VOID else f"{start}{join(children)}</{tag}>")


def _value(value: str | float) -> Html:
    # Two decimals are a hundredth of a pixel: more would only make the page longer.
    return text(f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value))
