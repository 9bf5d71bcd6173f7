"""Market price, range, proposal and runner-up of a match."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import Market, Outcome, solve
from marketplace.matching.check import check

from .markets import a_lot, a_market, a_need, random_market


def solved(lots: list[dict[str, Any]], needs: list[dict[str, Any]]) -> Outcome:
    market = a_market(lots, needs)
    outcome = solve(market)
    check(market, outcome)
    return outcome


def test_two_alone_share_all_that_lies_between_ask_and_bid_less_freight() -> None:
    matches = solved([a_lot()], [a_need()]).matches

    assert (matches.low[0], matches.high[0]) == (10_000, 11_900)
    assert matches.price[0] == 10_950


def test_the_seller_s_next_need_lifts_the_lower_end() -> None:
    matches = solved([a_lot()], [a_need(), a_need(bid=11_500)]).matches

    assert matches.low[0] == 11_400
    assert matches.second_need[0] == 1
    assert matches.seller_advantage[0] == matches.price[0] - 11_400


def test_the_buyer_s_next_lot_lowers_the_upper_end() -> None:
    matches = solved([a_lot(), a_lot(ask=10_700)], [a_need()]).matches

    assert matches.high[0] == 10_700
    assert matches.second_lot[0] == 1
    assert matches.buyer_advantage[0] == 10_700 - matches.price[0]


def test_elsewhere_is_counted_at_what_the_other_takes() -> None:
    """500 kg to the next need go by a vehicle of their own: 200 ₫/kg, not 100."""
    matches = solved([a_lot()], [a_need(), a_need(bid=11_500, quantity=500)]).matches

    assert matches.low[0] == 11_300


def test_a_lot_has_one_market_price_however_many_vehicles_it_fills() -> None:
    outcome = solved([a_lot(quantity=3000)], [a_need(), a_need(bid=11_000, quantity=2500)])

    assert outcome.lot_price.tolist() == [900]


@pytest.mark.parametrize(
    ("ask", "bid", "price"),
    [
        (10_000, 10_200, 10_050),  # the middle itself
        (10_000, 10_231, 10_050),  # 10,065.5: nearer to 50 than to 100
        (10_000, 10_150, 10_000),  # 25: the lower of two as near
        (10_010, 10_130, 10_020),  # no multiple of 50 inside
        (9_990, 10_102, 10_000),  # only one is inside
    ],
)
def test_the_proposal_is_the_multiple_of_50_nearest_the_middle(
    ask: int, bid: int, price: int
) -> None:
    assert solved([a_lot(ask=ask)], [a_need(bid=bid)]).matches.price[0] == price


def test_an_empty_range_proposes_the_market_price_as_far_as_nobody_loses() -> None:
    """Vehicles that are not full leave some matches without a price that suits both."""
    empty_ranges = 0
    for seed in range(40):
        market = random_market(seed, most=25)
        outcome = solve(market)
        matches = outcome.matches
        empty = matches.low > matches.high
        ask = market.lots.ask[matches.lot]
        paid = market.needs.bid[matches.need] * matches.quantity - matches.freight
        proposed = (ask + outcome.lot_price[matches.lot]).clip(ask, paid // matches.quantity)
        assert (matches.price == proposed)[empty].all()
        empty_ranges += int(empty.sum())

    assert empty_ranges > 0


@pytest.mark.parametrize(
    ("bid", "price"),
    [
        (11_499, 10_450),  # between 10,000 and what 11,000 leave after 100 of freight
        (11_000, 10_450),
        (10_150, 10_000),  # the step lies below the ask
    ],
)
def test_the_proposal_knows_of_a_sealed_bid_only_the_step_below_it(bid: int, price: int) -> None:
    outcome = sealed(a_market([a_lot()], [a_need(bid=bid)]), step=500)

    assert outcome.matches.high[0] == bid - 100
    assert outcome.matches.price[0] == price


def test_an_empty_range_proposes_no_price_above_what_the_step_below_a_bid_leaves() -> None:
    empty_ranges = 0
    for seed in range(40):
        market = random_market(seed, most=25)
        outcome = sealed(market, step=700)
        matches = outcome.matches
        ask, told = market.lots.ask[matches.lot], market.needs.bid // 700 * 700
        left = (told[matches.need] * matches.quantity - matches.freight) // matches.quantity
        capped = (ask + outcome.lot_price[matches.lot]).clip(ask, np.maximum(ask, left))
        empty = matches.low > matches.high
        assert (matches.price == capped)[empty].all()
        assert (matches.price >= ask).all()
        empty_ranges += int(empty.sum())

    assert empty_ranges > 0


def sealed(market: Market, step: int) -> Outcome:
    """The outcome if of each bid only the step below it may be told."""
    told = market.needs.bid // step * step
    hidden = replace(market, needs=replace(market.needs, told_low=told))
    outcome = solve(hidden)
    check(hidden, outcome)
    return outcome
