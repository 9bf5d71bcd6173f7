"""What stands between a lot and a need, with the numbers that would have had to be others."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.matching.left_over import Side
from marketplace.matching.market import BANNED, MINUTES_A_DAY, NO_LIMIT, Market
from marketplace.matching.obstacles import Obstacle
from marketplace.matching.outcome import Hurdle, Reason

# In this order they are told: what no change could mend comes first.
_TOLD: dict[int, Reason] = {
    int(Obstacle.NOT_ELIGIBLE): Reason.NOT_ELIGIBLE,
    int(Obstacle.NO_ROUTE): Reason.NO_ROUTE,
    int(Obstacle.MOVEMENT): Reason.MOVEMENT,
    int(Obstacle.EXPECTED): Reason.EXPECTED,
    int(Obstacle.GRADE): Reason.GRADE,
    int(Obstacle.CERTIFICATE): Reason.CERTIFICATE,
    int(Obstacle.WINDOW): Reason.WINDOW,
    int(Obstacle.FRESHNESS): Reason.FRESHNESS,
    int(Obstacle.WHOLE): Reason.WHOLE,
    int(Obstacle.MINIMUM): Reason.MINIMUM,
}  # plain numbers: thousands of times an enumeration's operators are slow
COUNTED = tuple(_TOLD)
NOT_TO_MEND = int(Obstacle.NOT_ELIGIBLE | Obstacle.NO_ROUTE)


def hurdles(
    market: Market,
    side: Side,
    lot: int,
    need: int,
    *,
    present: int,
    minutes: int,
    quantity: int,
    rest: int,
) -> Iterator[Hurdle]:
    """One for each obstacle that is ``present``, as the ``side`` that is left out is told.

    The fastest vehicles take so many ``minutes``. ``quantity`` could move between the two, and the
    need would have a ``rest``. Who comes too late and would then not be fresh is told both.
    """
    for obstacle, because in _TOLD.items():
        if not present & obstacle:
            continue
        match because:
            case Reason.GRADE:
                theirs = market.needs.grade[need] if side == "lot" else market.lots.grade[lot]
                yield Hurdle(because, limit=int(theirs))
            case Reason.CERTIFICATE:
                missing = market.needs.certificates[need] & ~market.lots.certificates[lot]
                yield Hurdle(because, limit=int(missing))
            case Reason.MOVEMENT:
                yield Hurdle(because, limit=_papers(market, lot, need))
            case Reason.WINDOW:
                days = _days_off(market, lot, need, minutes)
                yield Hurdle(because, days=days)
                yield from _stale(market, side, lot, need, minutes, *_moved(side, days))
            case Reason.FRESHNESS:
                yield from _stale(market, side, lot, need, minutes, 0, 0)
            case Reason.WHOLE:
                yield Hurdle(because, limit=_whole(market, side, lot, need, quantity))
            case Reason.MINIMUM:
                least = int(market.needs.minimum[need])
                yield Hurdle(because, limit=_enough(side, least, quantity, rest))
            case _:
                yield Hurdle(because)


def _papers(market: Market, lot: int, need: int) -> int:
    """The bits of the papers that would let the goods move; 0 if none would."""
    asked = int(market.lots.leaving[lot] | market.needs.entering[need])
    return 0 if asked & BANNED else asked & ~int(market.lots.certificates[lot])


def _days_off(market: Market, lot: int, need: int, minutes: int) -> int:
    """Days that the goods would arrive too late; negative: too early."""
    days = minutes // MINUTES_A_DAY
    earliest = max(int(market.lots.ready[lot]), market.today)
    late = earliest - (int(market.needs.until[need]) - days)
    early = int(market.needs.first[need]) - days - int(market.lots.until[lot])
    if late > 0:
        return late
    return -early if early > 0 else earliest - int(market.lots.until[lot])


def _moved(side: Side, days: int) -> tuple[int, int]:
    """Days by which the lot is ready earlier, or the need begins earlier, if that is mended."""
    return (days, 0) if side == "lot" else (0, max(0, -days))


def _stale(
    market: Market,
    side: Side,
    lot: int,
    need: int,
    minutes: int,
    ready_earlier: int,
    first_earlier: int,
) -> Iterator[Hurdle]:
    """A hurdle if the goods would not be fresh enough on arrival."""
    lots, asked = market.lots, max(1, int(market.needs.fresh[need]))
    limit = int(market.goods.minutes[lots.commodity[lot]])
    if limit != NO_LIMIT and minutes > limit:
        yield Hurdle(Reason.FRESHNESS, minutes_left=limit - minutes, minutes_asked=asked)
        return
    ready = int(lots.ready[lot]) - ready_earlier
    first = int(market.needs.first[need]) - first_earlier - minutes // MINUTES_A_DAY
    waited = 0 if lots.waits[lot] else max(ready, market.today, first) - ready
    left = int(lots.keeps[lot]) - waited * MINUTES_A_DAY - minutes
    if lots.keeps[lot] == NO_LIMIT or left >= asked:
        return
    days = 0
    if side == "need" and left <= 0 and waited:
        earlier = -((left - asked) // MINUTES_A_DAY)
        days = -(first_earlier + earlier) if earlier <= first - max(ready, market.today) else 0
    yield Hurdle(Reason.FRESHNESS, days=days, minutes_left=left, minutes_asked=asked)


def _enough(side: Side, least: int, quantity: int, rest: int) -> int:
    """What a lot would have to bring, or the smallest quantity that a need would have to take."""
    if side == "lot":
        return least if quantity < least else quantity + rest
    return min(quantity, rest) if rest else quantity


def _whole(market: Market, side: Side, lot: int, need: int, quantity: int) -> int:
    """The most that the other takes of what cannot be divided, or the least that it gives."""
    if side == "lot":
        return quantity if market.needs.splits[need] else int(market.needs.quantity[need])
    return int(market.lots.quantity[lot]) if market.lots.whole[lot] else quantity
