"""Pair lots with needs one to one so that the total value is greatest, and prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from marketplace.matching.pair_values import (
    Indices,
    Integers,
    PairValues,
    read_values,
)
from marketplace.matching.refuted import Refuted

_DENSE_CELLS = 4_000_000  # above, a table that is mostly empty is solved as a sparse one
_MOSTLY_EMPTY = 0.05


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs, by lot; their total ``value``; and prices (duals) which prove that it is the best.

    ``lot_low`` with ``need_high`` is the end where lots get least, ``lot_high`` with ``need_low``
    the end where they get most (L,), (N,) in VND. At either end no lot and need could gain by
    leaving their partners for each other, and all prices together are the total value.
    """

    lot: Indices
    need: Indices
    value: int
    lot_low: Integers
    need_high: Integers
    lot_high: Integers
    need_low: Integers


def assign(value: ArrayLike | Any) -> Assignment:
    """Pair lots with needs so that the total value is greatest.

    Parameters
    ----------
    value : (L, N) array or scipy sparse array of whole numbers
        VND gained by pairing lot i with need j. Missing or ``<= 0``: they may not be paired.

    Returns
    -------
    Assignment
        Among equally good assignments the one that SciPy finds first: the same for the same table.

    Raises
    ------
    TypeError, ValueError
        If ``value`` is no table of whole numbers.
    OverflowError
        If the total could leave the range in which float64 counts single đồng exactly (2**53).

    The prices are the two ends of the core (Shapley & Shubik 1971, *The assignment game I*). SciPy
    returns pairs without prices; they are recovered from the pairs, in whole đồng.
    """
    values = read_values(value)
    lot, need = best_pairs(values)
    lot_low, need_high = _least_prices(values, lot, need)
    need_low, lot_high = _least_prices(values.transposed, need, lot)
    total = int(values.of(lot, need).sum())
    return Assignment(lot, need, total, lot_low, need_high, lot_high, need_low)


def best_pairs(values: PairValues) -> tuple[Indices, Indices]:
    """Lots and needs of the best pairs, by lot, without prices to prove it."""
    lots, needs = values.shape
    if lots == 0 or needs == 0:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    table = _table_to_solve(values)
    lot, need = _dense_pairs(table) if isinstance(table, np.ndarray) else _sparse_pairs(table)
    made = values.of(lot, need) > 0
    lot, need = lot[made], need[made]
    by_lot = np.argsort(lot, kind="stable")
    return lot[by_lot], need[by_lot]


def _table_to_solve(values: PairValues) -> Any:
    lots, needs = values.shape
    large = lots * needs > _DENSE_CELLS
    table: Any = values.table
    if not isinstance(table, np.ndarray):
        return table if large else table.toarray()
    if large and np.count_nonzero(table) < _MOSTLY_EMPTY * lots * needs:
        return sparse.csr_array(table)
    return table


def _dense_pairs(table: Integers) -> tuple[Indices, Indices]:
    lot, need = linear_sum_assignment(table, maximize=True)
    return lot, need


def _sparse_pairs(table: Any) -> tuple[Indices, Indices]:
    """SciPy pairs every row, so each row gets a column of its own that stands for "no partner".

    All values are raised by 1 because it takes a value of 0 for a missing one.
    """
    if table.shape[0] > table.shape[1]:
        need, lot = _sparse_pairs(table.T.tocsr())
        return lot, need
    rows, columns = table.shape
    raised = sparse.csr_array((table.data + 1.0, table.indices, table.indptr), shape=table.shape)
    nobody = sparse.eye_array(rows, format="csr")
    row, column = min_weight_full_bipartite_matching(
        sparse.hstack([raised, nobody], format="csr"), maximize=True
    )
    partner = column < columns
    return row[partner], column[partner]


def _least_prices(values: PairValues, lot: Indices, need: Indices) -> tuple[Integers, Integers]:
    """The duals at which lots get least and needs most, in whole đồng.

    Needs begin by taking all that their pair is worth; a lot then asks for what the best other need
    would leave it, its own need is left with less, and so on until nothing changes. This is Bellman
    and Ford's search for longest paths from "no partner", which ends after at most one step more
    than there are pairs if the pairs are optimal. Only needs whose price fell in the last step are
    looked at again, so that a long chain of displacements costs one row for each of its steps.
    """
    lots, needs = values.shape
    worth = values.of(lot, need)
    need_price = np.zeros(needs, dtype=np.int64)
    need_price[need] = worth
    lot_price = np.zeros(lots, dtype=np.int64)
    fell = np.arange(needs)
    for _ in range(len(lot) + 2):
        lot_price = np.maximum(lot_price, values.best_offer(fell, need_price[fell]))
        left = worth - lot_price[lot]
        fell = need[left < need_price[need]]
        need_price[need] = left
        if not len(fell):
            break
    alone = np.ones(lots, dtype=bool)
    alone[lot] = False
    if len(fell) or (need_price < 0).any() or lot_price[alone].any():
        raise Refuted("the pairs are not the best that these values allow")
    return lot_price, need_price
