"""Lengths of the pictures that pages draw: attributes of inline SVG, never styles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BoundBar:
    """How near a round's value is to its bound: the whole bar, and its last part enlarged."""

    width: float
    value: float
    """Where the value ends on the whole bar."""
    zoom_from: float
    """The share of the bound at which the enlarged bar begins."""
    zoom_left: float
    """Where that share lies on the whole bar."""
    zoom_value: float
    """Where the value ends on the enlarged bar."""


def bound_bar(value: int, bound: int, width: float) -> BoundBar | None:
    """None where there is nothing to gain. Drawn to the hundredth of a percent that is written.

    The enlarged bar begins at a whole percent, with the gap taking between a third and two thirds
    of it; none is drawn (``zoom_from`` 0) for large gaps.
    """
    if bound <= 0:
        return None
    share = round(value / bound, 4)
    gap = 1 - share
    zoom_from = max(0.0, int((1 - 2 * gap) * 100) / 100 - (0.01 if gap < 0.01 else 0))
    if zoom_from < 0.5:
        zoom_from = 0.0
    span = 1 - zoom_from
    return BoundBar(
        width=width,
        value=round(width * share, 1),
        zoom_from=zoom_from,
        zoom_left=round(width * zoom_from, 1),
        zoom_value=round(width * (share - zoom_from) / span, 1),
    )


@dataclass(frozen=True)
class Share:
    """A bar in a table: part of the whole, on the scale of the largest row."""

    whole: float
    part: float


def shares(rows: list[tuple[int, int]], width: float = 140) -> list[Share]:
    """One bar for each (part, whole)."""
    largest = max((max(part, whole) for part, whole in rows), default=0) or 1
    return [
        Share(round(width * whole / largest, 1), round(width * part / largest, 1))
        for part, whole in rows
    ]
