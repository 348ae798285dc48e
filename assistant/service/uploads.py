"""What is asked of an upload before anybody looks into it."""

from __future__ import annotations

import os
from typing import Final

from corpus.errors import BadInput
from corpus.readers import CONTAINERS, supported_suffixes

_NAME_BYTES: Final = 255
"""What file systems take (Linux, NAME_MAX)."""


def plain_name(file_name: str) -> str:
    """Return the last part of a file name from another machine, whatever its separators.

    Raises:
        BadInput: there is none, or it is too long.
    """
    name = file_name.replace("\\", "/").rpartition("/")[2].strip().replace("\0", "")
    if name in {"", ".", ".."}:
        known = ", ".join((*supported_suffixes(), *CONTAINERS))
        raise BadInput("Tệp không có tên.", f"Đặt tên tệp có một đuôi đọc được: {known}.")
    if len(os.fsencode(name)) > _NAME_BYTES:
        raise BadInput("Tên tệp quá dài.", "Đổi tên tệp cho ngắn lại.")
    return name


def check_size(data: bytes, most_mb: int) -> None:
    """Check that an upload is not too large.

    Raises:
        BadInput: it is.
    """
    if len(data) > most_mb * 1024 * 1024:
        raise BadInput(
            f"Tệp lớn hơn {most_mb} MB.",
            "Hãy chia tệp, hoặc nhờ người quản trị tăng `upload_max_mb`.",
        )
