"""Readers: a file on disk or in memory becomes source text, or is refused with a reason."""

from corpus.readers.base import MAX_FILE_BYTES, Reader, SourceFile
from corpus.readers.containers import CONTAINERS, is_container
from corpus.readers.files import (
    find_files,
    load_file,
    members_in,
    read_bytes,
    read_file,
    read_members,
    reader_for,
    sample_paths,
    supported_suffixes,
)
from corpus.readers.pages import PAGED, page_picture
from corpus.readers.secrecy import check_file, check_secrecy

__all__ = [
    "CONTAINERS",
    "MAX_FILE_BYTES",
    "PAGED",
    "Reader",
    "SourceFile",
    "check_file",
    "check_secrecy",
    "find_files",
    "is_container",
    "load_file",
    "members_in",
    "page_picture",
    "read_bytes",
    "read_file",
    "read_members",
    "reader_for",
    "sample_paths",
    "supported_suffixes",
]
