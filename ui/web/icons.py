"""The drawings on buttons."""

from __future__ import annotations

from typing import Final

from ui.html import Html


def icon(name: str) -> Html:
    """Return a drawing that screen readers pass over."""
    return Html(
        '<svg class="cv-icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"'
        ' focusable="false" fill="none" stroke="currentColor" stroke-width="1.6"'
        f' stroke-linecap="round" stroke-linejoin="round"><path d="{_PATHS[name]}"/></svg>'
    )


_PATHS: Final = {
    "add": "M10 4v12M4 10h12",
    "back": "M12 4l-6 6 6 6",
    "bin": "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.5 9v4.5M11.5 9v4.5",
    "chat": "M4 5h12v8H9l-4 3v-3H4z",
    "close": "M5 5l10 10M15 5L5 15",
    "copy": "M7 7h9v9H7zM4 13V4h9",
    "document": "M6 3h6l3 3v11H6zM12 3v3h3M8.5 10h4M8.5 13h4",
    "down": "M6 3v8H3V3zM6 10.5l3 6.5c1.5 0 2-1 1.7-2.5L10.2 12H15c1.5 0 2-1 1.7-2.2"
    "l-1.2-5.3C15.2 3.5 14.5 3 13.5 3H6",
    "export": "M10 3v9M6.5 8.5L10 12l3.5-3.5M4 13v3h12v-3",
    "filter": "M3 5h14M6 10h8M8.5 15h3",
    "light": "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v1.5M10 16.5V18M2 10h1.5"
    "M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1"
    "M14.6 5.4l1.1-1.1",
    "menu": "M3 5h14M3 10h14M3 15h14",
    "next": "M8 4l6 6-6 6",
    "none": "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M5 5l10 10",
    "pen": "M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2zM11.5 6.1l2.4 2.4",
    "retry": "M15.5 8A6 6 0 1 0 16 11M16 4v4h-4",
    "out": "M8 4H4v12h4M8 10h9M13.5 6.5L17 10l-3.5 3.5",
    "send": "M10 16V4M5 9l5-5 5 5",
    "stop": "M6 6h8v8H6z",
    "up": "M6 17V9H3v8zM6 9.5L9 3c1.5 0 2 1 1.7 2.5L10.2 8H15c1.5 0 2 1 1.7 2.2"
    "l-1.2 5.3c-.3 1-1 1.5-2 1.5H6",
    "upload": "M10 13V4M6.5 7.5L10 4l3.5 3.5M4 13v3h12v-3",
    "warning": "M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1",
}
