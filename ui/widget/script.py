"""Puts the parts of the widget together into the one script that a page loads."""

from __future__ import annotations

import json
from importlib.resources import files

_PARTS = (
    "labels.js",
    "colours.js",
    "nodes.js",
    "stream.js",
    "clause.js",
    "exchange.js",
    "chat.js",
)


def widget_script() -> str:
    """Return the script: its parts in one scope, so that the page sees none of their names.

    The style sheet goes in as text: the page loads one file, and a Content-Security-Policy that
    forbids inline styles is kept.
    """
    folder = files("ui.widget").joinpath("parts")

    def read(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    style = f"const STYLE = {json.dumps(read('style.css'), ensure_ascii=False)};\n"
    parts = [read("prelude.js"), style, *map(read, _PARTS)]
    return '(() => {\n"use strict";\n\n' + "\n".join(parts) + "\n})();\n"
