"""Whole lots, needs without splits and smallest quantities as a mixed integer program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from marketplace.matching.integer_program import Program
from marketplace.matching.market import Flags, Indices, Integers

Numbers = NDArray[np.float64]
Rows = tuple[sparse.csr_array, Numbers]
"""Coefficients, and the most that each row may come to."""

HAIR = 2e-6
"""Share of what a need wants by which a smallest quantity may be missed: the solver's tolerance."""


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


def program(pairs: Pairs, flows: Flows, rules: Rules, watched: Flags) -> Program:
    """Of greatest worth, with the smallest quantities of the ``watched`` needs.

    Columns: yes or no for each pair; each flow as a share of its most; yes or no for each flow to a
    watched need; yes or no for each watched need, whether it is filled.
    """
    ruled, ended = np.flatnonzero(watched[flows.need]), np.flatnonzero(watched)
    sizes = len(pairs), len(flows), len(ruled), len(ended)
    worth = np.concatenate([pairs.rank, flows.most * flows.gain, np.zeros(sum(sizes[2:]))])
    rows = [
        _amounts(pairs, flows, rules, sizes),
        *_least_flows(flows, rules, ruled, sizes),
        *_ends(pairs, flows, rules, ended, sizes),
    ]
    return Program(
        worth / worth.max(),
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
    """taken <= wanted − smallest + smallest × filled, and wanted × filled <= taken, to a hair."""
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
    return [(low, 1.0 - smallest + HAIR), (high, np.full(len(ended), HAIR))]


def _table(
    shape: tuple[int, int], *parts: tuple[Indices, Indices, Numbers | float]
) -> sparse.csr_array:
    """Rows, columns and coefficients, part by part."""
    rows, columns, numbers = zip(*parts, strict=True)
    filled = [np.broadcast_to(x, len(r)) for x, r in zip(numbers, rows, strict=True)]
    return sparse.csr_array(
        (np.concatenate(filled), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
