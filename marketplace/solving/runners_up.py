"""Who came second on either side of each match, from figures that may be told.

The engine's own runners-up (`marketplace.matching.prices`) follow from exact bids: whoever moves
his ask, or a bid of his own elsewhere, by one đồng at a time would find where they change. Here a
sealed bid counts with the step below it for sellers, above it for buyers (`Needs.told_low`,
`Needs.told_high`). Besides these, all follows from who was matched with how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import Market, Outcome, journeys
from marketplace.matching.obstacles import MONEY
from marketplace.matching.outcome import NOBODY
from marketplace.matching.pairs import Block, pairs

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
FAR = 2**62


@dataclass(frozen=True, eq=False)
class RunnersUp:
    """One row per match: rows of the market or `NOBODY`, and farm prices there, VND a base unit.

    need, at_need : where else the seller could go, and what he could get there
    lot, at_lot : where else the buyer could buy, and the price here that is as good for him
    """

    need: Integers
    at_need: Integers
    lot: Integers
    at_lot: Integers


def runners_up(market: Market, outcome: Outcome) -> RunnersUp:
    """The best other partner on either side of each match of the outcome."""
    of_good = market.lots.commodity[outcome.matches.lot]
    found = RunnersUp(*(np.full(len(of_good), NOBODY, dtype=np.int64) for _ in range(4)))
    taken = _taken(market, outcome)
    for block in pairs(market):
        rows = np.flatnonzero(of_good == block.commodity)
        if len(rows):
            found.need[rows], found.at_need[rows] = _needs(market, outcome, block, rows, taken)
            found.lot[rows], found.at_lot[rows] = _lots(market, outcome, block, rows, taken)
    return found


@dataclass(frozen=True, eq=False)
class _Taken:
    """What is left open, and the price from which everybody who is matched there gives way."""

    need_rest: Integers
    delivered: Integers
    lot_rest: Integers
    at_farm: Integers


def _taken(market: Market, outcome: Outcome) -> _Taken:
    lots, needs, matches = market.lots, market.needs, outcome.matches
    freight = -(-matches.freight // matches.quantity)
    need_rest, lot_rest = needs.quantity.copy(), lots.quantity.copy()
    np.subtract.at(need_rest, matches.need, matches.quantity)
    np.subtract.at(lot_rest, matches.lot, matches.quantity)
    delivered, at_farm = needs.told_low.copy(), lots.ask.copy()
    np.minimum.at(delivered, matches.need, lots.ask[matches.lot] + freight)
    np.maximum.at(at_farm, matches.lot, needs.told_high[matches.need] - freight)
    return _Taken(need_rest, delivered, lot_rest, at_farm)


def _needs(
    market: Market, outcome: Outcome, block: Block, rows: Integers, taken: _Taken
) -> tuple[Integers, Integers]:
    matches, others = outcome.matches, block.needs
    lot, own, told = matches.lot[rows], matches.need[rows], market.needs.told_low[others]
    some = np.minimum(matches.quantity[rows][:, None], market.needs.quantity[others])
    freight = -(-_freight(market, block, lot[:, None], others, some) // some)
    fits = _fits(block)[np.searchsorted(block.lots, lot)] & (own[:, None] != others)
    fits &= told - freight >= market.lots.ask[lot][:, None]
    delivered = np.where(some <= taken.need_rest[others], told, taken.delivered[others])
    return _best(others, np.where(fits, delivered - freight, -FAR))


def _lots(
    market: Market, outcome: Outcome, block: Block, rows: Integers, taken: _Taken
) -> tuple[Integers, Integers]:
    matches, others = outcome.matches, block.lots
    need, own, quantity = matches.need[rows], matches.lot[rows], matches.quantity[rows]
    some = np.minimum(quantity[:, None], market.lots.quantity[others])
    freight = _freight(market, block, others, need[:, None], some) // some
    fits = _fits(block).T[np.searchsorted(block.needs, need)] & (own[:, None] != others)
    fits &= market.lots.ask[others] + freight <= market.needs.told_high[need][:, None]
    open_ = some <= taken.lot_rest[others]
    at_farm = np.where(open_, market.lots.ask[others], taken.at_farm[others])
    ours = -(-matches.freight[rows] // quantity)[:, None]
    row, price = _best(others, np.where(fits, ours - freight - at_farm, -FAR))
    return row, -price


def _fits(block: Block) -> Flags:
    """Where nothing but money stands between the two: of that the pair's true bid would tell."""
    fits: Flags = (block.obstacles & ~np.int64(MONEY)) == 0
    return fits


def _freight(
    market: Market, block: Block, lot: Integers, need: Integers, quantity: Integers
) -> Integers:
    weight = market.kilograms(block.commodity, quantity)
    return journeys.cost(market, block.commodity, lot, need, weight)


def _best(others: Integers, price: Integers) -> tuple[Integers, Integers]:
    """The highest of each row and whose it is; the first of equals."""
    column = price.argmax(axis=1)
    highest = np.take_along_axis(price, column[:, None], axis=1)[:, 0]
    return np.where(highest == -FAR, NOBODY, others[column]), highest
