"""What HiGHS is asked and what it answers, beside SciPy's doors to the same solver."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from marketplace.matching.deadline import Deadline, OutOfTime
from marketplace.matching.highs import Numbers, Table, linear, whole_or_not


def a_program(seed: int, form: Any = sparse.csr_array) -> tuple[Numbers, Table, Numbers]:
    """Worth of each column, some of nothing; a table with holes; the most of each row."""
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(3, 9), draw.integers(5, 20)
    table = draw.uniform(0.1, 1, (rows, columns)) * (draw.random((rows, columns)) < 0.6)
    table[0] = draw.uniform(0.1, 1, columns)  # nothing is without limit
    return draw.uniform(-0.2, 1, columns), form(table), draw.uniform(0.5, 2, rows)


@pytest.mark.parametrize("limit", [1.0, np.inf])
@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array])
@pytest.mark.parametrize("seed", range(8))
def test_a_linear_program_has_its_best_and_duals_that_prove_it(
    seed: int, form: Any, limit: float
) -> None:
    worth, table, most = a_program(seed, form)
    known = linprog(-worth, A_ub=table, b_ub=most, bounds=(0, limit))

    x, price, loss = linear(worth, table, most, limit)

    assert worth @ x == pytest.approx(-known.fun)
    assert (table @ x <= most + 1e-7).all()
    assert (price >= 0).all()
    assert (loss >= 0).all()
    left = worth - table.T @ price  # what a column gains beyond the prices of its rows
    assert loss == pytest.approx(np.where(x < 1e-9, -left.clip(max=0), 0), abs=1e-9)
    at_the_limit = left.clip(min=0).sum() * (limit if limit < np.inf else 0)
    assert price @ most + at_the_limit == pytest.approx(worth @ x)


@pytest.mark.parametrize("seed", range(12))
def test_whole_columns_are_whole_and_the_best_that_there_are(seed: int) -> None:
    worth, table, most = a_program(seed)
    whole = np.arange(len(worth)) % 3 > 0
    known = milp(
        -worth,
        constraints=LinearConstraint(table, -np.inf, most),
        bounds=Bounds(0, 1),
        integrality=whole.astype(int),
    )

    x = whole_or_not(worth, table, most, whole, nodes=10_000, gap=0.0)

    assert x is not None
    assert worth @ x == pytest.approx(-known.fun)
    assert (table @ x <= most + 1e-6).all()
    assert np.abs(x[whole] - np.rint(x[whole])).max() < 1e-6


def test_what_cannot_be_has_no_answer() -> None:
    worth, table = np.ones(2), sparse.csr_array(np.array([[1.0, 1.0]]))

    assert linear(worth, table, np.array([-1.0]), 1.0) is None
    assert linear(worth, sparse.csr_array((0, 2)), np.zeros(0), np.inf) is None
    nothing = whole_or_not(worth, table, np.array([-1.0]), np.ones(2, dtype=bool), nodes=9, gap=0.0)
    assert nothing is None


def test_there_is_no_answer_after_the_deadline() -> None:
    worth, table, most = a_program(0)
    late = Deadline(at=0.0)

    with pytest.raises(OutOfTime):
        linear(worth, table, most, 1.0, late)
    with pytest.raises(OutOfTime):
        whole_or_not(
            worth, table, most, np.ones(len(worth), dtype=bool), nodes=9, gap=0.0, deadline=late
        )


def test_the_solver_says_nothing() -> None:
    """The first one of a process would print its name in the middle of what a command prints."""
    program = """
import numpy as np
from scipy import sparse
from marketplace.matching.highs import linear, whole_or_not
worth, table, most = np.ones(3), sparse.csr_array(np.ones((1, 3))), np.array([1.5])
assert linear(worth, table, most, 1.0) is not None
assert whole_or_not(worth, table, most, worth > 0, nodes=9, gap=0.0) is not None
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"", b"")
