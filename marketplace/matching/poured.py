"""The divisible market of one commodity in whole numbers: its optimum and how low its prices can be.

`marketplace.matching.plan` solves the same problem with a linear program, once and quickly. Here
it is solved so that two things are exact which a solver leaves open: the *lowest* prices among all
that belong to an optimum, whichever optimum was found, and what becomes of them when a few columns
are taken away, without solving it all again.

Successive shortest paths (Jewell 1958; Iri 1960; Busacker & Gowen 1960) with potentials, which are
the prices (Edmonds & Karp 1972).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.market import Flags, Indices, Integers
from marketplace.matching.plan import plan

FAR = 2**60
IMPOSSIBLE = -(2**45)
"""Gain of a pair that may not be: no price makes up for it."""
_START = -1
_AT_ONCE = 20_000
"""Pairs from which on the linear program is faster."""


@dataclass(eq=False)
class Poured:
    """An optimum, rows × columns; which side is which is the caller's choice.

    gain : (R, C) per unit, `IMPOSSIBLE` or anything below zero where nothing flows
    flow : (R, C) units
    row_left, column_left : units that stay
    row_price, column_price : duals, whole and >= 0; where something stays the price is 0
    """

    gain: Integers
    flow: Integers
    row_left: Integers
    column_left: Integers
    row_price: Integers
    column_price: Integers

    def without(self, columns: Indices) -> Poured:
        """The optimum when these columns are not there; the one at hand stays as it is."""
        kept = np.ones(len(self.column_left), dtype=bool)
        kept[columns] = False
        fewer = Poured(
            gain=self.gain[:, kept],
            flow=self.flow[:, kept],
            row_left=self.row_left + self.flow[:, ~kept].sum(axis=1),
            column_left=self.column_left[kept],
            row_price=self.row_price.copy(),
            column_price=self.column_price[kept],
        )
        _send_what_stays(fewer)
        return fewer

    def lowest(self) -> tuple[Integers, Integers]:
        """The least prices of the rows that any optimum has, and with them the highest of columns.

        All optima have the same prices and every price has all optima (complementary slackness),
        so the shortest ways through one optimum say how far the prices can go down.
        """
        ways = _shortest_ways(self)
        return self.row_price - ways.to_row, self.column_price + ways.to_column


def pour(gain: Integers, supply: Integers, demand: Integers) -> Poured:
    """Maximise the sum of gain × flow; no row above ``supply``, no column above ``demand``.

    Large markets begin with what the linear program found, if it is exactly an optimum.
    """
    poured = _planned(gain, supply, demand) if gain.size > _AT_ONCE else None
    if poured is None:
        poured = Poured(
            gain=gain,
            flow=np.zeros(gain.shape, dtype=np.int64),
            row_left=supply.copy(),
            column_left=demand.copy(),
            row_price=gain.max(axis=1, initial=0),
            column_price=np.zeros(len(demand), dtype=np.int64),
        )
    _send_what_stays(poured)
    return poured


def _planned(gain: Integers, supply: Integers, demand: Integers) -> Poured | None:
    """The optimum of `plan` in whole numbers; None where rounding has made it something else."""
    found = plan(gain, supply, demand)
    flow = np.zeros(gain.shape, dtype=np.int64)
    flow[found.lot, found.need] = found.quantity
    poured = Poured(
        gain=gain,
        flow=flow,
        row_left=supply - flow.sum(axis=1),
        column_left=demand - flow.sum(axis=0),
        row_price=np.rint(found.lot_price).astype(np.int64).clip(min=0),
        column_price=np.rint(found.need_price).astype(np.int64).clip(min=0),
    )
    slack = poured.row_price[:, None] + poured.column_price - gain
    proved = (
        slack.min() >= 0
        and not slack[flow > 0].any()
        and not poured.row_price[poured.row_left > 0].any()
        and not poured.column_price[poured.column_left > 0].any()
    )
    return poured if proved else None


@dataclass(frozen=True, eq=False)
class _Ways:
    """Distances by slack from "nothing happens", and the step before each row and column.

    A row is reached from the column whose units it takes, a column from a row that lets it go.
    """

    to_row: Integers
    to_column: Integers
    before_row: Indices
    before_column: Indices


def _shortest_ways(poured: Poured) -> _Ways:
    """Bellman & Ford, all columns at once that have come nearer: few, as prices are nearly right."""
    from_row, into_column = np.nonzero(poured.flow)
    to_row = poured.row_price.copy()  # a row's unit may always stay, which costs its price
    to_column = np.where(poured.column_left > 0, 0, FAR)
    before_row = np.full(len(to_row), _START)
    before_column = np.full(len(to_column), _START)
    columns = np.flatnonzero(poured.column_left > 0)
    while True:
        _reach_rows(poured, columns, to_column, to_row, before_row)
        columns = _reach_columns(from_row, into_column, to_row, to_column, before_column)
        if not len(columns):
            return _Ways(to_row, to_column, before_row, before_column)


def _reach_rows(
    poured: Poured, columns: Indices, to_column: Integers, to_row: Integers, before_row: Indices
) -> None:
    """Shorten the ways to rows by those over ``columns``: their distance and the pair's slack."""
    if not len(columns):
        return
    offer = poured.gain[:, columns] - (poured.column_price[columns] + to_column[columns])
    over = offer.argmax(axis=1)
    found = poured.row_price - offer[np.arange(len(over)), over]
    nearer = np.flatnonzero(found < to_row)
    to_row[nearer], before_row[nearer] = found[nearer], columns[over[nearer]]


def _reach_columns(
    from_row: Indices,
    into_column: Indices,
    to_row: Integers,
    to_column: Integers,
    before_column: Indices,
) -> Indices:
    """Shorten the ways to columns by what flows into them; those that have come nearer."""
    shorter = np.flatnonzero(to_row[from_row] < to_column[into_column])
    row, column = from_row[shorter], into_column[shorter]
    far_first = np.argsort(-to_row[row], kind="stable")
    row, column = row[far_first], column[far_first]
    to_column[column], before_column[column] = to_row[row], row  # of several the last one stands
    return np.unique(column)


def _send_what_stays(poured: Poured) -> None:
    """Send what stays of rows that have a price, until no row with a price has anything left."""
    while True:
        waiting = (poured.row_left > 0) & (poured.row_price > 0)
        if not waiting.any():
            return
        ways = _shortest_ways(poured)
        poured.row_price -= ways.to_row
        reached = ways.to_column < FAR
        poured.column_price[reached] += ways.to_column[reached]
        for row in np.flatnonzero(waiting & (poured.row_price > 0)):
            _send(poured, ways, int(row))


def _send(poured: Poured, ways: _Ways, row: int) -> None:
    """As much of the row as the way bears; nothing if others have used the way up since."""
    steps: list[tuple[int, int, int]] = []
    amount, at = int(poured.row_left[row]), row
    while True:
        column = int(ways.before_row[at])
        if column == _START:  # this row keeps its unit instead, at the price 0
            break
        steps.append((at, column, 1))
        other = int(ways.before_column[column])
        if other == _START:
            amount = min(amount, int(poured.column_left[column]))
            poured.column_left[column] -= amount
            break
        amount = min(amount, int(poured.flow[other, column]))
        steps.append((other, column, -1))
        at = other
    if at != row and column == _START:
        poured.row_left[at] += amount
    for one, column, sign in steps:
        poured.flow[one, column] += sign * amount
    poured.row_left[row] -= amount


def allowed_gain(gain: Integers, allowed: Flags) -> Integers:
    """The gains of pairs that may be, as `pour` takes them."""
    return np.where(allowed, gain, IMPOSSIBLE)
