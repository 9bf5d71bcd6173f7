"""Who plans the divisible market: our plan and its peers on the same transportation problems.

Every contestant gets the gain of each flow in VND per base unit (0: nothing may flow) and what is
there on either side, and returns the value of its flows. Nothing has to flow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from marketplace.matching.plan import plan

Table = NDArray[np.int64]


def ours(gain: Table, supply: Table, demand: Table) -> int:
    flows = plan(gain, supply, demand)
    return int((gain[flows.lot, flows.need] * flows.quantity).sum())


def or_tools_flow(gain: Table, supply: Table, demand: Table) -> int:
    """Cost scaling on one network: source, lots, needs, sink, and a way past all of them."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    lots, needs = gain.shape
    i, j = np.nonzero(gain)
    source, sink = lots + needs, lots + needs + 1
    total = int(supply.sum())
    tail = np.concatenate([np.full(lots, source), i, lots + np.arange(needs), [source]])
    head = np.concatenate([np.arange(lots), lots + j, np.full(needs, sink), [sink]])
    room = np.concatenate([supply, np.minimum(supply[i], demand[j]), demand, [total]])
    nothing = np.zeros(1, dtype=np.int64)
    cost = np.concatenate([np.repeat(nothing, lots), -gain[i, j], np.repeat(nothing, needs + 1)])
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype(np.int32), head.astype(np.int32), room.astype(np.int64), cost
    )
    solver.set_node_supply(source, total)
    solver.set_node_supply(sink, -total)
    if solver.solve() != solver.OPTIMAL:
        raise ArithmeticError("not solved")
    return -int(solver.optimal_cost())


def highs(gain: Table, supply: Table, demand: Table) -> int:
    """The whole linear program at once."""
    i, j = np.nonzero(gain)
    rows = np.column_stack([i, gain.shape[0] + j]).ravel()
    sums = sparse.csc_array(
        (np.ones(len(rows)), rows, np.arange(0, len(rows) + 1, 2)), shape=(sum(gain.shape), len(i))
    )
    found: Any = linprog(
        -gain[i, j] / 1000, A_ub=sums, b_ub=np.concatenate([supply, demand]), method="highs"
    )
    if found.status != 0:
        raise ArithmeticError("not solved")
    return int((gain[i, j] * np.rint(found.x).astype(np.int64)).sum())


def pot(gain: Table, supply: Table, demand: Table) -> int:
    """The network simplex wants all of it moved: each side gets a nobody."""
    import ot

    lots, needs = gain.shape
    cost = np.zeros((lots + 1, needs + 1))
    cost[:lots, :needs] = -gain
    a = np.append(supply, demand.sum()).astype(float)
    b = np.append(demand, supply.sum()).astype(float)
    flows = ot.emd(a, b, cost, numItermax=10_000_000)[:lots, :needs]
    return int((gain * np.rint(flows).astype(np.int64)).sum())


CONTESTANTS: dict[str, Callable[[Table, Table, Table], int]] = {
    "ours": ours,
    "OR-Tools min-cost flow": or_tools_flow,
    "POT network simplex": pot,
    "HiGHS linear program": highs,
}
