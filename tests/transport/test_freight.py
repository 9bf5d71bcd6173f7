"""Freight is the cheapest combination of trips: compared with every combination that there is."""

import itertools

import numpy as np
import pytest

from marketplace.transport.combinations import NO_ROAD
from marketplace.transport.freight import Freight

TRUCKS = (1_000, 2_500, 3_500, 5_000, 8_000, 10_000, 15_000, 28_000)
PER_TRIP = (0.95, 1.2, 1.4, 2.0, 2.5, 2.75, 3.25, 4.5)  # million VND, about 75 km


def tariff(payload, trip_cost, handling=0):
    cost = np.asarray(trip_cost, dtype=np.int64)
    names = tuple(f"{p}" for p in payload)
    return Freight(names, np.asarray(payload, dtype=np.int64), cost, handling)


def random_tariff(seed, places=3):
    """A few vehicles of odd sizes; with more than one place some ways are closed to some of them."""
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(1, 5))
    payload = np.sort(rng.choice(np.arange(1, 13), classes, replace=False))
    cost = rng.integers(0, 40, (classes, places, places))
    if places > 1:
        cost[rng.random(cost.shape) < 0.1] = NO_ROAD
    return tariff(payload, cost, handling=int(rng.integers(0, 3)))


def cheapest_by_trying_everything(payload, price, kilograms):
    """Least price of a multiset of trips that carries ``kilograms``; None if no vehicle goes there."""
    usable = [(int(p), int(c)) for p, c in zip(payload, price, strict=True) if c != NO_ROAD]
    if not usable:
        return None
    counts = [range(-(-kilograms // p) + 1) for p, _ in usable]
    return min(
        sum(n * c for n, (_, c) in zip(trips, usable, strict=True))
        for trips in itertools.product(*counts)
        if sum(n * p for n, (p, _) in zip(trips, usable, strict=True)) >= kilograms
    )


@pytest.mark.parametrize("seed", range(60))
def test_no_combination_of_trips_is_cheaper(seed):
    freight = random_tariff(seed)
    for kilograms in (1, 2, 5, 11, 17):
        for a, b in itertools.product(range(3), repeat=2):
            least = cheapest_by_trying_everything(
                freight.payload, freight.trip_cost[:, a, b], kilograms
            )

            cost = int(freight.cost(a, b, kilograms))

            expected = NO_ROAD if least is None else least + freight.handling * kilograms
            assert cost == expected


@pytest.mark.parametrize("seed", range(40))
def test_large_quantities_cost_what_a_full_table_says(seed):
    freight = random_tariff(seed, places=1)
    price = freight.trip_cost[:, 0, 0]
    least = [0]
    for n in range(1, 400):
        least.append(
            min(
                int(c) + least[max(0, n - int(p))]
                for p, c in zip(freight.payload, price, strict=True)
            )
        )

    cost = freight.cost(0, 0, np.arange(400))

    assert cost.tolist() == [c + freight.handling * n for n, c in enumerate(least)]


@pytest.mark.parametrize("seed", range(40))
def test_the_trips_carry_the_goods_and_cost_what_is_asked(seed):
    freight = random_tariff(seed)
    a, b, kilograms = np.ix_(range(3), range(3), [0, 1, 7, 23, 100])

    trips = freight.trips(a, b, kilograms)
    cost = freight.cost(a, b, kilograms)

    open_ = np.broadcast_to(cost, (3, 3, 5)) != NO_ROAD
    price = np.einsum("abnk,kab->abn", trips, np.where(freight.trip_cost < 0, 0, freight.trip_cost))
    carried = trips @ freight.payload
    assert (trips >= 0).all()
    assert (trips[~open_] == 0).all()
    assert (carried[open_] >= np.broadcast_to(kilograms, carried.shape)[open_]).all()
    assert (price + freight.handling * kilograms)[open_].tolist() == cost[open_].tolist()
    used = np.moveaxis(trips, -1, 0).sum(axis=-1) > 0
    assert not (used & (freight.trip_cost == NO_ROAD)).any()


@pytest.mark.parametrize("seed", range(40))
def test_more_never_costs_less_and_a_sum_never_more_than_its_parts(seed):
    freight = random_tariff(seed, places=1)

    cost = freight.cost(0, 0, np.arange(81))

    assert (np.diff(cost) >= 0).all()
    parts = cost[:41, None] + cost[None, :41]
    together = cost[np.add.outer(np.arange(41), np.arange(41))]
    assert (together <= parts).all()


@pytest.mark.parametrize("seed", range(40))
def test_the_cheapest_delivery_per_kilogram_is_found_among_all(seed):
    freight = random_tariff(seed, places=1)
    most = np.arange(1, 60)
    every = freight.cost(0, 0, most)

    cost, kilograms = freight.cheapest_per_kilogram(0, 0, most)

    for limit, c, kg in zip(most, cost, kilograms, strict=True):
        assert 1 <= kg <= limit
        assert c == every[kg - 1]
        assert all(c * n <= every[n - 1] * kg for n in range(1, limit + 1))


def test_a_little_more_never_costs_a_bigger_truck():
    trip_cost = (np.array(PER_TRIP) * 1_000_000).astype(np.int64)[:, None, None]
    freight = tariff(TRUCKS, trip_cost)

    little_more = freight.trips(0, 0, 15_100)

    assert little_more.tolist() == [1, 0, 0, 0, 0, 0, 1, 0]  # a 1 t truck beside the 15 t one
    assert int(freight.cost(0, 0, 15_100)) == 3_250_000 + 950_000
    assert int(freight.cost(0, 0, 5_100)) <= int(
        freight.cost(0, 0, 5_000) + freight.cost(0, 0, 100)
    )


def test_the_same_question_has_the_same_answer_in_any_company():
    freight = random_tariff(7)
    alone = [freight.trips(1, 2, n).tolist() for n in range(50)]

    together = freight.trips(np.arange(3)[:, None, None], np.arange(3)[:, None], np.arange(50))

    assert together[1, 2].tolist() == alone


def test_nothing_at_all_costs_nothing():
    freight = tariff((10,), [[[500]]], handling=3)

    assert int(freight.cost(0, 0, 0)) == 0


def test_nothing_asked_is_nothing_answered():
    freight = random_tariff(3)
    none = np.array([], dtype=np.int64)

    assert freight.cost(none, none, none).shape == (0,)
    assert freight.trips(none[:, None], 0, 5).shape == (0, 1, len(freight.payload))
    assert [x.shape for x in freight.cheapest_per_kilogram(none, none, none)] == [(0,), (0,)]


def test_what_cannot_be_counted_exactly_is_refused():
    freight = tariff((10,), [[[500]]])

    with pytest.raises(OverflowError):
        freight.cost(0, 0, 2**60)
    with pytest.raises(ValueError, match="less than 0"):
        freight.cost(0, 0, -1)
    with pytest.raises(ValueError, match="one kilogram"):
        freight.cheapest_per_kilogram(0, 0, 0)
    with pytest.raises(ValueError, match="ascend"):
        tariff((10, 5), [[[1]], [[1]]])


def test_a_crisis_week_is_priced_in_a_moment():
    rng = np.random.default_rng(0)
    cost = np.array(PER_TRIP)[:, None, None] * rng.uniform(0.3, 3.0, (300, 280)) * 1_000_000
    freight = tariff(TRUCKS, cost.astype(np.int64), handling=150)
    lots, needs = rng.integers(0, 300, 800), rng.integers(0, 280, 200)
    kilograms = rng.integers(1, 600_000, (800, 200))

    cost = freight.cost(lots[:, None], needs[None, :], kilograms)

    assert cost.shape == (800, 200)
    assert (cost > 150 * kilograms).all()


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_for_the_next_question_changes_no_answer(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    payload = np.sort(random.choice([300, 500, 800, 2000, 28_000], 3, replace=False))
    cost = 90_000 + np.array([3_000, 5_000, 9_000])[:, None, None] * random.integers(0, 99, (4, 5))
    cost[:, random.random((4, 5)) < 0.15] = NO_ROAD
    question = random.integers(0, 4, 90), random.integers(0, 5, 90), random.integers(0, 10**5, 90)
    answers = []

    for kept in (10**6, 50, 0):  # everything, the ways alone, nothing
        monkeypatch.setattr("marketplace.transport.freight.KEPT", kept)
        monkeypatch.setattr("marketplace.transport.combinations.KEPT", kept)
        freight = Freight(("a", "b", "c"), payload, cost, handling=1)
        answers.append((freight.cost(*question).tolist(), freight.trips(*question).tolist()))

    assert answers[0] == answers[1] == answers[2]
