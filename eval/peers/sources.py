"""From a peer's answer to the contract object that the scorer reads.

Its ``[n]`` means a chunk of a file; ``[Source n]``, which it writes as well, is taken for the
same. A source that is only named in a sentence is no marker: nothing would lead a reader there.
A chunk is a citation on all the lines that it touches, which favours the peer: one of them on a
gold line is enough.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.readers import SourceFile
from eval.claims import split_claims

_LINE_END = re.compile(r"\r\n|\r|\n")  # as the readers of ``corpus`` count lines

_NOTHING = re.compile(
    r"(?:không|chưa) (?:có|tìm thấy|thấy|cung cấp|chứa|đủ|bao gồm)"
    r" (?:đủ |đủ các |được |bất kỳ |bất cứ |đề cập |các |một )*"
    r"(?:thông tin|nội dung|nguồn|tài liệu|dữ liệu|câu trả lời|đề cập)"
    r"|(?:không|chưa) (?:được |có )?(?:đề cập|nêu|nhắc|cung cấp|nói)"
    r"|không thể (?:trả lời|tìm|cung cấp|xác định)|không (?:rõ|biết)\b"
    r"|none of the|no (?:relevant )?(?:information|source|mention)"
    r"|not (?:\w+ly )?(?:mention|provid|contain|includ|specif|stat)"
    r"|(?:can|could)(?:not|n't| not) |unable to|empty response",
    re.IGNORECASE,
)
_BUT = re.compile(r"\s*(?:However|But|Tuy nhiên|Nhưng)\b", re.IGNORECASE)
_NAMED_MARKER = re.compile(r"\[(?:Source|Nguồn) (\d{1,3})\b[^\]\[]*\]", re.IGNORECASE)
_FIRST_SENTENCE = re.compile(r".*?(?:[.!?](?=\s|$)|\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file that an answer may cite.

    Args:
        file: name of the file.
        text: verbatim but for white space.
        lines: 1-based first and last line that it touches.
        score: similarity to the question.
    """

    file: str
    text: str
    lines: tuple[int, int]
    score: float


def chunk_ids(chunks: Sequence[Chunk]) -> list[str]:
    """Name the chunks of an answer in its evidence; two may stand on the same long line."""
    return [
        f"[{n}] {chunk.file}:{chunk.lines[0]}-{chunk.lines[1]}"
        for n, chunk in enumerate(chunks, start=1)
    ]


class FileText:
    """A file in which chunks are found again.

    Args:
        file: as read from disk.
    """

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(file.text))]

    def lines_of(self, chunk: str) -> tuple[int, int]:
        """Return the first and last line that ``chunk`` touches.

        Splitters put sentences together again with other white space, so that is ignored.

        Raises:
            ValueError: it isn't a piece of this file.
        """
        words = chunk.split()
        text = self._file.text
        start = text.find(chunk.strip())
        end = start + len(chunk.strip())
        if start < 0:
            found = re.search(r"\s*".join(map(re.escape, "".join(words))), text)
            if found is None:
                raise ValueError(f"not a piece of {self._file.file_name}: {chunk[:80]!r}")
            start, end = found.span()
        if not words:
            raise ValueError("an empty chunk stands nowhere")
        return bisect_right(self._starts, start), bisect_right(self._starts, end - 1)


def says_nothing(text: str) -> bool:
    """Whether an answer says that the sources don't answer: in its first sentence.

    Peers have no flag for it. One that goes on with “However, …” answers after all.
    """
    first = _FIRST_SENTENCE.match(text.strip())
    if first is None or not first[0]:
        return True
    return bool(_NOTHING.search(first[0])) and not _BUT.match(text.strip(), first.end())


def contract_of(text: str, chunks: Sequence[Chunk]) -> dict[str, Any]:
    """Return the fields of a contract object that are judged.

    Args:
        text: the answer with its markers.
        chunks: marker n means the n-th; a marker beyond them leads nowhere.
    """
    text = _NAMED_MARKER.sub(r"[\1]", text)
    used = dict.fromkeys(marker for claim in split_claims(text) for marker in claim.markers)
    known = [marker for marker in used if 1 <= marker <= len(chunks)]
    return {
        "answer": text,
        "refused": says_nothing(text),
        "citations": [_citation(marker, chunks[marker - 1]) for marker in known],
        "evidence": [
            {"clause_id": name, "score": chunk.score}
            for name, chunk in zip(chunk_ids(chunks), chunks, strict=True)
        ],
    }


def _citation(marker: int, chunk: Chunk) -> dict[str, Any]:
    return {
        "marker": marker,
        "notice": {"file": chunk.file},
        "clause": {"text": chunk.text, "lines": [*chunk.lines]},
    }
