"""Bars to the left and right of nothing: who gains and who loses, and what a link is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.services.scenario_outcomes import Pair, Worth

WIDTH = 240.0
"""Of the picture; nothing is in the middle."""


@dataclass(frozen=True)
class Bar:
    """A bar from ``start``, so long; more or less than nothing."""

    start: float
    length: float
    more: bool
    low: float | None = None
    high: float | None = None
    """Ends of the line on which the true figure lies, where it is known."""


def gains(pairs: Sequence[Pair]) -> list[Bar]:
    """One for each, on one scale."""
    most = max((abs(pair.gain) for pair in pairs), default=0) or 1
    return [_bar(pair.gain, most) for pair in pairs]


def worths(links: Sequence[Worth]) -> list[Bar]:
    """The same, with the line between both bounds; what lies beyond the picture is cut off."""
    most = max((abs(worth.gain) for worth in links), default=0) or 1
    bars = []
    for worth in links:
        bar = _bar(worth.gain, most)
        if worth.low is not None and worth.high is not None:
            low, high = _at(worth.low, most), _at(worth.high, most)
            bar = Bar(bar.start, bar.length, bar.more, low, high)
        bars.append(bar)
    return bars


def _bar(gain: int, most: int) -> Bar:
    middle, end = WIDTH / 2, _at(gain, most)
    return Bar(min(middle, end), round(abs(end - middle), 1), gain >= 0)


def _at(dong: int, most: int) -> float:
    share = max(-1.0, min(1.0, dong / most))
    return round(WIDTH / 2 + share * WIDTH / 2, 1)
