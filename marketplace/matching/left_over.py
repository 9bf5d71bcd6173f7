"""How far from a match everything is that was left over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketplace.matching.market import Flags, Indices, Integers, Market
from marketplace.matching.pairs import Block, Obstacle

Side = Literal["lot", "need"]
NEVER = 2**60
_NONE = np.int64(2**62)


@dataclass(frozen=True, eq=False)
class Traded:
    """A block with what was traded in it, (L, N) each, and its duals in VND per base unit.

    quantity : base units; settled : the part that was settled first and never open to loads
    gained : VND
    lot_missed, need_missed : VND per base unit by which loads of the lot (need) that stayed without
        partner missed taking another's place, `NEVER` where none did
    """

    block: Block
    lot_price: Integers
    need_price: Integers
    quantity: Integers
    settled: Integers
    gained: Integers
    lot_missed: Integers
    need_missed: Integers


@dataclass(frozen=True, eq=False)
class LeftOver:
    """A row for each lot (need) of a block with something left, a column for each need (lot).

    rows : which of the market's they are
    left : base units
    lot, need : (R, C) the market's rows of either side
    nobody : (R, C) the counterpart is of the same organisation, or served by this one alone
    settled : (R, C) all of it went first to what cannot be divided, out of reach for this one
    obstacles : (R, C) bits, of what is left now
    spread : bid − ask; real : VND per base unit gained at the quantity that could move, rounded
        down
    shortfall : VND per base unit that are missing where money alone stands between the two
    minutes : of the journey
    """

    side: Side
    rows: Indices
    left: Integers
    lot: Indices
    need: Indices
    nobody: Flags
    settled: Flags
    obstacles: Integers
    spread: Integers
    real: Integers
    shortfall: Integers
    minutes: Integers


def left_over(
    market: Market, traded: Traded, side: Side, supply: Integers, demand: Integers
) -> LeftOver:
    """``supply`` and ``demand`` are what the market's rows have left."""
    block = traded.block
    mine, left = (block.lots, supply) if side == "lot" else (block.needs, demand)
    index = np.flatnonzero(left[mine] > 0)
    others = np.arange(len(block.needs) if side == "lot" else len(block.lots))
    a, b = np.meshgrid(index, others, indexing="ij")
    if side == "need":
        a, b = b, a
    lot, need = block.lots[a], block.needs[b]
    theirs = market.needs.quantity[need] if side == "lot" else market.lots.quantity[lot]
    theirs = theirs - traded.quantity[a, b]
    within_reach = theirs - _out_of_reach(market, traded, side)[a, b]
    could_move = np.where(within_reach > 0, within_reach, theirs)
    quantity = np.maximum(1, np.minimum(left[mine[index]][:, None], could_move))
    spread = market.needs.bid[need] - market.lots.ask[lot]
    real = spread - _freight_per_unit(market, block.commodity, lot, need, quantity)
    short = _to_beat(traded, side, supply, demand)[a, b] - real + 1
    missed = (traded.lot_missed if side == "lot" else traded.need_missed)[a, b]
    obstacles = block.obstacles[a, b]
    places = market.lots.place[lot], market.needs.place[need]
    return LeftOver(
        side=side,
        rows=mine[index],
        left=left[mine[index]],
        lot=lot,
        need=need,
        nobody=(theirs == 0) | ((obstacles & Obstacle.SAME_ORGANISATION) != 0),
        settled=(within_reach == 0) & (theirs > 0),
        obstacles=obstacles | _obstacles_of_rest(market, side, lot, need, quantity),
        spread=spread,
        real=real,
        shortfall=np.where(missed == NEVER, short, np.maximum(short, missed)),
        minutes=market.minutes[int(market.goods.carriage[block.commodity])][places],
    )


def _out_of_reach(market: Market, traded: Traded, side: Side) -> Integers:
    """Base units of each counterpart that were settled first with others, (L, N).

    Only what cannot be divided itself could have had them.
    """
    block = traded.block
    if side == "lot":
        axis, indivisible = 0, market.lots.whole[block.lots][:, None]
    else:
        axis, indivisible = 1, ~market.needs.splits[block.needs][None, :]
    by_others = traded.settled.sum(axis=axis, keepdims=True) - traded.settled
    return np.where(indivisible, 0, by_others)


def _freight_per_unit(
    market: Market, commodity: int, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    """Rounded up; 0 where there is no way, which is told as such."""
    kilograms = market.kilograms(commodity, quantity)
    places = market.lots.place[lot], market.needs.place[need]
    cost = np.maximum(0, market.freight_of(commodity).cost(*places, kilograms))
    return -(-cost // quantity)


def _to_beat(traded: Traded, side: Side, supply: Integers, demand: Integers) -> Integers:
    """VND per base unit that a counterpart gains already, (L, N).

    Its dual, and where all of it is taken at least what its weakest match with somebody else gains:
    vehicles can make that more than the dual.
    """
    block = traded.block
    if side == "lot":
        axis, dual = 0, traded.need_price[None, :]
        taken = demand[block.needs][None, :] == 0
    else:
        axis, dual = 1, traded.lot_price[:, None]
        taken = supply[block.lots][:, None] == 0
    each = np.where(traded.quantity > 0, -(-traded.gained // np.maximum(1, traded.quantity)), _NONE)
    ranked = np.sort(np.concatenate([each, np.full_like(each, _NONE)], axis=axis), axis=axis)
    first, second = ranked.take([0], axis=axis), ranked.take([1], axis=axis)
    weakest = np.where(each == first, second, first)
    return np.maximum(dual, np.where(taken & (weakest < _NONE), weakest, 0))


def _obstacles_of_rest(
    market: Market, side: Side, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    below = quantity < market.needs.minimum[need]
    if side == "lot":
        unfilled = ~market.needs.splits[need] & (quantity < market.needs.quantity[need])
    else:
        unfilled = market.lots.whole[lot] & (quantity < market.lots.quantity[lot])
    minimum = np.where(below, np.int64(Obstacle.MINIMUM), np.int64(0))
    return np.where(unfilled, minimum | np.int64(Obstacle.WHOLE), minimum)
