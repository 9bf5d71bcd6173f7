"""Where the bars of a season lie: attributes of inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.services.plans import Figures

HEIGHT = 170.0
LEFT = 44.0
"""Beside the bars, for the figures of the axis."""
WIDEST = 14.0
SMALL = 140.0
"""Width of the picture in a table's row."""


@dataclass(frozen=True)
class Bar:
    """A standing bar: left edge, top, height."""

    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Week:
    """Three bars side by side: planned, offered, sold."""

    monday: date
    middle: float
    labelled: bool
    planned: Bar
    offered: Bar
    sold: Bar


@dataclass(frozen=True)
class Chart:
    """A season as a picture. ``lines`` are heights of the axis with what they stand for."""

    width: int
    bar: float
    weeks: tuple[Week, ...]
    lines: tuple[tuple[float, int], ...]


def season(weeks: Mapping[date, Figures], width: int) -> Chart:
    """All weeks on one scale, however many there are."""
    figures = list(weeks.values())
    top = _round_up(max((_largest(each) for each in figures), default=0))
    step = (width - LEFT) / max(len(figures), 1)
    bar = round(min(WIDEST, step * 0.8 / 3), 1)
    every = max(1, -(-len(figures) // int((width - LEFT) // 62)))
    drawn = []
    for number, (monday, each) in enumerate(weeks.items()):
        middle = LEFT + step * (number + 0.5)
        three = (each.planned or 0, each.offered, each.sold)
        planned, offered, sold = (
            _bar(middle + bar * (place - 1.5), amount, top) for place, amount in enumerate(three)
        )
        labelled = number % every == 0
        drawn.append(Week(monday, round(middle, 1), labelled, planned, offered, sold))
    lines = tuple((round(HEIGHT - HEIGHT * n / 2, 1), top * n // 2) for n in range(3))
    return Chart(width, bar, tuple(drawn), lines)


def lengths(totals: Sequence[tuple[int, int, int]], width: float = SMALL) -> list[list[float]]:
    """Lying bars of planned, offered and sold for each row, each row on its own scale."""
    return [[round(width * amount / max(max(row), 1), 1) for amount in row] for row in totals]


def _largest(figures: Figures) -> int:
    return max(figures.planned or 0, figures.offered, figures.sold)


def _bar(x: float, amount: int, top: int) -> Bar:
    height = round(HEIGHT * amount / top, 1) if top else 0.0
    return Bar(round(x, 1), round(HEIGHT - height, 1), height)


def _round_up(most: int) -> int:
    """The next figure that halves well: 2, 4, 10 times a power of ten."""
    if most <= 0:
        return 0
    power = int(10 ** (len(str(most)) - 1))
    return next(n * power for n in (2, 4, 6, 10, 20) if n * power >= most)
