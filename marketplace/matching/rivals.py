"""Who would have to make room: those with whom a counterpart trades, weakest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.left_over import Facing
from marketplace.matching.market import Flags, Indices, Integers

NEVER = np.int64(2**50)  # VND per base unit, beyond all that is possible
NOBODY, EVERYBODY = -1, -2
_EACH = 3  # rivals of a counterpart that are looked at, besides oneself
_CHAIN = 12  # rivals that move on to somebody else, one after the other


@dataclass(frozen=True, eq=False)
class Rivals:
    """For each of theirs the rivals that would give way soonest, least to lose first.

    who : (T, K) index into mine, or `NOBODY`
    holds : (T, K) VND per base unit that one must exceed in the divisible market
    """

    who: Indices
    holds: Integers


def rivals(faced: Facing) -> Rivals:
    """Of all that trade with each of theirs, those with the least to lose.

    What a rival has to lose is what it gains here less what it would gain elsewhere. That is found
    as the highest duals of theirs are, from the end: let nobody gain elsewhere, see what that
    leaves each of theirs at least, then what the rivals gain at these prices, and so on.
    """
    trades = faced.traded > 0
    elsewhere = _elsewhere(faced, trades)
    return Rivals(*_least(np.where(trades, faced.rival_margin - elsewhere[:, None], NEVER)))


def _elsewhere(faced: Facing, trades: Flags) -> Integers:
    """VND per base unit that each of mine would gain with others than now, (M,)."""
    possible = (faced.obstacles == 0) & ~faced.fixed
    margin = np.where(possible, faced.rival_margin, -NEVER)
    here = np.where(trades, faced.rival_margin, NEVER)
    gone, full = faced.left == 0, faced.open == 0
    gains = np.zeros(len(faced.mine), dtype=np.int64)
    for _ in range(_CHAIN):
        price = np.where(full, (here - gains[:, None]).min(axis=0, initial=NEVER), 0).clip(min=0)
        now = np.where(gone, (margin - price).max(axis=1, initial=0), 0)
        if np.array_equal(now, gains):
            break
        gains = now
    return gains


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
