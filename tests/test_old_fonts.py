"""Letters of the nineties are told by the font of each run, and nothing else is changed."""

from __future__ import annotations

import pytest
from fakes_documents import docx, par, pdf

from corpus.readers import read_bytes
from corpus.readers.old_fonts import VPS, shown_by

VNI = "Quyeát ñònh veà vieäc thaønh laäp Toå coâng taùc; hoaøn thaønh tröôùc ngaøy 15/11/2004"
UNICODE = "Quyết định về việc thành lập Tổ công tác; hoàn thành trước ngày 15/11/2004"


def run_in(font: str, words: str) -> str:
    font = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'
    return f'<w:r>{font}<w:t xml:space="preserve">{words}</w:t></w:r>'


@pytest.mark.parametrize(
    ("font", "typed", "shown"),
    [
        ("VNI-Times", VNI, UNICODE),
        ("VNI-Helve", "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"),
        ("VNI-Times", "Kyø hoïp, yù kieán, Öu tieân, CÖÙU", "Kỳ họp, ý kiến, Ưu tiên, CỨU"),
        ("VPS Times", "C¶ng hòa xã h¶i chû nghïa Vi\x8ct", "Cộng hòa xã hội chủ nghĩa Việt"),
        (".VnTime", "C«ng v¨n sè 12", "Công văn số 12"),
        (".VnTimeH", "C«ng v¨n", "CÔNG VĂN"),
        ("Times New Roman", "Ñöôøng hoøa ½ café à la carte", "Ñöôøng hoøa ½ café à la carte"),
    ],
)  # fmt: skip
def test_the_name_of_the_font_says_which_letters_are_shown(
    font: str, typed: str, shown: str
) -> None:
    assert shown_by(typed, font) == shown


def test_vps_gives_every_letter_once() -> None:
    letters = "aăâeêioôơuưyđ"
    lower = [one for one in set(VPS.values()) if one.islower()]
    assert len(lower) == 12 * 5 + 12 - 6 + 1  # six tones of twelve vowels but the bare ones, and đ
    assert {one for one in lower if one in letters} == set("ăâđêôơư")


def test_runs_of_one_paragraph_have_their_own_fonts() -> None:
    body = par(
        run_in("VNI-Times", "Sôû Noäi vuï "), run_in("Arial", "ñöôïc "), run_in(".VnTime", "giao")
    )
    file = read_bytes(docx(body), "a.docx")
    assert file.text == "Sở Nội vụ ñöôïc giao\n"
    assert "(TCVN3, VNI)" in file.warnings[0]


def test_the_letter_that_is_a_soft_hyphen_elsewhere_is_kept() -> None:
    font = '<w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>'
    soft = f"<w:r>{font}<w:t>Ch</w:t><w:softHyphen/><w:t>¬ng tr×nh</w:t></w:r>"
    plain = "<w:r><w:t>dài</w:t><w:softHyphen/><w:t>dòng</w:t></w:r>"
    file = read_bytes(docx(par(soft, plain)), "a.docx")
    assert file.text == "Chương trìnhdàidòng\n"


def test_a_pdf_typed_in_vni_is_told_by_its_words() -> None:
    lines = [(80.0, 780.0 - 20 * i, 11.0, VNI) for i in range(10)]
    file = read_bytes(pdf(lines), "a.pdf")
    assert file.text.count("Quyết định về việc thành lập Tổ công tác") == 10
    assert "(VNI)" in file.warnings[0]


def test_a_pdf_of_unicode_is_not_changed() -> None:
    words = "Quyết định của Ủy ban: “ñ” và “ö” là chữ nước ngoài"
    lines = [(80.0, 780.0 - 20 * i, 11.0, words) for i in range(10)]
    assert "“ñ” và “ö”" in read_bytes(pdf(lines), "a.pdf").text
