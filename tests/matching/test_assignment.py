"""The best pairing of a table of values, and the prices that prove it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import sparse

from marketplace.matching import Refuted, assign, certify

tables = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=8),
    elements=st.integers(-5, 12),
)


def random_values(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    shape = random.integers(1, 60, 2)
    kind = seed % 4
    if kind == 0:
        return random.integers(-(10**9), 10**9, shape)
    if kind == 1:
        return random.integers(0, 3, shape)  # many ties
    if kind == 2:
        return np.where(random.random(shape) < 0.1, random.integers(1, 10**6, shape), 0)
    quantity = random.integers(1, 10**4, shape[0])[:, None]
    return np.minimum(quantity, random.integers(1, 10**4, shape[1])) * random.integers(-500, 3_000)


def best_by_hand(value: np.ndarray) -> int:
    """Every way to give each lot a need or nothing."""
    lots, needs = value.shape
    choices = itertools.permutations([*range(needs), *([None] * lots)], lots)
    return max(
        (
            sum(max(0, int(value[i, j])) for i, j in enumerate(choice) if j is not None)
            for choice in choices
        ),
        default=0,
    )


def a_chain(length: int) -> np.ndarray:
    """Lot k + 1 can also serve need k, so that one lot without need is felt by all the others."""
    value = np.zeros((length + 1, length), dtype=np.int64)
    steps = np.arange(length)
    value[steps, steps] = 1_000_000
    value[steps + 1, steps] = 999_999
    return value


@pytest.mark.parametrize("seed", range(200))
def test_every_assignment_is_certified_optimal(seed: int) -> None:
    value = random_values(seed)

    certify(value, assign(value))


@pytest.mark.parametrize("seed", range(200))
def test_a_sparse_table_gives_the_same_value_and_prices(seed: int) -> None:
    value = random_values(seed)

    dense, thin = assign(value), assign(sparse.coo_array(value))

    certify(value, thin)
    assert thin.value == dense.value
    for end in ("lot_low", "need_high", "lot_high", "need_low"):
        assert (getattr(thin, end) == getattr(dense, end)).all()


def test_the_table_that_is_handed_over_stays_as_it_is() -> None:
    columns, rows = np.array([1, 0, 2]), np.array([0, 2, 3])
    value = sparse.csr_array((np.array([5, 0, -1]), columns, rows), shape=(2, 3))

    certify(value, assign(value))

    assert value.data.tolist() == [5, 0, -1]
    assert (value.indices.tolist(), value.indptr.tolist()) == ([1, 0, 2], [0, 2, 3])


@given(
    value=arrays(
        np.int64, st.tuples(st.integers(0, 3), st.integers(0, 3)), elements=st.integers(-3, 9)
    )
)
def test_no_other_pairing_is_worth_more(value: np.ndarray) -> None:
    assert assign(value).value == best_by_hand(value)


@given(value=tables)
def test_the_two_ends_hold_every_price_between_them(value: np.ndarray) -> None:
    assignment = assign(value)

    certify(value, assignment)
    assert (assignment.lot_low <= assignment.lot_high).all()
    assert (assignment.need_low <= assignment.need_high).all()


@given(value=tables, factor=st.integers(1, 1000))
def test_values_in_another_unit_give_the_same_pairs_worth(value: np.ndarray, factor: int) -> None:
    assert assign(value * factor).value == factor * assign(value).value


@given(value=tables, seed=st.integers(0, 99))
def test_reordering_changes_no_price(value: np.ndarray, seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, columns = random.permutation(value.shape[0]), random.permutation(value.shape[1])

    straight, mixed = assign(value), assign(value[rows][:, columns])

    assert mixed.value == straight.value
    assert (mixed.lot_low == straight.lot_low[rows]).all()
    assert (mixed.need_low == straight.need_low[columns]).all()


def test_large_sparse_tables_are_solved_without_filling_them() -> None:
    value = sparse.csr_array(a_chain(2_500))

    assignment = assign(value)

    certify(value, assignment)
    assert assignment.value == 2_500 * 1_000_000


def test_a_large_dense_table_that_is_mostly_empty_is_solved_as_a_sparse_one() -> None:
    value = a_chain(2_200)

    certify(value, assign(value))


@pytest.mark.parametrize("seed", range(6))
def test_large_filled_tables_are_begun_near_the_end_and_proved(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = [random.lognormal(8, 1, n).astype(np.int64) for n in random.integers(100, 190, 2)]
    margin = random.integers(-900, 1_400, [len(size) for size in sizes])
    value = np.minimum(sizes[0][:, None], sizes[1]) * margin

    certify(value, assign(value))


@pytest.mark.parametrize("seed", range(8))
def test_wherever_the_search_begins_its_end_is_the_best(seed: int) -> None:
    random = np.random.default_rng(seed)
    value = random.integers(-400, 900, random.integers(100, 160, 2))
    near = random.integers(-500, 2_000, len(value))

    assignment = assign(value, near=near)

    certify(value, assignment)
    assert assignment.value == assign(value).value


@pytest.mark.parametrize("seed", range(3))
def test_parts_that_have_nothing_to_do_with_each_other_are_solved_apart(seed: int) -> None:
    blocks = [np.maximum(random_values(7 * seed + k), 0) for k in range(12)]
    blocks.append(np.random.default_rng(seed).integers(0, 9_000, (750, 700)))
    value = sparse.csr_array(sparse.block_diag(blocks))

    assignment = assign(value)

    certify(value, assignment)
    assert assignment.value == sum(assign(block).value for block in blocks)


def test_the_table_of_a_caller_stays_as_it_is() -> None:
    table = sparse.coo_array(([3, 4, -1, 0], ([0, 0, 1, 1], [1, 1, 0, 1])), shape=(2, 2)).tocsr()
    before = table.copy()

    assert assign(table).value == 7
    assert (table != before).nnz == 0
    assert table.nnz == before.nnz


def test_a_long_chain_of_displacements_is_followed_to_its_end() -> None:
    value = a_chain(1_500)

    assignment = assign(value)

    certify(value, assignment)
    assert assignment.need_low[0] == 1_000_000 - 1_500
    assert assignment.need_high[0] == 1_000_000


def test_a_lot_and_a_need_alone_share_between_nothing_and_everything() -> None:
    assignment = assign([[7]])

    assert (assignment.lot[0], assignment.need[0], assignment.value) == (0, 0, 7)
    assert (assignment.lot_low[0], assignment.lot_high[0]) == (0, 7)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0)])
def test_nobody_on_one_side_is_an_empty_assignment(shape: tuple[int, int]) -> None:
    value = np.zeros(shape, dtype=np.int64)

    assignment = assign(value)

    certify(value, assignment)
    assert (len(assignment.lot), assignment.value) == (0, 0)


def test_what_is_missing_or_not_positive_is_never_paired() -> None:
    value = np.array([[0.0, -5.0], [-np.inf, 3.0]])

    assignment = assign(value)

    assert assignment.lot.tolist() == [1]
    assert assignment.need.tolist() == [1]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([1, 2, 3], ValueError),
        (np.zeros((2, 2, 2)), ValueError),
        ([[1.5]], ValueError),
        ([[np.nan]], ValueError),
        ([[np.inf]], ValueError),
        ([[2**53]], OverflowError),
        ([[2**60]], OverflowError),
        (np.full((3, 3), 2**52), OverflowError),
        ([[None]], TypeError),
        ([["1"]], TypeError),
        ([[1 + 0j]], TypeError),
        (np.array([[1]], dtype=object), TypeError),
        (sparse.csr_array([[0.5]]), ValueError),
        (sparse.coo_array([1, 2]), ValueError),
        (sparse.csr_array([[2.0**53]]), OverflowError),
    ],
)
def test_what_is_no_table_of_whole_values_is_refused(value: object, error: type) -> None:
    with pytest.raises(error):
        assign(value)


def test_values_at_the_limit_stay_exact() -> None:
    assignment = assign([[2**52, 1], [1, 2**52 - 100]])

    assert assignment.value == 2**53 - 100


@pytest.mark.parametrize("seed", range(40))
def test_every_number_of_an_assignment_bears_load(seed: int) -> None:
    value = np.random.default_rng(seed).integers(0, 10**6, (5, 4))  # no ties
    assignment = assign(value)

    for name in ("lot", "need", "lot_low", "need_high", "lot_high", "need_low"):
        numbers = getattr(assignment, name)
        for place, step in itertools.product(range(len(numbers)), (1, -1)):
            wrong = numbers.copy()
            wrong[place] += step
            with pytest.raises(Refuted):
                certify(value, replace(assignment, **{name: wrong}))
    with pytest.raises(Refuted):
        certify(value, replace(assignment, value=assignment.value + 1))


def test_prices_that_are_feasible_but_not_the_end_are_refused() -> None:
    value = np.array([[10]])
    middle = replace(assign(value), lot_low=np.array([3]), need_high=np.array([7]))

    with pytest.raises(Refuted, match="end"):
        certify(value, middle)


def test_the_proof_of_another_table_is_refused() -> None:
    assignment = assign([[5, 9], [2, 5]])

    with pytest.raises(Refuted):
        certify([[5, 9], [2, 9]], assignment)


def test_nothing_is_no_assignment() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        certify([[1]], None)  # type: ignore[arg-type]
    with pytest.raises(Refuted, match="missing"):
        certify([[1]], replace(assign([[1]]), need_low=None))  # type: ignore[arg-type]
