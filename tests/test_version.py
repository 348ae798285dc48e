from __future__ import annotations

import re
import subprocess
import sys

from corpus.parse.version import READING, reading_code

LOADED = """
import sys
import corpus.parse.notices
import corpus.readers.files
print(*(name for name in sys.modules if name.startswith("corpus.")))
"""
NO_PART = {"corpus.errors"}  # words for people: they change no clause


def test_all_code_between_a_file_and_its_clauses_counts() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True)
    loaded = set(done.stdout.decode().split()) - NO_PART
    of_packages = {name for name in loaded if any(name.startswith(f"{p}.") for p in READING)}
    assert loaded - of_packages == set(READING)


def test_the_code_is_a_hash() -> None:
    assert re.fullmatch("[0-9a-f]{64}", reading_code())
