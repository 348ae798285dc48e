"""A saved page: its characters, its elements, and where among menus the document stands."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.text import fold

_SNIFFED = 4096  # bytes: where a page says its encoding (HTML standard: 1024)
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_AGAIN = "Mở trang bằng trình duyệt rồi lưu lại (Ctrl+S), hoặc chép văn bản vào tệp .docx."
_NO_TEXT = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "math", "button", "input", "select",
        "textarea", "iframe", "object", "embed", "canvas", "audio", "video", "head", "title",
        "nav", "aside", "menu", "dialog", "datalist",
    }
)  # fmt: skip
_WRITTEN = frozenset({"p", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dd", "dt"})
_OWN = (_WRITTEN - {"td", "th"}) | {"table", "blockquote"}
"""Children that a page's frame doesn't have: the element that has them holds the document."""
_PARTS_OF_TABLE = frozenset({"tbody", "thead", "tfoot", "tr"})
_UNSEEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|mso-hide\s{0,9}:\s{0,9}all"
    r"|(?:^|[;\s])font-size\s{0,9}:\s{0,9}[01](?:\.\d{1,4})?(?:px|pt)?\s{0,9}(?:;|$)"
    r"|(?:^|[;\s])opacity\s{0,9}:\s{0,9}0(?:\.0{1,4})?\s{0,9}(?:;|$)",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?:^|[;\s])color\s{0,9}:\s{0,9}(?:white\b|#fff(?:fff)?\b|rgb\(\s{0,9}255\s{0,9},\s{0,9}255"
    r"\s{0,9},\s{0,9}255)",
    re.IGNORECASE,
)
_GROUND = re.compile(r"background", re.IGNORECASE)
_SHARE = 0.8  # of the words of a page: the document is the innermost element with so many
_HEAD = re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam")
_HEAD_WORDS = 4000  # characters of an element in which the head of a document is looked for
_CLIMB = 6  # elements between the text of a document and what holds its head too


def decode_page(data: bytes, name: str) -> str:
    """Return the characters of a page, by its byte-order mark, by its own word, else UTF-8.

    Raises:
        UnreadableFile: empty, or not in that encoding.
    """
    if not data.strip():
        raise UnreadableFile(
            f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
        )
    encoding = next((known for mark, known in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        said = _CHARSET.search(data[:_SNIFFED])
        encoding = "utf-8" if said is None else said[1].decode("ascii")
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"Tệp “{name}” không phải trang web mã {encoding}.", _SAVE_AGAIN
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"Tệp “{name}” là tệp nhị phân, không phải trang web.", _SAVE_AGAIN)
    return text.removeprefix("\ufeff")


def parse_page(text: str, name: str) -> etree._Element:
    """Return the root of a page.

    Nothing outside of the file is opened: no entity, no frame, no picture.

    Raises:
        UnreadableFile: no page, or elements in elements without end.
    """
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"Tệp “{name}” không phải trang web.", _SAVE_AGAIN) from error
    if root is None:
        raise UnreadableFile(f"Tệp “{name}” trống, không có chữ nào.", _SAVE_AGAIN)
    if any("depth" in entry.message or "too long" in entry.message for entry in parser.error_log):
        raise UnreadableFile(
            f"Trang “{name}” có phần tử lồng nhau hoặc dài bất thường, không phải văn bản thật.",
            _SAVE_AGAIN,
        )
    return root


def has_no_text(element: etree._Element) -> bool:
    """Whether an element shows no text of a document: scripts, forms, menus."""
    return not isinstance(element.tag, str) or element.tag in _NO_TEXT


def is_unseen(element: etree._Element, *, on_colour: bool) -> bool:
    """Whether its own attributes hide an element, or write it white on white."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    colour = element.get("color", "") if element.tag == "font" else ""
    if not style:
        return not on_colour and colour.lower() in ("white", "#ffffff")
    if _UNSEEN.search(style):
        return True
    return not on_colour and not has_ground(element) and _WHITE.search(style) is not None


def has_ground(element: etree._Element) -> bool:
    """Whether an element has a ground of its own."""
    return bool(element.get("bgcolor") or _GROUND.search(element.get("style") or ""))


def find_document(root: etree._Element) -> etree._Element:
    """Return the element that holds the document, without the menus around it.

    It is the innermost one that most of the page's paragraphs and cells stand in, or, where the
    head of the document stands before that, the innermost one that holds both.
    """
    body = root.find("body")
    top = root if body is None else body
    words = _count_words(top)
    all_words = words.get(top, 0)
    found = top
    while all_words:
        inner = next((one for one in found if words.get(one, 0) >= _SHARE * all_words), None)
        if inner is None or (inner.tag in _WRITTEN and not _frames_page(inner)):
            break
        if any(one.tag in _OWN and words.get(one) for one in found if one is not inner):
            break
        found = inner
    while found.tag in _PARTS_OF_TABLE:
        found = found.getparent()
    return _with_head(found)


def _frames_page(element: etree._Element) -> bool:
    """Whether a cell is one that older pages put their document in, beside that of the menu."""
    if element.tag != "td":
        return False
    rows = element.getparent().getparent().findall("tr")
    return len(rows) == 1 or _names_state(element)


def _with_head(element: etree._Element) -> etree._Element:
    if _names_state(element):
        return element
    outer = element
    for _ in range(_CLIMB):
        parent = outer.getparent()
        if parent is None:
            break
        outer = parent
        if _names_state(outer):
            return outer
    return element


def _names_state(element: etree._Element) -> bool:
    return _HEAD.search(fold(" ".join(_first_words(element).split()))) is not None


def _first_words(element: etree._Element) -> str:
    parts: list[str] = []
    length = 0
    for text in words_in(element):
        parts.append(text)
        length += len(text)
        if length > _HEAD_WORDS:
            break
    return "".join(parts)


def words_in(element: etree._Element) -> Iterator[str]:
    """Yield the pieces of text in an element that shows text, menus and scripts left out."""
    if has_no_text(element) or is_unseen(element, on_colour=True):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from words_in(child)
        if child.tail:
            yield child.tail


def _count_words(top: etree._Element) -> dict[etree._Element, int]:
    """How many letters of paragraphs and cells each element holds."""
    words: dict[etree._Element, int] = {}

    def count(element: etree._Element, *, written: bool) -> int:
        if has_no_text(element) or is_unseen(element, on_colour=True):
            return 0
        written = written or element.tag in _WRITTEN
        total = len((element.text or "").strip()) if written else 0
        for child in element:
            total += count(child, written=written)
            total += len((child.tail or "").strip()) if written else 0
        words[element] = total
        return total

    count(top, written=False)
    return words
