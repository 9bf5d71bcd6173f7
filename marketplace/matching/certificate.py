"""Prove again, without a solver, that an assignment is the best that its values allow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order

from marketplace.matching.assignment import Assignment
from marketplace.matching.pair_values import Indices, Integers, PairValues, read_values
from marketplace.matching.refuted import Refuted

_COLUMNS = ("lot", "need", "lot_low", "need_high", "lot_high", "need_low")


def certify(value: ArrayLike | Any, assignment: Assignment) -> None:
    """Raise `Refuted` unless ``assignment`` is optimal for ``value`` and its prices are the ends.

    ``value`` is as for `assign`. Prices u, v >= 0 with u_i + v_j >= value_ij for all pairs bound
    every assignment by their sum (weak duality); where that is this one's value, it is optimal.
    Raises `TypeError` for what is no assignment at all.
    """
    if not isinstance(assignment, Assignment):
        raise TypeError(f"this is no assignment but {type(assignment).__name__}")
    if not all(isinstance(getattr(assignment, name), np.ndarray) for name in _COLUMNS):
        raise Refuted("pairs or prices are missing")
    values = read_values(value)
    _check_pairs(values, assignment)
    pairs = (assignment.lot, assignment.need)
    _check_prices(values, assignment.value, assignment.lot_low, assignment.need_high)
    _check_prices(values, assignment.value, assignment.lot_high, assignment.need_low)
    _check_end(values, *pairs, assignment.lot_low, assignment.need_high)
    _check_end(values.transposed, *pairs[::-1], assignment.need_low, assignment.lot_high)


def _check_pairs(values: PairValues, assignment: Assignment) -> None:
    lot, need = assignment.lot, assignment.need
    for index, size, name in ((lot, values.shape[0], "lot"), (need, values.shape[1], "need")):
        if index.ndim != 1 or index.dtype.kind not in "iu" or len(lot) != len(need):
            raise Refuted(f"the {name} indices are not a list of whole numbers, one for each pair")
        if len(index) and (index.min() < 0 or index.max() >= size):
            raise Refuted(f"a pair names a {name} that does not exist")
        if len(np.unique(index)) != len(index):
            raise Refuted(f"a {name} is paired twice")
    worth = values.of(lot, need)
    if (worth <= 0).any():
        raise Refuted("two are paired that may not be")
    if int(worth.sum()) != assignment.value:
        raise Refuted("the stated value is not what the pairs are worth")


def _check_prices(
    values: PairValues, total: int, lot_price: Integers, need_price: Integers
) -> None:
    for price, size, name in (
        (lot_price, values.shape[0], "lot"),
        (need_price, values.shape[1], "need"),
    ):
        if price.shape != (size,) or price.dtype.kind not in "iu":
            raise Refuted(f"there is not one whole price for each {name}")
        if size and (price.min() < 0 or price.max() > total):
            raise Refuted(f"a {name}'s price is below 0 or above the total value")
    if sum(lot_price.tolist()) + sum(need_price.tolist()) != total:
        raise Refuted("the prices do not add up to the value")
    if (values.best_offer(np.arange(values.shape[1]), need_price) > lot_price).any():
        raise Refuted("two would gain by leaving their partners for each other")


def _check_end(
    values: PairValues, lot: Indices, need: Indices, lot_price: Integers, need_price: Integers
) -> None:
    """The lots' prices are the least: each is held up by a chain of displacements.

    A need would take the lot if it were cheaper, which leaves that need's own lot to another need,
    and so on, to a need without partner or a lot that gets nothing. Lots without such a chain could
    all get one đồng less.
    """
    lots, needs = values.shape
    holder = np.full(needs, lots)  # a need without partner holds up by itself: the root
    holder[need] = lot
    i, j = values.tight(lot_price, need_price)
    other = holder[j] != i
    free = np.flatnonzero(lot_price == 0)
    start = np.concatenate([holder[j[other]], np.full(len(free), lots)])
    end = np.concatenate([i[other], free])
    graph = sparse.csr_array(
        (np.ones(len(start), dtype=np.int8), (start, end)), shape=(lots + 1, lots + 1)
    )
    held = breadth_first_order(graph, lots, return_predecessors=False)
    if len(held) != lots + 1:
        raise Refuted("the prices are not at the end that they are stated to be")
