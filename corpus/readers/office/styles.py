"""How text looks in Word: from the defaults, the styles and what stands on the run itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from lxml import etree

from corpus.readers.office.names import number, switch, value, w

_NEARLY_WHITE = 0xF5
_UNREADABLE = 4  # half points: nobody reads letters of two points
_MOST_BASES = 50  # styles based on each other


@dataclass(frozen=True, slots=True)
class Look:
    """Properties of a run; None for what isn't said.

    Args:
        bold: in bold letters.
        capitals: shown in capitals, whatever was typed.
        hidden: not shown at all.
        colour: six hexadecimal digits, or ``auto``.
        size: of its letters, half points.
        shaded: whether it stands on a ground of its own.
        font: name of its font for Western letters.
    """

    bold: bool | None = None
    capitals: bool | None = None
    hidden: bool | None = None
    colour: str | None = None
    size: int | None = None
    shaded: bool | None = None
    font: str | None = None

    def over(self, under: Look) -> Look:
        """Return these properties, and those of ``under`` where these say nothing."""
        return Look(
            *(
                mine if (mine := getattr(self, one.name)) is not None else getattr(under, one.name)
                for one in fields(Look)
            )
        )

    def is_unseen(self, *, on_colour: bool) -> bool:
        """Whether nobody can see it: hidden, tiny, or white on white.

        Args:
            on_colour: whether the paragraph, cell or box around it has a ground of its own.
        """
        if self.hidden or (self.size is not None and self.size <= _UNREADABLE):
            return True
        return not (self.shaded or on_colour) and _is_white(self.colour)


def _is_white(colour: str | None) -> bool:
    if colour is None or len(colour) != 6:
        return False
    try:
        parts = bytes.fromhex(colour)
    except ValueError:
        return False
    return min(parts) >= _NEARLY_WHITE


def is_coloured(properties: etree._Element | None) -> bool | None:
    """Whether ``w:shd`` among some properties gives a ground; None where it isn't said."""
    shading = None if properties is None else properties.find(w("shd"))
    if shading is None:
        return None
    fill = shading.get(w("fill"), "auto")
    pattern = shading.get(w("val"), "clear")
    return pattern not in ("clear", "nil") or not (fill == "auto" or _is_white(fill))


def look_of(properties: etree._Element | None) -> Look:
    """Return what ``w:rPr`` says."""
    if properties is None or len(properties) == 0:
        return Look()
    colour = value(properties, "color")
    size = value(properties, "sz")
    shaded = is_coloured(properties)
    if shaded is None and value(properties, "highlight") not in (None, "none", "white"):
        shaded = True
    hidden = switch(properties, "vanish")
    fonts = properties.find(w("rFonts"))
    return Look(
        bold=switch(properties, "b"),
        capitals=switch(properties, "caps"),
        hidden=hidden if hidden is not None else switch(properties, "specVanish"),
        colour=colour,
        size=None if size is None else number(size, 20),
        shaded=shaded,
        font=None if fonts is None else fonts.get(w("ascii")) or fonts.get(w("hAnsi")),
    )


class Styles:
    """The styles of a document.

    Args:
        root: of the styles part, None where there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = Look()
        self._normal = ""
        self._looks: dict[str, Look] = {}
        if root is None:
            return
        self._default = look_of(root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}"))
        for style in root.iterchildren(w("style")):
            name = style.get(w("styleId"), "")
            self._styles[name] = style
            default = style.get(w("default"), "0") not in ("0", "false")
            if default and style.get(w("type")) == "paragraph":
                self._normal = name

    def look(self, style: str | None, under: Look | None = None) -> Look:
        """Return the look that a style gives, over ``under`` or the defaults.

        Args:
            style: id of a paragraph or character style; None for the default paragraph style.
            under: what holds where the style says nothing.
        """
        name = self._normal if style is None else style
        if name not in self._looks:
            found = Look()
            for one in self._chain(name):
                found = found.over(look_of(one.find(w("rPr"))))
            self._looks[name] = found
        return self._looks[name].over(self._default if under is None else under)

    def paragraph_property(self, style: str | None, name: str) -> tuple[str, etree._Element] | None:
        """Return a property of a paragraph style, with the style of the chain that says it."""
        for one in self._chain(self._normal if style is None else style):
            found = one.find(f"{w('pPr')}/{w(name)}")
            if found is not None:
                return one.get(w("styleId"), ""), found
        return None

    def has_ground(self, style: str | None) -> bool:
        """Whether a table style gives any of its cells a ground."""
        return any(
            is_coloured(properties)
            for one in self._chain(style or "")
            for properties in one.iter(w("tcPr"), w("tblPr"))
        )

    def lists_of_styles(self) -> dict[str, str]:
        """Return the list that each numbering style means, by style id."""
        found: dict[str, str] = {}
        for name, style in self._styles.items():
            list_id = value(style.find(f"{w('pPr')}/{w('numPr')}"), "numId")
            if style.get(w("type")) == "numbering" and list_id is not None:
                found[name] = list_id
        return found

    def _chain(self, name: str) -> Iterator[etree._Element]:
        """The style, the one it is based on, and so on."""
        for _ in range(_MOST_BASES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style, "basedOn") or ""
