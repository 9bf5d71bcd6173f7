"""Why a lot or a need found no partner, or only for a part, and what would have had to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketplace.matching.market import MINUTES_A_DAY, NO_LIMIT, Flags, Indices, Integers, Market
from marketplace.matching.outcome import LeftOut, Reason
from marketplace.matching.pairs import MONEY, Block, Obstacle

Side = Literal["lot", "need"]
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


@dataclass(frozen=True, eq=False)
class Priced:
    """A block with the duals of the divisible market in VND per base unit, and what is traded."""

    block: Block
    lot_price: Integers
    need_price: Integers
    traded: Integers  # (L, N) base units


def reasons(
    market: Market, blocks: list[Priced], supply: Integers, demand: Integers
) -> tuple[LeftOut, ...]:
    """One reason for every lot and need with something left (``supply``, ``demand``), lots first.

    It speaks of the counterpart that is least far from a match: if money alone stands between
    them, the one where the least VND per base unit are missing; else the one with the fewest
    obstacles, and of these the nearest.
    """
    found: dict[tuple[Side, int], LeftOut] = {}
    for priced in blocks:
        for side in _SIDES:
            for left_out in _of_block(market, priced, side, supply, demand):
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


@dataclass(frozen=True, eq=False)
class _View:
    """A block seen from one side: a row for each lot (need) with something left, a column for each
    need (lot). ``lot`` and ``need`` are the market's rows, broadcast against each other."""

    side: Side
    rows: Indices
    lot: Indices
    need: Indices
    left: Integers
    nobody: Flags  # the same organisation, or wholly served by (to) the one who asks
    obstacles: Integers
    shortfall: Integers  # VND per base unit that are missing where nothing but money is
    spread: Integers
    real: Integers  # VND per base unit gained at the quantity that is left, rounded down
    minutes: Integers


def _of_block(
    market: Market, priced: Priced, side: Side, supply: Integers, demand: Integers
) -> Iterator[LeftOut]:
    block = priced.block
    mine, left = (block.lots, supply) if side == "lot" else (block.needs, demand)
    index = np.flatnonzero(left[mine] > 0)
    if not len(index):
        return
    view = _view(market, priced, side, index, left[mine[index]], supply, demand)
    money = ((view.obstacles & ~np.int64(MONEY)) == 0) & ~view.nobody
    nearest_by_money = np.where(money, view.shortfall, _FAR).argmin(axis=1)
    nearest = _fewest_obstacles(view).argmin(axis=1)
    for k in range(len(index)):
        if money[k].any():
            yield _told_by_money(market, view, k, int(nearest_by_money[k]), supply, demand)
        elif not view.nobody[k].all():
            yield _told_by_obstacle(market, view, k, int(nearest[k]))
        else:
            yield _left_out(market, view, k, Reason.NO_COUNTERPART)


def _view(
    market: Market,
    priced: Priced,
    side: Side,
    index: Indices,
    left: Integers,
    supply: Integers,
    demand: Integers,
) -> _View:
    block = priced.block
    a, b = (
        (index[:, None], np.arange(len(block.needs)))
        if side == "lot"
        else (np.arange(len(block.lots)), index[:, None])
    )
    lot, need = block.lots[a], block.needs[b]
    other = market.needs.quantity[need] if side == "lot" else market.lots.quantity[lot]
    theirs = other - priced.traded[a, b]
    quantity = np.maximum(1, np.minimum(left[:, None], theirs))
    obstacles = block.obstacles[a, b]
    carriage = market.goods.carriage[block.commodity]
    places = market.lots.place[lot], market.needs.place[need]
    cost = market.freight_of(block.commodity).cost(
        *places, market.kilograms(block.commodity, quantity)
    )
    spread = market.needs.bid[need] - market.lots.ask[lot]
    real = (spread * quantity - cost) // quantity
    price = priced.need_price[b] if side == "lot" else priced.lot_price[a]
    return _View(
        side=side,
        rows=(block.lots if side == "lot" else block.needs)[index],
        lot=lot,
        need=need,
        left=left,
        nobody=(theirs == 0) | ((obstacles & Obstacle.SAME_ORGANISATION) != 0),
        obstacles=obstacles | _of_what_is_left(market, side, lot, need, quantity),
        shortfall=price - real + 1,
        spread=spread,
        real=real,
        minutes=market.minutes[int(carriage)][places],
    )


def _of_what_is_left(
    market: Market, side: Side, lot: Indices, need: Indices, quantity: Integers
) -> Integers:
    below = quantity < market.needs.minimum[need]
    obstacles = np.where(below, np.int64(Obstacle.MINIMUM), np.int64(0))
    if side == "lot":
        unfilled = ~market.needs.splits[need] & (quantity < market.needs.quantity[need])
    else:
        unfilled = market.lots.whole[lot] & (quantity < market.lots.quantity[lot])
    return np.where(unfilled, obstacles | np.int64(Obstacle.WHOLE), obstacles)


def _fewest_obstacles(view: _View) -> Integers:
    """A number that orders the counterparts: fewest obstacles, then nearest."""
    count = np.zeros(view.obstacles.shape, dtype=np.int64)
    for obstacle in _TOLD:
        count += (view.obstacles & obstacle) != 0
    return np.where(view.nobody, _FAR, count * 2**32 + np.maximum(view.minutes, 0))


def _pair(view: _View, row: int, column: int) -> tuple[int, int]:
    lot, need = np.broadcast_arrays(view.lot, view.need)
    return int(lot[row, column]), int(need[row, column])


def _told_by_money(
    market: Market, view: _View, row: int, column: int, supply: Integers, demand: Integers
) -> LeftOut:
    lot, need = _pair(view, row, column)
    counterpart = need if view.side == "lot" else lot
    others_left = int(demand[need] if view.side == "lot" else supply[lot])
    real, shortfall = int(view.real[row, column]), int(view.shortfall[row, column])
    if view.spread[row, column] < 0:
        because = Reason.PRICE if view.side == "lot" else Reason.BID
    elif real < 0:
        because = Reason.FREIGHT
    elif shortfall <= 0 and _is_indivisible(market, lot, need):
        return _left_out(market, view, row, Reason.WHOLE, counterpart, limit=others_left)
    elif others_left > 0:
        # It would trade at these prices, but only so that too little stays open.
        limit = int(market.needs.minimum[need])
        return _left_out(market, view, row, Reason.MINIMUM, counterpart, limit=limit)
    else:
        because = Reason.OUTBID if view.side == "lot" else Reason.BID
    return _left_out(market, view, row, because, counterpart, per_unit=max(1, shortfall))


def _is_indivisible(market: Market, lot: int, need: int) -> bool:
    return bool(market.lots.whole[lot] or not market.needs.splits[need])


def _told_by_obstacle(market: Market, view: _View, row: int, column: int) -> LeftOut:
    lot, need = _pair(view, row, column)
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
    view: _View,
    row: int,
    because: Reason,
    counterpart: int = -1,
    **numbers: int,
) -> LeftOut:
    mine = market.lots if view.side == "lot" else market.needs
    here, left = int(view.rows[row]), int(view.left[row])
    matched = int(mine.quantity[here]) - left
    return LeftOut(view.side, here, left, matched, because, counterpart, **numbers)
