"""The divisible plan, and the loads that are cut along it."""

from __future__ import annotations

import numpy as np
import pytest

from marketplace.matching.loads import loads
from marketplace.matching.plan import Plan, in_whole_units, plan


@pytest.mark.parametrize("seed", range(60))
def test_a_plan_is_whole_feasible_and_priced(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = random.integers(1, 15, 2)
    gain = random.integers(-500, 900, shape)
    supply = random.integers(0, 10 ** random.integers(1, 9), shape[0])
    demand = random.integers(0, 10 ** random.integers(1, 9), shape[1])

    flows = plan(gain, supply, demand)

    assert (np.bincount(flows.lot, flows.quantity, shape[0]) <= supply).all()
    assert (np.bincount(flows.need, flows.quantity, shape[1]) <= demand).all()
    value = int((gain[flows.lot, flows.need] * flows.quantity).sum())
    assert value == pytest.approx(flows.lot_price @ supply + flows.need_price @ demand)
    assert np.allclose(flows.lot_price, np.rint(flows.lot_price))


@pytest.mark.parametrize("seed", range(6))
def test_large_markets_have_the_optimum_of_all_their_flows(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    gain = random.integers(-900, 900, (90, 70))
    supply, demand = random.integers(1, 5000, 90), random.integers(1, 5000, 70)
    monkeypatch.setattr("marketplace.matching.plan._AT_ONCE", 10**9)
    at_once = plan(gain, supply, demand)
    monkeypatch.setattr("marketplace.matching.plan._AT_ONCE", 0)

    few_at_a_time = plan(gain, supply, demand)

    best = (gain[at_once.lot, at_once.need] * at_once.quantity).sum()
    assert (gain[few_at_a_time.lot, few_at_a_time.need] * few_at_a_time.quantity).sum() == best
    together = few_at_a_time.lot_price[:, None] + few_at_a_time.need_price
    assert (gain <= together + 1e-6).all()


def test_pairs_without_gain_get_no_flow() -> None:
    flows = plan(np.array([[0, -1]]), np.array([5]), np.array([5, 5]))

    assert len(flows.quantity) == 0


def test_a_flow_a_hair_below_nothing_makes_no_room_for_others() -> None:
    flows = in_whole_units(
        np.array([0, 0, 0]),
        np.array([0, 1, 2]),
        np.array([-0.87, 40.0, 60.9]),
        np.array([100]),
        np.array([9, 50, 70]),
    )

    assert flows.tolist() == [0, 40, 60]


def test_what_flows_too_much_is_taken_off_the_largest_flows_and_none_turns_around() -> None:
    flows = in_whole_units(
        np.array([0, 0, 0]),
        np.array([0, 1, 2]),
        np.array([3.0, 2.0, 4.0]),
        np.array([2]),
        np.array([9, 1, 9]),
    )

    assert flows.tolist() == [0, 1, 0]


@pytest.mark.parametrize("seed", range(40))
def test_whole_units_never_come_to_more_than_there_is(seed: int) -> None:
    random = np.random.default_rng(seed)
    lots, needs = random.integers(1, 6, 2)
    lot, need = (axis.ravel() for axis in np.indices((lots, needs)))
    flow = random.normal(0, 2, lots * needs) + random.integers(0, 30, lots * needs)
    supply, demand = random.integers(-1, 40, lots), random.integers(-1, 60, needs)

    flows = in_whole_units(lot, need, flow, supply, demand)

    assert (flows >= 0).all()
    assert (flows <= np.rint(flow).clip(min=0)).all()
    assert (np.bincount(lot, flows, lots) <= supply.clip(min=0)).all()
    assert (np.bincount(need, flows, needs) <= demand.clip(min=0)).all()


def some_flows(
    lot: list[int], need: list[int], quantity: list[int], shape: tuple[int, int]
) -> Plan:
    return Plan(
        np.array(lot),
        np.array(need),
        np.array(quantity),
        np.zeros(shape[0]),
        np.zeros(shape[1]),
    )


def test_flows_and_what_is_left_are_cut_into_full_vehicles_and_a_rest() -> None:
    flows = some_flows([0], [0], [25], (1, 1))

    lot, need = loads(flows, np.array([37]), np.array([30]), np.array([0]), 10)

    assert lot.quantity.tolist() == [10, 10, 10, 5, 2]
    assert need.quantity.tolist() == [10, 10, 5, 5]


def test_a_rest_below_the_smallest_quantity_stays_with_the_vehicle_before_it() -> None:
    flows = some_flows([0], [0], [25], (1, 1))

    lot, need = loads(flows, np.array([25]), np.array([25]), np.array([6]), 10)

    assert lot.quantity.tolist() == need.quantity.tolist() == [15, 10]


def test_flows_below_the_smallest_quantity_do_not_flow() -> None:
    flows = some_flows([0, 1], [0, 0], [9, 3], (2, 1))

    lot, need = loads(flows, np.array([9, 3]), np.array([14]), np.array([4]), 10)

    assert need.quantity.tolist() == [9, 5]
    assert lot.quantity.tolist() == [9, 3]


def test_a_flow_is_shortened_so_that_enough_stays_open() -> None:
    flows = some_flows([0], [0], [9], (1, 1))

    lot, need = loads(flows, np.array([9]), np.array([10]), np.array([4]), 10)

    assert need.quantity.tolist() == [6, 4]
    assert lot.quantity.tolist() == [6, 3]


def test_a_flow_that_would_leave_too_little_either_way_is_dropped() -> None:
    flows = some_flows([0], [0], [9], (1, 1))

    lot, need = loads(flows, np.array([9]), np.array([10]), np.array([8]), 10)

    assert need.quantity.tolist() == [10]
    assert lot.quantity.tolist() == [9]


@pytest.mark.parametrize("seed", range(100))
def test_loads_are_all_that_there_is_and_none_too_small(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = random.integers(1, 8, 2)
    supply, demand = (random.integers(1, 90, n) for n in shape)
    minimum = random.integers(0, demand + 1) * random.integers(0, 2, shape[1])
    flows = plan(random.integers(-5, 90, shape), supply, demand)
    size = int(random.integers(5, 40))

    lot, need = loads(flows, supply, demand, minimum, size)

    assert (np.bincount(lot.owner, lot.quantity, shape[0]) == supply).all()
    assert (np.bincount(need.owner, need.quantity, shape[1]) == demand).all()
    assert (need.quantity >= minimum[need.owner]).all()
    assert (
        need.quantity
        < np.maximum(size, minimum[need.owner]) + np.maximum(size, minimum[need.owner])
    ).all()
