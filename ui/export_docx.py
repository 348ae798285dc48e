"""A conversation as a Word document.

Page and type follow NĐ 30/2020/NĐ-CP, Phụ lục I.I: A4, margins 20-25 mm, 30-35 mm on the left,
Times New Roman 13-14 pt. It is a working paper, not an official document: no quốc hiệu.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from assistant.contract import Citation
from ui.exchanges import Shown
from ui.export import LAW, citation_line, moment, refusal_title
from ui.wording import AI_NOTICE, clean

_FONT: Final = "Times New Roman"
_SOFT: Final = RGBColor(0x5B, 0x61, 0x69)
_ACCENT: Final = RGBColor(0x8F, 0x1D, 0x21)
_NOT_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_docx(
    title: str, exchanges: Sequence[Shown], is_sample: Callable[[str], bool], now: datetime
) -> bytes:
    """Write a conversation as .docx; arguments as for ``export.to_markdown``."""
    document = _empty(title)
    heading = _add(document, title, "Title")
    heading.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _note(document, f"Xuất lúc {moment(now)}.")
    for number, shown in enumerate(exchanges, 1):
        _add(document, f"{number}. {shown.question}", "Heading 1")
        _note(document, f"Hỏi lúc {moment(shown.asked_at)}.")
        if shown.answer.refused:
            _strong(document, f"Không trả lời: {refusal_title(shown.answer.refusal_reason)}.")
        for line in shown.answer.answer.strip().splitlines():
            bullet = line.startswith("- ")
            _add(document, line[2:] if bullet else line, "List Bullet" if bullet else "Normal")
        for warning in shown.answer.warnings:
            _strong(document, f"Lưu ý: {warning.text}")
        if shown.answer.citations:
            _add(document, "Căn cứ", "Heading 2")
        for one in shown.answer.citations:
            changed = shown.changed.get(one.marker)
            _cite(document, one, is_sample(one.notice.id), changed.text if changed else "")
    return _saved(document)


def _empty(title: str) -> DocxDocument:
    document = Document()
    document.core_properties.title = _xml(title)[:200]
    document.core_properties.author = "congvu"
    document.core_properties.comments = AI_NOTICE
    document.core_properties.language = "vi-VN"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    for name, size in {"Normal": 13, "Title": 18, "Heading 1": 14, "Heading 2": 13}.items():
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        # Word takes a font of its theme for headings unless each script is told.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{attribute}"), _FONT)
        if name != "Normal":
            style.font.color.rgb = _ACCENT if name == "Title" else RGBColor(0, 0, 0)
    footer = section.footer.paragraphs[0]
    footer.text = f"{AI_NOTICE} {LAW}"
    footer.runs[0].font.size = Pt(10)
    footer.runs[0].italic = True
    return document


def _cite(document: DocxDocument, one: Citation, is_sample: bool, changed: str) -> None:
    _add(document, f"[{one.marker}] {citation_line(one, is_sample=is_sample)}", "Normal")
    quote = _add(document, f"“{one.quote.strip()}”", "Normal")
    quote.paragraph_format.left_indent = Mm(10)
    for run in quote.runs:
        run.italic = True
    if changed:
        _note(document, changed)


def _add(document: DocxDocument, words: str, style: str) -> Paragraph:
    return document.add_paragraph(_xml(words), style=style)


def _note(document: DocxDocument, words: str) -> None:
    run = document.add_paragraph().add_run(_xml(words))
    run.italic = True
    run.font.size = Pt(11)
    run.font.color.rgb = _SOFT


def _strong(document: DocxDocument, words: str) -> None:
    document.add_paragraph().add_run(_xml(words)).bold = True


def _xml(words: str) -> str:
    """Drop what XML can't hold: a document may carry such characters."""
    return _NOT_XML.sub("�", clean(words))


def _saved(document: DocxDocument) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()
