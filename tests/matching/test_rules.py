"""Who may trade with whom, and what may not be divided."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from marketplace.matching import Matches, solve
from marketplace.matching.check import check
from marketplace.transport.combinations import NO_ROAD

from .markets import a_freight, a_lot, a_market, a_need

DAY = 1440


def matched(lots: list[dict[str, Any]], needs: list[dict[str, Any]], **market: Any) -> Matches:
    made = a_market(lots, needs, market.pop("freight", None), **market)
    outcome = solve(made)
    check(made, outcome)
    return outcome.matches


def trade(matches: Matches) -> list[tuple[int, int, int]]:
    return list(
        zip(matches.lot.tolist(), matches.need.tolist(), matches.quantity.tolist(), strict=True)
    )


def test_a_lot_goes_to_the_need_that_pays_more() -> None:
    matches = matched([a_lot(quantity=500)], [a_need(bid=11_000), a_need(bid=14_000)])

    assert trade(matches) == [(0, 1, 500)]


@pytest.mark.parametrize(
    ("lot", "need"),
    [
        ({"grade": 3}, {"grade": 2}),
        ({"certificates": 0b01}, {"certificates": 0b11}),
        ({"organisation": 7}, {"organisation": 7}),
        ({"eligible": False}, {}),
        ({}, {"eligible": False}),
        ({"ready": 111, "until": 120}, {}),
        ({"until": 101}, {"first": 102, "until": 105}),
        ({"ask": 12_001}, {"bid": 12_000}),
        ({"ask": 11_950}, {"bid": 12_000}),  # 50 ₫/kg do not pay for the vehicle
        ({"whole": True, "quantity": 1001}, {"quantity": 1000}),
        ({"quantity": 999}, {"splits": False}),
        ({"quantity": 400}, {"minimum": 500}),
        ({"keeps": 600}, {"fresh": 560}),
        ({"keeps": 60}, {}),  # an hour on the way, nothing left
        ({"keeps": DAY, "ready": 98}, {}),
    ],
)
def test_these_two_may_not_trade(lot: dict[str, Any], need: dict[str, Any]) -> None:
    assert trade(matched([a_lot(**lot)], [a_need(**need)])) == []


@pytest.mark.parametrize(
    ("lot", "need"),
    [
        ({"grade": 2}, {"grade": 2}),
        ({"certificates": 0b111}, {"certificates": 0b11}),
        ({"ready": 110}, {}),
        ({"ask": 11_900}, {"bid": 12_000}),  # 100 ₫/kg pay for the vehicle exactly
        ({"whole": True}, {"quantity": 1000}),
        ({"quantity": 1001}, {"splits": False}),
        ({"quantity": 500}, {"minimum": 500}),
        ({"keeps": 620}, {"fresh": 560}),
        ({"keeps": 61}, {}),
        ({"keeps": DAY, "ready": 98, "waits": True}, {}),
    ],
)
def test_these_two_may_trade(lot: dict[str, Any], need: dict[str, Any]) -> None:
    assert len(matched([a_lot(**lot)], [a_need(**need)], credit=20)) == 1


def test_without_a_way_nobody_trades() -> None:
    assert trade(matched([a_lot()], [a_need()], freight=a_freight(NO_ROAD))) == []
    assert trade(matched([a_lot()], [a_need()], minutes=-1)) == []


def test_live_goods_do_not_travel_longer_than_they_live() -> None:
    assert trade(matched([a_lot()], [a_need()], minutes=721, minutes_limit=720)) == []
    assert len(matched([a_lot()], [a_need()], minutes=720, minutes_limit=720)) == 1


def test_a_journey_of_a_day_arrives_on_the_next() -> None:
    on_its_last_day = {"ready": 110, "until": 112}

    assert len(matched([a_lot(**on_its_last_day)], [a_need()], minutes=DAY - 1)) == 1
    assert trade(matched([a_lot(**on_its_last_day)], [a_need()], minutes=DAY)) == []


def test_nothing_is_collected_before_today() -> None:
    assert trade(matched([a_lot(until=104)], [a_need()], today=105)) == []


def test_5_tonnes_and_a_little_never_cost_a_bigger_truck() -> None:
    freight = a_freight(np.array([300, 900, 2000])[:, None, None], payload=(100, 5000, 10_000))

    matches = matched([a_lot(quantity=5_100)], [a_need(quantity=6_000)], freight=freight)

    assert matches.trips.tolist() == [[1, 1, 0]]
    assert matches.freight.tolist() == [1_200]


def test_loads_of_one_lot_and_need_travel_as_one_match() -> None:
    matches = matched([a_lot(quantity=2_500)], [a_need(quantity=2_500)])

    assert trade(matches) == [(0, 0, 2_500)]
    assert matches.trips.tolist() == [[3]]


def test_a_whole_lot_goes_to_one_need_only() -> None:
    lots = [a_lot(quantity=1500, whole=True)]

    matches = matched(lots, [a_need(bid=15_000), a_need(quantity=2000, bid=12_000)])

    assert trade(matches) == [(0, 1, 1500)]


def test_the_whole_lot_of_the_biggest_value_is_settled_first() -> None:
    lots = [a_lot(quantity=600, whole=True, ask=9_000), a_lot(quantity=900, whole=True)]

    matches = matched(lots, [a_need(quantity=1000)])

    assert trade(matches) == [(0, 0, 600)] or trade(matches) == [(1, 0, 900)]
    assert matches.settled.tolist() == [1]


def test_a_need_without_splits_is_filled_by_one_lot() -> None:
    lots = [a_lot(quantity=700, ask=8_000), a_lot(quantity=1000, ask=11_000)]

    matches = matched(lots, [a_need(splits=False)])

    assert trade(matches) == [(1, 0, 1000)]


def test_a_whole_lot_leaves_a_need_nothing_open_or_at_least_its_smallest_quantity() -> None:
    needs = [a_need(quantity=1000, minimum=300)]

    assert trade(matched([a_lot(quantity=800, whole=True)], needs)) == []
    assert trade(matched([a_lot(quantity=700, whole=True)], needs)) == [(0, 0, 700)]


def test_a_divisible_lot_gives_less_so_that_enough_stays_open() -> None:
    matches = matched([a_lot(quantity=800)], [a_need(quantity=1000, minimum=300)])

    assert trade(matches) == [(0, 0, 700)]


def test_a_smallest_quantity_beyond_a_vehicle_goes_in_several() -> None:
    matches = matched([a_lot(quantity=5000)], [a_need(quantity=4000, minimum=3500)])

    assert trade(matches) == [(0, 0, 4000)]
    assert matches.trips.tolist() == [[4]]


def test_small_lots_cannot_serve_a_large_smallest_quantity_together() -> None:
    assert trade(matched([a_lot(quantity=400)] * 3, [a_need(minimum=500)])) == []


def test_fish_fry_weigh_milligrams() -> None:
    matches = matched(
        [a_lot(quantity=300_000, ask=100)],
        [a_need(quantity=300_000, bid=120)],
        milligrams=12,
        freight=a_freight(50_000, payload=(1,)),
    )

    assert matches.trips.tolist() == [[4]]  # 3.6 kg
    assert matches.freight.tolist() == [200_000]


def test_trades_at_zero_margin_happen_for_the_sake_of_the_credit() -> None:
    zero = [a_lot(ask=11_900)], [a_need()]

    assert trade(matched(*zero)) == []
    assert trade(matched(*zero, credit=20)) == [(0, 0, 1000)]


def test_the_credit_lets_nobody_trade_at_a_loss() -> None:
    assert trade(matched([a_lot(ask=11_901)], [a_need()], credit=20_000)) == []


@pytest.mark.parametrize("credit", ["soon", "waited"])
def test_among_lots_alike_the_one_with_a_credit_goes_first(credit: str) -> None:
    lots = [a_lot(), a_lot(**{credit: 10})]

    assert trade(matched(lots, [a_need()])) == [(1, 0, 1000)]
    assert trade(matched([a_lot(), a_lot()], [a_need()])) == [(0, 0, 1000)]


def test_a_credit_may_cost_value_and_says_how_much_of_it() -> None:
    """The dearer lot spoils soon; the other credits change nothing beside that."""
    lots = [a_lot(), a_lot(ask=10_005, soon=60, waited=1)]
    market = a_market(lots, [a_need()], credit=20)

    outcome = solve(market)

    check(market, outcome)
    assert trade(outcome.matches) == [(1, 0, 1000)]
    assert [(one.cost, one.kilograms) for one in outcome.credits] == [(0, 0), (5_000, 0), (0, 0)]
    assert (outcome.credit.cost, outcome.credit.kilograms) == (5_000, 0)
    assert outcome.value == 1000 * (12_000 - 10_005) - 100_000


def test_the_outcome_says_what_the_credit_cost_and_moved() -> None:
    """One vehicle full of cheap goods, or the rest of a dear lot and the cheap one besides."""
    lots = [a_lot(quantity=1000, ask=11_000), a_lot(quantity=500, ask=10_000)]
    market = a_market(lots, [a_need(quantity=500), a_need(quantity=1000, bid=11_200)], credit=2000)

    credit = solve(market).credit

    assert credit.cost >= 0
    assert credit.kilograms >= 0


def test_a_named_price_goes_before_one_that_nobody_named() -> None:
    lots = [a_lot(reference=True, listed=0), a_lot(listed=1)]

    assert trade(matched(lots, [a_need()], credit=20)) == [(1, 0, 1000)]


def test_the_earlier_listed_goes_first_where_all_else_is_equal() -> None:
    lots = [a_lot(listed=2), a_lot(listed=1), a_lot(listed=3)]

    assert trade(matched(lots, [a_need()])) == [(1, 0, 1000)]
