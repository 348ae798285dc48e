"""Rich Text Format (.rtf), version 1.9.1: the labels of lists stand in it as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.blocks import Anchor, BlockKind
from corpus.errors import UnreadableFile
from corpus.parse.markers import find_marker
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.layout import only_places
from corpus.readers.old_fonts import converted, old_encoding, shown_by

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<value>-?\d{1,10})?[ ]?"
    r"|\\'(?P<byte>[0-9A-Fa-f]{2})"
    r"|\\(?P<sign>[^A-Za-z])"
    r"|(?P<brace>[{}])"
    r"|(?P<text>[^\\{}\r\n]+)"
    r"|[\r\n]+|\\"
)
_DEEPEST = 2_000  # groups in groups; programs write a dozen
_LEFT_OUT = frozenset(
    {
        "stylesheet", "listtable", "listoverridetable", "pict", "objdata", "fldinst", "nonshppict",
        "revtbl", "rsidtbl", "themedata", "colorschememapping", "datastore", "latentstyles", "sp",
        "generator", "xmlnstbl", "mmathPr", "shprslt", "ftnsep", "ftnsepc", "ftncn", "aftnsep",
        "aftnsepc", "aftncn", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atntime", "atnref",
        "atnicn", "atndate", "filetbl", "pgptbl", "xe", "tc", "template", "password",
    }
)  # fmt: skip
_STARRED = frozenset({"shpinst", "shptxt", "footnote", "annotation"})
"""Destinations that a program may pass over and that hold text all the same."""
_EDGES = frozenset(
    {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"}
)
_SIGNS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ", "tab": "\t", "line": "\n",
    "nestcell": " ", "nestrow": " ",
}  # fmt: skip
_CODE_PAGES = {163: "cp1258", 204: "cp1251", 238: "cp1250", 162: "cp1254", 161: "cp1253"}
_WHITE = 245
_TINY = 4  # half points
_SAVE_AGAIN = "Mở tệp bằng Word rồi lưu lại dạng .docx."


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group.

    Args:
        place: where its text goes: ``body``, ``note``, ``edge``, ``info``, ``comment``,
            ``fonts``, ``colours``; ``""`` for nowhere.
        font: number of the font.
        skipped: characters that stand for a Unicode one after it.
    """

    place: str = "body"
    font: int = 0
    skipped: int = 1
    bold: bool = False
    capitals: bool = False
    hidden: bool = False
    deleted: bool = False
    colour: int = 0
    size: int = 24
    ground: bool = False


@dataclass(slots=True)
class _Words:
    """A paragraph that is being read."""

    parts: list[str] = field(default_factory=list)
    bold: bool = True

    def take(self) -> tuple[str, bool]:
        text, bold = "".join(self.parts), self.bold
        self.parts, self.bold = [], True
        return text, bold and bool(text.strip())


class RtfReader:
    """Reads ``.rtf``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".rtf",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a file.

        Raises:
            UnreadableFile: empty, not RTF, or nested without end.
        """
        if not data.strip(b"\0 \r\n\t"):
            raise UnreadableFile(
                f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
            )
        if not data.lstrip()[:5] == b"{\\rtf":
            raise UnreadableFile(f"Tệp “{name}” hỏng hoặc không phải RTF.", _SAVE_AGAIN)
        return _Document(name).read(data.decode("latin-1"))


class _Document:
    """One document while it is read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._builder = TextBuilder()
        self._state = _State()
        self._stack: list[_State] = []
        self._words = {place: _Words() for place in ("body", "note", "edge", "info", "comment")}
        self._beside: dict[str, list[str]] = {"edge": [], "info": [], "comment": []}
        self._unseen: list[str] = []
        self._gone: list[str] = []
        self._fonts: dict[int, str] = {}
        self._charsets: dict[int, int] = {}
        self._font_name: list[str] = []
        self._colours: list[list[int]] = [[]]
        self._page = "cp1252"
        self._default_font = 0
        self._to_skip = 0
        self._high = 0  # the first half of a character beyond the first plane
        self._starred = False
        self._in_table = False
        self._cells: list[list[str]] = []
        self._cell: list[str] = []
        self._rows: list[list[list[str]]] = []
        self._notes: list[str] = []
        self._marked = 0
        self._count = 0
        self._revisions = 0
        self._encodings: set[str] = set()

    def read(self, source: str) -> Reading:
        """Return the reading."""
        at = 0
        while at < len(source):
            token = _TOKEN.match(source, at)
            if token is None:
                break
            at = token.end()
            if token["word"]:
                value = None if token["value"] is None else int(token["value"])
                if token["word"] == "bin":
                    at += max(0, value or 0)
                    continue
                self._control(token["word"], value)
            else:
                self._other(token)
        if self._in_table:
            self._end_paragraph()
        if self._cell or self._cells:  # a row that was cut off
            self._rows.append([*self._cells, self._cell])
        self._in_table = False
        self._end_paragraph()
        for i, note in enumerate(self._notes, start=1):
            self._add(BlockKind.FOOTNOTE, f"[^{i}]: {note}", label=str(i))
        if not self._builder.blocks:
            raise UnreadableFile(f"Tệp “{self._name}” trống, không có chữ nào.", _SAVE_AGAIN)
        beside = (
            Beside("đầu trang, chân trang", "\n".join(self._beside["edge"])),
            Beside("thuộc tính của tệp", "\n".join(self._beside["info"])),
            Beside("ý kiến nhận xét", "\n".join(self._beside["comment"])),
            Beside("chữ ẩn", "".join(self._unseen)),
            Beside("phần đã xoá", "".join(self._gone)),
        )
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings()),
            tuple(one for one in beside if one.text.strip()),
        )

    def _warnings(self) -> Iterator[str]:
        if self._revisions:
            yield (
                f"Tệp còn theo dõi thay đổi: đã chấp nhận {self._revisions} chỗ sửa có theo dõi;"
                " đây có thể chưa phải bản cuối."
            )
        if self._encodings:
            yield converted(self._encodings)
        if unseen := "".join(self._unseen).strip():
            yield f"Đã bỏ {len(unseen)} ký tự chữ ẩn, chữ trắng hoặc chữ quá nhỏ để đọc."
        if comments := self._beside["comment"]:
            yield f"Không đọc {len(comments)} ý kiến nhận xét (comment) trong tệp."

    def _other(self, token: re.Match[str]) -> None:
        if token["brace"] == "{":
            if len(self._stack) > _DEEPEST:
                raise UnreadableFile(
                    f"Tệp “{self._name}” có phần lồng nhau quá sâu, không phải văn bản thật.",
                    _SAVE_AGAIN,
                )
            self._stack.append(self._state)
            self._to_skip = 0
            if self._state.place in self._beside:
                self._say("\n")
        elif token["brace"] == "}":
            self._end_group()
        elif token["byte"]:
            self._bytes(chr(int(token["byte"], 16)))
        elif token["text"]:
            self._bytes(token["text"])
        elif token["sign"]:
            self._sign(token["sign"])

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
        elif sign in "\\{}":
            self._bytes(sign)
        elif sign == "~":
            self._say("\xa0")
        elif sign == "_":
            self._say("-")
        elif sign in "\r\n":
            self._end_paragraph()

    def _end_group(self) -> None:
        before = self._state
        self._state = self._stack.pop() if self._stack else before
        if before.place != self._state.place and before.place in self._words:
            text, _ = self._words[before.place].take()
            if before.place == "note":
                self._notes.append(" ".join(text.split()))
            elif before.place != "body" and text.strip():
                self._beside[before.place].append(text.strip())
        self._to_skip = 0

    def _control(self, word: str, value: int | None) -> None:
        starred, self._starred = self._starred, False
        state = self._state
        if not state.place:
            return
        place = self._place_of(word, starred=starred)
        if place is not None:
            if place == "note" and self._marked <= len(self._notes):
                self._mark()
            self._state = replace(state, place=place)
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word == "u" and value is not None:
            self._unicode(value)
        elif word == "chftn":
            if state.place == "body":
                self._mark()
        elif word in _ENDS:
            self._end(word)
        else:
            self._look(word, value)

    def _place_of(self, word: str, *, starred: bool) -> str | None:
        """Where the text of a group goes that begins with this word; None for where it went."""
        if word in _EDGES:
            return "edge"
        known = {"info": "info", "fonttbl": "fonts", "colortbl": "colours", "footnote": "note",
                 "annotation": "comment"}  # fmt: skip
        if word in known:
            return known[word]
        if word in _LEFT_OUT or (starred and word not in _STARRED):
            return ""
        return None

    def _look(self, word: str, value: int | None) -> None:
        state, on = self._state, value != 0
        if word == "ansicpg" and value:
            self._page = f"cp{value}"
        elif word == "deff":
            self._default_font = value or 0
            self._state = replace(state, font=self._default_font)
        elif word == "fcharset" and state.place == "fonts":
            self._charsets[state.font] = value or 0
        elif word in ("red", "green", "blue") and state.place == "colours":
            self._colours[-1].append(value or 0)
        elif word == "intbl":
            self._in_table = True
        elif word == "pard":
            self._in_table = False
        elif word in ("revised", "deleted"):
            self._revisions += on
            self._state = replace(state, deleted=on) if word == "deleted" else state
        elif word == "plain":
            self._state = _State(state.place, self._default_font, state.skipped)
        elif word in _FLAGS or word in _NUMBERS:
            said: dict[str, Any] = {_NUMBERS[word]: value or 0} if word in _NUMBERS else {}
            said |= {_FLAGS[word]: on} if word in _FLAGS else {}
            self._state = replace(state, **said)
        elif word in ("highlight", "cb", "chcbpat"):
            self._state = replace(state, ground=bool(value))

    def _end(self, word: str) -> None:
        if self._state.place != "body":
            self._say("\n")
        elif word == "cell":
            self._cell.append(self._words["body"].take()[0])
            self._cells.append(self._cell)
            self._cell = []
        elif word == "row":
            self._rows.append(self._cells)
            self._cells = []
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        text, bold = self._words["body"].take()
        if self._in_table:
            self._cell.append(text)
            return
        self._end_table()
        marker = find_marker(text.strip())
        label = text.strip()[: marker.end].strip() if marker else ""
        kind = BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH
        self._add(kind, text, label=label, bold=bold)

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        if only_places([["\n".join(cell) for cell in row] for row in rows]):
            for paragraph in (one for row in rows for cell in row for one in cell):
                self._add(BlockKind.PARAGRAPH, paragraph)
            return
        self._builder.begin_table()
        for row in rows:
            self._builder.add_row([" ".join(cell) for cell in row], Anchor("", self._count))
            self._count += 1

    def _add(self, kind: BlockKind, text: str, *, label: str = "", bold: bool = False) -> None:
        self._builder.add(kind, text, Anchor("", self._count), label=label, bold=bold)
        self._count += 1

    def _mark(self) -> None:
        self._marked = len(self._notes) + 1
        self._say(f"[^{self._marked}]")

    def _unicode(self, value: int) -> None:
        code = value + 0x10000 if value < 0 else value
        self._to_skip = self._state.skipped
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00 if self._high else 0xFFFD
        self._high = 0
        if 0 < code < 0x110000:
            self._say(chr(code))

    def _bytes(self, text: str) -> None:
        """Take letters that are given by their codes."""
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        text = text[skipped:]
        place = self._state.place
        if place == "fonts":
            self._name_font(text)
        elif place == "colours":
            self._colours += [[] for _ in range(text.count(";"))]
        elif text and place:
            self._say(self._decoded(text))

    def _name_font(self, text: str) -> None:
        for i, part in enumerate(text.split(";")):
            if i:
                self._fonts[self._state.font] = "".join(self._font_name).strip()
                self._font_name = []
            self._font_name.append(part)

    def _decoded(self, text: str) -> str:
        font = self._fonts.get(self._state.font, "")
        if encoding := old_encoding(font):
            self._encodings |= set() if text.isascii() else {encoding}
            return shown_by(text, font)
        if text.isascii():
            return text
        page = _CODE_PAGES.get(self._charsets.get(self._state.font, 0), self._page)
        try:
            return text.encode("latin-1").decode(page, "replace")
        except LookupError:
            return text

    def _say(self, text: str) -> None:
        state = self._state
        if state.place not in self._words:
            return
        if state.deleted:
            self._gone.append(text)
            return
        if self._is_unseen(state):
            self._unseen.append(text)
            return
        words = self._words[state.place]
        words.parts.append(text.upper() if state.capitals else text)
        if text.strip():
            words.bold = words.bold and state.bold

    def _is_unseen(self, state: _State) -> bool:
        if state.hidden or state.size <= _TINY:
            return True
        known = state.colour < len(self._colours)
        parts = self._colours[state.colour] if known and state.colour >= 0 else []
        return not state.ground and len(parts) == 3 and min(parts) >= _WHITE


_ENDS = frozenset({"par", "sect", "page", "cell", "row"})
_FLAGS = {"b": "bold", "caps": "capitals", "v": "hidden"}
_NUMBERS = {"f": "font", "uc": "skipped", "cf": "colour", "fs": "size"}
