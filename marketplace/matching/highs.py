"""HiGHS, the solver of linear and mixed integer programs (Huangfu & Hall 2018), at its own door.

Every program here maximises ``worth @ x`` with ``table @ x <= most`` and ``0 <= x <= limit``. A
solver of its own for each: several threads solve side by side, each program in one thread, and the
same program has the same answer every time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from highspy import Highs, HighsModelStatus, MatrixFormat, ObjSense
from numpy.typing import NDArray
from scipy import sparse

from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.market import Flags

Numbers = NDArray[np.float64]
Table = sparse.csr_array | sparse.csc_array


class _Solver(Highs):
    """Without what can be told while it solves: to prepare that, HiGHS prints its name."""

    def __init__(self) -> None:
        super(Highs, self).__init__()
        self.setOptionValue("output_flag", False)


class Relaxed(NamedTuple):
    """The best of a linear program: ``x`` (n,), and the duals of its m rows and n columns.

    price : (m,) what one more of ``most`` would be worth
    loss : (n,) by how much a unit of a column that is left at 0 would be worth too little
    """

    x: Numbers
    price: Numbers
    loss: Numbers


def linear(
    worth: Numbers, table: Table, most: Numbers, limit: float, deadline: Deadline = NEVER
) -> Relaxed | None:
    """By the dual simplex, which ends at a vertex; None if there is no best. Raises `OutOfTime`."""
    solver = _solver(deadline, solver="simplex")
    _pass(solver, worth, table, most, limit, np.zeros(len(worth), dtype=bool))
    solver.run()
    deadline.left()
    if solver.getModelStatus() != HighsModelStatus.kOptimal:
        return None
    found = solver.getSolution()
    return Relaxed(
        np.array(found.col_value), np.array(found.row_dual), -np.array(found.col_dual).clip(max=0)
    )


def whole_or_not(
    worth: Numbers,
    table: Table,
    most: Numbers,
    whole: Flags,
    *,
    nodes: int,
    gap: float,
    deadline: Deadline = NEVER,
) -> Numbers | None:
    """Columns from 0 to 1, those of ``whole`` 0 or 1, by branch and bound.

    It stops after so many ``nodes`` of the tree or at an answer that is proved to fall short of the
    best by no more than ``gap`` of it. None if nothing was found. Raises `OutOfTime`.

    Without the feasibility jump and restarts: our programs have answers near their relaxation, and
    these two took a third of the time to find none better.
    """
    solver = _solver(
        deadline,
        mip_max_nodes=nodes,
        mip_rel_gap=gap,
        mip_heuristic_run_feasibility_jump=False,
        mip_allow_restart=False,
    )
    _pass(solver, worth, table, most, 1.0, whole)
    solver.run()
    deadline.left()
    found = solver.getSolution()
    return np.array(found.col_value) if found.value_valid else None


def _solver(deadline: Deadline, **options: bool | int | float | str) -> Highs:
    solver = _Solver()
    for name, value in (options | {"threads": 1, "time_limit": deadline.left()}).items():
        solver.setOptionValue(name, value)
    return solver


def _pass(
    solver: Highs, worth: Numbers, table: Table, most: Numbers, limit: float, whole: Flags
) -> None:
    """The program as plain arrays: row by row or column by column, as the table lies there."""
    rows, columns = table.shape
    by_row = table.format == "csr"
    solver.passModel(
        columns,
        rows,
        table.nnz,
        int(MatrixFormat.kRowwise if by_row else MatrixFormat.kColwise),
        int(ObjSense.kMaximize),
        0.0,
        worth,
        np.zeros(columns),
        np.full(columns, limit),
        np.full(rows, -np.inf),
        most,
        table.indptr,
        table.indices,
        table.data,
        whole.astype(np.int32),
    )
