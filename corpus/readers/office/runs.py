"""The text of one Word paragraph as Word shows it: revisions accepted, fields by their results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.readers.office.names import ALTERNATIVES, MATH, chosen, number, w
from corpus.readers.office.styles import Look, Styles, look_of
from corpus.readers.old_fonts import old_encoding, shown_by

_DELETED = frozenset({w("del"), w("moveFrom")})
_PICTURES = frozenset({w("drawing"), w("pict"), w("object")})
_SIGNS = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("noBreakHyphen"): "-",
    w("br"): "\n",
    w("cr"): "\n",
}
# Left out: properties, the words of a ruby above its base, and what has no text.
_PASSED = frozenset({w("pPr"), w("rPr"), w("sdtPr"), w("rt"), w("instrText"), w("delText")})
_BOX = w("txbxContent")
# Symbol fonts that forms use for boxes to tick and arrows; others keep their character.
_SYMBOLS = {
    "f06f": "☐", "f071": "☐", "f0a8": "☐", "f0fe": "☒", "f0fd": "☒", "f052": "☑", "f053": "☒",
    "f0fc": "✓", "f0b7": "•", "f0a7": "▪", "f0e0": "→", "f0b3": "≥", "f0a3": "≤", "f0b0": "°",
    "f0b4": "×", "f0b1": "±", "f02d": "-",
}  # fmt: skip


@dataclass(slots=True)
class Words:
    """What a paragraph holds.

    Args:
        text: as shown; a footnote is ``[^n]``.
        bold: whether all its letters are bold.
        unseen: words that nobody can see, left out of the text.
        notes: the notes referred to: whether it is an endnote, and its id.
        boxes: contents of the text boxes anchored in it.
        encodings: the old ones that some of it was typed in.
    """

    text: str = ""
    bold: bool = False
    unseen: list[str] = field(default_factory=list)
    notes: list[tuple[bool, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    encodings: set[str] = field(default_factory=set)


class RunReader:
    """Reads the runs of paragraphs.

    Args:
        styles: of the document.
        note_mark: returns the mark of a note: whether it is an endnote, and its id.
    """

    def __init__(self, styles: Styles, note_mark: Callable[[bool, str], str]) -> None:
        self._styles = styles
        self._note_mark = note_mark
        # A field may go on in further paragraphs; True until its result begins.
        self._fields: list[bool] = []

    def read(self, paragraph: etree._Element, look: Look, *, on_colour: bool) -> Words:
        """Return the words of a paragraph.

        Args:
            paragraph: ``w:p``.
            look: of its paragraph style.
            on_colour: whether it stands on a ground of its own.
        """
        words = Words()
        pieces: list[str] = []
        bold: bool | None = None
        for run in self._runs(paragraph, words):
            boxes, notes = len(words.boxes), len(words.notes)
            piece = self._text_of(run, words)
            if any(self._fields):
                continue
            own = self._look(run, look)
            if own.is_unseen(on_colour=on_colour):
                words.unseen += [piece] if piece else []
                if own.hidden:
                    del words.boxes[boxes:], words.notes[notes:]
                continue
            if encoding := old_encoding(own.font or ""):
                words.encodings.add(encoding)
                piece = shown_by(piece, own.font or "")
            else:
                piece = piece.replace(_SOFT_HYPHEN, "")  # seen at the end of a line only
            pieces.append(piece.upper() if own.capitals else piece)
            if piece.strip():
                bold = bool(own.bold) and bold is not False
        words.text = "".join(pieces)
        words.bold = bool(bold)
        return words

    def _look(self, run: etree._Element, under: Look) -> Look:
        properties = run.find(w("rPr"))
        if properties is None:
            return under
        style = properties.find(w("rStyle"))
        if style is not None:
            under = self._styles.look(style.get(w("val"), ""), under)
        return look_of(properties).over(under)

    def _runs(self, parent: etree._Element, words: Words) -> Iterator[etree._Element]:
        """Yield the runs below an element in order, whatever wraps them."""
        for child in parent:
            tag = child.tag
            if tag == w("r"):
                yield child
            elif tag == ALTERNATIVES:
                if (one := chosen(child)) is not None:
                    yield from self._runs(one, words)
            elif tag in _PICTURES:
                words.boxes += boxes_in(child)
            elif isinstance(tag, str) and tag.startswith(MATH):
                yield child
            elif isinstance(tag, str) and tag not in _DELETED and tag not in _PASSED:
                yield from self._runs(child, words)

    def _text_of(self, run: etree._Element, words: Words) -> str:
        if not run.tag.startswith(w("")):
            return "".join(text.text or "" for text in run.iter(f"{MATH}t"))
        return "".join(self._pieces(run, words))

    def _pieces(self, run: etree._Element, words: Words) -> Iterator[str]:
        for child in run:
            tag = child.tag
            if tag == w("t"):
                yield child.text or ""
            elif tag == w("softHyphen"):
                yield _SOFT_HYPHEN
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag == w("sym"):
                yield symbol(child.get(w("char"), ""))
            elif tag == w("fldChar"):
                self._follow_field(child.get(w("fldCharType")))
            elif tag in (w("footnoteReference"), w("endnoteReference")):
                yield self._note(child, words)
            elif tag == ALTERNATIVES:
                if (one := chosen(child)) is not None:
                    yield from self._pieces(one, words)
            elif tag in _PICTURES:
                words.boxes += boxes_in(child)
            elif tag == w("ruby"):
                for one in self._runs(child, words):
                    yield from self._pieces(one, words)

    def _follow_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note(self, reference: etree._Element, words: Words) -> str:
        note = (reference.tag == w("endnoteReference"), reference.get(w("id"), ""))
        mark = self._note_mark(*note)
        if mark:
            words.notes.append(note)
        return mark


def boxes_in(picture: etree._Element) -> list[etree._Element]:
    """Return the contents of the text boxes in a drawing, each once."""
    found: list[etree._Element] = []
    waiting = [picture]
    while waiting:
        element = waiting.pop()
        if element.tag == _BOX:
            found.append(element)
        elif element.tag == ALTERNATIVES:
            if (one := chosen(element)) is not None:
                waiting.append(one)
        else:
            waiting.extend(reversed(element))
    return found


def symbol(code: str) -> str:
    """Return the character of a symbol font (``w:sym``), given in hexadecimal."""
    known = _SYMBOLS.get(code.lower())
    if known is not None:
        return known
    point = number(str(int(code, 16)) if code and set(code) <= _HEX else None, 0)
    return chr(point) if 0x20 <= point < 0xD800 or 0xE000 <= point <= 0xFFFD else ""


_SOFT_HYPHEN = "\u00ad"  # a letter in fonts of TCVN3
_HEX = frozenset("0123456789abcdefABCDEF")
