"""Which lots and needs may meet, what stands between the others, and what a pair can gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import journeys
from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.obstacles import Obstacle, mark


@dataclass(frozen=True, eq=False)
class Block:
    """The lots and needs of one commodity: L rows and N columns of the market's own.

    obstacles : (L, N) bits of `Obstacle`; 0 where the two may trade
    margin : (L, N) the best VND per base unit, rounded up, that any delivery of this pair can
        gain; `HOPELESS` where something else than money stands between them
    fixed : (L, N) whether only one quantity will do: a whole lot, a need without splits
    """

    commodity: int
    lots: Indices
    needs: Indices
    obstacles: NDArray[np.int64]
    margin: Integers
    fixed: Flags

    @property
    def allowed(self) -> Flags:
        return np.equal(self.obstacles, 0)


HOPELESS = -(2**40)


def pairs(market: Market) -> list[Block]:
    """The market by commodity, for every commodity that is both on offer and wanted."""
    blocks = []
    for commodity in range(len(market.goods)):
        lots = np.flatnonzero((market.lots.commodity == commodity) & (market.lots.quantity > 0))
        needs = np.flatnonzero((market.needs.commodity == commodity) & (market.needs.quantity > 0))
        if len(lots) and len(needs):
            blocks.append(_block(market, commodity, lots, needs))
    return blocks


def _block(market: Market, commodity: int, lots: Indices, needs: Indices) -> Block:
    obstacles = (
        _belonging(market, lots, needs)
        | _quality(market, lots, needs)
        | _movement(market, lots, needs)
        | _expected(market, lots, needs)
        | journeys.obstacles(market, commodity, lots[:, None], needs)
        | _amounts(market, lots, needs)
    )
    fixed = market.lots.whole[lots][:, None] | ~market.needs.splits[needs]
    margin = np.full(obstacles.shape, HOPELESS, dtype=np.int64)
    i, j = np.nonzero(obstacles == 0)
    margin[i, j], gains = _best_margin(market, commodity, lots[i], needs[j], fixed[i, j])
    spread = market.needs.bid[needs[j]] - market.lots.ask[lots[i]]
    obstacles[i, j] |= np.where(gains, 0, np.where(spread < 0, Obstacle.PRICE, Obstacle.FREIGHT))
    return Block(commodity, lots, needs, obstacles, margin, fixed)


def _belonging(market: Market, lots: Indices, needs: Indices) -> Integers:
    same = market.lots.organisation[lots][:, None] == market.needs.organisation[needs]
    eligible = market.lots.eligible[lots][:, None] & market.needs.eligible[needs]
    return mark(same, Obstacle.SAME_ORGANISATION) | mark(~eligible, Obstacle.NOT_ELIGIBLE)


def _quality(market: Market, lots: Indices, needs: Indices) -> Integers:
    too_low = market.lots.grade[lots][:, None] > market.needs.grade[needs]
    held = market.lots.certificates[lots][:, None]
    missing = (market.needs.certificates[needs] & ~held) != 0
    return mark(too_low, Obstacle.GRADE) | mark(missing, Obstacle.CERTIFICATE)


def _movement(market: Market, lots: Indices, needs: Indices) -> Integers:
    """Papers that goods must hold where movement is restricted."""
    asked = market.lots.leaving[lots][:, None] | market.needs.entering[needs]
    missing = (asked & ~market.lots.certificates[lots][:, None]) != 0
    return mark(missing, Obstacle.MOVEMENT)


def _expected(market: Market, lots: Indices, needs: Indices) -> Integers:
    """What may not come after all goes only to who said that he takes it so."""
    unsure = market.lots.expected[lots][:, None] & ~market.needs.takes_expected[needs]
    return mark(unsure, Obstacle.EXPECTED)


def _amounts(market: Market, lots: Indices, needs: Indices) -> Integers:
    offered = market.lots.quantity[lots][:, None]
    wanted = market.needs.quantity[needs]
    too_large = market.lots.whole[lots][:, None] & (offered > wanted)
    too_small = ~market.needs.splits[needs] & (offered < wanted)
    below = np.minimum(offered, wanted) < market.needs.minimum[needs]
    return mark(too_large | too_small, Obstacle.WHOLE) | mark(below, Obstacle.MINIMUM)


def _best_margin(
    market: Market, commodity: int, lot: Indices, need: Indices, fixed: Flags
) -> tuple[Integers, Flags]:
    """The best VND per base unit of each pair, rounded up, and whether some delivery has no loss.

    A delivery of z base units weighs w >= z × unit kilograms and costs at least w × (least freight
    per kilogram), so no delivery gains more than bid − ask − unit × that. Rounding freight down
    keeps it a bound for goods by the piece, whose weight is rounded up. Where only one quantity
    will do, it is that quantity's own gain.
    """
    numerator, denominator = market.weight_of_unit(commodity)
    spread = market.needs.bid[need] - market.lots.ask[lot]
    most = np.minimum(market.lots.quantity[lot], market.needs.quantity[need])
    weight = market.kilograms(commodity, most)
    cost, carried = journeys.cheapest_per_kilogram(market, commodity, lot, need, weight)
    if cost.size and int(cost.max()) * numerator >= 2**62:
        raise OverflowError("such a freight is beyond what is counted exactly")
    margin = spread - numerator * cost // (denominator * carried)
    gains = spread + -numerator * cost // (denominator * carried) >= 0
    only = np.flatnonzero(fixed)
    whole = journeys.cost(market, commodity, lot[only], need[only], weight[only])
    gain = most[only] * spread[only] - whole
    margin[only] = -(-gain // most[only])
    gains[only] = gain >= 0
    return margin, gains
