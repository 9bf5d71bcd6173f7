"""Markets at the edge of what there is: every one is decided soon, and proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marketplace.matching import Market, Outcome, solve
from marketplace.matching.check import check

from .markets import a_freight, a_lot, a_market, a_need

BILLION = 10**9  # kilograms: a million tonnes


def proved(market: Market) -> Outcome:
    outcome = solve(market)
    check(market, outcome)
    return outcome


def free_freight(payload: int = 28_000) -> object:
    return a_freight(0, payload=(payload,))


def test_where_all_prices_are_equal_everything_that_is_wanted_flows() -> None:
    lots = [a_lot(quantity=1000, organisation=k) for k in range(150)]
    needs = [a_need(quantity=1200, organisation=1000 + k) for k in range(100)]

    outcome = proved(a_market(lots, needs, free_freight()))

    assert outcome.matches.quantity.sum() == 100 * 1200
    assert outcome.value == outcome.bound == 100 * 1200 * 2_000


def test_where_ask_and_bid_are_equal_the_credit_moves_the_goods() -> None:
    lots, needs = [a_lot(ask=9_000)] * 40, [a_need(bid=9_000)] * 40

    outcome = proved(a_market(lots, needs, free_freight(), credit=20))

    assert outcome.value == outcome.bound == 0
    assert outcome.matches.quantity.sum() == 40 * 1000


def test_one_need_takes_everything() -> None:
    lots = [a_lot(quantity=700 + k, ask=9_000 + k) for k in range(400)]
    wanted = sum(lot["quantity"] for lot in lots)

    outcome = proved(a_market(lots, [a_need(quantity=wanted)], free_freight()))

    assert outcome.matches.quantity.sum() == wanted
    assert not outcome.left_out


def test_thousands_of_lots_of_one_farm() -> None:
    random = np.random.default_rng(1)
    lots = [a_lot(quantity=int(q)) for q in random.integers(100, 3_000, 2_500)]
    needs = [a_need(quantity=90_000, bid=12_000 + 10 * k, organisation=5 + k) for k in range(12)]

    outcome = proved(a_market(lots, needs, a_freight(100_000, payload=(5_000,))))

    assert outcome.matches.quantity.sum() > 0.99 * 12 * 90_000
    assert outcome.gap < 0.02


def test_a_farm_never_sells_to_itself() -> None:
    outcome = proved(a_market([a_lot(organisation=1)] * 30, [a_need(organisation=1)] * 30))

    assert len(outcome.matches) == 0


def test_five_sellers_for_each_buyer() -> None:
    random = np.random.default_rng(2)
    lots = [a_lot(quantity=800, ask=int(ask)) for ask in random.integers(8_000, 12_000, 500)]
    needs = [a_need(quantity=900, organisation=900 + k) for k in range(100)]

    outcome = proved(a_market(lots, needs, free_freight()))

    cheapest = np.sort([lot["ask"] for lot in lots])[: 100 * 900 // 800]
    assert outcome.value == outcome.bound
    assert market_prices(outcome, lots).max() <= cheapest.max() + 100


def market_prices(outcome: Outcome, lots: list[dict[str, int]]) -> np.ndarray:
    asks = np.array([lot["ask"] for lot in lots])
    return (asks + outcome.lot_price)[outcome.matches.lot]


@pytest.mark.parametrize(("lots", "needs"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_a_side_is_a_round_without_matches(lots: int, needs: int) -> None:
    outcome = proved(a_market([a_lot()] * lots, [a_need()] * needs))

    assert (len(outcome.matches), outcome.value, outcome.bound) == (0, 0, 0)
    assert len(outcome.left_out) == lots + needs


def test_one_of_each() -> None:
    outcome = proved(a_market([a_lot()], [a_need()]))

    assert outcome.matches.quantity.tolist() == [1000]
    assert outcome.value == outcome.bound == 1000 * 2_000 - 100_000


def test_where_everything_is_sold_whole_nothing_is_divided() -> None:
    random = np.random.default_rng(3)
    lots = [a_lot(quantity=int(q), whole=True) for q in random.integers(300, 2_000, 80)]
    needs = [a_need(quantity=int(q)) for q in random.integers(1_000, 6_000, 25)]

    outcome = proved(a_market(lots, needs, a_freight(50_000, payload=(2_000,))))

    sold = np.bincount(outcome.matches.lot, outcome.matches.quantity, len(lots))
    assert set(sold.tolist()) <= {0, *(lot["quantity"] for lot in lots)}
    assert outcome.value >= 0.9 * outcome.bound


def test_a_million_tonnes_at_a_million_dong_stay_exact() -> None:
    lots = [a_lot(quantity=BILLION, ask=1), a_lot(quantity=3, ask=0)]
    need = a_need(quantity=BILLION, bid=10**6)

    outcome = proved(a_market(lots, [need], free_freight()))

    assert outcome.value == outcome.bound == BILLION * (10**6 - 1) + 3
    assert outcome.matches.quantity.sum() == BILLION


def test_much_of_what_is_bid_in_a_large_market_stays_exact() -> None:
    lots = [a_lot(quantity=BILLION - k, ask=10 + k) for k in range(7)]
    needs = [a_need(quantity=BILLION - k, bid=10**6 - k) for k in range(7)]

    outcome = proved(a_market(lots, needs, free_freight(), credit=20))

    assert outcome.gap < 1e-6


def test_money_beyond_what_is_exact_is_refused_with_a_reason() -> None:
    with pytest.raises(OverflowError, match="beyond what is counted exactly"):
        a_market([a_lot()], [a_need(quantity=BILLION, bid=10**6)] * 10)


@pytest.mark.parametrize("side", ["lots", "needs"])
def test_more_units_than_are_counted_are_refused_with_a_reason(side: str) -> None:
    market = a_market([a_lot(ask=0)], [a_need(bid=0)])
    huge = replace(getattr(market, side), quantity=[2**34])

    with pytest.raises(OverflowError, match="more base units than are counted exactly"):
        replace(market, **{side: huge})


def test_milliards_of_pieces_stay_exact() -> None:
    """Post-larvae: products of two quantities do not fit 64 bits."""
    lots = [a_lot(quantity=10**10 - k, ask=20 + k % 2, organisation=k) for k in range(4)]
    needs = [a_need(quantity=9 * 10**9 + 7 * k, bid=30, organisation=10 + k) for k in range(4)]
    freight = a_freight(1_000_003, payload=(997,))

    outcome = proved(a_market(lots, needs, freight, milligrams=12))

    assert outcome.matches.quantity.sum() == sum(need["quantity"] for need in needs)


def test_a_chain_of_displacements_is_followed_to_its_end() -> None:
    """Each lot can only go to its own place and the one before: one load is felt by all."""
    length = 400
    way = np.full((1, length + 1, length), -1)
    steps = np.arange(length)
    way[0, steps, steps], way[0, steps + 1, steps] = 0, 1
    lots = [a_lot(place=k, organisation=k) for k in range(length + 1)]
    needs = [a_need(place=k, organisation=1_000 + k) for k in range(length)]

    outcome = proved(a_market(lots, needs, a_freight(way)))

    assert outcome.value == outcome.bound == length * 2_000_000
