"""Pair lots with needs one to one so that the total value is greatest, and prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from marketplace.matching.best_pairs import best_pairs
from marketplace.matching.least_prices import least_prices
from marketplace.matching.pair_values import Indices, Integers, read_values


@dataclass(frozen=True, eq=False)
class Assignment:
    """Pairs, by lot; their total ``value``; and prices (duals) which prove that it is the best.

    ``lot_low`` with ``need_high`` is the end where lots get least, ``lot_high`` with ``need_low``
    the end where they get most (L,), (N,) in VND. At either end no lot and need could gain by
    leaving their partners for each other, and all prices together are the total value.
    """

    lot: Indices
    need: Indices
    value: int
    lot_low: Integers
    need_high: Integers
    lot_high: Integers
    need_low: Integers


def assign(value: ArrayLike | Any, *, near: Integers | None = None) -> Assignment:
    """Pair lots with needs so that the total value is greatest.

    Parameters
    ----------
    value : (L, N) array or scipy sparse array of whole numbers
        VND gained by pairing lot i with need j. Missing or ``<= 0``: they may not be paired.
    near : (L,) array of whole numbers, optional
        Prices of the lots from which the search may begin, as a plan has them. The nearer they are
        to those of the end, the sooner it ends; what it ends with is the best whatever they are.

    Returns
    -------
    Assignment
        Among equally good assignments the one that SciPy finds first: the same for the same table.

    Raises
    ------
    TypeError, ValueError
        If ``value`` is no table of whole numbers.
    OverflowError
        If the total could leave the range in which float64 counts single đồng exactly (2**53).

    The prices are the two ends of the core (Shapley & Shubik 1971, *The assignment game I*). SciPy
    returns pairs without prices; they are recovered from the pairs, in whole đồng.
    """
    values = read_values(value)
    lot, need = best_pairs(values, near)
    lot_low, need_high = least_prices(values, lot, need, near)
    need_low, lot_high = least_prices(values.transposed, need, lot, need_high)
    total = int(values.of(lot, need).sum())
    return Assignment(lot, need, total, lot_low, need_high, lot_high, need_low)
