"""Who pairs lots with needs one to one: our assignment and its peers on the same tables.

Every contestant gets (L, N) tables of VND, one for each commodity, in which 0 says that the two may
not pair, and returns the total value of its pairs. Nobody has to be paired. A round works at two
commodities at a time; that is measured too, and what it would do for the fastest of the peers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from marketplace.matching import assign
from marketplace.matching.assignment import best_pairs
from marketplace.matching.pair_values import read_values

Table = NDArray[np.int64]
Contestant = Callable[[Sequence[Table]], int]
"""From the tables of all commodities to the value of all pairs."""
_LARGE = 10_000  # cells


def ours(value: Table) -> int:
    """Pairs, and both ends of the prices that prove them."""
    return assign(value).value


def our_pairs(value: Table) -> int:
    """Pairs alone, as the others find them."""
    lot, need = best_pairs(read_values(value))
    return int(value[lot, need].sum())


def scipy_dense(value: Table) -> int:
    lot, need = linear_sum_assignment(value, maximize=True)
    return int(value[lot, need].sum())


def scipy_sparse(value: Table) -> int:
    """Each lot has a column of its own that stands for "nobody"; all values are raised by one."""
    if value.shape[0] > value.shape[1]:
        value = value.T
    lots, needs = value.shape
    table = sparse.csr_array(value)
    table.data = table.data + 1.0
    alone = sparse.eye_array(lots, format="csr")
    table = sparse.hstack([table, alone], format="csr")
    lot, need = min_weight_full_bipartite_matching(table, maximize=True)
    paired = need < needs
    return int(value[lot[paired], need[paired]].sum())


def lapx(value: Table) -> int:
    import lap

    _, need_of, _ = lap.lapjv(-value.astype(float), extend_cost=True)
    lot = np.flatnonzero(need_of >= 0)
    return int(value[lot, need_of[lot]].sum())


def or_tools_assignment(value: Table) -> int:
    """Goldberg and Kennedy's push-relabel wants perfect matchings: each side has its own nobody."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    lots, needs = value.shape
    i, j = np.nonzero(value)
    a, b = np.arange(lots), np.arange(needs)
    left = np.concatenate([i, a, lots + b, lots + j])
    right = np.concatenate([j, needs + a, b, needs + i])
    cost = np.concatenate([-value[i, j], np.zeros(lots + needs + len(i), dtype=np.int64)])
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(left.astype(np.int32), right.astype(np.int32), cost)
    _expect(solver.solve() == solver.OPTIMAL)
    return -int(solver.optimal_cost())


def or_tools_flow(value: Table) -> int:
    from benchmarks.divisible import or_tools_flow as flow

    return flow(value, *(np.ones(size, dtype=np.int64) for size in value.shape))


def highs(value: Table) -> int:
    i, j = np.nonzero(value)
    if not len(i):
        return 0
    rows = np.column_stack([i, value.shape[0] + j]).ravel()
    shape = sum(value.shape), len(i)
    sums = sparse.csc_array((np.ones(len(rows)), rows, np.arange(0, len(rows) + 1, 2)), shape)
    largest = float(value.max())
    found: Any = linprog(-value[i, j] / largest, A_ub=sums, b_ub=np.ones(shape[0]), method="highs")
    _expect(found.status == 0)
    made = found.x > 0.5
    return int(value[i[made], j[made]].sum())


def _expect(solved: bool) -> None:
    if not solved:
        raise ArithmeticError("not solved")


def one_by_one(pair: Callable[[Table], int]) -> Contestant:
    return lambda values: sum(map(pair, values))


def in_two_threads(pair: Callable[[Table], int]) -> Contestant:
    """The largest commodity first, as in a round; small ones, in which much of the time is Python's
    and two threads would only wait for each other, afterwards in one."""

    def work(values: Sequence[Table]) -> int:
        ordered = sorted(values, key=lambda value: -value.size)
        large = sum(value.size > _LARGE for value in ordered)
        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(pair, ordered[:large]))
        return sum(found) + sum(map(pair, ordered[large:]))

    return work


CONTESTANTS: dict[str, Contestant] = {
    "ours, with proof, two threads": in_two_threads(ours),
    "ours, with proof": one_by_one(ours),
    "ours, pairs alone, two threads": in_two_threads(our_pairs),
    "ours, pairs alone": one_by_one(our_pairs),
    "SciPy linear_sum_assignment": one_by_one(scipy_dense),
    "SciPy linear_sum_assignment, two threads": in_two_threads(scipy_dense),
    "SciPy min_weight_full_bipartite_matching": one_by_one(scipy_sparse),
    "lapx lapjv": one_by_one(lapx),
    "OR-Tools assignment": one_by_one(or_tools_assignment),
    "OR-Tools min-cost flow": one_by_one(or_tools_flow),
    "HiGHS linear program": one_by_one(highs),
}
