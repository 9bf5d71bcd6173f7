"""Mixed integer programs in shares of one: the best of them that can be found at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.highs import linear, whole_or_not
from marketplace.matching.market import Flags

Numbers = NDArray[np.float64]

_NODES = 60  # of the search tree: counted, not timed, so that the answer is always the same
_CLOSE_ENOUGH = 1e-3  # share of the program's value at which the search stops
_LARGE = 200  # columns: a smaller program is searched as fast as it is relaxed
_WORTH_A_LOOK = 1e-4  # share of the value that a column which the relaxation leaves out may cost
_NEAR_THE_RELAXATION = 5e-3  # share of the value by which something whole may fall short of it
_ROUNDING = 1e-7
_HAIR = 1e-9  # by which sums of floating point may overfill a row


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise ``worth @ x`` with ``table @ x <= most`` and every column from 0 to 1.

    ``whole``: columns that are 0 or 1, nothing between. ``goods``: columns that take something
    from a row; the others only say which of two rules holds. ``steady``: whole columns that no
    such rule asks for. ``already``: what has been chosen beside them is worth.
    """

    worth: Numbers
    table: sparse.csr_array
    most: Numbers
    whole: Flags
    goods: Flags
    steady: Flags
    already: float = 0.0

    def __len__(self) -> int:
        return len(self.worth)

    def beside(self, columns: Flags, others: Numbers) -> Program:
        """What is left to choose in ``columns`` when those beside them are as in ``others``."""
        table = self.table[:, columns]
        rows = np.diff(table.indptr) > 0
        return Program(
            self.worth[columns],
            table[rows],
            (self.most - self.table @ others)[rows] + _HAIR,
            self.whole[columns],
            self.goods[columns],
            self.steady[columns],
            self.already + float(self.worth @ others),
        )


def best(program: Program, deadline: Deadline = NEVER) -> Numbers | None:
    """A good answer, whole where it must be; None where nothing was found. Raises `OutOfTime`.

    HiGHS' branch and bound stops close to the best value or after a number of nodes. In a large
    program it is first let loose only on what the relaxation leaves open (Berthold, "RENS: the
    optimal rounding", 2014): a transport problem's relaxation is whole nearly everywhere. What
    falls short of the relaxation's value is not taken, and the whole program is searched.
    """
    if len(program) >= _LARGE:
        rounded = _rounded(program, deadline)
        if rounded is not None:
            return rounded
    return _searched(program, deadline)


def _rounded(program: Program, deadline: Deadline) -> Numbers | None:
    relaxed = linear(program.worth, program.table, program.most, 1.0, deadline)
    if relaxed is None:
        return None
    value = program.already + program.worth @ relaxed.x
    costs = relaxed.loss > _WORTH_A_LOOK * value
    unused = program.goods & (relaxed.x < _ROUNDING) & costs
    used = program.steady & (relaxed.x > 1.0 - _ROUNDING)
    found = used.astype(float)
    left_open = ~(used | unused)
    rest = _searched(program.beside(left_open, found), deadline)
    if rest is None:
        return None
    found[left_open] = rest
    close = program.already + program.worth @ found >= value * (1.0 - _NEAR_THE_RELAXATION)
    return found if close else None


def _searched(program: Program, deadline: Deadline) -> Numbers | None:
    if not len(program):
        return program.worth
    return whole_or_not(
        program.worth,
        program.table,
        program.most,
        program.whole,
        nodes=_NODES,
        gap=_CLOSE_ENOUGH,
        deadline=deadline,
    )
