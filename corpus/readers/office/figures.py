"""Numbers of a spreadsheet as a Vietnamese reader writes them (ECMA-376, part 1, 18.8.30).

A date is day, month, year whatever order the cell shows, for that is what clauses are searched
for; figures keep the decimals and separators of their format, with Vietnamese signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Of the formats that have a number and no text in the file those that dates and figures use.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "dd/mm/yyyy", 15: "dd/mm/yy", 16: "dd/mm", 17: "mm/yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss",
    47: "mm:ss", 49: "@",
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]{0,200}"|\\.|\[[^\]]{0,100}\]|_.|\*.')
_DIGITS = re.compile(r"[#0?,]+(?:\.[#0?]+)?")
_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LAST_DAY = 2_958_465  # 31/12/9999
_ELAPSED = re.compile(r"\[[hms]{1,4}\]", re.IGNORECASE)
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes the numbers of a workbook.

    Args:
        from_1904: whether its days are counted from 1904, as on old Macintoshes.
    """

    from_1904: bool = False

    def written(self, value: str, form: str) -> str:
        """Return a number as text.

        Args:
            value: as the file holds it; what is no number is returned as it is.
            form: the cell's format; ``""`` or ``General`` for none.
        """
        try:
            number = Decimal(value)
        except ArithmeticError:
            return value
        if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
            return value
        plain = _QUOTED.sub("", form.split(";", maxsplit=1)[0])
        if form.lower() == "general" or not plain.strip() or plain == "@":
            return _plain(number)
        if _ELAPSED.search(form):
            hours, minutes = divmod(int(number * 1440), 60)
            return f"{hours}:{minutes:02d}"
        if re.search("[dmyhs]", plain.lower()):
            return self._moment(number, plain.lower()) or _plain(number)
        return _figure(number, plain)

    def _moment(self, number: Decimal, form: str) -> str:
        if not 0 <= number <= _LAST_DAY:
            return ""
        seconds = int((number * 86_400).to_integral_value(ROUND_HALF_UP))
        moment = _EPOCH[self.from_1904] + timedelta(seconds=seconds)
        clock = f"{moment:%H:%M:%S}" if "s" in form else f"{moment:%H:%M}"
        if "d" in form:
            day = f"{moment:%d/%m/%Y}" if "y" in form or "m" not in form else f"{moment:%d/%m}"
            return f"{day} {clock}" if "h" in form else day
        if "h" in form or "s" in form:
            return clock
        if "m" in form:
            return f"{moment:%m/%Y}"
        return f"{moment.year}"


def _plain(number: Decimal) -> str:
    """A number without a format: a spreadsheet shows no more than some fifteen digits."""
    text = f"{float(number):.15g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", ",")


def _figure(number: Decimal, form: str) -> str:
    digits = _DIGITS.search(form)
    if digits is None:
        return _plain(number)
    if "%" in form:
        number *= 100
    whole, _, decimals = digits[0].partition(".")
    places = min(len(decimals), _MOST_DIGITS)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    before, _, after = text.partition(".")
    if "," not in whole:
        before = before.replace(",", "")
    before = before.zfill(whole.replace(",", "").count("0"))
    text = before.replace(",", ".") + (f",{after}" if after else "")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{text}%" if "%" in form else f"{sign}{text}"
