"""Names of WordprocessingML elements, as lxml spells them."""

from __future__ import annotations

from lxml import etree

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATIVES = f"{_COMPATIBILITY}AlternateContent"
CHOICE = f"{_COMPATIBILITY}Choice"
FALLBACK = f"{_COMPATIBILITY}Fallback"

_OFF = frozenset({"0", "false", "off", "none"})


def w(name: str) -> str:
    """Return the full name of a WordprocessingML element or attribute."""
    return WORD + name


def value(element: etree._Element | None, path: str) -> str | None:
    """Return the ``w:val`` of a child, None where there is none.

    Args:
        element: the parent, or None.
        path: local name of the child.
    """
    child = None if element is None else element.find(w(path))
    return None if child is None else child.get(w("val"))


def switch(element: etree._Element | None, name: str) -> bool | None:
    """Return an on/off property, None where it isn't said (ECMA-376, 17.17.4)."""
    child = None if element is None else element.find(w(name))
    if child is None:
        return None
    return child.get(w("val"), "1").lower() not in _OFF


def number(text: str | None, otherwise: int) -> int:
    """Return a whole number of at most nine digits, or ``otherwise``."""
    if text is None or len(text) > 10:
        return otherwise
    try:
        return int(text)
    except ValueError:
        return otherwise


def chosen(alternatives: etree._Element) -> etree._Element | None:
    """Return the alternative that a program of today shows; the others say the same again."""
    choice = alternatives.find(CHOICE)
    return choice if choice is not None else alternatives.find(FALLBACK)
