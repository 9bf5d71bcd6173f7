"""Where the intervals of market prices lie in their pictures: attributes of inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SMALL = 120.0
"""Width of the picture in a table's row."""
MARGIN = 72.0
"""Beside the bars, for the figures at their ends."""
NARROWEST = 4.0
HEIGHT = 150.0
WIDEST = 22.0


class Priced(Protocol):
    """Anything with an interval."""

    low: int
    high: int


@dataclass(frozen=True)
class Bar:
    """One interval: where it begins on its axis and how long it is."""

    start: float
    length: float

    @property
    def end(self) -> float:
        return round(self.start + self.length, 1)


@dataclass(frozen=True)
class Column:
    """An interval over time: its middle on the axis of rounds, and its bar from the top."""

    x: float
    bar: Bar
    width: float


def bars(prices: Sequence[Priced], width: float = SMALL, margin: float = 0.0) -> list[Bar]:
    """One for each interval, all on the scale of the lowest and highest of them."""
    if not prices:
        return []
    low, high = min(price.low for price in prices), max(price.high for price in prices)
    scale = (width - 2 * margin) / max(high - low, 1)
    return [
        Bar(
            round(min(margin + (price.low - low) * scale, width - margin - NARROWEST), 1),
            round(max((price.high - price.low) * scale, NARROWEST), 1),
        )
        for price in prices
    ]


def columns(prices: Sequence[Priced], width: float) -> list[Column]:
    """The same standing up, from left to right; high prices are at the top."""
    step = (width - 2 * MARGIN) / max(len(prices) - 1, 1)
    first = width / 2 if len(prices) == 1 else MARGIN
    return [
        Column(
            x=round(first + number * step, 1),
            bar=Bar(round(HEIGHT - bar.end, 1), bar.length),
            width=min(WIDEST, round(step * 0.6, 1)) if len(prices) > 1 else WIDEST,
        )
        for number, bar in enumerate(bars(prices, HEIGHT))
    ]
