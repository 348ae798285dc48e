"""What a Markdown text says once its escapes are read, as converters write them.

Forms: CommonMark 2.4 (escapes), 2.5 (entities), 5.1 (block quotes), 6.7 (hard line breaks);
Pandoc's Markdown writes a no-break space as an escaped blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from corpus.parse.lines import Line

_NOTED = re.compile(
    r"\\(?P<sign>[!-/:-@\[-`{-~])|\\(?= )|\\$|(?P<break><br\s{0,3}/?>)"
    r"|</?(?:u|b|i|em|strong|span|font|small|mark|ins|center)(?:\s[^<>]{0,300})?>"
    r"|\[(?P<styled>[^\[\]]{1,500})\]\{[.#][^{}]{1,200}\}"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});)",
    re.IGNORECASE,
)
# “1\.”, “a\)”, “TM\.”, “\-”, “\(1\)” at the beginning of a line: nobody else writes that.
_ESCAPED_MARK = re.compile(
    r"[*_>\s]{0,9}(?:(?:\d{1,3}|[^\W\d_]{1,6})\\[.)]|\\[-+*·•]\s|\\?\(\w{1,5}\\\)|\\\[\^?\d{1,3}\\?\])"
)
_RAISED = re.compile(r"<sup>\s{0,3}(\d{1,3})\s{0,3}</sup>", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BESIDE = re.compile(
    r"(?:<!--.{0,300}-->|</?(?:div|p|center|span|hr|img|a|figure)\b[^<>]{0,300}>"
    r"|!\[[^\[\]]{0,300}\]\([^()]{0,500}\)(?:\{[^{}]{0,300}\})?)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6}\s{1,9}\S")
_BOLD_LINE = re.compile(r"\*\*[^*]{1,500}\*\*")
_QUOTED = re.compile(r"(?:>\s{0,3}){1,9}(?=[^>\s])")


def raised(text: str) -> str:
    """Return ``text`` with the digits in ``<sup>`` as superscripts: marks of notes, m²."""
    if "<" not in text:
        return text
    return _RAISED.sub(lambda match: match[1].translate(_SUPERSCRIPTS), text)


def stands_beside(text: str) -> bool:
    """Whether a line is nothing but a picture, a comment or a tag that begins or ends a part."""
    return text[:1] in "<!" and _BESIDE.fullmatch(text) is not None


def says(text: str) -> str:
    r"""Return ``text`` as it is meant: without backslashes, entities and tags of print.

    Args:
        text: one line, or a part of one, of a Markdown file.
    """
    text = raised(text)
    if _NOTED.search(text) is None:
        return text
    return _NOTED.sub(_meant, text).strip()


def is_markdown(lines: Sequence[Line]) -> bool:
    """Whether any line can only be Markdown: an escaped mark, a heading, a line in bold."""
    return any(
        _ESCAPED_MARK.match(line.text)
        or _HEADING.match(line.text)
        or _BOLD_LINE.fullmatch(line.text)
        for line in lines
        if line.text[0] in "#*" or "\\" in line.text
    )


def read_notation(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a Markdown file as they are meant; rows of tables are already."""
    return tuple(line if line.table else _read(line) for line in lines)


def _read(line: Line) -> Line:
    text = line.text
    if text.startswith(">"):
        text = _QUOTED.sub("", text, count=1)
    text = says(text)
    return line if text == line.text or not text else replace(line, text=text)


def _meant(match: re.Match[str]) -> str:
    if match["sign"]:
        return match["sign"]
    if match["break"]:
        return " "
    if match["styled"]:
        return match["styled"]
    return unescape(match["entity"]) if match["entity"] else ""
