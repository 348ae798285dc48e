"""What reading some formats needs, as the settings name it."""

from __future__ import annotations

from pathlib import Path

from assistant.runtime.settings import Settings
from corpus.readers.tools import OCR_MODEL, Tools


def reading_tools(settings: Settings) -> Tools:
    """Return what there is on this machine; the model is looked for when it is needed."""

    def ocr_model() -> Path:
        # Most commands read no scan, and the catalogue takes a while to read.
        from assistant.runtime.models.catalogue import Catalogue  # noqa: PLC0415
        from assistant.runtime.models.store import ModelStore  # noqa: PLC0415

        return ModelStore(settings.models, Catalogue.load()).path(OCR_MODEL).parent

    return Tools(
        ocr_model,
        workers=settings.threads,
        most_scanned=settings.scan_pages,
        office=settings.office_converter and settings.office_converter.expanduser(),
    )
