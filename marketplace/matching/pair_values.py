"""The values of pairing lots with needs: one face for dense and for sparse tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Integers = NDArray[np.int64]
Indices = NDArray[np.intp]

_SMALL = 200_000  # cells; a larger table that is mostly empty is kept as a sparse one
_FEW = 0.2
_IN_CACHE = 65_536  # cells
EXACT = 2**53  # up to here float64, in which SciPy's solvers count, tells one đồng from the next


class PairValues(Protocol):
    """Non-negative int64 values, lots × needs; 0 means that the two may not pair."""

    @property
    def table(self) -> Any:
        """The values as an array or a csr_array."""
        ...

    @property
    def shape(self) -> tuple[int, int]: ...

    @property
    def transposed(self) -> PairValues: ...

    def of(self, lot: Indices, need: Indices) -> Integers:
        """The values of these pairs."""
        ...

    def best_offer(self, need: Indices, price: Integers) -> Integers:
        """For every lot the most that one of these needs leaves it at these prices, at least 0."""
        ...

    def tight(self, lot_price: Integers, need_price: Integers) -> tuple[Indices, Indices]:
        """The pairs that may be made and whose value is exactly the sum of their two prices."""
        ...


@dataclass(frozen=True, eq=False)
class DenseValues:
    """``turned`` is the same table with needs as rows, if it is at hand."""

    table: Integers
    turned: Integers | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.table.shape[0], self.table.shape[1]

    @cached_property
    def transposed(self) -> DenseValues:
        turned = np.ascontiguousarray(self.table.T) if self.turned is None else self.turned
        return DenseValues(turned, self.table)

    def of(self, lot: Indices, need: Indices) -> Integers:
        return self.table[lot, need]

    def best_offer(self, need: Indices, price: Integers) -> Integers:
        lots, needs = self.table.shape
        everyone = len(need) == needs
        if lots * len(need) > _IN_CACHE:
            return self._best_of_many(need, price, everyone)
        offer: Integers
        if everyone:
            offer = (self.table - price).max(axis=1, initial=0)
        else:
            offer = (self.transposed.table[need] - price[:, None]).max(axis=0, initial=0)
        return offer

    def _best_of_many(self, need: Indices, price: Integers, everyone: bool) -> Integers:
        """Few at a time, so that what is counted stays near the processor: half as long."""
        offer = np.zeros(self.table.shape[0], dtype=np.int64)
        few = max(1, _IN_CACHE // self.table.shape[1 if everyone else 0])
        for first in range(0, len(offer) if everyone else len(need), few):
            some = slice(first, first + few)
            if everyone:
                (self.table[some] - price).max(axis=1, initial=0, out=offer[some])
            else:
                left = self.transposed.table[need[some]] - price[some, None]
                np.maximum(offer, left.max(axis=0), out=offer)
        return offer

    def tight(self, lot_price: Integers, need_price: Integers) -> tuple[Indices, Indices]:
        together = lot_price[:, None] + need_price
        lot, need = np.nonzero((self.table == together) & (self.table > 0))
        return lot, need


@dataclass(frozen=True, eq=False)
class SparseValues:
    """``turned`` is the same table with needs as rows, if it is at hand."""

    table: Any  # csr_array of int64, indices sorted, every stored value > 0
    turned: Any = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.table.shape[0], self.table.shape[1]

    @cached_property
    def transposed(self) -> SparseValues:
        # SciPy counts: the indices come out sorted.
        turned = self.table.T.tocsr() if self.turned is None else self.turned
        return SparseValues(turned, self.table)

    def of(self, lot: Indices, need: Indices) -> Integers:
        if not len(lot):  # SciPy answers an empty question with another type
            return np.zeros(0, dtype=np.int64)
        return np.asarray(self.table[lot, need], dtype=np.int64)

    def best_offer(self, need: Indices, price: Integers) -> Integers:
        offer = np.zeros(self.shape[0], dtype=np.int64)
        if len(need) == self.shape[1]:
            left = self.table.data - price[self.table.indices]
            rows = np.flatnonzero(np.diff(self.table.indptr))
            offer[rows] = np.maximum.reduceat(left, self.table.indptr[rows]) if len(rows) else 0
            return np.maximum(offer, 0)
        columns = self.transposed.table
        start, count = columns.indptr[need], np.diff(columns.indptr)[need]
        entry = np.repeat(start - np.cumsum(count) + count, count) + np.arange(count.sum())
        left = columns.data[entry] - np.repeat(price, count)
        np.maximum.at(offer, columns.indices[entry], left)
        return offer

    def tight(self, lot_price: Integers, need_price: Integers) -> tuple[Indices, Indices]:
        lot = np.repeat(np.arange(self.shape[0]), np.diff(self.table.indptr))
        need = self.table.indices
        here = self.table.data == lot_price[lot] + need_price[need]
        return lot[here], need[here].astype(np.intp)


def read_values(value: ArrayLike | Any) -> PairValues:
    """Check what a caller hands over and clip it at 0.

    Raises `TypeError` for what is no table of numbers, `ValueError` for other shapes, fractions,
    NaN and infinity, `OverflowError` where the total could leave what float64 counts exactly.
    """
    if sparse.issparse(value):
        values = _of_sparse(_positive(value))
    else:
        dense = np.asarray(value)
        if dense.ndim != 2:
            raise ValueError(f"pair values must have 2 dimensions, not {dense.ndim}")
        values = _of_dense(_whole_numbers(dense))
    _refuse_totals_beyond_float(values)
    return values


def mostly_empty(pairs: int, cells: int) -> bool:
    """Whether a table is better kept as a sparse one."""
    return cells > _SMALL and pairs < _FEW * cells


def _of_dense(table: Integers) -> PairValues:
    if mostly_empty(int(np.count_nonzero(table)), table.size):
        return SparseValues(sparse.csr_array(table))
    return DenseValues(table)


def _of_sparse(table: Any) -> PairValues:
    if mostly_empty(table.nnz, table.shape[0] * table.shape[1]):
        return SparseValues(table)
    return DenseValues(table.toarray())


def _positive(value: Any) -> Any:
    table = sparse.csr_array(value)
    if table.ndim != 2:
        raise ValueError(f"pair values must have 2 dimensions, not {table.ndim}")
    if not table.has_canonical_format:
        table = table.copy()  # the caller's table stays as it is
        table.sum_duplicates()
    numbers = _whole_numbers(table.data)
    indices, starts = table.indices, table.indptr
    if numbers.size and numbers.min() == 0:
        there = numbers > 0
        starts = np.concatenate([[0], np.cumsum(there)])[starts]
        numbers, indices = numbers[there], indices[there]
    return sparse.csr_array((numbers, indices, starts), shape=table.shape)


def _whole_numbers(numbers: NDArray[Any]) -> Integers:
    kind = numbers.dtype.kind
    if kind not in "iufb":
        raise TypeError(f"pair values must be whole numbers of đồng, not {numbers.dtype}")
    if kind == "f":
        # Minus infinity is a usual way to write "may not pair".
        numbers = np.where(numbers == -np.inf, 0, numbers)
        if not np.isfinite(numbers).all():
            raise ValueError("pair values must be finite")
        if (numbers != np.rint(numbers)).any():
            raise ValueError("pair values must be whole numbers of đồng")
    if numbers.size and numbers.max() > EXACT:
        raise OverflowError("a pair value is beyond what is counted exactly (2**53)")
    if kind in "if" and numbers.size and numbers.min() < 0:
        numbers = numbers.clip(min=0)
    return numbers.astype(np.int64, copy=False)


def _refuse_totals_beyond_float(values: PairValues) -> None:
    most, few = EXACT - min(values.shape), min(values.shape)
    numbers = values.table if isinstance(values.table, np.ndarray) else values.table.data
    if int(numbers.max(initial=0)) * few < most:
        return
    if _total_of_best(values) >= most and _total_of_best(values.transposed) >= most:
        raise OverflowError("the total could leave the range that is counted exactly (2**53)")


def _total_of_best(values: PairValues) -> int:
    needs = values.shape[1]
    return sum(values.best_offer(np.arange(needs), np.zeros(needs, dtype=np.int64)).tolist())
