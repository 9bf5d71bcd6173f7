"""Each pair of lot and need is served by the vehicles that arrive in time, as cheaply as they can."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marketplace.matching import Market, journeys, solve
from marketplace.matching.obstacles import Obstacle
from marketplace.transport.combinations import NO_ROAD
from marketplace.transport.freight import Freight

from .markets import BOATS, a_lot, a_market, a_need, random_market, with_boats

DAY = 1440
JOURNEY = Obstacle.NO_ROUTE | Obstacle.WINDOW | Obstacle.FRESHNESS


def in_time(market: Market, commodity: int, lot: int, need: int) -> list[bool]:
    """Of each pace, by trying every day on which the goods could leave."""
    lots, needs, carriage = market.lots, market.needs, int(market.goods.carriage[commodity])
    limit = int(market.goods.minutes[commodity])
    found = []
    for minutes in market.minutes[carriage][:, lots.place[lot], needs.place[need]].tolist():
        good = minutes >= 0 and (not limit or minutes <= limit)
        found.append(good and any(days_that_suit(market, lot, need, minutes)))
    return found


def days_that_suit(market: Market, lot: int, need: int, minutes: int) -> list[int]:
    lots, needs = market.lots, market.needs
    suit = []
    for day in range(max(int(lots.ready[lot]), market.today), int(lots.until[lot]) + 1):
        arrives = day + minutes // DAY
        waited = 0 if lots.waits[lot] else (day - int(lots.ready[lot])) * DAY
        left = int(lots.keeps[lot]) - waited - minutes
        fresh = not lots.keeps[lot] or left >= max(1, int(needs.fresh[need]))
        if needs.first[need] <= arrives <= needs.until[need] and fresh:
            suit.append(day)
    return suit


def with_classes(freight: Freight, used: list[bool]) -> Freight:
    trip_cost = np.where(np.array(used)[:, None, None], freight.trip_cost, NO_ROAD)
    return replace(freight, trip_cost=trip_cost)


def rows_of(commodity: int, market: Market) -> list[tuple[int, int]]:
    lots = np.flatnonzero(market.lots.commodity == commodity).tolist()
    needs = np.flatnonzero(market.needs.commodity == commodity).tolist()
    return [(lot, need) for lot in lots for need in needs]


@pytest.mark.parametrize("seed", range(40))
def test_a_pair_uses_exactly_the_vehicles_that_arrive_on_some_day(seed: int) -> None:
    market, random = with_boats(random_market(seed, most=6), seed), np.random.default_rng(seed)
    for commodity in range(len(market.goods)):
        freight = market.freight_of(commodity)
        for lot, need in rows_of(commodity, market):
            paces = in_time(market, commodity, lot, need)
            kilograms, rows = random.integers(1, 9000, 3), (np.array([lot]), np.array([need]))
            ends = market.lots.place[lot], market.needs.place[need]
            alone = with_classes(freight, [paces[pace] for pace in freight.pace])
            if (alone.trip_cost[:, *ends] == NO_ROAD).all():
                assert journeys.obstacles(market, commodity, *rows)[0] & JOURNEY
                continue

            cost = journeys.cost(market, commodity, *rows, kilograms)
            trips = journeys.trips(market, commodity, *rows, kilograms)

            assert cost.tolist() == alone.cost(*ends, kilograms).tolist()
            assert trips.tolist() == alone.trips(*ends, kilograms).tolist()
            assert journeys.obstacles(market, commodity, *rows)[0] == 0


def test_many_pairs_at_once_are_each_asked_alone() -> None:
    market = with_boats(random_market(2, most=40), 2)
    commodity = int(market.lots.commodity[0])
    pairs = np.array(rows_of(commodity, market))
    kilograms = np.arange(1, len(pairs) + 1) * 37

    together = journeys.cost(market, commodity, *pairs.T, kilograms)
    cheapest = journeys.cheapest_per_kilogram(market, commodity, *pairs.T, kilograms)

    assert len(pairs) > 100
    for k, (lot, need) in enumerate(pairs):
        one = np.array([lot]), np.array([need]), kilograms[k : k + 1]
        assert journeys.cost(market, commodity, *one).tolist() == [together[k]]
        alone = journeys.cheapest_per_kilogram(market, commodity, *one)
        assert [x.tolist() for x in alone] == [[x[k]] for x in cheapest]


@pytest.mark.parametrize("seed", range(40))
def test_what_trucks_alone_gain_boats_beside_them_do_not_fall_behind(seed: int) -> None:
    both = with_boats(random_market(seed, most=20), seed)
    trucks = replace(both, freights=tuple(freight.only(1) for freight in both.freights))

    assert solve(trucks).value <= solve(both).bound


def test_a_freight_without_some_paces_keeps_its_columns_and_is_kept_itself() -> None:
    assert BOATS.only(0b11) is BOATS
    assert BOATS.only(0b01) is BOATS.only(0b01)
    assert BOATS.only(0b01).trip_cost.ravel().tolist() == [1_000_000, NO_ROAD]
    assert BOATS.only(0b10).vehicles == BOATS.vehicles


def test_a_pace_that_no_vehicle_keeps_to_does_not_arrive() -> None:
    """Minutes may be known where no trip is made."""
    closed = with_classes(BOATS, [False, True])
    market = a_market(
        [a_lot()], [a_need()], closed, minutes=np.array([60, 20 * DAY])[:, None, None]
    )

    row = np.zeros(1, dtype=int)

    assert journeys.obstacles(market, 0, row, row).tolist() == [int(Obstacle.WINDOW)]


@pytest.mark.parametrize(
    ("pace", "said"),
    [([0, 1, 0], "one pace"), ([0, -1], "one pace"), ([0, 99], "paces"), ([0, 5], "no minutes")],
)
def test_paces_that_cannot_be_are_refused(pace: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        a_market([a_lot()], [a_need()], replace(BOATS, pace=np.array(pace)))


def test_a_lot_cannot_hold_the_paper_that_nobody_can() -> None:
    with pytest.raises(ValueError, match="nobody can hold"):
        a_market([a_lot(certificates=2**62)], [a_need()])
