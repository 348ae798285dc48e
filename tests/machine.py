"""What lies on this machine besides the repository."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from assistant.runtime.models.catalogue import Catalogue
from assistant.runtime.models.store import ModelStore, State
from assistant.runtime.settings import Settings
from corpus.readers.tools import OCR_MODEL

ROOT = Path(__file__).parents[1]
NOTICES = Path(os.environ.get("NOTICES_DIR", ROOT.parent / "shared" / "notices"))
DOCUMENTS = Path(os.environ.get("DOCUMENTS_DIR", ROOT.parent / "shared" / "documents"))
BENCH = Path(os.environ.get("BENCH_DIR", ROOT.parent / "shared" / "bench"))
CASES = Path(os.environ.get("CASES_DIR", ROOT.parent / "shared" / "cases"))

QWEN = "qwen2.5-coder-1.5b-instruct-q4_k_m"
GEMMA = "gemma-3-270m-q4_k_m"
EMBEDDER = "embeddinggemma-300m"
_READY = {State.READY, State.UNCHECKED}


def chromium() -> str | None:
    """The browser for browser tests, or None."""
    return shutil.which("chromium")


def office() -> str | None:
    """LibreOffice, for the tests that read old Word files, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def model_store() -> ModelStore:
    """The models that people use here too: they are too large to be fetched for a test."""
    return ModelStore(Settings.load().models, Catalogue.load())


def why_not(mark: str) -> str:
    """Say why a test so marked can't run here, or ``""``."""
    if mark == "shared":
        missing = [str(path) for path in (NOTICES, DOCUMENTS, BENCH, CASES) if not path.is_dir()]
        return f"not on this machine: {', '.join(missing)}" if missing else ""
    if mark == "ocr":
        if find_spec("tesserocr") is None:
            return "pip install 'congvu[ocr]'"
        state = model_store().state(OCR_MODEL)
        return "" if state in _READY else f"congvu models pull {OCR_MODEL}"
    if mark == "browser":
        return "" if chromium() else "apt-get install chromium"
    if mark == "office":
        return "" if office() else "apt-get install libreoffice-writer-nogui"
    store = model_store()
    absent = [one for one in (QWEN, GEMMA, EMBEDDER) if store.state(one) not in _READY]
    return f"congvu models pull {' '.join(absent)}" if absent else ""
