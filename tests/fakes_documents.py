"""What every reader must hold, and small files of each format."""

from __future__ import annotations

import zipfile
from io import BytesIO

from corpus.blocks import Block, BlockKind
from corpus.parse.lines import split_lines
from corpus.readers import SourceFile


def words_of(file: SourceFile, block: Block) -> str:
    """The text of a block."""
    return file.text[block.span.start : block.span.end]


def cells_of(file: SourceFile, block: Block) -> list[str]:
    """The texts of a row's cells."""
    return [file.text[cell.start : cell.end] for cell in block.cells]


def assert_blocks_hold(file: SourceFile) -> None:
    """Check the law of blocks: in order, apart, exact, and every line with words in one."""
    end = 0
    for block in file.blocks:
        words = words_of(file, block)
        assert block.span.start >= end
        # A row may begin with empty cells.
        assert words.lstrip("\t" if block.table else "") == words.strip() != ""
        end = block.span.end
        if block.kind is BlockKind.LIST_ITEM:
            assert block.label in words
        assert (block.kind is BlockKind.TABLE_ROW) == bool(block.table)
        if block.cells:
            assert "\t".join(cells_of(file, block)) == words
    covered = set[int]()
    for block in file.blocks:
        covered.update(range(block.span.start, block.span.end))
    for line in split_lines(file.text):
        assert covered.issuperset(range(line.span.start, line.span.end))


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMES = (
    f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
    "header": "hdr",
    "footer": "ftr",
}


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx_parts(body: str, **others: str) -> dict[str, str | bytes]:
    """The parts of a Word document.

    Args:
        body: what stands in ``w:body``.
        others: what stands in further parts: ``styles``, ``numbering``, ``header``, …;
            ``core`` is the properties.
    """
    core = others.pop("core", "")
    related = "".join(
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for name in others
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r"'
        f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}'
        "</Relationships>",
    }
    for name, content in others.items():
        root = _ROOTS[name]
        parts[f"word/{name}.xml"] = f"<w:{root} {_NAMES}>{content}</w:{root}>"
    if core:
        parts["docProps/core.xml"] = f"<core>{core}</core>"
    return parts


def docx(body: str, **others: str) -> bytes:
    """A Word document; see ``docx_parts``."""
    return packed(docx_parts(body, **others))


def run(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*runs: str, numbered: tuple[int, int] | None = None, properties: str = "") -> str:
    """A paragraph of runs or plain texts, in a list and level of it if ``numbered``."""
    if numbered is not None:
        list_id, level = numbered
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def table(*rows: list[str], properties: str = "") -> str:
    """A table; a cell is a text, or XML of paragraphs with what ``w:tcPr`` may hold before."""
    return f"<w:tbl>{properties}{''.join(map(_row, rows))}</w:tbl>"


def _row(cells: list[str]) -> str:
    def cell(content: str) -> str:
        return f"<w:tc>{content if content.startswith('<') else par(content)}</w:tc>"

    return f"<w:tr>{''.join(map(cell, cells))}</w:tr>"


def merged(properties: str, content: str = "") -> str:
    """A cell that spans columns (``gridSpan``) or rows (``vMerge``)."""
    return f"<w:tcPr>{properties}</w:tcPr>{par(content)}"


def a_list(name: int, *levels: str, abstract: int | None = None, override: str = "") -> str:
    """An abstract list with levels, each ``form text more``, and the list of its number."""
    own = abstract is None
    where = name if abstract is None else abstract
    made = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
        for i, (form, text, more) in enumerate((one + "||").split("|")[:3] for one in levels)
    )
    top = f'<w:abstractNum w:abstractNumId="{where}">{made}</w:abstractNum>' if own else ""
    return f'{top}<w:num w:numId="{name}"><w:abstractNumId w:val="{where}"/>{override}</w:num>'


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell(place: str, value: object = "", more: str = "") -> str:
    """A cell: a number, or a text; ``more`` are further attributes or, as XML, its content."""
    if more.startswith("<"):
        return f'<c r="{place}">{more}</c>'
    if isinstance(value, int | float):
        return f'<c r="{place}" {more}><v>{value}</v></c>'
    return f'<c r="{place}" {more} t="inlineStr"><is><t>{value}</t></is></c>'


def xlsx_parts(
    *sheets: str,
    styles: str = "",
    states: tuple[str, ...] = (),
    strings: str = "",
    beside: dict[str, tuple[str, str]] | None = None,
    workbook: str = "",
) -> dict[str, str | bytes]:
    """The parts of a workbook.

    Args:
        sheets: what stands in each ``worksheet``.
        styles: what stands in the styles.
        states: of the sheets: ``visible``, ``hidden``.
        strings: what stands in the shared strings.
        beside: parts that the first sheet refers to: kind and content by name.
        workbook: what stands before the list of sheets.
    """
    names = [f"Trang {i + 1}" for i in range(len(sheets))]
    listed = "".join(
        f'<sheet name="{name}" r:id="r{i}" state="{(states + ("visible",) * 9)[i]}"/>'
        for i, name in enumerate(names)
    )
    related = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/worksheet" Target="worksheets/{i}.xml"/>'
        for i in range(len(sheets))
    )
    for name in ("styles", "sharedStrings"):
        related += f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
    about = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>'
        for name, (kind, _) in (beside or {}).items()
    )
    root = f'xmlns="{_SHEET}" xmlns:r="{_OFFICE}"'
    return {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {root}>{workbook}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}'
        "</Relationships>",
        "xl/styles.xml": f"<styleSheet {root}>{styles}</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {root}>{strings}</sst>",
        "xl/worksheets/_rels/0.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{about}'
        "</Relationships>",
        **{
            f"xl/worksheets/{i}.xml": f"<worksheet {root}>{one}</worksheet>"
            for i, one in enumerate(sheets)
        },
        **{f"xl/worksheets/{name}.xml": content for name, (_, content) in (beside or {}).items()},
    }


def rows(*cells: str, more: str = "") -> str:
    """A sheet: the cells of each row, and what stands behind its data."""
    made = "".join(f'<row r="{i}">{one}</row>' for i, one in enumerate(cells, start=1))
    return f"<sheetData>{made}</sheetData>{more}"


Words = tuple[float, float, float, str]
"""Where a line of a PDF begins, from the lower left corner, the size of its letters, its text."""


def pdf(
    *pages: list[Words], rules: str = "", bold: bool = False, rotate: int = 0, named: bool = True
) -> bytes:
    """A PDF whose letters are all half as wide as they are high.

    Args:
        pages: the lines of each.
        rules: operators that draw on each page.
        bold: whether its font is bold.
        rotate: degrees by which the pages are turned.
        named: whether the file says which letters its glyphs are.
    """
    letters = sorted({letter for page in pages for *_, text in page for letter in text})
    codes = {letter: code for code, letter in enumerate(letters, start=33)}
    assert len(codes) < 220
    named_as = "".join(
        f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>\n" for letter, code in codes.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{named_as}endbfchar endcmap end end"
    )
    name = "Helvetica-Bold" if bold else "Helvetica"
    widths = " ".join(["500"] * 223)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids "
        f"[{' '.join(f'{5 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /FirstChar 33 /LastChar 255"
        f" /Widths [{widths}] {'/ToUnicode 4 0 R' if named else ''} >>",
        f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream",
    ]
    for i, page in enumerate(pages):
        drawn = "".join(
            f"BT /F {size} Tf {x} {y} Td <{bytes(codes[one] for one in text).hex()}> Tj ET\n"
            for x, y, size, text in page
        )
        content = f"{rules}\n{drawn}"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate}"
            f" /Resources << /Font << /F 3 0 R >> >> /Contents {6 + 2 * i} 0 R >>",
            f"<< /Length {len(content)} >> stream\n{content}\nendstream",
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for i, one in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{i} 0 obj {one} endobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    ).encode()
    return bytes(out)
