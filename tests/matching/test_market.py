"""A market says at once what contradicts itself or would not be exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import Market, solve
from marketplace.matching.check import check

from .markets import LOT, NEED, a_lot, a_market, a_need, columns


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": -1},
        {"ask": -1},
        {"place": 1},
        {"place": -1},
        {"grade": 0},
        {"commodity": 1},
        {"commodity": -1},
        {"certificates": -1},
        {"held": -1},
    ],
)
def test_a_lot_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="lot"):
        a_market([a_lot(**wrong)], [a_need()])


@pytest.mark.parametrize(
    "wrong", [{"quantity": -1}, {"bid": -1}, {"place": 1}, {"grade": 0}, {"minimum": 1001}]
)
def test_a_need_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="need"):
        a_market([a_lot()], [a_need(**wrong)])


def test_two_lots_cannot_stand_at_one_place_in_the_order() -> None:
    with pytest.raises(ValueError, match="order"):
        a_market([a_lot(listed=3), a_lot(listed=3)], [])


def test_columns_of_different_length_are_refused() -> None:
    market = a_market([a_lot()], [a_need()])

    with pytest.raises(ValueError, match="length"):
        replace(market.lots, ask=np.array([1, 2]))


@pytest.mark.parametrize("column", [[1.5], ["1"], [None], [[1]]])
def test_a_column_holds_whole_numbers(column: Any) -> None:
    market = a_market([a_lot()], [a_need()])

    with pytest.raises(TypeError):
        replace(market.lots, ask=np.array(column))


def test_a_market_cannot_be_changed_behind_its_back() -> None:
    market = a_market([a_lot()], [a_need()])

    with pytest.raises(ValueError, match="read-only"):
        market.lots.ask[0] = 1


def test_the_caller_s_arrays_stay_the_caller_s() -> None:
    ask = np.array([1])
    market = a_market([a_lot()], [a_need()])
    lots = replace(market.lots, ask=ask)

    ask[0] = 2

    assert lots.ask[0] == 1


def test_minutes_have_the_shape_of_the_freight() -> None:
    market = a_market([a_lot()], [a_need()])

    with pytest.raises(ValueError, match="minutes"):
        replace(market, minutes=(np.zeros((2, 2), dtype=np.int64),))


def test_the_credit_never_ranks_down() -> None:
    with pytest.raises(ValueError, match="credit"):
        a_market([], [], credit=-1)


def test_money_at_the_limit_stays_exact() -> None:
    """A million tonnes at a million đồng a kilogram."""
    market = a_market(
        [a_lot(quantity=10**9, ask=0)], [a_need(quantity=10**9, bid=10**6)], milligrams=10**6
    )

    outcome = solve(market)

    check(market, outcome)
    assert outcome.value == 10**15 - 10**6 * 100_000


def test_money_beyond_the_limit_is_refused() -> None:
    with pytest.raises(OverflowError):
        a_market([a_lot()], [a_need(quantity=10**10, bid=10**6)])


@pytest.mark.parametrize("told", [{"told_low": [12_001]}, {"told_high": [11_999]}])
def test_what_is_told_of_a_bid_encloses_it(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="enclose"):
        replace(a_market([], [a_need()]).needs, **told)


def test_a_bid_that_is_not_sealed_is_told() -> None:
    needs = a_market([], [a_need(bid=9_000), a_need()]).needs

    assert needs.told_low.tolist() == needs.told_high.tolist() == [9_000, 12_000]
    assert needs.at(needs.bid + 1).told_high.tolist() == [9_001, 12_001]


@pytest.mark.parametrize(("lots", "needs"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side_is_an_empty_outcome(lots: int, needs: int) -> None:
    market = a_market([a_lot()] * lots, [a_need()] * needs)

    outcome = solve(market)

    check(market, outcome)
    assert (len(outcome.matches), outcome.value, outcome.bound, outcome.gap) == (0, 0, 0, 0.0)
    assert len(outcome.left_out) == lots + needs


def test_no_goods_at_all_is_an_empty_outcome() -> None:
    empty = a_market([], [])
    market = replace(
        empty,
        lots=type(empty.lots)(**columns([], LOT)),
        needs=type(empty.needs)(**columns([], NEED)),
        goods=empty.goods.take(np.array([], dtype=int)),
        freights=(),
        minutes=(),
    )

    assert solve(market).value == 0


def test_equal_prices_everywhere_are_solved_and_proved() -> None:
    proved(a_market([a_lot(quantity=700)] * 40, [a_need(quantity=900)] * 25))


def test_one_need_takes_everything() -> None:
    outcome = proved(a_market([a_lot(quantity=500)] * 60, [a_need(quantity=30_000)]))

    assert outcome.matches.quantity.sum() == 30_000


def test_five_sellers_to_one_buyer_leave_most_lots_with_a_reason() -> None:
    outcome = proved(a_market([a_lot()] * 50, [a_need()] * 10))

    assert outcome.matches.quantity.sum() == 10_000
    assert {record.side for record in outcome.left_out} == {"lot"}


def test_hundreds_of_lots_of_one_farm_are_solved_and_proved() -> None:
    lots = [a_lot(quantity=50 + k % 7, organisation=5) for k in range(300)]

    proved(a_market(lots, [a_need(quantity=3000, minimum=40)] * 3))


def test_a_need_for_thousands_of_vehicles_is_not_cut_into_thousands_of_loads() -> None:
    market = a_market([a_lot(quantity=40_000_000)], [a_need(quantity=39_999_999)])

    outcome = proved(market)

    assert len(outcome.passes[0].need_owner) <= 2_001


def test_progress_is_told_by_commodity() -> None:
    told: list[tuple[int, int]] = []

    solve(a_market([a_lot()], [a_need()]), progress=lambda done, of: told.append((done, of)))

    assert told == [(0, 1), (1, 1)]


def proved(market: Market) -> Any:
    outcome = solve(market)
    check(market, outcome)
    return outcome
