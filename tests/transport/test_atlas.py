"""Distances and quotes over the real network."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.conditions import Effect
from marketplace.transport.atlas import Atlas, NoRoute
from marketplace.transport.combinations import NO_ROAD
from marketplace.transport.quotes import nominal_payload
from tests.condition_factories import a_plain_condition

REFERENCE = read_reference()
ATLAS = Atlas.from_reference(REFERENCE)
CATALOGUE = Catalogue.from_reference(REFERENCE)
CT, ST, HG, AG, KG, BL, CM = "D916", "D941", "D930", "D883", "D899", "D954", "D964"

# Road kilometres as people quote them; for the first four as printed (VNAT, icas.ctu.edu.vn).
PUBLISHED = [
    (CT, ST, 62), (CT, AG, 62), (CT, KG, 116), (CT, CM, 150), (CT, HG, 48), (CT, BL, 110),
    (ST, HG, 75), (ST, AG, 125), (ST, KG, 145), (ST, BL, 50), (ST, CM, 117), (HG, AG, 105),
    (HG, KG, 60), (HG, BL, 80), (HG, CM, 105), (AG, KG, 68), (AG, BL, 172), (AG, CM, 195),
    (KG, BL, 140), (KG, CM, 126), (BL, CM, 67),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "published"), PUBLISHED)
def test_seats_are_as_far_apart_as_people_say(a, b, published):
    km, _ = ATLAS.distance([a], [b])

    assert km[0, 0] == pytest.approx(published, rel=0.15)


def test_the_expressway_is_the_way_from_ca_mau_to_can_tho():
    route = ATLAS.route(CM, CT)

    assert "J_IC2-J_IC12" in {link.id for link in route.links}
    assert route.hours == pytest.approx(2.0, abs=0.1)


def test_a_route_is_what_the_matrices_say():
    places = [place.id for place in REFERENCE.places]
    km, hours = ATLAS.distance(places, places)
    for a in range(0, len(places), 29):
        for b in range(0, len(places), 31):
            if not np.isfinite(km[a, b]):
                with pytest.raises(NoRoute):
                    ATLAS.route(places[a], places[b])
                continue
            route = ATLAS.route(places[a], places[b])
            assert (route.km, route.hours) == (km[a, b], hours[a, b])
            metres = sum(link.metres for link in route.links)
            assert abs(route.km * 1000 - metres) <= 50
            assert route.hours * 3600 == pytest.approx(sum(x.seconds for x in route.links))
            ends = [link.start for link in route.links] + [link.end for link in route.links[-1:]]
            assert a == b or (ends[0], ends[-1]) == (places[a], places[b])
            for link, following in zip(route.links, route.links[1:], strict=False):
                assert link.end == following.start


def test_distances_are_the_same_there_and_back_and_no_detour_is_shorter():
    nodes = [node.id for node in REFERENCE.road_nodes]
    km, hours = ATLAS.distance(nodes, nodes)
    known = np.isfinite(km).all(axis=1) | (np.isfinite(km).sum(axis=1) > 1)
    km, hours = km[np.ix_(known, known)], hours[np.ix_(known, known)]

    assert (km == km.T).all()
    assert (hours == hours.T).all()
    shortest_detour = (km[:, :, None] + km[None, :, :]).min(axis=1)
    assert (km <= shortest_detour + 0.1001).all()


def test_a_commune_hangs_on_its_seat_by_its_access_leg():
    commune = next(p for p in REFERENCE.places if p.id == "C31321")
    to_the_seat = ATLAS.route(commune.id, commune.node)

    assert to_the_seat.km == commune.access_km == 3.0
    assert to_the_seat.hours == pytest.approx(3.0 / 28, abs=1e-3)
    assert ATLAS.route(commune.id, commune.id).km == 0


def test_access_legs_are_1_3_times_the_straight_line():
    nodes = {node.id: node for node in REFERENCE.road_nodes}
    for place in REFERENCE.places:
        if place.kind == "commune" and not place.island:
            node = nodes[place.node]
            assert place.access_km == pytest.approx(1.3 * straight_km(place, node), abs=0.06)


def straight_km(a, b):
    lat, lon = np.radians([a.lat, b.lat]), np.radians([a.lon, b.lon])
    h = (
        np.sin((lat[1] - lat[0]) / 2) ** 2
        + np.cos(lat[0]) * np.cos(lat[1]) * np.sin((lon[1] - lon[0]) / 2) ** 2
    )
    return 2 * 6371.0088 * np.arcsin(np.sqrt(h))


@pytest.mark.parametrize("island", [p.id for p in REFERENCE.places if p.island])
def test_no_road_leads_to_an_island(island):
    rice = CATALOGUE.commodity("gao-st25")

    with pytest.raises(NoRoute, match="no open route"):
        ATLAS.quote(CT, island, rice, 1_000)
    freight = ATLAS.freight(rice.transport_need, rice.group, [CT], [island])
    assert int(freight.cost(0, 0, 1_000)) == NO_ROAD


def test_everywhere_else_can_be_reached():
    places = [place.id for place in REFERENCE.places if not place.island]

    km, hours = ATLAS.distance([CT], places)

    assert np.isfinite(km).all()
    assert hours.max() < 12


def test_the_price_of_a_trip_by_hand():
    pineapples = CATALOGUE.commodity("khom-cau-duc")  # ventilated: trucks up to 15 t

    quote = ATLAS.quote(HG, "M_BINHDIEN", pineapples, 15_000)

    # 187.0 km; 15 t: 1,000,000 + 175 × 24,000 = 5,200,000 and 1,000,000 + 250 × 22,000 = 6,500,000
    trip = 5_200_000 + (6_500_000 - 5_200_000) * 12 // 75
    assert quote.km == 187.0
    assert quote.cost == trip + 15_000 * 150
    assert (quote.vehicle, quote.trips, quote.mode) == ("15t*1", 1, "truck")


def test_ice_takes_payload_and_costs_more():
    shrimp = CATALOGUE.commodity("tom-the-30")  # on ice: payload 60 %, price 140 %
    plain = ATLAS.freight("ventilated", "thuy_san", [CM], [CT])

    iced = ATLAS.freight(shrimp.transport_need, shrimp.group, [CM], [CT])

    assert iced.payload.tolist() == [600, 1_500, 2_100, 3_000, 4_800, 6_000, 9_000]
    assert iced.trip_cost.tolist() == (plain.trip_cost * 7 // 5).tolist()
    assert ATLAS.quote(CM, CT, shrimp, 1_000).mode == "reefer"


@pytest.mark.parametrize("need", [need.id for need in REFERENCE.transport_needs])
def test_no_vehicle_is_larger_than_the_goods_allow(need):
    goods = next(n for n in REFERENCE.transport_needs if n.id == need)

    vehicles = ATLAS.freight(need, "khac", [CT], [CM]).vehicles

    trucks = [r.vehicle for r in REFERENCE.truck_rates if r.payload <= goods.largest_truck]
    boats = [r.vehicle for r in REFERENCE.boat_rates if r.payload <= goods.largest_boat]
    assert sorted(vehicles) == sorted(trucks + [b for b in boats if b in vehicles])
    assert ("boat20t" in vehicles) == (goods.largest_boat > 0)
    weights = [nominal_payload(vehicle) for vehicle in vehicles]
    assert weights == sorted(weights)


def test_farther_never_costs_less_by_road():
    places = [place.id for place in REFERENCE.places if not place.island]
    km, _ = ATLAS.distance([CT], places)
    freight = ATLAS.freight("ambient", "lua_gao", [CT], places)
    order = np.argsort(km[0], kind="stable")
    for kilograms in (500, 5_100, 33_000, 250_000):
        cost = freight.cost(0, np.arange(len(places)), kilograms)
        assert (np.diff(cost[order]) >= 0).all()


def test_a_quote_is_what_the_tariff_matrix_says():
    places = ["C31321", "C31507", "M_BINHDIEN", "D890", "J_CUIPORT"]
    rice = CATALOGUE.commodity("lua-st25")
    freight = ATLAS.freight(rice.transport_need, rice.group, places, places)
    for a, origin in enumerate(places):
        for b, destination in enumerate(places):
            for kilograms in (1, 4_999, 61_000):
                quote = ATLAS.quote(origin, destination, rice, kilograms)
                assert quote.cost == int(freight.cost(a, b, kilograms))


def test_the_tariff_of_the_day_counts():
    [small] = [rate for rate in REFERENCE.truck_rates if rate.vehicle == "1t"]
    dearer = replace(small, fixed=2 * small.fixed, valid_from=date(2027, 1, 1))
    changed = replace(REFERENCE, truck_rates=(dearer, *REFERENCE.truck_rates))
    prices = [
        Atlas.from_reference(changed, on=day).freight("ambient", "khac", [CT], [ST]).trip_cost
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]

    assert prices[1][0, 0, 0] - prices[0][0, 0, 0] == small.fixed
    assert prices[1][1, 0, 0] == prices[0][1, 0, 0]


def test_live_fish_go_by_truck_where_they_would_not_survive_the_boat():
    """Twelve hours in a tank; the boat from Năm Căn to Bình Điền takes more than a day."""
    way, fish = ("D971", "M_BINHDIEN"), CATALOGUE.commodity("ca-tra")

    quote = ATLAS.quote(*way, fish, 20_000)

    assert (quote.mode, quote.alternative) == ("live truck", None)
    freight = ATLAS.freight("live_water", fish.group, *([end] for end in way))
    assert int(freight.cost(0, 0, 20_000)) == quote.cost


def test_live_fish_go_by_boat_where_they_arrive_alive():
    quote = ATLAS.quote(CT, AG, CATALOGUE.commodity("ca-tra"), 20_000)

    assert (quote.mode, quote.alternative.mode) == ("live boat", "live truck")
    assert quote.hours <= 12


@pytest.mark.parametrize("vehicle", ["1t", "28t", "boat20t", "boat250t"])
def test_a_way_lasts_as_long_as_it_was_found_to_and_longer_where_one_waits(vehicle):
    ways = [ATLAS.route(a, b, vehicle) for a, b in ((CT, CM), (HG, AG), ("C31321", "M_BINHDIEN"))]
    met = {link.id for way in ways for link in way.links} & set(REFERENCE.links)
    waiting = tuple(a_plain_condition(Effect.WAIT, link, minutes=30) for link in met)
    slow = Atlas.from_reference(REFERENCE.under(replace(REFERENCE.state, conditions=waiting)))

    for way in ways:
        links = [(link.id, link.mode) for link in way.links]
        assert ATLAS.lasts(vehicle, links) == pytest.approx(way.hours)
        waits = sum(link.id in met for link in way.links) / 2
        assert slow.lasts(vehicle, links) == pytest.approx(way.hours + waits)
    assert ATLAS.lasts("boat9t", []) is None
    assert ATLAS.lasts(vehicle, [("D1-D2", "road")]) is None
