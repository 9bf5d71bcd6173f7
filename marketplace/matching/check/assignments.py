"""Each assignment of loads is the best that these loads allow, and the matches follow from it."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.check.carriage import least_cost, weight
from marketplace.matching.check.market_prices import Reach
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome, Pass
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]
Moved = Counter[tuple[int, int]]


def check_passes(market: Market, outcome: Outcome, parts: list[Reach]) -> None:
    supply, demand = market.lots.quantity.copy(), market.needs.quantity.copy()
    moved: Moved = Counter()
    for row in np.flatnonzero(outcome.matches.settled).tolist():
        _move(outcome.matches, row, moved, supply, demand)
    for number, done in enumerate(outcome.passes):
        _check_pass(market, done, parts, number, moved, supply, demand)
    stated = {
        (lot, need): quantity
        for lot, need, quantity in zip(
            outcome.matches.lot.tolist(),
            outcome.matches.need.tolist(),
            outcome.matches.quantity.tolist(),
            strict=True,
        )
    }
    if stated != dict(moved):
        raise Refuted("the matches are not what was settled and assigned")


def _move(matches: object, row: int, moved: Moved, supply: Integers, demand: Integers) -> None:
    lot, need, quantity = (int(getattr(matches, x)[row]) for x in ("lot", "need", "quantity"))
    moved[lot, need] += quantity
    supply[lot] -= quantity
    demand[need] -= quantity


def _check_pass(
    market: Market,
    done: Pass,
    parts: list[Reach],
    number: int,
    moved: Moved,
    supply: Integers,
    demand: Integers,
) -> None:
    _check_shapes(market, done, number)
    value = 0
    lot_kind = market.lots.commodity[done.lot_owner]
    need_kind = market.needs.commodity[done.need_owner]
    pair_kind = lot_kind[done.lot_load]
    if (pair_kind != need_kind[done.need_load]).any():
        raise Refuted(f"pass {number} pairs loads of different commodities")
    known = [part.commodity for part in parts]
    if not (np.isin(lot_kind, known).all() and np.isin(need_kind, known).all()):
        raise Refuted(f"pass {number} has loads of what nobody could trade")
    for part in parts:
        a = np.flatnonzero(lot_kind == part.commodity)
        b = np.flatnonzero(need_kind == part.commodity)
        pairs = np.flatnonzero(pair_kind == part.commodity)
        if len(a) or len(b):
            _check_cut(market, done, part, a, b, supply, demand)
            value += _check_optimal(market, done, part, a, b, pairs, moved)
    if value != done.value:
        raise Refuted(f"the value of pass {number} is another")
    for lot_load, need_load in zip(done.lot_load.tolist(), done.need_load.tolist(), strict=True):
        quantity = min(int(done.lot_quantity[lot_load]), int(done.need_quantity[need_load]))
        supply[done.lot_owner[lot_load]] -= quantity
        demand[done.need_owner[need_load]] -= quantity


def _check_shapes(market: Market, done: Pass, number: int) -> None:
    lots, needs = len(done.lot_owner), len(done.need_owner)
    same = len(done.lot_quantity) == len(done.lot_price) == lots
    same &= len(done.need_quantity) == len(done.need_price) == needs
    same &= len(done.lot_load) == len(done.need_load)
    for rows, size in (
        (done.lot_owner, len(market.lots)),
        (done.need_owner, len(market.needs)),
        (done.lot_load, lots),
        (done.need_load, needs),
    ):
        same &= not len(rows) or bool(rows.min() >= 0 and rows.max() < size)
    if not same:
        raise Refuted(f"pass {number} names loads or owners that do not exist")
    if len(set(done.lot_load.tolist())) != len(done.lot_load) or len(
        set(done.need_load.tolist())
    ) != len(done.need_load):
        raise Refuted(f"pass {number} pairs a load twice")


def _check_cut(
    market: Market,
    done: Pass,
    part: Reach,
    a: NDArray[np.intp],
    b: NDArray[np.intp],
    supply: Integers,
    demand: Integers,
) -> None:
    """The loads are all that is left of what may be divided, no more and no less."""
    for rows, owner, quantity, left, divisible in (
        (part.lots, done.lot_owner[a], done.lot_quantity[a], supply, ~market.lots.whole),
        (part.needs, done.need_owner[b], done.need_quantity[b], demand, market.needs.splits),
    ):
        cut = np.zeros(len(left), dtype=np.int64)
        np.add.at(cut, owner, quantity)
        if (quantity < 1).any() or (cut[rows] != np.where(divisible, left, 0)[rows]).any():
            raise Refuted("the loads are not what was left of their lots and needs")


def _check_optimal(
    market: Market,
    done: Pass,
    part: Reach,
    a: NDArray[np.intp],
    b: NDArray[np.intp],
    pairs: NDArray[np.intp],
    moved: Moved,
) -> int:
    """Loads of one owner and one quantity are alike: the cheapest of them answers for all."""
    lots, x = _alike(done.lot_owner[a], done.lot_quantity[a])
    needs, y = _alike(done.need_owner[b], done.need_quantity[b])
    quantity, value, rank = _worth(market, part, lots, needs)
    lot_price, need_price = done.lot_price[a], done.need_price[b]
    if (lot_price < 0).any() or (need_price < 0).any():
        raise Refuted("a load has a price below 0")
    if (_least(lot_price, x, lots)[:, None] + _least(need_price, y, needs) < rank).any():
        raise Refuted("two loads would gain by leaving their partners for each other")
    x = x[np.searchsorted(a, done.lot_load[pairs])]
    y = y[np.searchsorted(b, done.need_load[pairs])]
    if (rank[x, y] <= 0).any():
        raise Refuted("two loads are paired that may not be")
    if int(lot_price.sum()) + int(need_price.sum()) != int(rank[x, y].sum()):
        raise Refuted("the prices of the loads do not add up to what the pairs are worth")
    owners = lots[0][x].tolist(), needs[0][y].tolist()
    for lot, need, amount in zip(*owners, quantity[x, y].tolist(), strict=True):
        moved[lot, need] += amount
    return int(value[x, y].sum())


def _alike(owner: NDArray[np.intp], quantity: Integers) -> tuple[Integers, NDArray[np.intp]]:
    """Owner and quantity of each kind of load (2, k), and the kind of each load."""
    kinds, index = np.unique(np.stack([owner, quantity]), axis=1, return_inverse=True)
    return kinds, index.ravel()


def _least(price: Integers, kind: NDArray[np.intp], kinds: Integers) -> Integers:
    least = np.full(kinds.shape[1], np.iinfo(np.int64).max // 2)
    np.minimum.at(least, kind, price)
    return least


def _worth(
    market: Market, part: Reach, lots: Integers, needs: Integers
) -> tuple[Integers, Integers, Integers]:
    """Quantity, value and rank of every pair of kinds of loads, 0 where the two may not meet."""
    i, j = lots[0][:, None], needs[0][None, :]
    mine, theirs = lots[1][:, None], needs[1][None, :]
    quantity = np.minimum(mine, theirs)
    minimum = market.needs.minimum[j]
    left = theirs - quantity
    x, y = np.searchsorted(part.lots, i), np.searchsorted(part.needs, j)
    meets = part.allowed[x, y] & ~part.indivisible[x, y]
    meets &= (quantity >= minimum) & ((left == 0) | (left >= minimum))
    kilograms = weight(market, part.commodity, quantity)
    cost = least_cost(market, part.commodity, i, j, kilograms)
    value = (market.needs.bid[j] - market.lots.ask[i]) * quantity - cost
    meets &= (cost >= 0) & (value >= 0)
    unnamed = market.lots.reference[i].astype(np.int64) + market.needs.reference[j]
    credit = market.credit + market.lots.soon[i] + market.lots.waited[i]
    rank = value + kilograms * (credit * (4 - unnamed) // 4)
    return quantity, np.where(meets, value, 0), np.where(meets, rank, 0)
