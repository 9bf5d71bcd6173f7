"""Large programs are searched near their relaxation, and as a whole where that is not enough."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from marketplace.matching.deadline import NEVER
from marketplace.matching.integer_program import Numbers, Program, _rounded, best


def a_transport(seed: int, *, lots: int = 60, needs: int = 40, each: int = 12) -> Program:
    """Each lot meets a few needs with up to all of it, half of them with all or nothing."""
    draw = np.random.default_rng(seed)
    lot = np.repeat(np.arange(lots), each)
    need = np.concatenate([draw.choice(needs, each, replace=False) for _ in range(lots)])
    columns, whole = np.arange(lots * each), draw.random(lots * each) < 0.5
    given, taken = np.ones(len(columns)), draw.uniform(0.05, 0.5, len(columns))
    table = sparse.csr_array(
        (np.r_[given, taken], (np.r_[lot, lots + need], np.r_[columns, columns])),
        shape=(lots + needs, len(columns)),
    )
    goods = np.ones(len(columns), dtype=bool)
    worth = draw.uniform(0.1, 1.0, len(columns))
    return Program(worth, table, np.ones(lots + needs), whole, goods, whole)


def two_that_do_not_fit_together(pairs: int) -> Program:
    """Each row has room for 0.6 of either of two: the relaxation takes 5/3 of them, a whole one 1."""
    columns = np.arange(2 * pairs)
    table = sparse.csr_array((np.full(2 * pairs, 0.6), (columns // 2, columns)))
    worth, yes = np.where(columns % 2, 1.0, 0.9), np.ones(2 * pairs, dtype=bool)
    return Program(worth, table, np.ones(pairs), yes, yes, yes)


def keeps_the_rules(program: Program, answer: Numbers) -> bool:
    whole = answer[program.whole]
    return bool(
        (program.table @ answer <= program.most + 1e-6).all()
        and (answer > -1e-6).all()
        and (answer < 1 + 1e-6).all()
        and np.abs(whole - np.rint(whole)).max() < 1e-6
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_large_program_is_answered_near_what_nothing_whole_can_exceed(seed: int) -> None:
    program = a_transport(seed)
    relaxed = linprog(-program.worth, A_ub=program.table, b_ub=program.most, bounds=(0, 1))

    answer = best(program)

    assert answer is not None
    assert keeps_the_rules(program, answer)
    assert -relaxed.fun * 0.995 < program.worth @ answer <= -relaxed.fun + 1e-6


def test_the_whole_program_is_searched_where_rounding_falls_short() -> None:
    program = two_that_do_not_fit_together(300)

    answer = best(program)

    assert _rounded(program, NEVER) is None
    assert answer is not None
    assert keeps_the_rules(program, answer)
    assert program.worth @ answer == pytest.approx(300)


@pytest.mark.parametrize("seed", range(6))
def test_rounding_is_taken_only_within_its_promise(seed: int) -> None:
    program = a_transport(seed)
    relaxed = linprog(-program.worth, A_ub=program.table, b_ub=program.most, bounds=(0, 1))

    rounded = _rounded(program, NEVER)

    assert rounded is not None
    assert program.worth @ rounded >= -relaxed.fun * 0.995 - 1e-9


def test_what_is_left_beside_chosen_columns_is_the_program_without_them() -> None:
    program = a_transport(0)
    chosen = np.zeros(len(program))
    chosen[[3, 40]] = 1.0
    rest = chosen == 0

    beside = program.beside(rest, chosen)

    room = program.most - program.table @ chosen
    rows = (program.table[:, rest] != 0).sum(axis=1) > 0
    assert (beside.table.toarray() == program.table[:, rest].toarray()[rows]).all()
    assert np.allclose(beside.most, room[rows])


def test_the_same_program_has_the_same_answer() -> None:
    first, second = best(a_transport(1)), best(a_transport(1))

    assert first is not None
    assert second is not None
    assert (first == second).all()
