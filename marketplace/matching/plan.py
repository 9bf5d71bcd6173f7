"""The divisible market of one commodity: how much would flow from whom to whom without vehicles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from marketplace.matching.market import Indices, Integers

_DONG = 1e-3  # thousands of đồng: keeps the solver's tolerances far below a single đồng


@dataclass(frozen=True, eq=False)
class Plan:
    """Flows by lot and then by need, and what one more base unit would be worth.

    lot, need, quantity : (F,) the flows
    lot_price, need_price : (L,), (N,) duals in VND per base unit
    """

    lot: Indices
    need: Indices
    quantity: Integers
    lot_price: NDArray[np.float64]
    need_price: NDArray[np.float64]


def plan(gain: NDArray[np.float64] | Integers, supply: Integers, demand: Integers) -> Plan:
    """Maximise the sum of gain × flow, no row above ``supply``, no column above ``demand``.

    ``gain`` is (L, N) in VND per base unit; pairs without gain get no flow. This is the
    transportation problem (Hitchcock 1941; Dantzig 1951), whose vertices are whole numbers, as
    are its duals where gains are. Solved by HiGHS' dual simplex (Huangfu & Hall 2018), which
    always ends at a vertex.
    """
    lot, need = np.nonzero((gain > 0) & (supply[:, None] > 0) & (demand > 0))
    if not len(lot):
        return _nothing(gain.shape)
    unit = 2.0 ** np.floor(np.log2(max(supply.max(), demand.max())) - 20)
    result = linprog(  # type: ignore[call-overload]
        np.asarray(-_DONG * gain[lot, need], dtype=np.float64),
        A_ub=_sums(lot, need, gain.shape),
        b_ub=np.concatenate([supply, demand]) / unit,
        method="highs-ds",
    )
    if result.status != 0:
        raise ArithmeticError(f"the plan was not solved: {result.message}")
    price = -result.ineqlin.marginals / _DONG
    flow = _within(lot, need, np.rint(result.x * unit).astype(np.int64), supply, demand)
    made = flow > 0
    return Plan(lot[made], need[made], flow[made], price[: len(supply)], price[len(supply) :])


def _nothing(shape: tuple[int, ...]) -> Plan:
    nobody = np.zeros(0, dtype=np.intp)
    return Plan(nobody, nobody, np.zeros(0, dtype=np.int64), np.zeros(shape[0]), np.zeros(shape[1]))


def _sums(lot: Indices, need: Indices, shape: tuple[int, ...]) -> sparse.csc_array:
    """One row for each lot and then each need, one column for each possible flow."""
    flows = len(lot)
    rows = np.column_stack([lot, shape[0] + need]).ravel()
    return sparse.csc_array(
        (np.ones(2 * flows), rows, np.arange(0, 2 * flows + 1, 2)), shape=(sum(shape), flows)
    )


def _within(
    lot: Indices, need: Indices, flow: Integers, supply: Integers, demand: Integers
) -> Integers:
    """Take back what the solver's tolerance let flow too much; nearly always nothing."""
    for owner, most in ((lot, supply), (need, demand)):
        excess = np.bincount(owner, flow, len(most)).astype(np.int64) - most
        for over in np.flatnonzero(excess > 0):
            largest = np.flatnonzero(owner == over)[np.argmax(flow[owner == over])]
            flow[largest] -= excess[over]
    return flow
