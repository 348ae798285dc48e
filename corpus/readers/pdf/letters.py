"""Letters of a PDF that only its old fonts show right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.readers.legacy import guess_encoding
from corpus.readers.old_fonts import TCVN3, TCVN3_NAME, VNI_NAME, from_vni, vni_pair
from corpus.readers.pdf.glyphs import HYPHEN, Glyph, PageContent


def name_letters(pages: Sequence[PageContent]) -> str:
    """Turn letters that only an old font shows right into those that are meant.

    In such a file none is a Vietnamese one; where some are, no letter is changed.

    Args:
        pages: of a file; their glyphs are changed.

    Returns:
        The name of the fonts' encoding, ``""`` where they are none of these.
    """
    glyphs = [glyph for page in pages for glyph in page.glyphs]
    text = "".join(glyph.text for glyph in glyphs)
    guessed = None
    if sum("\u1ea0" <= char <= "\u1ef9" for char in text) <= len(text) / 200:
        guessed = guess_encoding(text.encode("latin-1", "ignore"))
    encoding = next((one for one in (TCVN3_NAME, VNI_NAME) if (guessed or "").startswith(one)), "")
    if encoding == VNI_NAME:
        for page in pages:
            page.glyphs[:] = _with_marks(page.glyphs)
        glyphs = [glyph for page in pages for glyph in page.glyphs]
    # A glyph that a file calls a soft hyphen is seen: Word writes its no-break hyphens so.
    letters = {ord(HYPHEN): "-", 0xAD: "-"}
    if encoding == TCVN3_NAME:
        letters = TCVN3 | {ord(HYPHEN): TCVN3[0xAD]}
    for glyph in glyphs:
        glyph.text = glyph.text.translate(letters)
    return encoding


def _with_marks(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """Put the marks of VNI, glyphs of their own, on the letters that they follow."""
    last: Glyph | None = None
    for glyph in glyphs:
        pair = vni_pair(last.text, glyph.text) if last is not None else ""
        if last is not None and pair:
            last.text, last.right = pair, max(last.right, glyph.right)
            last = None
            continue
        if last is not None:
            last.text = from_vni(last.text)
        last = glyph
        yield glyph
    if last is not None:
        last.text = from_vni(last.text)
