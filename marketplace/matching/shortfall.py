"""By how much a price misses a match: for what is open, or in place of a rival, with real trips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import journeys
from marketplace.matching.left_over import Facing
from marketplace.matching.market import Flags, Indices, Integers
from marketplace.matching.pairs import HOPELESS
from marketplace.matching.rivals import EVERYBODY, NEVER, NOBODY, Rivals
from marketplace.matching.value import credit_per_kilogram


@dataclass(frozen=True, eq=False)
class Shortfall:
    """For each of R of mine and C of theirs, (R, C), by the way that takes least.

    quantity : base units that would move, 0 where nothing is within reach at any price
    gains : VND per base unit, rounded down
    per_unit : VND per base unit by which the price would have had to be better; below 1: by nothing
    rest : base units that the need would have left
    too_small : the need takes no such quantity, or not what it would leave
    in_part : it is not all of what cannot be divided
    """

    quantity: Integers
    gains: Integers
    per_unit: Integers
    rest: Integers
    too_small: Flags
    in_part: Flags


@dataclass(frozen=True, eq=False)
class _Ways:
    """Ways to a match of mine with theirs, (R, C, K): what is open, or in the place of rivals.

    rival : `NOBODY` in the first way and where there are no more, `EVERYBODY` in the last
    holds : VND per base unit that a rival's place takes in the divisible market
    rest : base units that the need would have left
    taken : base units that the rival would have to give up; quantity : that would move
    """

    mine: Indices
    theirs: Indices
    rival: Indices
    holds: Integers
    taken: Integers
    quantity: Integers
    rest: Integers


def shortfall(faced: Facing, rivals: Rivals, mine: Indices, theirs: Indices) -> Shortfall:
    """``mine`` (R,) and ``theirs`` (R, C) are indices into the two sides of ``faced``."""
    ways = _ways(faced, rivals, mine, theirs)
    too_small, in_part = _too_small(faced, ways), _in_part(faced, ways)
    gains, per_unit = _priced(faced, ways)
    there = ways.quantity > 0
    there[..., 1:] &= ways.rival[..., 1:] != NOBODY
    # Only what cannot be divided has all others make room at once.
    there[..., -1] &= faced.fixed[mine[:, None], theirs]
    # What can be had as it is comes before what cannot; of these the one that takes least.
    rank = np.where(there, np.where(too_small | in_part, NEVER, 0) + per_unit, 4 * NEVER)
    best = rank.argmin(axis=2)[..., None]

    def of_best(table: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = np.take_along_axis(np.where(there, table, 0), best, axis=2)
        return found[..., 0]

    return Shortfall(
        of_best(ways.quantity),
        of_best(gains),
        of_best(per_unit),
        of_best(ways.rest),
        of_best(too_small).astype(bool),
        of_best(in_part).astype(bool),
    )


def _ways(faced: Facing, rivals: Rivals, mine: Indices, theirs: Indices) -> _Ways:
    who = np.where(rivals.who[theirs] == mine[:, None, None], NOBODY, rivals.who[theirs])
    ends = np.full((2, *theirs.shape, 1), NOBODY)
    ends[1] = EVERYBODY
    rival = np.concatenate([ends[0], who, ends[1]], axis=2)
    holds = np.concatenate([ends[0], rivals.holds[theirs], ends[0]], axis=2)
    i = np.broadcast_to(mine[:, None, None], rival.shape)
    j = np.broadcast_to(theirs[..., None], rival.shape)
    left, reach = faced.left[i], faced.open[j]
    others = faced.traded.sum(axis=0)[j] - faced.traded[i, j]
    one = np.maximum(0, rival)
    has = np.where(rival >= 0, faced.traded[one, j], np.where(rival == EVERYBODY, others, 0))
    missing = np.minimum(np.maximum(0, left - reach), has)
    in_one = (rival >= 0) & (faced.settled[one, j] > 0) & (missing > 0)
    part = _part(missing, has, _minimum(faced, one, j))
    taken = np.where(in_one, has, np.where(rival == EVERYBODY, missing, part))
    quantity = np.minimum(left, reach + taken)
    rest = (reach + taken if faced.side == "lot" else left) - quantity
    return _Ways(i, j, rival, holds, taken, quantity, rest)


def _part(wanted: Integers, has: Integers, minimum: Integers) -> Integers:
    """So much of ``wanted`` that a rival keeps nothing or at least the ``minimum``."""
    keeps = has - wanted
    less = np.where(has > minimum, has - minimum, has)
    return np.where((keeps > 0) & (keeps < minimum), less, wanted)


def _minimum(faced: Facing, mine: Indices, theirs: Indices) -> Integers:
    """The least that the need of each pair takes."""
    _, need = faced.lot_and_need(mine, theirs)
    return faced.market.needs.minimum[need]


def _too_small(faced: Facing, ways: _Ways) -> Flags:
    minimum = _minimum(faced, ways.mine, ways.theirs)
    return (ways.quantity < minimum) | ((ways.rest > 0) & (ways.rest < minimum))


def _in_part(faced: Facing, ways: _Ways) -> Flags:
    lot, need = faced.lot_and_need(ways.mine, ways.theirs)
    market = faced.market
    return (market.lots.whole[lot] & (ways.quantity < market.lots.quantity[lot])) | (
        ~market.needs.splits[need] & (ways.quantity < market.needs.quantity[need])
    )


def _priced(faced: Facing, ways: _Ways) -> tuple[Integers, Integers]:
    """VND per base unit that each way gains, rounded down, and that it is short of."""
    amount = np.maximum(1, ways.quantity)
    gain = amount * faced.spread[ways.mine, ways.theirs]
    gain -= _freight(faced, ways.mine, ways.theirs, amount)
    gains = gain // amount
    rank = gain + _credit(faced, ways.mine, ways.theirs, amount)
    in_place = -((rank - _loss(faced, ways)) // amount) + 1
    short = np.where(ways.taken > 0, np.maximum(in_place, -gains), 1 - gains)
    one_rival = (ways.taken > 0) & (ways.rival >= 0)
    return gains, np.where(one_rival, np.maximum(short, _in_plan(faced, ways, gains)), short)


def _in_plan(faced: Facing, ways: _Ways, gains: Integers) -> Integers:
    """VND per base unit short of a rival's place in the divisible market."""
    margin = faced.margin[ways.mine, ways.theirs]
    return ways.holds - np.where(margin == HOPELESS, gains, margin) + 1


def _loss(faced: Facing, ways: _Ways) -> Integers:
    """VND that rivals gain less if so much is taken from them."""
    loss = np.zeros(ways.taken.shape, dtype=np.int64)
    here = np.nonzero((ways.taken > 0) & (ways.rival >= 0))
    rival, theirs, taken = ways.rival[here], ways.theirs[here], ways.taken[here]
    has = faced.traded[rival, theirs]
    before, after = _freight(faced, rival, theirs, np.stack([has, has - taken]))
    loss[here] = taken * faced.rival_spread[rival, theirs] - (before - after)
    loss[here] += _credit(faced, rival, theirs, taken)
    all_of = (ways.rival == EVERYBODY) & faced.fixed[ways.mine, ways.theirs] & (ways.taken > 0)
    loss[all_of] = _loss_of_all(faced, ways, np.nonzero(all_of))
    return loss


def _loss_of_all(faced: Facing, ways: _Ways, here: tuple[Indices, ...]) -> Integers:
    """The same where all others give up their part."""
    mine, theirs, taken = ways.mine[here], ways.theirs[here], ways.taken[here]
    rival, at = np.nonzero(faced.traded)
    has = faced.traded[rival, at]
    each = np.zeros(faced.traded.shape, dtype=np.int64)
    each[rival, at] = has * faced.rival_spread[rival, at] - _freight(faced, rival, at, has)
    each[rival, at] += _credit(faced, rival, at, has)
    worth = each.sum(axis=0)[theirs] - each[mine, theirs]
    has_all = faced.traded.sum(axis=0)[theirs] - faced.traded[mine, theirs]
    share: Integers = np.ceil(worth * (taken / has_all)).astype(np.int64)
    return share


def _freight(faced: Facing, mine: Indices, theirs: Indices, quantity: Integers) -> Integers:
    """0 where there is no way, which is told as such."""
    market = faced.market
    lot, need = faced.lot_and_need(mine, theirs)
    weight = market.kilograms(faced.commodity, quantity)
    return np.maximum(0, journeys.cost(market, faced.commodity, lot, need, weight))


def _credit(faced: Facing, mine: Indices, theirs: Indices, quantity: Integers) -> Integers:
    weight = faced.market.kilograms(faced.commodity, quantity)
    return weight * credit_per_kilogram(faced.market, *faced.lot_and_need(mine, theirs))
