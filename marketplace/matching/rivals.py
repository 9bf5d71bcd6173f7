"""Who would have to make room: those with whom a counterpart trades, weakest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.left_over import Facing
from marketplace.matching.market import Indices, Integers

NEVER = np.int64(2**50)  # VND per base unit, beyond all that is possible
NOBODY, EVERYBODY = -1, -2
_EACH = 3  # rivals of a counterpart that are looked at, besides oneself


@dataclass(frozen=True, eq=False)
class Rivals:
    """For each of theirs the rivals that would give way soonest, least to lose first.

    who : (T, K) index into mine, or `NOBODY`
    holds : (T, K) VND per base unit that one must exceed in the divisible market
    """

    who: Indices
    holds: Integers


def rivals(faced: Facing) -> Rivals:
    """Of all that trade with each of theirs, those that gain least there by the base unit.

    What a rival would gain elsewhere is not taken off: there is a place for some of it only.
    """
    return Rivals(*_least(np.where(faced.traded > 0, faced.rival_margin, NEVER)))


def _least(loss: Integers) -> tuple[Indices, Integers]:
    """Of each column the rows with the smallest numbers, (T, K), and these."""
    few = min(_EACH + 1, loss.shape[0])
    rows = np.argpartition(loss, few - 1, axis=0)[:few] if few < len(loss) else _all_rows(loss)
    found = np.take_along_axis(loss, rows, axis=0)
    order = np.lexsort((rows, found), axis=0)
    rows, found = (np.take_along_axis(table, order, axis=0) for table in (rows, found))
    return np.where(found < NEVER, rows, NOBODY).T, found.T


def _all_rows(loss: Integers) -> Indices:
    return np.broadcast_to(np.arange(len(loss))[:, None], loss.shape)
