"""What stands on a page of a PDF: its letters and its ruled lines, with their places.

Places are in points from the lower left corner of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

HYPHEN = "\x02"
"""How a hyphen is given that ends a line: pdfium takes a soft hyphen there for one, which is a
letter in the fonts of TCVN3."""
_BOLD = 600  # font weight, of 1,000
_WHITE = 245  # of 255
_TINY = 2.0  # points: nobody reads smaller letters
_TALL = 0.91  # height of a letter's box over the size of its font, for the fonts of offices
_MOST_GLYPHS = 100_000  # of a page; a dense one has 6,000
_MOST_LINES = 20_000
_STRAIGHT = 1.5  # points that a ruled line may lean
_NONE = 20  # letters of a page: with fewer there is nothing to read but its pictures
_FEW = 300  # likewise, where a picture covers most of it
_MOST = 0.6  # of a page
_DRAWN = 100  # lines and shapes: a frame and a table without words have fewer
_SHORTEST = 4.0  # points: shorter strokes are parts of letters and pictures


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@dataclass(slots=True)
class Glyph:
    """A letter.

    Args:
        text: one character.
        left: where it begins.
        right: where the next one would begin.
        base: height of the line that it stands on.
        size: of its font, points.
        bold: whether the font is bold.
        apart: whether pdfium would put a blank before it; wrong where letters come in another
            order than they stand, so it only counts where there is some gap.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, upright or level, from ``start`` to ``end`` along ``at``."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on a page.

    Args:
        glyphs: the letters that can be seen, blanks too, in the order of the file.
        rules: the ruled lines.
        width: points.
        height: points.
        unseen: letters that nobody can see.
        unknown: how many letters the file doesn't name.
        pictured: how much of the page its largest picture covers, 0 to 1.
        paths: how many lines and shapes there are; letters may be drawn of them.
        scanned: whether the letters were recognised in a picture.
        faint: lines of a picture with words that were hardly recognised, and so are no text.
    """

    glyphs: list[Glyph]
    rules: list[Rule]
    width: float
    height: float
    unseen: str
    unknown: int
    pictured: float = 0.0
    paths: int = 0
    scanned: bool = False
    faint: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether what there is to read is a picture, or drawn.

        A signature puts some words of its own on a scan.
        """
        letters = sum(not one.text.isspace() for one in self.glyphs)
        shown = self.pictured > 0 or self.paths > _DRAWN
        return shown and letters < (_FEW if self.pictured > _MOST else _NONE)


BLANK = PageContent([], [], 1.0, 1.0, "", 0)
"""A page of which nothing is known."""


def read_page(page: pdfium.PdfPage) -> PageContent:
    """Read a page."""
    width, height = page.get_size()
    turn = _Turn(page)
    grounds: list[Box] = []
    rules: list[Rule] = []
    pictured = 0.0
    paths = 0
    for i in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, i)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictured = max(pictured, _area(item) / max(width * height, 1.0))
            continue
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if len(rules) < _MOST_LINES:
            rules += _rules_of(item, turn)
            if (ground := _ground_of(item, turn)) is not None:
                grounds.append(ground)
    paper = Box(0.0, 0.0, width, height)
    glyphs: list[Glyph] = []
    unseen: list[str] = []
    unknown = 0
    text_page = page.get_textpage()
    try:
        for glyph, white in _glyphs_of(text_page.raw, turn):
            if glyph.text == "\ufffd":
                unknown += 1
            hidden = white and not any(one.holds(glyph.left, glyph.base) for one in grounds)
            if hidden or glyph.size < _TINY or not paper.holds(glyph.left, glyph.base):
                unseen.append(glyph.text)
            else:
                glyphs.append(glyph)
    finally:
        text_page.close()
    return PageContent(
        glyphs, rules, width, height, "".join(unseen).strip(), unknown, pictured, paths
    )


def _area(picture: object) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(picture, left, bottom, right, top):
        return 0.0
    return abs(right.value - left.value) * abs(top.value - bottom.value)


class _Turn:
    """Turns places of the file into places on the page as it is shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._turns = raw.FPDFPage_GetRotation(page.raw)
        width, height = page.get_size()
        self._width, self._height = width, height
        left, bottom, _, _ = page.get_mediabox(fallback_ok=True) or (0.0, 0.0, 0.0, 0.0)
        self._left, self._bottom = left, bottom

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self._left, y - self._bottom
        if self._turns == 1:
            return y, self._height - x
        if self._turns == 2:
            return self._width - x, self._height - y
        if self._turns == 3:
            return self._width - y, x
        return x, y


def _glyphs_of(text_page: object, turn: _Turn) -> Iterator[tuple[Glyph, bool]]:
    """Yield the letters of a page, and whether each is white."""
    x, y = ctypes.c_double(), ctypes.c_double()
    box = raw.FS_RECTF()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    apart = False
    before = 0  # the first half of a character beyond the first plane
    for i in range(min(raw.FPDFText_CountChars(text_page), _MOST_GLYPHS)):
        if raw.FPDFText_IsGenerated(text_page, i) == 1:
            apart = True
            continue
        code = raw.FPDFText_GetUnicode(text_page, i)
        if 0xD800 <= code < 0xDC00:
            before = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((before - 0xD800) << 10) + code - 0xDC00 if before else 0xFFFD
        before = 0
        if code in (0x2, 0xFFFE):
            code = ord(HYPHEN)
        elif code in (0, 0xFFFF):
            code = 0xFFFD
        if not (
            raw.FPDFText_GetCharOrigin(text_page, i, x, y)
            and raw.FPDFText_GetLooseCharBox(text_page, i, box)
        ):
            continue
        start = turn(x.value, y.value)
        low, high = turn(box.left, box.bottom), turn(box.right, box.top)
        right, tall = max(low[0], high[0]), abs(high[1] - low[1])
        white = False
        if raw.FPDFText_GetFillColor(text_page, i, red, green, blue, alpha):
            white = min(red.value, green.value, blue.value) >= _WHITE
        glyph = Glyph(
            chr(code) if code >= 0x20 or code == ord(HYPHEN) else " ",
            start[0],
            right,
            start[1],
            tall / _TALL,
            raw.FPDFText_GetFontWeight(text_page, i) >= _BOLD,
            apart,
        )
        apart = False
        if all(map(math.isfinite, (glyph.left, glyph.right, glyph.base, glyph.size))):
            yield glyph, white


def _points_of(path: object, turn: _Turn) -> Iterator[tuple[int, float, float]]:
    """Yield the corners of a path: what leads to each, and its place."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(min(raw.FPDFPath_CountSegments(path), _MOST_LINES)):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        if raw.FPDFPathSegment_GetPoint(segment, x, y):
            place = turn(
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
            yield raw.FPDFPathSegment_GetType(segment), *place


def _rules_of(path: object, turn: _Turn) -> Iterator[Rule]:
    last: tuple[float, float] | None = None
    for kind, x, y in _points_of(path, turn):
        if kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            wide, tall = abs(x - last[0]), abs(y - last[1])
            if wide <= _STRAIGHT and tall >= _SHORTEST:
                yield Rule(True, (x + last[0]) / 2, min(y, last[1]), max(y, last[1]))
            elif tall <= _STRAIGHT and wide >= _SHORTEST:
                yield Rule(False, (y + last[1]) / 2, min(x, last[0]), max(x, last[0]))
        last = (x, y)


def _ground_of(path: object, turn: _Turn) -> Box | None:
    """The box that a path fills with a colour, if it does."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, mode, stroke) or not mode.value:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return None
    if min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0:
        return None
    corners = [(x, y) for _, x, y in _points_of(path, turn)]
    if not corners:
        return None
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(across), min(up), max(across), max(up))
