"""Pictures of pages for tests, and what stands in for the process that recognises them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import machine
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from corpus.readers.tools import Tools

DPI = 200
A4 = (1654, 2339)  # dots


def ocr_tools(**others: int) -> Tools:
    """The model of this machine; the test must be marked ``ocr``."""
    store = machine.model_store()
    return Tools(lambda: store.path("tesseract-vie").parent, **others)  # type: ignore[arg-type]


def sheet(*lines: str, size: int = 36, left: int = 180, top: int = 200) -> Image.Image:
    """A page of lines without diacritics: no font that has them is on every machine."""
    image = Image.new("L", A4, 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size)
    for i, line in enumerate(lines):
        draw.text((left, top + i * size * 1.6), line, font=font, fill=0)
    return image


def ruled(rows: Sequence[Sequence[str]], widths: Sequence[int], tall: int = 110) -> Image.Image:
    """A page with a ruled table."""
    image = sheet()
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(34)
    left, top = 180, 300
    edges = [left + sum(widths[:i]) for i in range(len(widths) + 1)]
    for i, row in enumerate(rows):
        for edge, words in zip(edges, row, strict=False):
            draw.text((edge + 20, top + i * tall + 30), words, font=font, fill=0)
    for i in range(len(rows) + 1):
        draw.line([(edges[0], top + i * tall), (edges[-1], top + i * tall)], fill=0, width=3)
    for edge in edges:
        draw.line([(edge, top), (edge, top + len(rows) * tall)], fill=0, width=3)
    return image


def packed_as(kind: str, *images: Image.Image) -> bytes:
    """The bytes of a file of that format: ``PNG``, ``JPEG``, ``TIFF`` or ``PDF``."""
    out = io.BytesIO()
    first, *more = images
    several = {"save_all": True, "append_images": more} if more else {}
    first.save(out, kind, dpi=(DPI, DPI), resolution=DPI, **several)
    return out.getvalue()


def joined(*files: bytes) -> bytes:
    """One PDF of the pages of several."""
    whole = pdfium.PdfDocument.new()
    for data in files:
        whole.import_pages(pdfium.PdfDocument(data))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def worker(folder: Path, body: str, pages: int = 3) -> Path:
    """A script that answers for the real one; ``body`` sees ``number`` and prints."""
    path = folder / "worker.py"
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    path.write_text(
        "import json, os, sys, time\n"
        "order = json.loads(sys.stdin.buffer.readline())\n"
        "sys.stdin.buffer.read(order['size'])\n"
        f"print(json.dumps({{'pages': {pages}}}), flush=True)\n"
        "def say(*words, sure=95.0, faint=(), rules=()):\n"
        "    rows = [[w, 80.0 + 60 * i, 288.0, 130.0 + 60 * i, 303.0, 300.0, 14.0, sure,"
        " w is words[-1]] for i, w in enumerate(words)]\n"
        "    page = {'width': 595.0, 'height': 842.0, 'words': rows,"
        " 'faint': faint, 'rules': rules}\n"
        "    print(json.dumps(page), flush=True)\n"
        "for line in sys.stdin.buffer:\n"
        "    number = int(line)\n" + indented + "\n",
        "utf-8",
    )
    return path
