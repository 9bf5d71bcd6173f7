"""The divisible market of one commodity: how much would flow from whom to whom without vehicles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.highs import linear
from marketplace.matching.market import Flags, Indices, Integers

Numbers = NDArray[np.float64]

_DONG = 1e-3  # thousands of đồng: keeps the solver's tolerances far below a single đồng
_AT_ONCE = 4_000  # possible flows that are solved at once; with more, few are priced in at a time
_PRICED_IN = 5  # for each lot and each need
_DROPPING = 12  # rounds in which what does not flow is forgotten again
_NOTHING = 1e-4  # VND per base unit


@dataclass(frozen=True, eq=False)
class Plan:
    """Flows by lot and then by need, and what one more base unit would be worth.

    lot, need, quantity : (F,) the flows
    lot_price, need_price : (L,), (N,) duals in VND per base unit
    """

    lot: Indices
    need: Indices
    quantity: Integers
    lot_price: Numbers
    need_price: Numbers


def nothing_flows(lot_price: Numbers, need_price: Numbers) -> Plan:
    """A plan of prices alone."""
    nobody = np.zeros(0, dtype=np.intp)
    return Plan(nobody, nobody, np.zeros(0, dtype=np.int64), lot_price, need_price)


def plan(
    gain: Numbers | Integers,
    supply: Integers,
    demand: Integers,
    deadline: Deadline = NEVER,
    *,
    rounds: int | None = None,
) -> Plan:
    """Maximise the sum of gain × flow, no row above ``supply``, no column above ``demand``.

    ``gain`` is (L, N) in VND per base unit; pairs without gain get no flow. Raises `OutOfTime`.
    After so many ``rounds``, if they are named, it is enough: the flows are possible, and the duals
    those of the flows that were looked at.

    This is the transportation problem (Hitchcock 1941; Dantzig 1951), whose vertices are whole
    numbers, as are its duals where gains are. HiGHS' dual simplex (Huangfu & Hall 2018) ends at a
    vertex. Large markets are solved on the few flows that promise most at the duals so far, until
    none promises more (column generation; Dantzig & Wolfe 1960): the same optimum, much sooner.
    """
    possible = (gain > 0) & (supply[:, None] > 0) & (demand > 0)
    free = nothing_flows(np.zeros(len(supply)), np.zeros(len(demand)))
    if not possible.any():
        return free
    if np.count_nonzero(possible) <= _AT_ONCE:
        return _solved(gain, possible, supply, demand, deadline)
    return _priced_in(gain, possible, supply, demand, free, deadline, rounds)


def _priced_in(
    gain: Numbers | Integers,
    possible: Flags,
    supply: Integers,
    demand: Integers,
    begin: Plan,
    deadline: Deadline,
    enough: int | None,
) -> Plan:
    tried = _promising(gain, possible, begin)
    rounds = 0
    while True:
        rounds += 1
        best = _solved(gain, tried, supply, demand, deadline)
        left = _left(gain, possible, best)
        if rounds == enough or not ((left > _NOTHING) & ~tried).any():
            return best
        if rounds <= _DROPPING:
            tried = np.zeros_like(possible)
            tried[best.lot, best.need] = True
        tried |= _promising(gain, possible, best)


def _left(gain: Numbers | Integers, possible: Flags, at: Plan) -> Numbers:
    """VND per base unit that a pair gains beyond what its two sides gain at these prices."""
    return np.where(possible, gain - at.lot_price[:, None] - at.need_price, -np.inf)


def _promising(gain: Numbers | Integers, possible: Flags, at: Plan) -> Flags:
    """The pairs that promise most at these prices, a few for each lot and each need."""
    left = _left(gain, possible, at)
    promising = np.zeros_like(possible)
    for axis in (0, 1):
        few = min(_PRICED_IN, left.shape[axis])
        order = np.argpartition(-left, few - 1, axis=axis)
        np.put_along_axis(promising, order.take(range(few), axis=axis), True, axis=axis)
    return promising & possible


def _solved(
    gain: Numbers | Integers,
    tried: Flags,
    supply: Integers,
    demand: Integers,
    deadline: Deadline,
) -> Plan:
    lot, need = np.nonzero(tried)
    unit = 2.0 ** np.floor(np.log2(max(supply.max(), demand.max())) - 20)
    best = linear(
        np.asarray(_DONG * gain[lot, need], dtype=np.float64),
        _sums(lot, need, gain.shape),
        np.concatenate([supply, demand]) / unit,
        np.inf,
        deadline,
    )
    if best is None:
        raise ArithmeticError("the plan was not solved")
    price = best.price / _DONG
    flow = in_whole_units(lot, need, best.x * unit, supply, demand)
    made = flow > 0
    return Plan(lot[made], need[made], flow[made], price[: len(supply)], price[len(supply) :])


def _sums(lot: Indices, need: Indices, shape: tuple[int, ...]) -> sparse.csc_array:
    """One row for each lot and then each need, one column for each possible flow."""
    flows = len(lot)
    rows = np.column_stack([lot, shape[0] + need]).ravel()
    return sparse.csc_array(
        (np.ones(2 * flows), rows, np.arange(0, 2 * flows + 1, 2)), shape=(sum(shape), flows)
    )


def in_whole_units(
    lot: Indices, need: Indices, flow: Numbers, supply: Integers, demand: Integers
) -> Integers:
    """A solver's flows rounded, never below nothing, and of each side no more than there is.

    Solvers keep bounds and sums to a tolerance, which in a large lot is more than a unit: what
    flows too much is taken off the owner's largest flows, nearly always a unit of one of them.
    """
    whole = np.rint(flow).astype(np.int64).clip(min=0)
    for owner, most in ((lot, supply), (need, demand)):
        total = np.zeros(len(most), dtype=np.int64)
        np.add.at(total, owner, whole)
        for over in np.flatnonzero(total > most):
            own = np.flatnonzero(owner == over)
            _take_off(whole, own[np.argsort(-whole[own], kind="stable")], total[over] - most[over])
    return whole


def _take_off(flow: Integers, rows: Indices, excess: int) -> None:
    """From one row after the other until all of it is taken or nothing flows in them."""
    before = np.cumsum(flow[rows]) - flow[rows]
    flow[rows] -= np.clip(excess - before, 0, flow[rows])
