"""A file's text in, a notice with its clauses out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePath

from corpus.blocks import Pages, page_at
from corpus.notice import AttachedDocument, Notice
from corpus.parse.clauses import build_clauses
from corpus.parse.header import read_header
from corpus.parse.reading import read_lines
from corpus.parse.structure import build_document
from corpus.parse.titles import slug
from corpus.parse.zones import Zone, split_sections

_ID_LENGTH = 40  # characters of the readable part of an id


def parse_notice(source: str, file_name: str, pages: Pages = ()) -> Notice:
    """Read a notice: header, structure, clauses and the data on them.

    Deterministic: the same source and name give the same notice, ids included.

    Args:
        source: the file's text as given (BOM dropped, line ends kept).
        file_name: without folders; names the notice where it has no number.
        pages: where the pages of the original begin in ``source``.
    """
    sections = split_sections(read_lines(source))
    header = read_header(sections[0], file_name)
    attached = tuple(
        AttachedDocument(section.attached_title, section.zones[0][1][0].number)
        for section in sections[1:]
        if section.zones and section.zones[0][0] is Zone.HEADER
    )
    content_hash = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    name = slug(header.number) or slug(PurePath(file_name).stem) or "van-ban"
    notice_id = f"{name[:_ID_LENGTH].strip('-')}-{content_hash[:8]}"
    documents = [build_document(section) for section in sections if section.zones]
    clauses = build_clauses(source, notice_id, documents)
    if pages:
        clauses = tuple(replace(one, page=page_at(pages, one.spans[0].start)) for one in clauses)
    return Notice(
        id=notice_id,
        header=replace(header, attached=attached),
        source=source,
        content_hash=content_hash,
        file_name=file_name,
        clauses=clauses,
    )
