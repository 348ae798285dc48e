"""The folder that holds everything congvu keeps."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import NotReady


def make_home(home: Path) -> Path:
    """Make the folder where it isn't there yet, for its owner alone, and return it.

    Raises:
        NotReady: it can't be made.
    """
    try:
        # State papers are nobody else's business.
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotReady(
            f"Không tạo được thư mục dữ liệu {home}: {error.strerror}.",
            "Hãy đặt CONGVU_HOME sang thư mục ghi được.",
        ) from error
    return home
