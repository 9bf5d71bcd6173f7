"""Why something found no partner, and what would have had to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import BANNED, LeftOut, Market, Outcome, Reason, solve
from marketplace.matching.obstacles import Obstacle
from marketplace.matching.pairs import pairs
from marketplace.transport.combinations import NO_ROAD

from .markets import BOATS, a_freight, a_lot, a_market, a_need, random_market, with_boats

DAY = 1440


def of_lot(market: Market, row: int = 0) -> LeftOut:
    [record] = [r for r in solve(market).left_out if (r.side, r.row) == ("lot", row)]
    return record


def of_need(market: Market, row: int = 0) -> LeftOut:
    [record] = [r for r in solve(market).left_out if (r.side, r.row) == ("need", row)]
    return record


def test_nobody_wants_the_commodity() -> None:
    record = of_lot(a_market([a_lot()], []))

    assert (record.reason, record.quantity, record.counterpart) == (Reason.NO_COUNTERPART, 1000, -1)


def test_the_own_organisation_is_no_counterpart() -> None:
    market = a_market([a_lot(organisation=3)], [a_need(organisation=3)])

    assert of_lot(market).reason is of_need(market).reason is Reason.NO_COUNTERPART


def test_who_sold_all_that_its_buyers_want_has_no_counterpart_for_the_rest() -> None:
    record = of_lot(a_market([a_lot(quantity=1500)], [a_need()]))

    assert (record.reason, record.because) == (Reason.PARTLY, Reason.NO_COUNTERPART)
    assert (record.quantity, record.matched) == (500, 1000)


@pytest.mark.parametrize(
    ("lot", "need", "because", "numbers"),
    [
        ({"grade": 3}, {"grade": 2}, Reason.GRADE, {"limit": 2}),
        (
            {"certificates": 0b001},
            {"certificates": 0b111},
            Reason.CERTIFICATE,
            {"limit": 0b110},
        ),
        ({"eligible": False}, {}, Reason.NOT_ELIGIBLE, {}),
        ({"ready": 113, "until": 120}, {}, Reason.WINDOW, {"days": 3}),
        ({"until": 101}, {"first": 105}, Reason.WINDOW, {"days": -4}),
        ({"keeps": 600}, {"fresh": 1000}, Reason.FRESHNESS, {"minutes_left": 540}),
        ({"keeps": 600}, {"fresh": 1000}, Reason.FRESHNESS, {"minutes_asked": 1000}),
        ({"keeps": 60}, {}, Reason.FRESHNESS, {"minutes_left": 0, "minutes_asked": 1}),
        ({"ask": 13_000}, {}, Reason.PRICE, {"per_unit": 1150}),
        ({"ask": 11_950}, {}, Reason.FREIGHT, {"per_unit": 100}),
        ({"quantity": 400}, {"minimum": 500}, Reason.MINIMUM, {"limit": 500}),
        ({"quantity": 1200, "whole": True}, {}, Reason.WHOLE, {"limit": 1000}),
        ({"quantity": 900}, {"splits": False}, Reason.WHOLE, {"limit": 1000}),
    ],
)
def test_a_lot_is_told_the_obstacle_and_its_numbers(
    lot: dict[str, Any], need: dict[str, Any], because: Reason, numbers: dict[str, int]
) -> None:
    record = of_lot(a_market([a_lot(**lot)], [a_need(**need)]))

    assert (record.reason, record.counterpart) == (because, 0)
    assert {name: getattr(record.hurdle, name) for name in numbers} == numbers


@pytest.mark.parametrize(
    ("lot", "need", "because", "numbers"),
    [
        ({"grade": 3}, {"grade": 2}, Reason.GRADE, {"limit": 3}),
        ({}, {"bid": 9_000}, Reason.BID, {"per_unit": 1120}),
        ({}, {"bid": 10_050}, Reason.FREIGHT, {"per_unit": 100}),
        ({"quantity": 900}, {"splits": False}, Reason.WHOLE, {"limit": 900}),
    ],
)
def test_a_need_is_told_as_well(
    lot: dict[str, Any], need: dict[str, Any], because: Reason, numbers: dict[str, int]
) -> None:
    record = of_need(a_market([a_lot(**lot)], [a_need(**need)]))

    assert (record.reason, record.counterpart) == (because, 0)
    assert {name: getattr(record.hurdle, name) for name in numbers} == numbers


@pytest.mark.parametrize(
    ("lot", "first", "days"),
    [
        ({"keeps": 2 * DAY}, 105, -4),  # 60 minutes on the way: a day's freshness less one hour
        ({"keeps": 2 * DAY + 60}, 105, -4),
        ({"keeps": 2 * DAY + 61}, 105, -3),
        ({"keeps": 60}, 105, 0),  # spoilt on the way whenever it leaves
        ({"keeps": DAY, "ready": 98}, 100, 0),  # too old already today
    ],
)
def test_a_need_that_begins_when_the_goods_are_spoilt_is_told_by_how_many_days(
    lot: dict[str, int], first: int, days: int
) -> None:
    need = a_need(first=first, until=first)
    market = a_market([a_lot(**lot)], [need])

    record = of_need(market)

    assert (record.reason, record.hurdle.days) == (Reason.FRESHNESS, days)
    assert record.hurdle.minutes_left <= 0
    if days:
        again = a_market([a_lot(**lot)], [need | {"first": first + days}])
        assert len(solve(again).matches) == 1


@pytest.mark.parametrize(
    ("lot", "need", "limit"),
    [
        ({"leaving": 0b110, "certificates": 0b010}, {}, 0b100),
        ({}, {"entering": 0b001}, 0b001),
        ({"leaving": 0b010}, {"entering": 0b001}, 0b011),
        ({"leaving": BANNED}, {"entering": 0b001}, 0),
    ],
)
def test_who_may_not_move_is_told_which_papers_are_missing(
    lot: dict[str, int], need: dict[str, int], limit: int
) -> None:
    market = a_market([a_lot(**lot)], [a_need(**need)])

    assert (of_lot(market).reason, of_lot(market).hurdle.limit) == (Reason.MOVEMENT, limit)
    assert (of_need(market).reason, of_need(market).hurdle.limit) == (Reason.MOVEMENT, limit)


def test_a_paper_that_can_be_had_is_spoken_of_before_a_ban() -> None:
    needs = [a_need(entering=BANNED), a_need(entering=1, grade=1)]

    record = of_lot(a_market([a_lot(grade=3)], needs))

    assert (record.reason, record.counterpart) == (Reason.MOVEMENT, 1)


@pytest.mark.parametrize(
    ("minutes", "lot", "because", "numbers"),
    [
        # Each is told of the fastest that has a way there.
        ((5 * DAY, 2 * DAY), {"ready": 110, "until": 120}, Reason.WINDOW, {"days": 2}),
        ((-1, 5 * DAY), {"ready": 110, "until": 120}, Reason.WINDOW, {"days": 5}),
        ((-1, -1), {}, Reason.NO_ROUTE, {}),
        (
            (2 * DAY, 5 * DAY),
            {"ready": 100, "keeps": DAY},
            Reason.FRESHNESS,
            {"minutes_left": -DAY},
        ),
        # The truck is too early for the need, the boat not fresh: the truck is the faster one.
        ((60, 5 * DAY), {"until": 97, "keeps": DAY}, Reason.WINDOW, {"days": -3}),
    ],
)
def test_if_no_vehicle_is_in_time_the_fastest_is_spoken_of(
    minutes: tuple[int, int], lot: dict[str, int], because: Reason, numbers: dict[str, int]
) -> None:
    of_travel = np.array(minutes)[:, None, None]
    market = a_market(
        [a_lot(**({"ready": 90} | lot))], [a_need()], BOATS, minutes=of_travel, today=90
    )

    record = of_lot(market)

    assert record.reason is because
    assert {name: getattr(record.hurdle, name) for name in numbers} == numbers


def test_who_is_only_in_time_by_truck_is_told_of_its_freight() -> None:
    """The boat would carry it for 100 ₫/kg and comes five days too late."""
    both = np.array([60, 15 * DAY])[:, None, None]
    market = a_market([a_lot(ask=11_200)], [a_need()], BOATS, minutes=both)

    record = of_lot(market)

    # A truck costs 1,000 ₫/kg and 800 lie between bid and ask.
    assert (record.reason, record.hurdle.per_unit) == (Reason.FREIGHT, 250)
    assert len(solve(replace(market, minutes=(both // 2,))).matches) == 1


def test_no_way_leads_there() -> None:
    market = a_market([a_lot(grade=9)], [a_need(grade=1)], a_freight(NO_ROAD))

    assert of_lot(market).reason is Reason.NO_ROUTE


def test_live_goods_on_too_long_a_way_are_told_by_how_much() -> None:
    record = of_lot(a_market([a_lot()], [a_need()], minutes=800, minutes_limit=720))

    assert (record.reason, record.hurdle.minutes_left) == (Reason.FRESHNESS, -80)


def test_the_need_was_filled_by_a_cheaper_lot() -> None:
    record = of_lot(a_market([a_lot(ask=10_300), a_lot()], [a_need()]))

    assert (record.reason, record.counterpart, record.hurdle.per_unit) == (Reason.OUTBID, 0, 350)


def test_the_lot_went_to_a_need_that_pays_more() -> None:
    record = of_need(a_market([a_lot()], [a_need(bid=11_000), a_need()]))

    assert (record.reason, record.counterpart, record.hurdle.per_unit) == (Reason.BID, 0, 1050)


def test_a_whole_lot_does_not_go_first_because_it_is_whole() -> None:
    record = of_lot(a_market([a_lot(), a_lot(whole=True, ask=11_000)], [a_need()]), 1)

    assert (record.reason, record.counterpart, record.hurdle.per_unit) == (Reason.OUTBID, 0, 1050)


def test_a_need_does_not_go_first_because_it_allows_no_splits() -> None:
    record = of_need(a_market([a_lot()], [a_need(), a_need(splits=False, bid=11_000)]), 1)

    assert (record.reason, record.counterpart, record.hurdle.per_unit) == (Reason.BID, 0, 1050)


def test_what_an_accepted_match_holds_is_said() -> None:
    record = of_lot(a_market([a_lot(quantity=0, held=800)], [a_need()]))

    assert (record.reason, record.hurdle.limit, record.quantity) == (Reason.RESERVED, 800, 0)


def test_the_reason_speaks_of_the_counterpart_that_is_least_far() -> None:
    needs = [a_need(grade=1, certificates=1), a_need(grade=2), a_need(grade=1)]

    record = of_lot(a_market([a_lot(grade=3)], needs))

    assert (record.reason, record.counterpart) == (Reason.GRADE, 1)


def test_money_is_spoken_of_before_what_money_cannot_mend() -> None:
    needs = [a_need(grade=1), a_need(bid=9_000, grade=3)]

    record = of_lot(a_market([a_lot(grade=3)], needs))

    assert (record.reason, record.counterpart) == (Reason.PRICE, 1)


@pytest.mark.parametrize("seed", range(60))
def test_everything_left_has_exactly_one_reason(seed: int) -> None:
    market = random_market(seed, most=25)

    outcome = solve(market)

    sold = np.bincount(outcome.matches.lot, outcome.matches.quantity, len(market.lots))
    bought = np.bincount(outcome.matches.need, outcome.matches.quantity, len(market.needs))
    told = [(record.side, record.row) for record in outcome.left_out]
    assert told == [
        *(
            ("lot", int(row))
            for row in order(market.lots.listed)
            if sold[row] < market.lots.quantity[row]
        ),
        *(
            ("need", int(row))
            for row in order(market.needs.listed)
            if bought[row] < market.needs.quantity[row]
        ),
    ]


def order(listed: np.ndarray) -> np.ndarray:
    return np.argsort(listed)


def changed(market: Market, record: LeftOut) -> Market | None:
    """The market with what the reason names changed, if that is a number of the lot or need."""
    side = market.lots if record.side == "lot" else market.needs
    mine: dict[str, np.ndarray] = {}

    def put(column: str, value: int | bool) -> None:
        mine[column] = getattr(side, column).copy()
        mine[column][record.row] = value

    match record.because, record.side:
        case Reason.PRICE | Reason.FREIGHT | Reason.OUTBID, "lot":
            if not 0 < record.hurdle.per_unit <= market.lots.ask[record.row]:
                return None
            put("ask", int(market.lots.ask[record.row]) - record.hurdle.per_unit)
        case Reason.BID | Reason.FREIGHT, "need":
            if record.hurdle.per_unit == 0:
                return None
            put("bid", int(market.needs.bid[record.row]) + record.hurdle.per_unit)
        case Reason.GRADE, _:
            put("grade", record.hurdle.limit)
        case (Reason.CERTIFICATE, "lot") | (Reason.MOVEMENT, "lot") if record.hurdle.limit:
            put("certificates", int(market.lots.certificates[record.row]) | record.hurdle.limit)
        case Reason.CERTIFICATE, "need":
            put("certificates", int(market.needs.certificates[record.row]) & ~record.hurdle.limit)
        case Reason.WINDOW, "need":
            column = "until" if record.hurdle.days > 0 else "first"
            put(column, int(getattr(market.needs, column)[record.row]) + record.hurdle.days)
        case Reason.FRESHNESS, "need" if record.hurdle.days:
            put("first", int(market.needs.first[record.row]) + record.hurdle.days)
        case Reason.WHOLE, "lot" if record.quantity > record.hurdle.limit:
            put("whole", False)
        case Reason.WHOLE, "need" if record.quantity > record.hurdle.limit:
            put("splits", True)
        case _:
            return None
    if "bid" in mine:
        mine |= {"told_low": mine["bid"], "told_high": mine["bid"]}
    changed_side = replace(side, **mine)
    return replace(market, **{"lots" if record.side == "lot" else "needs": changed_side})


def obstacle_is_gone(market: Market, record: LeftOut) -> bool:
    """Whether nothing of that kind stands between the two any more."""
    if record.because.name not in Obstacle.__members__:
        return False
    lot, need = record.row, record.counterpart
    if record.side == "need":
        lot, need = need, lot
    for block in pairs(market):
        here = block.obstacles[np.ix_(block.lots == lot, block.needs == need)]
        if here.size:
            return not here[0, 0] & Obstacle[record.because.name]
    return True


@pytest.mark.parametrize("boats", [False, True])
def test_the_change_that_a_reason_names_brings_a_match_or_removes_the_obstacle(boats: bool) -> None:
    held = told = 0
    for seed in range(60):
        market = random_market(seed, most=10)
        market = with_boats(market, seed) if boats else market
        for record in solve(market).left_out:
            other = changed(market, record)
            if other is None:
                continue
            after = {(r.side, r.row): r for r in solve(other).left_out}
            now = after.get((record.side, record.row))
            more = now is None or now.matched > record.matched
            told += 1
            held += more or obstacle_is_gone(other, record)

    assert told > 120
    assert held >= 0.95 * told


@pytest.mark.parametrize("seed", range(40))
def test_no_word_to_others_depends_on_a_sealed_bid_but_through_its_steps(seed: int) -> None:
    market = random_market(seed, most=14)
    market = with_boats(market, seed) if seed % 2 else market
    random = np.random.default_rng(seed)
    low, high = market.needs.bid // 400 * 400, market.needs.bid // 400 * 400 + 399
    sealed = random.random(len(low)) < 0.7
    low, high = (np.where(sealed, told, market.needs.bid) for told in (low, high))
    first = with_bids(market, market.needs.bid, low, high)

    for row in np.flatnonzero(sealed):
        bid = market.needs.bid.copy()
        bid[row] = random.integers(low[row], high[row] + 1)
        outcomes = solve(first), solve(with_bids(market, bid, low, high))

        if same_trades(*outcomes):
            told = [
                [r for r in outcome.left_out if (r.side, r.row) != ("need", row)]
                for outcome in outcomes
            ]
            assert told[0] == told[1]


def with_bids(market: Market, bid: Any, low: Any, high: Any) -> Market:
    needs = replace(market.needs, bid=bid, told_low=low, told_high=high)
    return replace(market, needs=needs)


def same_trades(one: Outcome, other: Outcome) -> bool:
    trades = [(o.matches.lot, o.matches.need, o.matches.quantity) for o in (one, other)]
    return all(np.array_equal(a, b) for a, b in zip(*trades, strict=True))


def test_what_is_named_for_a_counterpart_is_all_that_it_takes() -> None:
    record = of_lot(
        a_market(
            [a_lot(grade=3, certificates=0, ready=113, until=120, ask=13_000)],
            [a_need(grade=2, certificates=1)],
        )
    )

    [near] = record.nearest
    assert [hurdle.because for hurdle in near.hurdles] == [
        Reason.GRADE,
        Reason.CERTIFICATE,
        Reason.WINDOW,
        Reason.PRICE,
    ]


def test_no_more_than_three_counterparts_are_named_and_each_once() -> None:
    record = of_lot(a_market([a_lot(ask=13_000)], [a_need(bid=9_000 + k) for k in range(9)]))

    assert [near.counterpart for near in record.nearest] == [8, 7, 6]


def test_a_rival_whose_truck_stays_as_dear_must_be_beaten_by_more() -> None:
    """Half a truckload less saves the rival no freight."""
    market = a_market([a_lot(quantity=500, ask=10_000), a_lot()], [a_need()])

    record = of_lot(market)

    # 500 kg at 200 ₫/kg of freight against 500 kg that cost nothing extra.
    assert (record.because, record.hurdle.per_unit) == (Reason.OUTBID, 250)
