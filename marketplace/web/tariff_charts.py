"""Where a tariff's curve and its printed points lie in their picture: attributes of inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320.0, 150.0
LEFT, BOTTOM, TOP = 8.0, 24.0, 18.0
FARTHEST = 300
"""Kilometres."""
STEP = 10
DISTANCES = tuple(range(0, FARTHEST + 1, STEP))


@dataclass(frozen=True)
class Curve:
    """A line through points of the picture, and the printed ones with their km and ₫."""

    line: str
    points: list[tuple[float, float, int, int]]
    end: tuple[float, float, int]
    """Where the line ends, and ₫ there."""


def curve(prices: Sequence[int], printed: Sequence[tuple[int, int]]) -> Curve:
    """``prices`` at `DISTANCES`; ``printed``: km, ₫. The scale begins at 0 ₫."""
    most = max([*prices, *(price for _, price in printed), 1])
    spots = [_spot(km, price, most) for km, price in zip(DISTANCES, prices, strict=True)]
    line = "M" + " L".join(f"{x} {y}" for x, y in spots)
    points = [(*_spot(km, price, most), km, price) for km, price in printed if km <= FARTHEST]
    return Curve(line, points, (*spots[-1], prices[-1]))


def _spot(km: float, price: int, most: int) -> tuple[float, float]:
    x = LEFT + km / FARTHEST * (WIDTH - 2 * LEFT)
    y = HEIGHT - BOTTOM - price / most * (HEIGHT - BOTTOM - TOP)
    return round(x, 1), round(y, 1)
