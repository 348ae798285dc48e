"""What may be unpacked of a zip file: the same limits for documents and for archives of them."""

from __future__ import annotations

import zipfile
import zlib

MAX_RATIO = 200
"""Unpacked to packed bytes of an entry above 1 MB; long tables of Word reach 60."""
UNPACKING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
"""What ``zipfile`` raises on an entry that is not as the file says."""

_LARGE = 1024 * 1024
_ENCRYPTED = 0x1
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """Whether a password is needed."""
    return bool(entry.flag_bits & _ENCRYPTED)


def is_packed_oddly(entry: zipfile.ZipInfo) -> bool:
    """Whether it is packed in a way that no office program uses."""
    return entry.compress_type not in _PACKED


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether it unpacks to far more than text does."""
    return entry.file_size > _LARGE and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
