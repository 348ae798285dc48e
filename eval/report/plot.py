"""Inline SVG: axes in Vietnamese numbers, lines, dots and bars, with a title and a description.

Drawn 380 wide so that the letters stay readable at phone width; colours come from the page's
style sheet, and every series has its own dash besides, for those who can't tell colours apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.report.numbers import number
from ui.html import Html, el, join

WIDTH, HEIGHT = 380, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 22.0, 14.0, 44.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis.

    Args:
        label: what is measured, with its unit.
        low: value at the origin.
        high: value at the far end, above ``low``.
        ticks: where a grid line stands.
        write: how a tick is written.
    """

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    write: Callable[[float], str]

    @classmethod
    def of(cls, label: str, top: float, count: int = 5) -> Scale:
        """Return a scale from 0 to a round number that holds ``top``."""
        step = _round_step(max(top, 1e-9) / count)
        steps = max(1, math.ceil(top / step - 1e-9))
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        ticks = tuple(step * i for i in range(steps + 1))
        return cls(label, 0.0, ticks[-1], ticks, lambda value: number(value, decimals))

    @classmethod
    def shares(cls, label: str) -> Scale:
        """Return a scale from 0 to 100 %."""
        ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
        return cls(label, 0.0, 1.0, ticks, lambda value: f"{number(value * 100)} %")

    def place(self, value: float) -> float:
        """Return how far along the axis a value lies, held within 0 and 1."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def _round_step(raw: float) -> float:
    power = float(10 ** math.floor(math.log10(raw)))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= raw * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class Plot:
    """A plane with two axes; its methods return what is drawn on it."""

    x: Scale
    y: Scale

    def at(self, point: Point) -> Point:
        """Return pixels of a point."""
        return (
            _LEFT + self.x.place(point[0]) * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _BOTTOM - self.y.place(point[1]) * (HEIGHT - _TOP - _BOTTOM),
        )

    def line(self, points: Sequence[Point], series: int | str) -> Html:
        """Return a line through points, in the colour and dash of a series."""
        placed = (self.at(point) for point in points)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        return el("polyline", points=path, class_=f"line s{series}")

    def dot(self, point: Point, series: int | str, hint: str, radius: float = 4) -> Html:
        """Return a dot with a hint for the mouse."""
        x, y = self.at(point)
        return el("circle", el("title", hint), cx=x, cy=y, r=radius, class_=f"dot s{series}")

    def diamond(self, point: Point, hint: str) -> Html:
        """Return the mark of a target."""
        x, y = self.at(point)
        path = f"M{x:.1f} {y - 6:.1f} l6 6 l-6 6 l-6 -6 z"
        return el("path", el("title", hint), d=path, class_="target")

    def whisker(self, x: float, low: float, high: float, series: int | str) -> Html:
        """Return an upright interval."""
        left, bottom = self.at((x, low))
        top = self.at((x, high))[1]
        return el("line", x1=left, x2=left, y1=bottom, y2=top, class_=f"whisker s{series}")

    def note(self, point: Point, text: str, anchor: str = "start", dx: float = 8) -> Html:
        """Return words beside a point."""
        x, y = self.at(point)
        return el("text", text, x=x + dx, y=y + 4, text_anchor=anchor, class_="note")

    def draw(self, key: str, title: str, description: str, *drawn: Html) -> Html:
        """Return the picture.

        Args:
            key: an id that no other picture of the page has.
            title: its name.
            description: what can be seen, for those who can't.
            drawn: on the plane, from the back to the front.
        """
        return picture(key, title, description, (WIDTH, HEIGHT), self._axes(), *drawn)

    def _axes(self) -> Html:
        left, bottom = self.at((self.x.low, self.y.low))
        right, top = self.at((self.x.high, self.y.high))
        parts: list[Html] = []
        for value in self.y.ticks:
            y = self.at((self.x.low, value))[1]
            parts.append(el("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
            words = self.y.write(value)
            parts.append(el("text", words, x=left - 6, y=y + 4, text_anchor="end"))
        for value in self.x.ticks:
            x = self.at((value, self.y.low))[0]
            parts.append(el("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, class_="axis"))
            words = self.x.write(value)
            parts.append(el("text", words, x=x, y=bottom + 17, text_anchor="middle"))
        parts.append(el("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="axis"))
        middle, height = (left + right) / 2, float(HEIGHT)
        across = el("text", self.x.label, x=middle, y=height - 8, text_anchor="middle")
        turn = f"translate(12 {(top + bottom) / 2:.1f}) rotate(-90)"
        up = el("text", self.y.label, transform=turn, text_anchor="middle")
        return el("g", join([*parts, across, up]), aria_hidden="true")


def picture(
    key: str, title: str, description: str, size: tuple[float, float], *drawn: Html
) -> Html:
    """Return an SVG element with a title and a description that screen readers read out."""
    width, height = size
    return el(
        "svg",
        el("title", title, id=f"{key}-t"),
        el("desc", description, id=f"{key}-d"),
        *drawn,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        class_="plot",
    )


def legend(series: Sequence[tuple[int, str]], runs: int) -> Html | None:
    """Return the names of series beside their colour and dash; None on a page of one run.

    Args:
        series: number and name of what is drawn.
        runs: how many the page is about.
    """
    if runs < 2:
        return None
    items = []
    for i, name in series:
        swatch = el("line", x1=1, x2=27, y1=6, y2=6, class_=f"line s{i}")
        drawn = el("svg", swatch, viewBox="0 0 28 12", class_="swatch", aria_hidden="true")
        items.append(el("li", drawn, name))
    return el("ul", *items, class_="legend")


SERIES = 8
"""How many series the style sheet tells apart: a page shows no more runs."""
