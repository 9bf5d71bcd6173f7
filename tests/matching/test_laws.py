"""What holds for every market, on many random ones; no oracle is needed."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import Market, Outcome, solve
from marketplace.matching.check import check

from .markets import a_freight, a_lot, a_market, a_need, random_market, with_boats


def proved(market: Market) -> Outcome:
    outcome = solve(market)
    check(market, outcome)
    return outcome


def told(outcome: Outcome) -> list[Any]:
    """Everything that an outcome says about matches, in plain numbers."""
    return [column.tolist() for column in vars(outcome.matches).values()]


def maybe_boats(market: Market, seed: int) -> Market:
    """Every second market has boats as well."""
    return with_boats(market, seed) if seed % 2 else market


@pytest.mark.parametrize("seed", range(250))
def test_every_outcome_is_proved(seed: int) -> None:
    proved(random_market(seed, most=12))


@pytest.mark.parametrize("seed", range(150))
def test_every_outcome_with_boats_is_proved(seed: int) -> None:
    proved(with_boats(random_market(seed, most=20), seed))


def test_some_goods_go_by_trucks_and_boats_at_once() -> None:
    """The random markets have something to choose from."""
    paces_used = Counter(
        len(set(paces))
        for seed in range(150)
        for paces in paces_of_matches(with_boats(random_market(seed, most=20), seed))
    )

    assert paces_used[1] > 50
    assert paces_used[2] + paces_used[3] > 2


def paces_of_matches(market: Market) -> list[list[int]]:
    matches, found = solve(market).matches, []
    for lot, trips in zip(matches.lot.tolist(), matches.trips, strict=True):
        freight = market.freight_of(int(market.lots.commodity[lot]))
        found.append(freight.pace[trips[: len(freight.pace)] > 0].tolist())
    return found


@pytest.mark.parametrize("seed", range(30))
def test_every_outcome_of_larger_markets_is_proved(seed: int) -> None:
    proved(random_market(1000 + seed, most=60))


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(50))
def test_every_outcome_of_thousands_of_markets_is_proved(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        market = random_market(10_000 + seed, most=25)
        proved(market)
        proved(with_boats(market, seed))


@pytest.mark.parametrize("seed", range(60))
def test_nobody_trades_at_a_loss_and_every_price_lies_between(seed: int) -> None:
    market = maybe_boats(random_market(seed, most=25), seed)

    outcome = solve(market)

    matches, quantity = outcome.matches, outcome.matches.quantity
    assert (matches.price >= market.lots.ask[matches.lot]).all()
    assert ((market.needs.bid[matches.need] - matches.price) * quantity >= matches.freight).all()
    market_price = (market.lots.ask + outcome.lot_price)[matches.lot]
    takes_one_quantity = market.lots.whole[matches.lot] | ~market.needs.splits[matches.second_need]
    assert ((matches.low <= market_price) | takes_one_quantity).all()
    named = matches.low <= matches.high
    assert (matches.low <= matches.price)[named].all()
    assert (matches.price <= matches.high)[named].all()


@pytest.mark.parametrize("seed", range(60))
def test_reordering_rows_changes_nothing(seed: int) -> None:
    market = maybe_boats(random_market(seed, most=20), seed)
    random = np.random.default_rng(seed)
    lots = random.permutation(len(market.lots))
    needs = random.permutation(len(market.needs))
    mixed = replace(market, lots=market.lots.take(lots), needs=market.needs.take(needs))

    straight, other = solve(market), solve(mixed)

    assert other.value == straight.value
    assert other.bound == straight.bound
    assert (other.lot_price == straight.lot_price[lots]).all()
    back = replace(
        other.matches,
        lot=lots[other.matches.lot],
        need=needs[other.matches.need],
        second_lot=np.append(lots, -1)[other.matches.second_lot],
        second_need=np.append(needs, -1)[other.matches.second_need],
    )
    assert told(replace(other, matches=back)) == told(straight)


@pytest.mark.parametrize("seed", range(30))
def test_the_same_market_has_the_same_outcome(seed: int) -> None:
    market = maybe_boats(random_market(seed, most=30), seed)

    first, second = solve(market), solve(market)

    assert told(first) == told(second)
    assert first.left_out == second.left_out


@pytest.mark.parametrize("seed", range(60))
def test_a_round_without_time_is_proved_as_well(seed: int) -> None:
    market = maybe_boats(random_market(seed, most=25), seed)

    hurried = solve(market, seconds=0)

    check(market, hurried)
    assert hurried.complete == (hurried.bound == 0)
    assert hurried.value <= solve(market).bound <= hurried.bound


@pytest.mark.parametrize("seed", range(20))
def test_a_round_that_was_cut_short_can_be_replayed(seed: int) -> None:
    market = random_market(seed, most=25)
    cut = solve(market, hurried=solve(market, seconds=0).hurried[:1])

    again = solve(market, hurried=cut.hurried)

    check(market, cut)
    assert told(again) == told(cut)
    assert (again.bound, again.hurried) == (cut.bound, cut.hurried)


def test_a_round_in_two_threads_is_the_same_each_time() -> None:
    market = random_market(7, most=900)

    first, second = proved(market), solve(market)

    assert told(first) == told(second)
    assert first.left_out == second.left_out


@pytest.mark.parametrize("seed", range(30))
def test_money_in_another_unit_scales_value_bound_and_market_prices(seed: int) -> None:
    market = by_the_kilogram(random_market(seed, most=20, divisible=True, credit=20), seed)
    dearer = replace(
        market,
        lots=replace(market.lots, ask=market.lots.ask * 1000),
        needs=market.needs.at(market.needs.bid * 1000),
        freights=tuple(replace(f, trip_cost=f.trip_cost * 1000) for f in market.freights),
        credit=market.credit * 1000,
    )

    once, thousandfold = solve(market), solve(dearer)

    assert thousandfold.value == 1000 * once.value
    assert thousandfold.bound == 1000 * once.bound


def by_the_kilogram(market: Market, seed: int) -> Market:
    """The market with small quantities, each kilogram carried for itself: nothing is rounded."""
    places = market.freights[0].trip_cost.shape[1:]
    cost = np.random.default_rng(seed).integers(0, 900, (1, *places))
    return replace(
        market,
        goods=replace(market.goods, milligrams=np.full(len(market.goods), 1_000_000)),
        freights=tuple(a_freight(cost, payload=(1,)) for _ in market.freights),
        lots=replace(market.lots, quantity=market.lots.quantity % 60 + 1),
        needs=replace(market.needs, quantity=market.needs.quantity % 60 + 1),
    )


@pytest.mark.parametrize("seed", range(40))
def test_freight_by_the_kilogram_leaves_no_gap(seed: int) -> None:
    """Without vehicles to fill, the plan itself is the optimum."""
    market = by_the_kilogram(random_market(seed, most=20, divisible=True, credit=0), seed)

    outcome = proved(market)

    assert outcome.value == outcome.bound


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("boats", [False, True])
def test_every_way_to_trade_lies_between_the_value_and_the_bound(seed: int, boats: bool) -> None:
    market = small_market(seed, boats=boats)

    outcome = proved(market)

    assert outcome.value <= best_by_hand(market) <= outcome.bound


@pytest.mark.parametrize(("divisible", "boats"), [(True, False), (False, False), (False, True)])
def test_small_markets_come_close_to_the_best(divisible: bool, boats: bool) -> None:
    reached = best = 0
    for seed in range(60):
        market = small_market(seed, divisible=divisible, boats=boats)
        reached += solve(market).value
        best += best_by_hand(market)

    assert reached >= 0.98 * best


def small_market(seed: int, *, divisible: bool = False, boats: bool = False) -> Market:
    """Three lots and three needs of at most 6 kg, vehicles for 2 and 5 kg.

    Those for 5 kg may be ``boats``, which are too late for some pairs.
    """
    random = np.random.default_rng(seed)
    freight = a_freight(
        random.integers(0, 30, (1, 3, 3)) * np.array([3, 5])[:, None, None],
        payload=(2, 5),
        pace=(0, int(boats)),
    )
    lots = [
        a_lot(
            quantity=int(random.integers(1, 7)),
            ask=int(random.integers(0, 60)),
            place=k,
            whole=bool(random.random() < 0.3) and not divisible,
        )
        for k in range(3)
    ]
    needs = []
    for k in range(3):
        quantity = int(random.integers(1, 7))
        needs.append(
            a_need(
                quantity=quantity,
                bid=int(random.integers(20, 120)),
                place=k,
                minimum=0 if divisible else int(random.integers(0, quantity + 1)),
                splits=bool(random.random() < 0.7) or divisible,
            )
        )
    of_trucks, of_boats = np.full((3, 3), 60), np.where(random.random((3, 3)) < 0.4, 99_999, 60)
    of_boats[0, 0] = -1
    return a_market(lots, needs, freight, minutes=np.stack([of_trucks, of_boats][: 1 + boats]))


def best_by_hand(market: Market) -> int:
    """The most that any outcome of a small market gains, by trying all of them."""
    wanted = tuple(market.needs.quantity.tolist())
    best = {wanted: 0}
    for lot in range(len(market.lots)):
        after: dict[tuple[int, ...], int] = {}
        for left, so_far in best.items():
            for parts in parts_of(market, lot, left):
                gain = so_far + sum(gain_of(market, lot, j, z) for j, z in enumerate(parts) if z)
                rest = tuple(r - z for r, z in zip(left, parts, strict=True))
                after[rest] = max(gain, after.get(rest, gain))
        best = after
    return max(gain for left, gain in best.items() if ends_well(market, left))


def parts_of(market: Market, lot: int, left: tuple[int, ...]) -> list[tuple[int, ...]]:
    quantity = int(market.lots.quantity[lot])
    choices = [
        [z for z in range(min(quantity, r) + 1) if may_move(market, lot, j, z)]
        for j, r in enumerate(left)
    ]
    return [parts for parts in itertools.product(*choices) if sum(parts) <= quantity]


def may_move(market: Market, lot: int, need: int, quantity: int) -> bool:
    if quantity == 0:
        return True
    if market.lots.whole[lot] and quantity != market.lots.quantity[lot]:
        return False
    if not market.needs.splits[need] and quantity != market.needs.quantity[need]:
        return False
    enough = quantity >= market.needs.minimum[need]
    return bool(enough and gain_of(market, lot, need, quantity) >= 0)


def gain_of(market: Market, lot: int, need: int, quantity: int) -> int:
    small, large = market.freights[0].trip_cost[:, lot, need].tolist()
    in_time = market.minutes[0][-1, lot, need] == 60
    trips = itertools.product(range(4), range(3 if in_time else 1))
    freight = min(a * small + b * large for a, b in trips if 2 * a + 5 * b >= quantity)
    return quantity * int(market.needs.bid[need] - market.lots.ask[lot]) - freight


def ends_well(market: Market, left: tuple[int, ...]) -> bool:
    pairs = zip(left, market.needs.quantity.tolist(), market.needs.minimum.tolist(), strict=True)
    return all(rest in (0, whole) or rest >= minimum for rest, whole, minimum in pairs)


def test_outcomes_have_nothing_that_this_file_forgets() -> None:
    """A number that is added to outcomes is also compared and changed by these laws."""
    assert {field.name for field in fields(Outcome)} == {
        "matches",
        "passes",
        "lot_price",
        "need_price",
        "value",
        "bound",
        "credit",
        "credits",
        "left_out",
        "blocks",
        "hurried",
    }
