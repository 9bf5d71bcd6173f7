"""Laws of the network that hold for every class of vehicle, whatever is closed, limited or quicker."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from marketplace.data.network_flaws import straight_km
from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.conditions import Condition, Effect
from marketplace.transport.atlas import Atlas
from marketplace.transport.conditions import Conditions
from marketplace.transport.network import FAR, Network, seconds, weights
from marketplace.transport.quotes import NoRoute
from marketplace.transport.vehicles import VehicleClass, classes_for
from marketplace.transport.ways import Ways, passage_of
from tests.condition_factories import a_plain_condition

REFERENCE = read_reference()
CATALOGUE = Catalogue.from_reference(REFERENCE)
NODES = [node.id for node in (*REFERENCE.road_nodes, *REFERENCE.water_nodes)]
LINKS = [one.id for one in (*REFERENCE.road_links, *REFERENCE.water_links, *REFERENCE.transfers)]
SPOTS = {one.id: (one.lat, one.lon) for one in (*REFERENCE.water_nodes, *REFERENCE.places)}
NEEDS = {need.id: need for need in REFERENCE.transport_needs}
SAMPLE = np.arange(0, len(REFERENCE.places), 6)
CT, HG, CM = "D916", "D930", "D964"


def classes(need: str = "bulk_dry") -> list[VehicleClass]:
    return classes_for(NEEDS[need], REFERENCE.truck_rates, REFERENCE.boat_rates)


CLASSES = {one.name: one for one in classes()}
UNLIKE = ["1t", "28t", "boat20t", "boat80t", "boat250t"]
"""Without limits all trucks go the same ways; two of them stand for the others."""


def ways(vehicle: str, *conditions: Condition) -> Ways:
    return Ways(NODES, passage_of(CLASSES[vehicle], REFERENCE, Conditions(conditions)))


@cache
def usual(vehicle: str) -> Ways:
    return ways(vehicle)


def compared(vehicle: str, *conditions: Condition) -> tuple[np.ndarray, ...]:
    """Weights and seconds without and with the conditions; where there is no way, far more."""
    found = []
    for one in (usual(vehicle), ways(vehicle, *conditions)):
        keys = one.keys(SAMPLE, SAMPLE)
        found += [np.where(part(keys) < 0, 2**40, part(keys)) for part in (weights, seconds)]
    return tuple(found)


@pytest.mark.parametrize("vehicle", UNLIKE)
def test_a_single_way_is_that_of_the_table_and_its_links_take_as_long(vehicle: str) -> None:
    one, rows = usual(vehicle), SAMPLE[::9]
    keys = one.keys(rows, rows)

    singly = [[one.key(a, b) for b in rows.tolist()] for a in rows.tolist()]

    assert keys.tolist() == singly
    lasting = seconds(keys)
    for (i, a), (j, b) in product(enumerate(rows.tolist()), repeat=2):
        if a != b and keys[i, j] < FAR:
            assert sum(link.seconds for link in one.path(a, b)) == lasting[i, j]


@pytest.mark.parametrize("vehicle", UNLIKE)
def test_no_detour_weighs_less_and_ways_back_weigh_the_same(vehicle: str) -> None:
    keys = Network(NODES, passage_of(CLASSES[vehicle], REFERENCE, Conditions(())).links).keys
    weight = np.where(weights(keys) < 0, 2**40, weights(keys))

    assert (weight == weight.T).all()
    assert (seconds(keys) == seconds(keys).T).all()
    assert all((weight <= weight[:, [via]] + weight[via]).all() for via in range(len(NODES)))


def test_no_detour_over_another_place_costs_a_truck_less() -> None:
    every = np.arange(len(REFERENCE.places))
    keys = usual("28t").keys(every, every)
    weight = np.where(weights(keys) < 0, 2**40, weights(keys))

    assert (weight == weight.T).all()
    assert all((weight <= weight[:, [via]] + weight[via]).all() for via in every)


@pytest.mark.parametrize("vehicle", UNLIKE)
@pytest.mark.parametrize("seed", range(6))
def test_closing_links_makes_no_way_lighter(vehicle: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    closed = [a_plain_condition(Effect.CLOSED, link) for link in chance.choice(LINKS, 1 + 5 * seed)]

    before, _, after, _ = compared(vehicle, *closed)

    assert (after >= before).all()


@pytest.mark.parametrize("vehicle", UNLIKE)
@pytest.mark.parametrize(
    "condition",
    [
        a_plain_condition(Effect.CLOSED, mode="road", locality="HG"),
        a_plain_condition(Effect.CLOSED, mode="water", locality="ST"),
        a_plain_condition(Effect.LOAD, mode="road", most=5_000),
        a_plain_condition(Effect.LOAD, "W_NGABAY--W_NGANAM", most=20_000),
    ],
    ids=["sealed road", "sealed water", "light trucks", "small boats"],
)
def test_neither_does_a_sealed_locality_or_a_limit(vehicle: str, condition: Condition) -> None:
    before, _, after, _ = compared(vehicle, condition)

    assert (after >= before).all()


@pytest.mark.parametrize("vehicle", UNLIKE)
@pytest.mark.parametrize("seed", range(4))
def test_waits_cost_hours_and_lanes_save_them_and_neither_changes_the_price(
    vehicle: str, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    picked = chance.choice(LINKS, 12)
    waits = [a_plain_condition(Effect.WAIT, link, minutes=30) for link in picked]
    hours = [a_plain_condition(Effect.HOURS, link, opens=360, closes=1080) for link in picked]
    lanes = [a_plain_condition(Effect.LANE, link, percent=150) for link in picked]

    for slower in (waits, hours):
        before, usually, after, lasts = compared(vehicle, *slower)
        assert (before == after).all()
        assert (lasts >= usually).all()
    before, usually, after, lasts = compared(vehicle, *lanes)
    assert (before == after).all()
    assert (lasts <= usually).all()


@pytest.mark.parametrize("vehicle", UNLIKE)
def test_a_lane_opens_what_is_closed(vehicle: str) -> None:
    link = "J_IC2-J_IC12" if "boat" not in vehicle else "W_CAICON--W_NGABAY"
    closed, lane = (
        a_plain_condition(Effect.CLOSED, link),
        a_plain_condition(Effect.LANE, link, percent=100),
    )

    usually, with_lane = compared(vehicle, closed, lane)[::2]

    assert (usually == with_lane).all()


@pytest.mark.parametrize("vehicle", UNLIKE)
def test_a_route_is_as_long_as_its_links_and_never_shorter_than_the_straight_line(
    vehicle: str,
) -> None:
    atlas = Atlas(REFERENCE)
    for a in REFERENCE.places[::29]:
        for b in REFERENCE.places[::31]:
            try:
                route = atlas.route(a.id, b.id, vehicle)
            except NoRoute:
                continue
            assert route.km == (sum(link.metres for link in route.links) + 50) // 100 / 10
            assert route.hours == sum(link.seconds for link in route.links) / 3600
            assert route.km + 0.3 >= straight_km((a.lat, a.lon), (b.lat, b.lon))
            assert route.km == atlas.route(b.id, a.id, vehicle).km
            for link, following in zip(route.links, route.links[1:], strict=False):
                assert link.end == following.start


def test_what_freight_says_of_a_class_is_the_way_that_it_takes() -> None:
    atlas, chance = Atlas(REFERENCE), np.random.default_rng(3)
    ids = [place.id for place in REFERENCE.places]
    for _ in range(40):
        a, b = chance.choice(ids, 2)
        freight = atlas.freight("bulk_dry", "lua_gao", [a], [b])
        minutes = atlas.minutes("bulk_dry", [a], [b])
        for k, vehicle in enumerate(freight.vehicles):
            if freight.trip_cost[k, 0, 0] < 0:
                continue
            [leg] = atlas.legs(a, b, "bulk_dry", {vehicle: 1})
            assert leg.cost == freight.trip_cost[k, 0, 0]
            assert minutes[freight.pace[k], 0, 0] == np.ceil(round(leg.route.hours * 3600) / 60)


def test_no_boat_undercuts_trucks_on_roads_alone() -> None:
    dry = Atlas(replace(REFERENCE, conditions=(a_plain_condition(Effect.CLOSED, mode="water"),)))
    ids = [place.id for place in REFERENCE.places[::9]]
    every = np.arange(len(ids))

    by_both = dry.freight("bulk_dry", "lua_gao", ids, ids)
    by_truck = dry.freight("ambient", "lua_gao", ids, ids)

    for kilograms in (900, 20_000, 80_000, 500_000):
        ends = every[:, None], every[None, :]
        assert (by_both.cost(*ends, kilograms) == by_truck.cost(*ends, kilograms)).all()


def test_a_sealed_locality_has_no_open_route_by_road_and_nothing_is_an_error() -> None:
    sealed = Atlas(
        replace(
            REFERENCE, conditions=(a_plain_condition(Effect.CLOSED, mode="road", locality="HG"),)
        )
    )
    pineapples = CATALOGUE.commodity("khom-cau-duc")

    with pytest.raises(NoRoute):
        sealed.quote(HG, CT, pineapples, 1_000)
    with pytest.raises(NoRoute):
        sealed.route(HG, CT)
    km, _ = sealed.distance([HG, CT], [HG, CT])
    assert km.tolist() == [[0, np.inf], [np.inf, 0]]
    assert (sealed.minutes("ventilated", [HG], [CT]) == -1).all()
    assert sealed.freight("ventilated", "khac", [HG], [CT]).cost(0, 0, 5).tolist() == -1


def test_a_hundred_tonnes_of_paddy_go_by_boat_and_the_trucks_are_told() -> None:
    quote = Atlas(REFERENCE).quote("D956", CT, CATALOGUE.commodity("lua-st25"), 100_000)

    assert (quote.mode, quote.vehicle) == ("boat", "boat80t*1+boat20t*1")
    assert quote.alternative is not None
    assert (quote.alternative.mode, quote.alternative.alternative) == ("truck", None)
    assert quote.alternative.cost > quote.cost
    assert quote.alternative.hours < quote.hours
    # 124 km: 80 t 800,000 + 124 × 60,000, 20 t 300,000 + 124 × 22,000; 100 ₫/kg for handling
    assert quote.km == 123.9
    assert quote.cost == 800_000 + 7_434_000 + 300_000 + 2_725_800 + 10_000_000


def test_three_tonnes_of_shrimp_go_by_reefer() -> None:
    shrimp = CATALOGUE.commodity("tom-the-30")

    quote = Atlas(REFERENCE).quote("D971", "M_BINHDIEN", shrimp, 3_000)

    assert (quote.mode, quote.vehicle, quote.alternative) == ("reefer", "5t*1", None)


def test_with_the_expressway_closed_ca_mau_is_reached_by_quan_lo_phung_hiep() -> None:
    closed = Atlas(
        replace(REFERENCE, conditions=(a_plain_condition(Effect.CLOSED, "J_IC2-J_IC12"),))
    )

    route = closed.route(CT, CM)

    assert route.km == pytest.approx(150, rel=0.15)
    assert any("Quản Lộ" in link.road for link in route.links)


def test_an_island_gets_rice_by_boat_and_nothing_else() -> None:
    atlas = Atlas(REFERENCE)

    assert atlas.quote(CT, "C31078", CATALOGUE.commodity("lua-st25"), 30_000).mode == "boat"
    with pytest.raises(NoRoute):
        atlas.quote(CT, "C31078", CATALOGUE.commodity("khom-cau-duc"), 30_000)


def test_closed_hours_cost_the_wait_that_is_to_be_expected() -> None:
    night = a_plain_condition(Effect.HOURS, "x", opens=4 * 60, closes=22 * 60)  # closed for 6 hours
    day = a_plain_condition(
        Effect.HOURS, "y", opens=22 * 60, closes=4 * 60
    )  # open for 6 hours at night
    conditions = Conditions((night, day))

    assert conditions.of_link("x", ("road",), ()).wait == 45 * 60  # 360² / 2880
    assert conditions.of_link("y", ("road",), ()).wait == 405 * 60  # 1080² / 2880


def test_a_wait_of_a_locality_is_met_once_on_the_way_through_it() -> None:
    wait = a_plain_condition(Effect.WAIT, mode="road", locality="HG", minutes=60)
    slow = Atlas(replace(REFERENCE, conditions=(wait,)))
    quick = Atlas(REFERENCE)

    for a, b in ((HG, CT), (CT, CM), (HG, "D931")):
        more = slow.distance([a], [b])[1][0, 0] - quick.distance([a], [b])[1][0, 0]
        crosses = quick.route(a, b).links
        assert more == pytest.approx(1) or not any("HG" in localities_of(x.id) for x in crosses)


def localities_of(link: str) -> tuple[str, ...]:
    return next((one.localities for one in REFERENCE.road_links if one.id == link), ())
