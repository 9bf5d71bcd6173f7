"""The plan under the rules that no flow can bend: whole lots, no splits, smallest quantities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.integer_program import Program, best
from marketplace.matching.market import Flags, Indices, Integers

Numbers = NDArray[np.float64]
Rows = tuple[sparse.csr_array, Numbers]
"""Coefficients, and the most that each row may come to."""

_HALF_A_UNIT = 0.5


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that only one quantity suits: rows of the block, that quantity, VND with the credit."""

    lot: Indices
    need: Indices
    quantity: Integers
    rank: Integers

    def __len__(self) -> int:
        return len(self.lot)

    def take(self, rows: Indices | Flags) -> Pairs:
        return Pairs(self.lot[rows], self.need[rows], self.quantity[rows], self.rank[rows])


@dataclass(frozen=True, eq=False)
class Flows:
    """Pairs that many quantities suit: rows of the block, the most, VND per base unit."""

    lot: Indices
    need: Indices
    most: Integers
    gain: Numbers

    def __len__(self) -> int:
        return len(self.lot)


@dataclass(frozen=True, eq=False)
class Rules:
    """What there is of each lot and need of the block, and the needs' smallest quantities."""

    supply: Integers
    demand: Integers
    minimum: Integers


def choose(
    pairs: Pairs, flows: Flows, rules: Rules, deadline: Deadline = NEVER
) -> tuple[Flags, Integers]:
    """Which of the pairs to make, and how much is to flow beside them.

    A mixed integer program: yes or no for each pair, and for each flow nothing or at least the
    need's smallest quantity, so that the value is greatest, no lot gives and no need takes more
    than there is, and what stays open of a need is nothing or at least its smallest quantity. That
    last rule and the one on flows enter only for needs where they would be broken otherwise: the
    program is solved without, and again with those that were, fewer times the larger it is.

    What is chosen is good, and not proved the best; a smallest quantity may still be broken.
    Raises `OutOfTime`.
    """
    watched = np.zeros(len(rules.demand), dtype=bool)
    for _ in range(_times(len(flows))):
        made, quantity = _solved(pairs, flows, rules, watched, deadline)
        broken = _broken(pairs, flows, rules, made, quantity) & ~watched
        if not broken.any():
            break
        watched |= broken
    return made, np.rint(quantity).astype(np.int64)


def _times(flows: int) -> int:
    return 6 if flows <= 300 else 2 if flows <= 2000 else 1


def _broken(pairs: Pairs, flows: Flows, rules: Rules, made: Flags, quantity: Numbers) -> Flags:
    """The needs that would take, or be left with, less than their smallest quantity."""
    wanted = len(rules.demand)
    taken = np.bincount(flows.need, quantity, wanted)
    left = rules.demand - taken - np.bincount(pairs.need, pairs.quantity * made, wanted)
    broken: Flags = (left > _HALF_A_UNIT) & (left < rules.minimum - _HALF_A_UNIT)
    short = quantity < rules.minimum[flows.need] - _HALF_A_UNIT
    broken[flows.need[short & (quantity > _HALF_A_UNIT)]] = True
    return broken


def _solved(
    pairs: Pairs, flows: Flows, rules: Rules, watched: Flags, deadline: Deadline
) -> tuple[Flags, Numbers]:
    """Columns: yes or no for each pair; each flow as a share of its most; yes or no for each flow
    to a watched need; yes or no for each watched need, whether it is filled."""
    ruled, ended = np.flatnonzero(watched[flows.need]), np.flatnonzero(watched)
    sizes = len(pairs), len(flows), len(ruled), len(ended)
    worth = np.concatenate([pairs.rank, flows.most * flows.gain, np.zeros(sum(sizes[2:]))])
    if worth.max(initial=0) <= 0:
        return np.zeros(len(pairs), dtype=bool), np.zeros(len(flows))
    found = best(_program(pairs, flows, rules, ruled, ended, worth / worth.max()), deadline)
    if found is None:  # nothing within the limit: the biggest first
        return np.ones(len(pairs), dtype=bool), np.zeros(len(flows))
    share = found[len(pairs) :][: len(flows)]
    return found[: len(pairs)] > 0.5, share * flows.most


def _program(
    pairs: Pairs, flows: Flows, rules: Rules, ruled: Indices, ended: Indices, worth: Numbers
) -> Program:
    sizes = len(pairs), len(flows), len(ruled), len(ended)
    rows = [
        _amounts(pairs, flows, rules, sizes),
        *_least_flows(flows, rules, ruled, sizes),
        *_ends(pairs, flows, rules, ended, sizes),
    ]
    return Program(
        worth,
        table=sparse.vstack([table for table, _ in rows], format="csr"),
        most=np.concatenate([most for _, most in rows]),
        whole=np.repeat([True, False, True, True], sizes),
        goods=np.repeat([True, True, False, False], sizes),
        steady=np.concatenate([~np.isin(pairs.need, ended), np.zeros(sum(sizes[1:]), dtype=bool)]),
    )


def _amounts(pairs: Pairs, flows: Flows, rules: Rules, sizes: tuple[int, ...]) -> Rows:
    """No lot gives and no need takes more than there is; each row in shares of that."""
    quantity = np.concatenate([pairs.quantity, flows.most])
    lot, need = np.concatenate([pairs.lot, flows.lot]), np.concatenate([pairs.need, flows.need])
    columns, lots = np.arange(len(quantity)), len(rules.supply)
    table = _table(
        (lots + len(rules.demand), sum(sizes)),
        (lot, columns, quantity / rules.supply[lot]),
        (lots + need, columns, quantity / rules.demand[need]),
    )
    return table, np.ones(table.shape[0])


def _least_flows(flows: Flows, rules: Rules, ruled: Indices, sizes: tuple[int, ...]) -> list[Rows]:
    """smallest / most × used <= share <= used."""
    if not len(ruled):
        return []
    rows = np.arange(len(ruled))
    share, used = sizes[0] + ruled, sizes[0] + sizes[1] + rows
    least = (rules.minimum[flows.need] / flows.most)[ruled]
    shape = len(ruled), sum(sizes)
    return [
        (_table(shape, (rows, share, -1.0), (rows, used, least)), np.zeros(len(ruled))),
        (_table(shape, (rows, share, 1.0), (rows, used, -1.0)), np.zeros(len(ruled))),
    ]


def _ends(
    pairs: Pairs, flows: Flows, rules: Rules, ended: Indices, sizes: tuple[int, ...]
) -> list[Rows]:
    """taken <= wanted − smallest + smallest × filled, and wanted × filled <= taken."""
    if not len(ended):
        return []
    place = np.full(len(rules.demand), -1)
    place[ended] = np.arange(len(ended))
    need = np.concatenate([pairs.need, flows.need])
    columns = np.flatnonzero(place[need] >= 0)
    share = (np.concatenate([pairs.quantity, flows.most]) / rules.demand[need])[columns]
    rows, each = place[need[columns]], np.arange(len(ended))
    filled = sum(sizes[:3]) + each
    smallest = (rules.minimum / np.maximum(1, rules.demand))[ended]
    shape = len(ended), sum(sizes)
    low = _table(shape, (rows, columns, share), (each, filled, -smallest))
    high = _table(shape, (rows, columns, -share), (each, filled, 1.0))
    return [(low, 1.0 - smallest), (high, np.zeros(len(ended)))]


def _table(
    shape: tuple[int, int], *parts: tuple[Indices, Indices, Numbers | float]
) -> sparse.csr_array:
    """Rows, columns and coefficients, part by part."""
    rows, columns, numbers = zip(*parts, strict=True)
    filled = [np.broadcast_to(x, len(r)) for x, r in zip(numbers, rows, strict=True)]
    return sparse.csr_array(
        (np.concatenate(filled), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
