"""Which counterparts are least far from a match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import journeys
from marketplace.matching.hurdles import COUNTED, NOT_TO_MEND
from marketplace.matching.left_over import Facing
from marketplace.matching.market import BANNED, Flags, Indices, Integers
from marketplace.matching.obstacles import Obstacle
from marketplace.matching.rivals import NEVER, Rivals, rivals
from marketplace.matching.shortfall import Shortfall, shortfall

_LOOKED_AT = 8  # counterparts whose real trips are counted, those that promise most

# Classes of counterparts, each farther than all before it, with room for a number in each.
_ROOM = 2**53
_MONEY, _OBSTACLES, _TOO_MUCH, _NOT_TO_MEND, NOBODY = (k * _ROOM for k in range(5))


@dataclass(frozen=True, eq=False)
class Near:
    """The R of mine with something left, and C counterparts of each, (R, C), nearest first.

    mine, theirs : indices into the two sides
    distance : orders them; `NOBODY` is none
    obstacles : bits, those of what is left now included
    minutes : of the fastest vehicles that have a way there
    """

    mine: Indices
    theirs: Indices
    distance: Integers
    obstacles: Integers
    minutes: Integers
    short: Shortfall


def nearest(faced: Facing, most: int) -> Near:
    """Up to ``most`` counterparts of everything that has something left.

    If money alone stands between them, those where the least VND per base unit are missing; then
    those with the fewest obstacles, and of these the nearest by road.
    """
    mine = np.flatnonzero(faced.left > 0)
    against = rivals(faced)
    obstacles = faced.obstacles[mine]
    at_best = _at_best(faced, against, mine)
    everybody = np.broadcast_to(np.arange(len(faced.theirs)), obstacles.shape)
    promise = _distance(faced, mine, everybody, obstacles, at_best)
    theirs = _first(promise, _LOOKED_AT)
    short = shortfall(faced, against, mine, theirs)
    obstacles = np.take_along_axis(obstacles, theirs, axis=1) | _of_rest(short)
    distance = _distance(faced, mine, theirs, obstacles, short.per_unit)
    order = _first(distance, most)

    def ordered(table: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = np.take_along_axis(table, order, axis=1)
        return found

    short = Shortfall(*(ordered(table) for table in vars(short).values()))
    theirs = ordered(theirs)
    minutes = _minutes(faced, mine, theirs)
    return Near(mine, theirs, ordered(distance), ordered(obstacles), minutes, short)


def _at_best(faced: Facing, against: Rivals, mine: Indices) -> Integers:
    """VND per base unit that are missing at the least, by margins alone, (R, T)."""
    own = against.who[:, 0] == mine[:, None]
    second = against.holds[:, 1] if against.holds.shape[1] > 1 else NEVER
    beaten = np.where(own, second, against.holds[:, 0])
    # What cannot be divided is not looked at as closely here: all of it could be open to one.
    to_beat = np.where((faced.open > 0) | faced.fixed[mine], 0, beaten)
    return 1 + to_beat - faced.margin[mine]


def _of_rest(short: Shortfall) -> Integers:
    """Obstacles that only what others left has put there."""
    too_small = short.too_small * np.int64(Obstacle.MINIMUM)
    in_part = short.in_part * np.int64(Obstacle.WHOLE)
    return np.asarray(too_small | in_part, dtype=np.int64)


def _distance(
    faced: Facing,
    mine: Indices,
    theirs: Indices,
    obstacles: Integers,
    per_unit: Integers,
) -> Integers:
    count = np.zeros(obstacles.shape, dtype=np.int64)
    for obstacle in COUNTED:
        count += (obstacles & obstacle) != 0
    by_road = count * 2**32 + np.maximum(0, _minutes(faced, mine, theirs))
    only_money = np.maximum(0, per_unit)
    if faced.side == "lot":  # no ask is below 0
        ask = faced.market.lots.ask[faced.mine[mine]][:, None]
        only_money += np.where(per_unit > ask, np.int64(_TOO_MUCH - _MONEY), 0)
    distance = np.where(count > 0, _OBSTACLES + by_road, _MONEY + only_money)
    hopeless = ((obstacles & NOT_TO_MEND) != 0) | _banned(faced, mine, theirs)
    distance = np.where(hopeless, _NOT_TO_MEND + by_road, distance)
    served = faced.traded[mine[:, None], theirs] == faced.whole[theirs]
    same = (obstacles & Obstacle.SAME_ORGANISATION) != 0
    return np.where(served | same, NOBODY, distance)


def _banned(faced: Facing, mine: Indices, theirs: Indices) -> Flags:
    """Where no paper lets the goods move."""
    lot, need = faced.lot_and_need(mine[:, None], theirs)
    asked = faced.market.lots.leaving[lot] | faced.market.needs.entering[need]
    banned: Flags = (asked & BANNED) != 0
    return banned


def _minutes(faced: Facing, mine: Indices, theirs: Indices) -> Integers:
    lot, need = faced.lot_and_need(mine[:, None], theirs)
    return journeys.minutes(faced.market, faced.commodity, lot, need)


def _first(distance: Integers, most: int) -> Indices:
    """The columns of the smallest numbers of each row, in order, earlier columns first of equals."""
    few = min(most, distance.shape[1])
    columns = np.broadcast_to(np.arange(distance.shape[1]), distance.shape)
    if few < distance.shape[1]:
        columns = np.argpartition(distance, few - 1, axis=1)[:, :few]
    order = np.lexsort((columns, np.take_along_axis(distance, columns, axis=1)), axis=1)
    return np.take_along_axis(columns, order, axis=1)
