"""What some formats need that is no part of congvu: a model, a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelMissing

OCR_MODEL = "tesseract-vie"
"""The model that recognises Vietnamese letters, as the catalogue calls it."""


def _no_model() -> Path:
    raise ModelMissing("Chưa có mô hình nhận dạng chữ.", f"Chạy `congvu models pull {OCR_MODEL}`.")


@dataclass(frozen=True, slots=True)
class Tools:
    """What there is on this machine.

    Args:
        ocr_model: returns the folder of the model that recognises letters; raises
            ``ModelMissing`` or ``Damaged`` where it can't be used.
        workers: processes that recognise pages at the same time.
        most_scanned: pages of a file that are recognised; one with more is refused.
        office: the program that turns ``.doc`` into ``.docx``, or None to look for LibreOffice.
    """

    ocr_model: Callable[[], Path] = _no_model
    workers: int = 1
    most_scanned: int = 200
    office: Path | None = None
