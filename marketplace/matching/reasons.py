"""Why a lot or a need found no partner, or only for a part, and what would have had to change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from marketplace.matching.left_over import LeftOver, Side, Traded, left_over
from marketplace.matching.market import MINUTES_A_DAY, NO_LIMIT, Integers, Market
from marketplace.matching.outcome import LeftOut, Reason
from marketplace.matching.pairs import MONEY, Obstacle

_SIDES: tuple[Side, Side] = ("lot", "need")

# In this order they are told: what no price could mend comes first.
_TOLD = {
    Obstacle.NOT_ELIGIBLE: Reason.NOT_ELIGIBLE,
    Obstacle.NO_ROUTE: Reason.NO_ROUTE,
    Obstacle.GRADE: Reason.GRADE,
    Obstacle.CERTIFICATE: Reason.CERTIFICATE,
    Obstacle.WINDOW: Reason.WINDOW,
    Obstacle.FRESHNESS: Reason.FRESHNESS,
    Obstacle.WHOLE: Reason.WHOLE,
    Obstacle.MINIMUM: Reason.MINIMUM,
}
_FAR = 2**60


def reasons(
    market: Market, blocks: list[Traded], supply: Integers, demand: Integers
) -> tuple[LeftOut, ...]:
    """One reason for every lot and need with something left (``supply``, ``demand``), lots first.

    It speaks of the counterpart that is least far from a match: if money alone stands between
    them, the one where the least VND per base unit are missing; else the one with the fewest
    obstacles, and of these the nearest.
    """
    found: dict[tuple[Side, int], LeftOut] = {}
    for traded in blocks:
        for side in _SIDES:
            for left_out in _of_block(market, traded, side, supply, demand):
                found[side, left_out.row] = left_out
    return tuple(
        found.get((side, row)) or _without_block(market, side, row, left)
        for side, row, left in _left(market, supply, demand)
    )


def _left(market: Market, supply: Integers, demand: Integers) -> Iterator[tuple[Side, int, int]]:
    """Everything that has something left, and what is not free because it is held."""
    for row in np.flatnonzero((supply > 0) | (market.lots.quantity == 0)).tolist():
        yield "lot", row, int(supply[row])
    for row in np.flatnonzero((demand > 0) | (market.needs.quantity == 0)).tolist():
        yield "need", row, int(demand[row])


def _without_block(market: Market, side: Side, row: int, left: int) -> LeftOut:
    mine = market.lots if side == "lot" else market.needs
    if left == 0:
        return LeftOut(side, row, 0, 0, Reason.RESERVED, limit=int(mine.held[row]))
    because = Reason.NO_COUNTERPART if mine.eligible[row] else Reason.NOT_ELIGIBLE
    return LeftOut(side, row, left, 0, because)


def _of_block(
    market: Market, traded: Traded, side: Side, supply: Integers, demand: Integers
) -> Iterator[LeftOut]:
    view = left_over(market, traded, side, supply, demand)
    money = ((view.obstacles & ~np.int64(MONEY)) == 0) & ~view.nobody
    settled, money = money & view.settled, money & ~view.settled
    nearest_by_money = np.where(money, view.shortfall, _FAR).argmin(axis=1)
    nearest_settled = np.where(settled, view.shortfall, _FAR).argmin(axis=1)
    nearest = _fewest_obstacles(view).argmin(axis=1)
    for k in range(len(view.rows)):
        if money[k].any():
            yield _told_by_money(market, view, k, int(nearest_by_money[k]), supply, demand)
        elif settled[k].any():
            yield _told_by_settled(market, view, k, int(nearest_settled[k]))
        elif not view.nobody[k].all():
            yield _told_by_obstacle(market, view, k, int(nearest[k]))
        else:
            yield _left_out(market, view, k, Reason.NO_COUNTERPART)


def _fewest_obstacles(view: LeftOver) -> Integers:
    """A number that orders the counterparts: fewest obstacles, then nearest."""
    count = np.zeros(view.obstacles.shape, dtype=np.int64)
    for obstacle in _TOLD:
        count += (view.obstacles & obstacle) != 0
    return np.where(view.nobody, _FAR, count * 2**32 + np.maximum(view.minutes, 0))


def _told_by_money(
    market: Market, view: LeftOver, row: int, column: int, supply: Integers, demand: Integers
) -> LeftOut:
    lot, need = int(view.lot[row, column]), int(view.need[row, column])
    counterpart = need if view.side == "lot" else lot
    shortfall = int(view.shortfall[row, column])
    if view.spread[row, column] < 0:
        because = Reason.PRICE if view.side == "lot" else Reason.BID
    elif view.real[row, column] < 0:
        because = Reason.FREIGHT
    elif shortfall <= 0 and (market.lots.whole[lot] or not market.needs.splits[need]):
        limit = int(demand[need] if view.side == "lot" else supply[lot])
        return _left_out(market, view, row, Reason.WHOLE, counterpart, limit=limit)
    elif _leaves_too_little(market, need, int(supply[lot]), int(demand[need])):
        limit = int(market.needs.minimum[need])
        return _left_out(market, view, row, Reason.MINIMUM, counterpart, limit=limit)
    else:
        because = Reason.OUTBID if view.side == "lot" else Reason.BID
    return _left_out(market, view, row, because, counterpart, per_unit=max(1, shortfall))


def _told_by_settled(market: Market, view: LeftOver, row: int, column: int) -> LeftOut:
    """Whole lots and needs without splits go first: no price would have been enough."""
    counterpart = view.need if view.side == "lot" else view.lot
    return _left_out(market, view, row, Reason.OUTBID, int(counterpart[row, column]))


def _leaves_too_little(market: Market, need: int, supply: int, demand: int) -> bool:
    """Both have something left, but the need would accept neither that nor what then stays open."""
    minimum = int(market.needs.minimum[need])
    moved = min(supply, demand)
    return moved > 0 and (moved < minimum or 0 < demand - moved < minimum)


def _told_by_obstacle(market: Market, view: LeftOver, row: int, column: int) -> LeftOut:
    lot, need = int(view.lot[row, column]), int(view.need[row, column])
    counterpart = need if view.side == "lot" else lot
    present = int(view.obstacles[row, column])
    obstacle = next(obstacle for obstacle in _TOLD if present & obstacle)
    because = _TOLD[obstacle]
    lots, needs = market.lots, market.needs
    minutes = int(view.minutes[row, column])
    numbers: dict[str, int] = {}
    if because is Reason.GRADE:
        numbers["limit"] = int(needs.grade[need] if view.side == "lot" else lots.grade[lot])
    elif because is Reason.CERTIFICATE:
        numbers["limit"] = int(needs.certificates[need] & ~lots.certificates[lot])
    elif because is Reason.WINDOW:
        numbers["days"] = _days_off(market, lot, need, minutes)
    elif because is Reason.FRESHNESS:
        numbers["minutes_left"] = _minutes_left(market, lot, need, minutes)
        numbers["minutes_asked"] = max(1, int(needs.fresh[need]))
    elif because is Reason.MINIMUM:
        numbers["limit"] = int(needs.minimum[need])
    elif because is Reason.WHOLE:
        theirs = needs.quantity[need] if view.side == "lot" else lots.quantity[lot]
        numbers["limit"] = int(theirs)
    return _left_out(market, view, row, because, counterpart, **numbers)


def _days_off(market: Market, lot: int, need: int, minutes: int) -> int:
    """Days that the goods would arrive too late; negative: too early."""
    days = minutes // MINUTES_A_DAY
    earliest = max(int(market.lots.ready[lot]), market.today)
    late = earliest - (int(market.needs.until[need]) - days)
    early = int(market.needs.first[need]) - days - int(market.lots.until[lot])
    if late > 0:
        return late
    return -early if early > 0 else earliest - int(market.lots.until[lot])


def _minutes_left(market: Market, lot: int, need: int, minutes: int) -> int:
    lots = market.lots
    limit = int(market.goods.minutes[lots.commodity[lot]])
    if limit != NO_LIMIT and minutes > limit:
        return limit - minutes
    days = minutes // MINUTES_A_DAY
    leaves = max(int(lots.ready[lot]), market.today, int(market.needs.first[need]) - days)
    waited = 0 if lots.waits[lot] else leaves - int(lots.ready[lot])
    return int(lots.keeps[lot]) - waited * MINUTES_A_DAY - minutes


def _left_out(
    market: Market,
    view: LeftOver,
    row: int,
    because: Reason,
    counterpart: int = -1,
    **numbers: int,
) -> LeftOut:
    mine = market.lots if view.side == "lot" else market.needs
    here, left = int(view.rows[row]), int(view.left[row])
    matched = int(mine.quantity[here]) - left
    return LeftOut(view.side, here, left, matched, because, counterpart, **numbers)
