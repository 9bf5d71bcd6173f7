"""Why a lot or a need found no partner, or only for a part, and what would have had to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from marketplace.matching.hurdles import hurdles
from marketplace.matching.left_over import Facing, Side, Traded, facing
from marketplace.matching.market import Integers, Market
from marketplace.matching.nearest import NOBODY, Near, nearest
from marketplace.matching.outcome import Hurdle, LeftOut, Matches, Nearby, Reason
from marketplace.matching.pairs import Block

_SIDES: tuple[Side, Side] = ("lot", "need")
_NEAREST = 3
_FINENESS = 200  # what is missing is rounded up to about this part of a price: people bargain so


def reasons_of_block(market: Market, block: Block, matches: Matches) -> list[LeftOut]:
    """Why lots and needs of the block have something left beside its ``matches``, lots first.

    It speaks of the counterpart that is least far from a match (`nearest`) and names two more.
    """
    traded = _traded(block, matches)
    supply, demand = _left_by(market, matches)
    return [
        left_out
        for side in _SIDES
        for left_out in _of_side(facing(market, traded, side, supply, demand))
    ]


def reasons(market: Market, of_blocks: Iterable[LeftOut], matches: Matches) -> tuple[LeftOut, ...]:
    """One reason for every lot and need with something left beside all ``matches``, lots first.

    ``of_blocks`` are those of lots and needs that have counterparts.
    """
    found = {(left_out.side, left_out.row): left_out for left_out in of_blocks}
    return tuple(
        found.get((side, row)) or _without_block(market, side, row, left)
        for side, row, left in _left(market, *_left_by(market, matches))
    )


def _left_by(market: Market, matches: Matches) -> tuple[Integers, Integers]:
    """Base units that each lot and each need of the market has left."""
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    np.subtract.at(supply, matches.lot, matches.quantity)
    np.subtract.at(demand, matches.need, matches.quantity)
    return supply, demand


def _traded(block: Block, matches: Matches) -> Traded:
    cells = np.searchsorted(block.lots, matches.lot), np.searchsorted(block.needs, matches.need)
    traded, settled = (np.zeros(block.margin.shape, dtype=np.int64) for _ in range(2))
    traded[cells] = matches.quantity
    settled[cells] = matches.quantity * matches.settled
    return Traded(block, traded, settled)


def _left(market: Market, supply: Integers, demand: Integers) -> Iterator[tuple[Side, int, int]]:
    """Everything that has something left, and what is not free because it is held."""
    for row in np.flatnonzero((supply > 0) | (market.lots.quantity == 0)).tolist():
        yield "lot", row, int(supply[row])
    for row in np.flatnonzero((demand > 0) | (market.needs.quantity == 0)).tolist():
        yield "need", row, int(demand[row])


def _without_block(market: Market, side: Side, row: int, left: int) -> LeftOut:
    mine = market.lots if side == "lot" else market.needs
    if left == 0:
        return LeftOut(side, row, 0, 0, Hurdle(Reason.RESERVED, limit=int(mine.held[row])))
    because = Reason.NO_COUNTERPART if mine.eligible[row] else Reason.NOT_ELIGIBLE
    return LeftOut(side, row, left, 0, Hurdle(because))


def _of_side(faced: Facing) -> Iterator[LeftOut]:
    near = nearest(faced, _NEAREST)
    matched = faced.traded.sum(axis=1)
    for k, row in enumerate(near.mine.tolist()):
        places = np.flatnonzero(near.distance[k] < NOBODY).tolist()
        found = tuple(_nearby(faced, near, k, place) for place in places)
        hurdle = found[0].hurdles[0] if found else Hurdle(Reason.NO_COUNTERPART)
        left = int(faced.left[row]), int(matched[row])
        yield LeftOut(faced.side, int(faced.mine[row]), *left, hurdle, found)


def _nearby(faced: Facing, near: Near, row: int, column: int) -> Nearby:
    theirs = int(faced.theirs[near.theirs[row, column]])
    mine = int(faced.mine[near.mine[row]])
    lot, need = (mine, theirs) if faced.side == "lot" else (theirs, mine)
    quantity = int(near.short.quantity[row, column])
    found = tuple(
        hurdles(
            faced.market,
            faced.side,
            lot,
            need,
            present=int(near.obstacles[row, column]),
            minutes=int(near.minutes[row, column]),
            quantity=quantity,
            rest=int(near.short.rest[row, column]),
        )
    )
    if quantity == 0:
        # What cannot be divided went first: no price would have been enough.
        return Nearby(theirs, (*found, Hurdle(Reason.OUTBID)))
    missing = int(near.short.per_unit[row, column]) > 0
    if not found or (missing and not _of_another_quantity(faced, lot, need, found)):
        found = (*found, _of_money(faced, near, row, column))
    return Nearby(theirs, found)


def _of_another_quantity(faced: Facing, lot: int, need: int, found: tuple[Hurdle, ...]) -> bool:
    """Whether more would have to move, so that freight and price would be others."""
    of_lot = faced.side == "lot"
    one_piece = not faced.market.needs.splits[need] if of_lot else faced.market.lots.whole[lot]
    return any(
        (hurdle.because is Reason.MINIMUM and of_lot)
        or (hurdle.because is Reason.WHOLE and one_piece)
        for hurdle in found
    )


def _of_money(faced: Facing, near: Near, row: int, column: int) -> Hurdle:
    """What is missing at the price, rounded up."""
    here = near.mine[row], near.theirs[row, column]
    needed = max(1, int(near.short.per_unit[row, column]))
    if faced.side == "lot":
        price = int(faced.market.lots.ask[faced.mine[here[0]]])
        because = Reason.PRICE, Reason.FREIGHT, Reason.OUTBID
    else:
        price = int(faced.market.needs.bid[faced.mine[here[0]]])
        because = Reason.BID, Reason.FREIGHT, Reason.BID
    below, loses = faced.spread[here] < 0, near.short.gains[row, column] < 0
    step = _step(price)
    return Hurdle(because[0 if below else 1 if loses else 2], per_unit=-(-needed // step) * step)


def _step(price: int) -> int:
    """1, 2 or 5 times a power of ten."""
    step = 1
    for candidate in (1, 2, 5):
        while candidate * _FINENESS <= price:
            step = max(step, candidate)
            candidate *= 10
    return step
