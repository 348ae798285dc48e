"""An answer is cut into claims: its sentences, each with the markers it ends in.

How a claim ends, decided here:

- at a run of markers (``[1]``, ``[1][3]``, ``[1, 3]``), with the punctuation after it;
- at a line break, and at ``.``, ``!``, ``?``, ``…`` before white space and a capital, figure or
  quotation mark, unless markers follow (they belong to the sentence before them);
- not inside “…”, «…» or "…": a quotation is one claim, and a ``[1]`` in it is the notice's own
  footnote mark, no marker;
- not after an abbreviation (TP., TS., GS., ThS., v.v., a single capital) and not in a figure;
- a piece without a letter (``1.``) or ending in a colon (``Gồm:``) begins the claim after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.quotation import quotations

_MARKER_RUN = re.compile(
    r"\s{0,9}(?:\[\d{1,3}(?:\s{0,9}[,;]\s{0,9}\d{1,3})*\]\s{0,9}(?:[,;]\s{0,9})?)*"
    r"\[\d{1,3}(?:\s{0,9}[,;]\s{0,9}\d{1,3})*\]"
)
_INT = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?…]+[)\]”\"»’*_]*(?=\s+[“\"«(\[*_]*[A-ZÀ-ỸĐ\d])")
_CLOSING = re.compile(r"[.!?…;,:)*_]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:TP|Tp|TS|GS|PGS|ThS|Th\.S|CN|KS|BS|TX|Q|P|v\.v|[A-ZĐ])\.$"
)
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[a-zđ]|[IVX]{1,4})[.)]$")
_OTHER_QUOTATION = re.compile(r"«[^«»]*»|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer.

    Args:
        text: without its markers.
        markers: in order, each once; empty when the sentence has none.
    """

    text: str
    markers: tuple[int, ...]


def split_claims(answer: str) -> tuple[Claim, ...]:
    """Cut an answer into claims as the module says."""
    claims: list[Claim] = []
    begun = ""
    for line in re.split(r"\r\n|\r|\n", answer):
        for text, markers in _pieces(line):
            piece = f"{begun} {text}".strip()
            begun = ""
            if not markers and not _says_something(piece):
                begun = piece
            elif any(c.isalpha() for c in piece) or markers:
                claims.append(Claim(piece, markers))
    if any(c.isalpha() for c in begun):
        claims.append(Claim(begun, ()))
    return tuple(claims)


def _says_something(piece: str) -> bool:
    bare = piece.rstrip(" *_")
    return any(c.isalpha() for c in bare) and not bare.endswith(":") and not _is_list_number(bare)


def _is_list_number(piece: str) -> bool:
    return _LIST_NUMBER.match(piece) is not None


def _pieces(line: str) -> list[tuple[str, tuple[int, ...]]]:
    quoted = _quoted(line)
    pieces: list[tuple[str, tuple[int, ...]]] = []
    start = at = 0
    while at < len(line):
        run = _MARKER_RUN.match(line, at)
        if run and not quoted[run.end() - 1]:
            after = _CLOSING.match(line, run.end())
            end = after.end() if after else run.end()
            markers = tuple(dict.fromkeys(int(n) for n in _INT.findall(run[0])))
            pieces.append((line[start:at].strip(), markers))
            start = at = end
            continue
        end_of = _SENTENCE_END.match(line, at)
        if end_of and not quoted[end_of.end() - 1] and not _goes_on(line, start, end_of.end()):
            pieces.append((line[start : end_of.end()].strip(), ()))
            start = at = end_of.end()
            continue
        at += 1
    pieces.append((line[start:].strip(), ()))
    return [(text, markers) for text, markers in pieces if text or markers]


def _goes_on(line: str, start: int, end: int) -> bool:
    """Whether the sentence does not end at ``end``: markers follow, or it is an abbreviation."""
    if _MARKER_RUN.match(line, end):
        return True
    sentence = line[start:end]
    return _ABBREVIATION.search(sentence) is not None or _is_list_number(sentence)


def _quoted(line: str) -> list[bool]:
    """For each character, whether it stands inside a quotation (its closing mark does not).

    Where “…” are, is decided for our own answers; others quote with «…» and "…", too.
    """
    inside = [False] * len(line)
    bare = list(line)
    for span in quotations(line):
        inside[span.start : span.end - 1] = [True] * (span.end - 1 - span.start)
        bare[span.start : span.end] = " " * (span.end - span.start)
    for match in _OTHER_QUOTATION.finditer("".join(bare)):
        inside[match.start() : match.end() - 1] = [True] * (match.end() - 1 - match.start())
    return inside
