"""Matches that hold quantity of a round's listings when it begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from marketplace.solving.listings import ListingId, OpenLot, OpenNeed


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What an earlier match holds.

    ``gain`` is VND at the match's own terms. ``open``: a round proposed it, nobody has answered
    yet, and nobody has changed its lot or its need since, so that a better way may replace it.
    Every other one is a fixed point.
    """

    match: int
    lot: int
    need: int
    quantity: int
    gain: int
    open: bool


Listings = tuple[tuple[OpenLot, ...], tuple[OpenNeed, ...]]


def released(
    lots: Iterable[OpenLot], needs: Iterable[OpenNeed], back: Iterable[Standing]
) -> Listings:
    """The listings with what these matches hold back on the market."""
    of_lots: Counter[ListingId] = Counter()
    of_needs: Counter[ListingId] = Counter()
    for match in back:
        of_lots[match.lot] += match.quantity
        of_needs[match.need] += match.quantity
    return (
        tuple(
            replace(lot, quantity=lot.quantity + of_lots[lot.id], held=lot.held - of_lots[lot.id])
            for lot in lots
        ),
        tuple(
            replace(
                need,
                quantity=need.quantity + of_needs[need.id],
                held=need.held - of_needs[need.id],
            )
            for need in needs
        ),
    )
