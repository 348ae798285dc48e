"""A process of its own that recognises the letters on pages: what it does can't harm the caller.

It is started as a script and imports nothing of congvu, so it is up in a fraction of a second.
On its standard input come a line of JSON (``kind``: ``pdf`` or ``image``, ``size`` in bytes,
``data``: the folder of the Vietnamese model, ``pixels``: the most of a page, ``memory`` in
bytes) and the file; then the 0-based number of a page a line. For each page, and first for the
file, it writes a line of JSON: ``{"pages": n}``, ``{"error": …}``
or ``{"width", "height", "words", "faint", "rules"}``. Places are points from the upper left
corner of the page as it stands upright, ``faint`` are the lines with words too doubtful to be text.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from typing import Any, BinaryIO

if sys.platform != "win32":
    import resource
os.environ["OMP_THREAD_LIMIT"] = "1"  # read when tesseract is loaded: a core a process

import numpy as np
import tesserocr
from PIL import Image, ImageSequence

Gray = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""A page, (height, width), 0 for black."""

_POINTS = 72.0  # of an inch
_DPI = (150.0, 300.0)
"""What pages are recognised at; tesseract was made for capitals some 30 dots high."""
_USUAL = 200.0  # dots an inch where a file doesn't say it, and for what is coarser than the least
_PAPER = (11.69, 16.54)  # inches: the longer sides of A4 and A3
_SKEW = 3.0  # degrees: a feeder doesn't turn a sheet further
_HEADLONG = 70.0  # mean confidence below which a page may stand on its head
_LEAST_SKEW = 0.3  # degrees: turning a page by less blurs it and straightens nothing
_NOISE = 60.0  # confidence of a word without a letter or figure that is no speck
_LEFT_OUT = 60.0  # confidence of a word that only the second look found
_BULLETS = frozenset("-–—+*•")  # they are small, and so read with little confidence


class Rules:
    """The ruled lines of a page, found by their long runs of black dots.

    Args:
        page: the page.
        dpi: dots an inch.
    """

    def __init__(self, page: Gray, dpi: float) -> None:
        self._ink = page < 128
        self._dpi = dpi
        shortest = int(0.35 * dpi)  # longer than any stroke of a letter of a document
        self._level = _runs(self._ink, shortest)
        self._upright = _runs(self._ink.T, shortest).T
        self.found = [
            *((False, *one) for one in self._lines(self._level)),
            *((True, *one) for one in self._lines(self._upright.T)),
        ]
        """Whether upright, where it stands, where it begins and ends; dots."""

    def erased(self, page: Gray) -> Gray:
        """Return the page without them."""
        gone = self._level | self._upright
        # What a scan adds beside a line: its ragged edge.
        for axis in (0, 1):
            for step in (1, -1, 2, -2):
                gone |= np.roll(self._level if axis == 0 else self._upright, step, axis)
        return np.where(gone, np.uint8(255), page)

    def _lines(self, runs: np.ndarray[Any, np.dtype[np.bool_]]) -> list[tuple[float, int, int]]:
        """Put the level runs of neighbouring rows together to lines."""
        thickest = 0.06 * self._dpi
        lines: list[tuple[int, int, int, int]] = []  # first row, last row, start, end
        open_lines: list[tuple[int, int, int, int]] = []
        for row in np.flatnonzero(runs.any(axis=1)):
            marks = np.flatnonzero(np.diff(np.pad(runs[row].astype(np.int8), 1)))
            goes_on: list[tuple[int, int, int, int]] = []
            for one in open_lines:
                (goes_on if row - one[1] <= 2 else lines).append(one)
            open_lines = goes_on
            for start, end in marks.reshape(-1, 2).tolist():
                touching = [one for one in open_lines if one[2] <= end + 3 and start <= one[3] + 3]
                for one in touching:
                    open_lines.remove(one)
                open_lines.append(
                    (
                        min([int(row), *(one[0] for one in touching)]),
                        int(row),
                        min([start, *(one[2] for one in touching)]),
                        max([end, *(one[3] for one in touching)]),
                    )
                )
        return [
            ((first + last + 1) / 2, start, end)
            for first, last, start, end in (*lines, *open_lines)
            if last - first + 1 <= max(thickest, 0.02 * (end - start))
        ]


def _runs(
    ink: np.ndarray[Any, np.dtype[np.bool_]], shortest: int
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return the dots that lie in level runs of at least ``shortest``, small gaps passed over."""
    bridged = ink.copy()
    for step in (1, 2):
        bridged[:, step:-step] |= ink[:, 2 * step :] & ink[:, : -2 * step]
    edges = np.diff(np.pad(bridged.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    kept = np.zeros(ink.shape, dtype=np.bool_)
    for row, start, end in zip(
        *(one[ends - starts >= shortest].tolist() for one in (rows, starts, ends)), strict=True
    ):
        kept[row, start:end] = True
    return kept


def skew_of(page: Gray) -> float:
    """Return by how many degrees the lines of a page fall to the right.

    Of the angles tried, the right one lets the lines of text stand apart most: the number of
    black dots changes most from row to row (W. Postl, 1986).
    """
    step = max(1, max(page.shape) // 900)
    rows, columns = np.nonzero(page[::step, ::step] < 128)
    if rows.size < 200:
        return 0.0
    if rows.size > 60_000:
        chosen = np.linspace(0, rows.size - 1, 60_000).astype(np.int64)
        rows, columns = rows[chosen], columns[chosen]

    def contrast(angle: float) -> float:
        heights = rows - np.tan(np.radians(angle)) * columns
        counts = np.bincount((heights - heights.min()).astype(np.int64))
        return float(np.square(np.diff(counts.astype(np.float64))).sum())

    best = max(np.arange(-_SKEW, _SKEW + 0.1, 0.25), key=contrast)
    best = max(np.arange(best - 0.2, best + 0.21, 0.05), key=contrast)
    return float(best) if contrast(best) > 1.02 * contrast(0.0) else 0.0


class Recogniser:
    """Tesseract with the Vietnamese model.

    Args:
        data: the folder of ``vie.traineddata``.
    """

    def __init__(self, data: str) -> None:
        self._api = tesserocr.PyTessBaseAPI(path=data, lang="vie", psm=tesserocr.PSM.AUTO)

    def page(self, page: Gray, dpi: float) -> dict[str, Any]:
        """Recognise a page, turned upright if it lies on its side or stands on its head."""
        found, sure = self._read(page, dpi)
        if _lies(found["words"]):
            turned = (self._read(np.rot90(page, k), dpi) for k in (1, 3))
        elif found["words"] and sure < _HEADLONG:
            turned = (one for one in ((found, sure), self._read(np.rot90(page, 2), dpi)))
        else:
            return found
        return max(turned, key=lambda one: one[1])[0]

    def _read(self, page: Gray, dpi: float) -> tuple[dict[str, Any], float]:
        if abs(angle := skew_of(page)) >= _LEAST_SKEW:
            turned = Image.fromarray(page).rotate(
                angle, resample=Image.Resampling.BICUBIC, fillcolor=255
            )
            page = np.asarray(turned)
        rules = Rules(page, dpi)
        clean = np.ascontiguousarray(rules.erased(page))
        height, width = clean.shape
        scale = _POINTS / dpi
        words = self._words_of(clean, dpi, tesserocr.PSM.AUTO)
        # What the division into columns passed over: a number alone in its column, mostly.
        rest = clean.copy()
        for word in words:
            left, top, right, bottom = (round(place / scale) for place in word[1:5])
            rest[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = 255
        more = self._words_of(rest, dpi, tesserocr.PSM.SINGLE_BLOCK)
        more = [one for one in more if any(map(str.isalnum, one[0]))]
        words += [one for one in more if one[7] >= _LEFT_OUT]
        sure = [one[7] for one in words]
        found = {
            "width": width * scale,
            "height": height * scale,
            "words": words,
            "faint": _faint(more),
            "rules": [[one[0], *(scale * place for place in one[1:])] for one in rules.found],
        }
        return found, sum(sure) / len(sure) if sure else 0.0

    def _words_of(self, page: Gray, dpi: float, mode: int) -> list[Any]:
        height, width = page.shape
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(page.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        self._api.Recognize()
        lines = self._api.GetIterator()  # None where there is nothing
        return list(self._words(lines, _POINTS / dpi)) if lines is not None else []

    @staticmethod
    def _words(lines: Any, scale: float) -> Any:  # noqa: ANN401 - tesserocr has no types
        """Yield the words: text, left, top, right, bottom, base, size, confidence, ends a line."""
        level = tesserocr.RIL
        for word in tesserocr.iterate_level(lines, level.WORD):
            box, base = word.BoundingBox(level.WORD), word.Baseline(level.WORD)
            if box is None or base is None:
                continue
            text = word.GetUTF8Text(level.WORD).strip()
            sure = word.Confidence(level.WORD)
            last = word.IsAtFinalElement(level.TEXTLINE, level.WORD)
            bullet = text in _BULLETS and word.IsAtBeginningOf(level.TEXTLINE) and not last
            speck = sure < _NOISE and not bullet and not any(map(str.isalnum, text))
            if not text or speck:
                continue
            row = word.RowAttributes()
            (left, top, right, bottom), (_, low) = box, base[0]
            places = (scale * place for place in (left, top, right, bottom, low, row["row_height"]))
            yield [text, *places, sure, last]


def _faint(words: list[Any]) -> list[str]:
    """Return the lines that have a word with letters which is left out: a pale stamp, mostly."""
    lines: list[list[Any]] = [[]]
    for word in words:
        lines[-1].append(word)
        if word[8]:
            lines.append([])
    return [
        " ".join(one[0] for one in line)
        for line in lines
        if any(one[7] < _LEFT_OUT and any(map(str.isalpha, one[0])) for one in line)
    ]


def _lies(words: list[Any]) -> bool:
    """Whether most words run up or down: the page lies on its side."""
    long = [one for one in words if len(one[0]) > 3]
    tall = [one for one in long if one[4] - one[2] > one[3] - one[1]]
    return 2 * len(tall) > len(long)


class Pages:
    """The pages of a file as pictures.

    Args:
        kind: ``pdf`` or ``image``.
        data: the whole file.
        pixels: the most that a page may have.
    """

    def __init__(self, kind: str, data: bytes, pixels: int) -> None:
        self._pixels = pixels
        if kind == "pdf":
            import pypdfium2  # noqa: PLC0415 - pictures don't need it

            self._pdf = pypdfium2.PdfDocument(data)
            self.count = len(self._pdf)
        else:
            self._pdf = None
            Image.MAX_IMAGE_PIXELS = None  # looked at below, for each page
            self._image = Image.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
            self.count = getattr(self._image, "n_frames", 1)

    def page(self, number: int) -> tuple[Gray, float]:
        """Return a page and its dots an inch.

        Raises:
            ValueError: it has too many dots.
        """
        return self._rendered(number) if self._pdf is not None else self._decoded(number)

    def _rendered(self, number: int) -> tuple[Gray, float]:
        page = self._pdf[number]
        width, height = page.get_size()
        dpi = self._resolution(page, width * height)
        self._check(width * dpi / _POINTS, height * dpi / _POINTS)
        bitmap = page.render(scale=dpi / _POINTS, grayscale=True)
        gray = bitmap.to_numpy()
        return np.array(gray.reshape(gray.shape[0], gray.shape[1])), dpi

    @staticmethod
    def _resolution(page: Any, area: float) -> float:  # noqa: ANN401 - pypdfium2 has no types
        """Return the dots an inch of the picture that the page is, as it was scanned."""
        from pypdfium2 import raw  # noqa: PLC0415

        densest = 0.0
        for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
            left, bottom, right, top = picture.get_bounds()
            if (right - left) * (top - bottom) > area / 4:
                densest = max(densest, picture.get_px_size()[0] / (right - left) * _POINTS)
        least, most = _DPI
        return min(densest, most) if densest >= least else _USUAL

    def _decoded(self, number: int) -> tuple[Gray, float]:
        self._image.seek(number)
        width, height = self._image.size
        self._check(width, height)
        frame = next(iter(ImageSequence.Iterator(self._image))) if self.count == 1 else self._image
        frame.load()
        if frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
            whole = frame.convert("RGBA")
            paper = Image.new("RGBA", whole.size, "white")
            frame = Image.alpha_composite(paper, whole)
        gray = frame.convert("L")
        dpi = self._told(frame, max(width, height))
        least, most = _DPI
        wanted = min(dpi, most) if dpi >= least else _USUAL
        if abs(wanted - dpi) > 1:
            size = (round(width * wanted / dpi), round(height * wanted / dpi))
            self._check(*size)
            gray = gray.resize(size, Image.Resampling.LANCZOS)
        return np.array(gray), wanted

    @staticmethod
    def _told(image: Image.Image, longest: int) -> float:
        """Return the dots an inch of a picture; a photo says 72 and means nothing by it."""
        told = float(image.info.get("dpi", (0.0, 0.0))[0])
        sheet = longest / told if told > 0 else 0.0
        return told if 0.5 * _PAPER[0] <= sheet <= 1.2 * _PAPER[1] else longest / _PAPER[0]

    def _check(self, width: float, height: float) -> None:
        if width * height > self._pixels or min(width, height) < 10:
            raise ValueError(f"a page of {width:.0f} x {height:.0f} dots")


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def main() -> None:
    """Serve one file."""
    asked, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not stand between the answers
    order = json.loads(asked.readline())
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = asked.read(order["size"])
    try:
        pages = Pages(order["kind"], data, order["pixels"])
        recogniser = Recogniser(order["data"])
    except Exception as error:  # noqa: BLE001 - told to the one who asked
        _say(out, {"error": f"{type(error).__name__}: {error}"})
        return
    _say(out, {"pages": pages.count})
    for line in asked:
        try:
            _say(out, recogniser.page(*pages.page(int(line))))
        except Exception as error:  # noqa: BLE001 - told to the one who asked
            _say(out, {"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
