"""Find the pairs of greatest value: SciPy's solvers, part by part, begun near the end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from marketplace.matching.least_prices import least_prices
from marketplace.matching.pair_values import (
    DenseValues,
    Indices,
    Integers,
    PairValues,
    mostly_empty,
)

_BEGUN_NEAR = 100  # lots and needs from which on a sample of them is solved first
_SAMPLED = 3  # every third of them
_FOURTH_BEST = 4
_AS_LONG_AS = {False: 1.5, True: 2.5}  # a side may be that much longer than the other
_FILLED = 0.3  # of the cells; where fewer may pair, beginning near the end makes searches longer
_WORTH_THREADS = 500_000  # cells of all parts together

Pairs = tuple[Indices, Indices]


@dataclass(frozen=True, eq=False)
class _Part:
    """Lots and needs that only have to do with each other, and their table."""

    lots: Indices
    needs: Indices
    table: Any

    @property
    def cells(self) -> int:
        return len(self.lots) * len(self.needs)


def best_pairs(values: PairValues, near: Integers | None = None) -> Pairs:
    """Lots and needs of the best pairs, by lot, without prices to prove it.

    ``near`` (L,) are prices of the lots from which the search may begin; whatever they are, its end
    is the best, and near the prices of the end it is reached soon.
    """
    parts = list(_parts(values))
    solved = _solved(parts, near)
    lot, need = (
        solved[0] if isinstance(values.table, np.ndarray) and parts else _joined(parts, solved)
    )
    made = values.of(lot, need) > 0
    lot, need = lot[made], need[made]
    by_lot = np.argsort(lot, kind="stable")
    return lot[by_lot], need[by_lot]


def _parts(values: PairValues) -> Iterator[_Part]:
    """What has nothing to do with each other is solved apart; a filled table is one part."""
    table = values.table
    if not isinstance(table, np.ndarray):
        yield from _connected(table)
    elif table.size:
        yield _Part(np.arange(values.shape[0]), np.arange(values.shape[1]), table)


def _connected(table: Any) -> Iterator[_Part]:
    """The connected parts of a csr_array, each with the rows and columns of the whole in order."""
    lots, needs = table.shape
    ends = np.concatenate([table.indptr, np.full(needs, table.nnz)])
    graph = sparse.csr_array(
        (np.ones(table.nnz, dtype=np.int8), table.indices + lots, ends),
        shape=(lots + needs, lots + needs),
    )
    count, labels = connected_components(graph, directed=False)
    label = labels.astype(np.intp)
    rows, row_starts = _by_label(label[:lots], count)
    columns, column_starts = _by_label(label[lots:], count)
    blocks = table[rows][:, columns] if count > 1 else table
    for k in range(count):
        r, c = slice(*row_starts[k : k + 2]), slice(*column_starts[k : k + 2])
        if r.stop > r.start and c.stop > c.start:
            yield _Part(rows[r], columns[c], _block(blocks, r, c))


def _by_label(label: Indices, count: int) -> tuple[Indices, list[int]]:
    order = np.argsort(label, kind="stable")
    return order, np.searchsorted(label[order], np.arange(count + 1)).tolist()


def _block(blocks: Any, rows: slice, columns: slice) -> Any:
    """One block of a block-diagonal csr_array, filled unless it is large and mostly empty."""
    start, stop = blocks.indptr[rows.start], blocks.indptr[rows.stop]
    shape = rows.stop - rows.start, columns.stop - columns.start
    block = sparse.csr_array(
        (
            blocks.data[start:stop],
            blocks.indices[start:stop] - columns.start,
            blocks.indptr[rows.start : rows.stop + 1] - start,
        ),
        shape=shape,
    )
    return block if mostly_empty(block.nnz, shape[0] * shape[1]) else block.toarray()


def _solved(parts: list[_Part], near: Integers | None) -> list[Pairs]:
    """In two threads where it pays: `linear_sum_assignment` runs beside other Python code."""
    if len(parts) == 1 or sum(part.cells for part in parts) < _WORTH_THREADS:
        return [_pairs_of(part, near) for part in parts]
    large_first = sorted(range(len(parts)), key=lambda k: -parts[k].cells)
    with ThreadPoolExecutor(2) as threads:
        done = {k: threads.submit(_pairs_of, parts[k], near) for k in large_first}
    return [done[k].result() for k in range(len(parts))]


def _joined(parts: list[_Part], pairs: list[Pairs]) -> Pairs:
    nobody = np.zeros(0, dtype=np.intp)
    both = [
        (part.lots[lot], part.needs[need]) for part, (lot, need) in zip(parts, pairs, strict=True)
    ]
    return (
        np.concatenate([nobody, *(lot for lot, _ in both)]),
        np.concatenate([nobody, *(need for _, need in both)]),
    )


def _pairs_of(part: _Part, near: Integers | None) -> Pairs:
    if not isinstance(part.table, np.ndarray):
        return _sparse_pairs(part.table)
    return _dense_pairs(part.table, None if near is None else near[part.lots])


def _dense_pairs(table: Integers, near: Integers | None = None) -> Pairs:
    """Pairs of a filled table, those without value among them.

    With needs' prices taken off, all pairings of a square table lose the same, so the best one
    remains the best; near the prices of the end the search for each lot is a short one.
    """
    lots, needs = table.shape
    if not _can_begin_near(table, near is not None):
        lot, need = linear_sum_assignment(table, maximize=True)
        return lot, need
    price = _sampled_prices(table) if near is None else _left_to_needs(table, near)
    size = max(lots, needs)
    lost = np.zeros((size, size))  # and not gained: SciPy would turn the sign of a copy
    lost[lots:, :needs] = price
    np.subtract(price, table, out=lost[:lots, :needs])
    lot, need = linear_sum_assignment(lost)
    real = (lot < lots) & (need < needs)
    return lot[real], need[real]


def _can_begin_near(table: Integers, known: bool) -> bool:
    """Whether it pays; where prices are ``known`` it does in longer tables too."""
    few, many = sorted(table.shape)
    long = _AS_LONG_AS[known] * few
    large = few >= _BEGUN_NEAR and many <= long
    return large and bool(np.count_nonzero(table) > _FILLED * table.size)


def _sampled_prices(table: Integers) -> Integers:
    """Prices of needs by a market of every third lot and every third need.

    Every third by size, so that the sample is like the whole; at the end of its prices where lots
    get most. What the best of the sampled lots leaves a need is too much, for its own need would
    not let it go; what the fourth best leaves was found to lead
    to the end soonest.
    """
    lots = _every_third(table.sum(axis=1))
    needs = _every_third(table.sum(axis=0))
    sample = np.ascontiguousarray(table[np.ix_(lots, needs)])
    lot, need = _dense_pairs(sample)
    made = sample[lot, need] > 0
    _, lot_price = least_prices(DenseValues(sample.T), need[made], lot[made])
    return _left_to_needs(table[lots], lot_price, rank=_FOURTH_BEST)


def _left_to_needs(table: Integers, lot_price: Integers, rank: int = 1) -> Integers:
    """What the best of these lots leaves each need, or one that is farther down."""
    left = table - lot_price[:, None]
    best = left.max(axis=0) if rank == 1 else np.partition(left, -rank, axis=0)[-rank]
    price: Integers = best.clip(min=0)
    return price


def _every_third(size: Integers) -> Indices:
    return np.sort(np.argsort(-size, kind="stable")[1::_SAMPLED])


def _sparse_pairs(table: Any) -> Pairs:
    """Who has the fewest to choose from comes first: SciPy looks for one row after the other, and
    the searches of the last ones are shorter by a third when there is much to choose from."""
    if table.shape[0] > table.shape[1]:
        need, lot = _sparse_pairs(table.T.tocsr())
        return lot, need
    rows = np.argsort(np.diff(table.indptr), kind="stable")
    columns = np.argsort(np.bincount(table.indices, minlength=table.shape[1]), kind="stable")
    row, column = _full_pairs(table[rows][:, columns])
    return rows[row], columns[column]


def _full_pairs(table: Any) -> Pairs:
    """SciPy pairs every row, so each row gets a column of its own that stands for "no partner".

    All values are raised by 1 because it takes a value of 0 for a missing one.
    """
    rows, columns = table.shape
    raised = sparse.csr_array((table.data + 1.0, table.indices, table.indptr), shape=table.shape)
    nobody = sparse.eye_array(rows, format="csr")
    row, column = min_weight_full_bipartite_matching(
        sparse.hstack([raised, nobody], format="csr"), maximize=True
    )
    partner = column < columns
    return row[partner], column[partner]
