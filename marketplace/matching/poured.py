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

FAR = 2**60
IMPOSSIBLE = -(2**45)
"""Gain of a pair that may not be: no price makes up for it."""
_START = -1


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
    """Maximise the sum of gain × flow; no row above ``supply``, no column above ``demand``."""
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
    """Bellman & Ford, all rows at once; few sweeps, because the prices are nearly right."""
    slack = poured.row_price[:, None] + poured.column_price - poured.gain
    flowing = poured.flow > 0
    to_row = poured.row_price.copy()  # a row's unit may always stay, which costs its price
    to_column = np.where(poured.column_left > 0, 0, FAR)
    before_row = np.full(len(to_row), _START)
    before_column = np.full(len(to_column), _START)
    columns = np.flatnonzero(poured.column_left > 0)
    rows = np.arange(len(to_row))
    while len(columns) or len(rows):
        nearer, step = _nearer(to_column[columns], slack[:, columns], to_row)
        to_row[nearer], before_row[nearer] = step[0], columns[step[1]]
        rows = rows if len(rows) else nearer  # at first all, because any unit may stay
        way = np.where(flowing[rows].T, 0, FAR)
        nearer, step = _nearer(to_row[rows], way, to_column)
        to_column[nearer], before_column[nearer] = step[0], rows[step[1]]
        columns, rows = nearer, rows[:0]
    return _Ways(to_row, to_column, before_row, before_column)


def _nearer(
    distance: Integers, step: Integers, known: Integers
) -> tuple[Indices, tuple[Integers, Indices]]:
    """Which are reached on a shorter way than known, (targets, sources): how far, over whom."""
    if not len(distance):
        return np.zeros(0, dtype=np.intp), (distance, np.zeros(0, dtype=np.intp))
    through = step + distance
    over = through.argmin(axis=1)
    found = through[np.arange(len(over)), over]
    nearer = np.flatnonzero(found < known)
    return nearer, (found[nearer], over[nearer])


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
