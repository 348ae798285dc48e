"""Who signed: the block of capacity, office and name at the end of a notice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.parse.lines import Line
from corpus.parse.titles import is_upper

_SIGNING_FOR = re.compile(
    r"^(?:(?:TM|KT|TL|TUQ|Q)\.|(?:T\.M|K\.T|T\.L)\.?|(?:T/M|K/T|T/L)\.?|(?:TM|KT|TL)/)\s?\S"
)
_SIGNER_WORDS = (
    "chủ tịch", "giám đốc", "trưởng", "bộ trưởng", "thủ tướng", "chánh văn phòng", "bí thư",
    "chủ nhiệm", "hiệu trưởng", "viện trưởng", "tổng thư ký", "thống đốc", "tổng thanh tra",
)  # fmt: skip
_DEGREE = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|BS|KS|CN)(?:\.\s*|\s+)|(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy)\s+)+"
)
_FAMILY_NAMES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý tô đinh đoàn lương mai"
    " trương trịnh hà cao đào lâm tạ thái châu phùng từ quách vương nông chu"
)
_SIGNED = re.compile(r"^[\[(]{0,3}\s*(?:đã\s?k[ýí]|daky)\s*[\])]{0,3}$", re.I)
_ON_ONE_LINE = re.compile(
    r"^(?P<office>\S.{2,90}?)\s*[\[(]\s*đã\s?k[ýí]\s*[\])]\s*(?P<name>\S.*)$", re.I
)
_LINE_LENGTH = 120  # characters: a longer line is none of a signature
_UNIT = re.compile(r"(?:Chương|Mục|Phần|Mẫu|Biểu|Bảng) [IVX]{1,5}$")
_NAME_REACH = 5  # lines between the first line of a signature and the name


def is_signature_line(text: str) -> bool:
    """Whether a line can stand in a signature: capitals, a name, “[đã ký]”."""
    return (
        is_upper(text)
        or bool(_SIGNING_FOR.match(text))
        or is_person_name(text)
        or bool(_SIGNED.match(text))
        or text.lower() == "kiêm"
        or not any(c.isalnum() for c in text)
    )


def split_signature(text: str) -> tuple[str, str] | None:
    """Return office and name of “BỘ TRƯỞNG (Đã ký) Lê Văn Lâm”, or None where a line is none."""
    short = len(text) <= _LINE_LENGTH and ("(" in text or "[" in text)
    match = _ON_ONE_LINE.match(text) if short else None
    if match is None or not is_office(match["office"]) or not is_person_name(match["name"]):
        return None
    return match["office"], match["name"]


def ends_in_name(text: str) -> bool:
    """Whether a line of a signature is the name, or ends in it."""
    return is_person_name(text) or split_signature(text) is not None


def is_person_name(text: str) -> bool:
    """Whether a line is nothing but a Vietnamese name of two to five words.

    In capitals it is one only where it begins with a family name: ``CHỦ TỊCH`` is none.
    """
    if len(text) > 60 or _UNIT.match(text):
        return False
    name = _DEGREE.sub("", text)
    if is_upper(name):
        if name.split()[0].lower() not in _FAMILY_NAMES.split():
            return False
        name = name.title()
    words = name.split()
    parts = re.split(r"['’\s-]", name.strip())  # H'Len, Niê-Kđăm
    return 2 <= len(words) <= 5 and all(
        part.isalpha() and part[0].isupper() and (len(part) == 1 or part[1:].islower())
        for part in parts
    )


def starts_signature(lines: Sequence[Line], i: int) -> bool:
    """Whether a signature begins on line ``i``: an office with a name or “[đã ký]” below it."""
    if len(lines[i].text) > _LINE_LENGTH or lines[i].marker is not None:
        return False
    text = lines[i].bare
    if split_signature(text) is not None:
        return True
    if not is_office(text):
        return False
    for line in lines[i + 1 : i + 1 + _NAME_REACH]:
        follower = line.bare
        if is_person_name(follower) or _SIGNED.match(follower):
            return True
        if not is_signature_line(follower):
            return False
    return False


def is_office(text: str) -> bool:
    """Whether a line can be who signs: “KT. BỘ TRƯỞNG”, “CHỦ TỊCH”, “Phó Giám đốc”."""
    lowered = text.lower()
    if _SIGNING_FOR.match(text):
        return True
    if is_upper(text):
        return any(word in lowered for word in _SIGNER_WORDS)
    return text[-1:] not in ".,;:" and lowered.removeprefix("phó ").startswith(_SIGNER_WORDS)
