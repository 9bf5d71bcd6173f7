"""The checker refuses every outcome in which a single number is another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import BANNED, Market, Outcome, Reason, Refuted, solve
from marketplace.matching.check import NOT_LOAD_BEARING, check
from marketplace.matching.check.carriage import NO_ROAD, least_cost

from .markets import BOATS, a_freight, a_lot, a_market, a_need, random_market, with_boats


@pytest.mark.parametrize("seed", range(12))
def test_every_stored_number_changed_by_one_is_refused(seed: int) -> None:
    market = random_market(seed + 40, most=10)
    market = with_boats(market, seed) if seed % 2 else market
    outcome = solve(market)

    for name, wrong in each_number_changed(outcome):
        if name not in NOT_LOAD_BEARING:
            refused(market, wrong, name)


def test_trips_that_come_too_late_are_refused() -> None:
    both = np.array([60, 2 * 1440])[:, None, None]
    market = a_market([a_lot()], [a_need()], BOATS, minutes=both)
    by_boat = solve(market)
    late = replace(market, needs=replace(market.needs, until=np.array([101])))

    check(market, by_boat)
    with pytest.raises(Refuted, match="in time"):
        check(late, by_boat)
    check(late, solve(late))


def test_goods_that_lack_a_paper_of_either_place_are_refused() -> None:
    market = a_market([a_lot(certificates=1)], [a_need()])
    outcome = solve(market)
    leaving = replace(market, lots=replace(market.lots, leaving=np.array([2])))
    entering = replace(market, needs=replace(market.needs, entering=np.array([BANNED])))
    lifted = replace(market, lots=replace(market.lots, leaving=np.array([1])))

    check(lifted, outcome)
    for restricted in (leaving, entering):
        with pytest.raises(Refuted, match="may not trade"):
            check(restricted, outcome)


def refused(market: Market, outcome: Outcome, name: str) -> None:
    try:
        check(market, outcome)
    except Refuted:
        return
    pytest.fail(f"nobody notices that {name} is another")


def each_number_changed(outcome: Outcome) -> Iterator[tuple[str, Outcome]]:
    """Name of the number and the outcome in which it is one more or one less."""
    for field in fields(outcome):
        for name, wrong in changed(getattr(outcome, field.name), field.name):
            yield name, replace(outcome, **{field.name: wrong})


def changed(thing: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, Reason | str):
        return
    if isinstance(thing, int):
        yield from ((name, thing + step) for step in (1, -1))
    elif isinstance(thing, np.ndarray):
        for place in np.ndindex(thing.shape):
            for step in (1, -1):
                other = thing.copy()
                other[place] += step
                yield name, other
    elif isinstance(thing, tuple):
        for k, part in enumerate(thing):
            for inner, wrong in changed(part, name):
                yield inner, (*thing[:k], wrong, *thing[k + 1 :])
    elif is_dataclass(thing):
        for field in fields(thing):
            for inner, wrong in changed(getattr(thing, field.name), f"{name}.{field.name}"):
                yield inner, replace(thing, **{field.name: wrong})


def test_what_is_not_load_bearing_exists() -> None:
    market = a_market([a_lot(), a_lot(ask=20_000)], [a_need()])

    names = {name for name, _ in each_number_changed(solve(market, hurried=[0]))}

    assert names >= NOT_LOAD_BEARING


@pytest.fixture
def market() -> Market:
    return a_market([a_lot(quantity=500), a_lot(quantity=700)], [a_need(quantity=900)])


def test_a_match_that_is_left_out_is_missed(market: Market) -> None:
    outcome = solve(market)
    matches = replace(outcome.matches, **{k: v[:1] for k, v in vars(outcome.matches).items()})

    with pytest.raises(Refuted):
        check(market, replace(outcome, matches=matches))


def test_the_outcome_of_another_market_is_refused(market: Market) -> None:
    other = replace(market, lots=replace(market.lots, ask=market.lots.ask + 1))

    with pytest.raises(Refuted):
        check(other, solve(market))


def test_dearer_trips_than_necessary_are_refused() -> None:
    freight = a_freight(np.array([60_000, 100_000])[:, None, None], payload=(500, 1000))
    market = a_market([a_lot()], [a_need()], freight)
    outcome = solve(market)
    assert outcome.matches.trips.tolist() == [[0, 1]]
    twice = replace(outcome.matches, trips=np.array([[2, 0]]), freight=np.array([120_000]))

    with pytest.raises(Refuted, match="freight"):
        check(market, replace(outcome, matches=twice, value=outcome.value - 20_000))


@pytest.mark.parametrize("seed", range(25))
def test_the_checker_s_costs_of_trips_are_those_of_the_engine(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have tables of their own, which end by different arguments."""
    random = np.random.default_rng(seed)
    payload = np.sort(random.choice([300, 500, 700, 1000, 2500, 28_000], 3, replace=False))
    cost = payload[:, None, None] * random.integers(9, 12, (3, 4)) + random.integers(
        0, 9, (3, 3, 4)
    )
    cost[:, random.random((3, 4)) < 0.2] = NO_ROAD
    lots, needs = [a_lot(place=n) for n in range(3)], [a_need(place=n) for n in range(4)]
    market = a_market(lots, needs, a_freight(cost, payload=payload.tolist(), handling=seed % 2))
    question = (
        random.integers(0, 3, 200),
        random.integers(0, 4, 200),
        random.integers(1, 10**6, 200),
    )
    monkeypatch.setattr("marketplace.matching.check.carriage._CELLS", (4_000_000, 0)[seed % 2])

    costs = least_cost(market, 0, *question)

    assert costs.tolist() == market.freights[0].cost(*question).tolist()


def test_much_is_asked_after_little_where_no_way_is_open() -> None:
    market = a_market([a_lot()], [a_need()], a_freight(NO_ROAD, payload=[1000, 28_000]))

    costs = [least_cost(market, 0, *(np.array([n]) for n in (0, 0, kg))) for kg in (1, 10**6)]

    assert costs == [NO_ROAD, NO_ROAD]


@pytest.mark.parametrize("seed", range(25))
def test_costs_are_the_same_in_whatever_order_they_are_asked_for(seed: int) -> None:
    random = np.random.default_rng(seed)
    payload = np.sort(random.choice([300, 500, 700, 1000, 2500, 28_000], 3, replace=False))
    cost = payload[:, None, None] * random.integers(9, 12, (3, 4)) + 7
    cost[:, random.random((3, 4)) < 0.2] = NO_ROAD
    lots, needs = [a_lot(place=n) for n in range(3)], [a_need(place=n) for n in range(4)]
    market = a_market(lots, needs, a_freight(cost, payload=payload.tolist()))

    for kilograms in (random.integers(1, 2 ** random.integers(1, 20, 30))).tolist():
        lot, need = random.integers(0, 3, 20), random.integers(0, 4, 20)
        costs = least_cost(market, 0, lot, need, np.full(20, kilograms))

        assert costs.tolist() == market.freights[0].cost(lot, need, np.full(20, kilograms)).tolist()


def test_the_checker_needs_nothing_of_the_solver() -> None:
    modules = """journeys obstacles assignment best_pairs least_prices certificate plan loads value indivisible bound
    prices reasons solve pairs choose integer_program rules_program highs"""
    program = f"""
import sys, types
package = types.ModuleType("marketplace.matching")
package.__path__ = [__import__("pathlib").Path("marketplace/matching").resolve().as_posix()]
sys.modules["marketplace.matching"] = package
import marketplace.matching.check
used = {{name for name in {modules.split()!r} if f"marketplace.matching.{{name}}" in sys.modules}}
assert not used, used
assert not any(name.startswith(("scipy", "highspy")) for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
