"""Maps: geometry from our own coordinates, widths that mean tonnes."""

import re

import pytest
from flask import Flask, g
from sqlalchemy import update

from marketplace.data.reader import read_reference
from marketplace.domain.stretches import Stage
from marketplace.models.base import db
from marketplace.models.network import RoadNode
from marketplace.models.reference import DataLoad
from marketplace.web import maps

pytestmark = pytest.mark.usefixtures("app")


def test_every_locality_has_an_area_a_label_and_lies_on_the_map():
    codes = {locality.id for locality in read_reference().localities}

    assert maps.ground().areas.keys() == codes
    assert maps.LABELS.keys() == codes


@pytest.mark.parametrize("code", maps.LABELS)
def test_the_longest_bar_and_its_figure_stay_on_the_map(code: str):
    left, _, width, _ = maps.WHOLE
    tonnes = dict.fromkeys(maps.LABELS, (1_000, 500)) | {code: (300_000_000, 250_000_000)}

    label = next(each for each in maps.labels(tonnes) if each.code == code)

    assert label.supply > label.demand > 0
    assert label.at[0] + label.supply + maps.FIGURE <= left + width


def test_all_seats_lie_inside_the_picture():
    left, top, width, height = maps.WHOLE
    seats = {locality.seat for locality in read_reference().localities}

    for seat in seats:
        x, y = maps.project(maps.node_point(seat))
        assert left < x < left + width, seat
        assert top < y < top + height, seat


def test_widths_are_proportional_to_the_weight_carried():
    link, other = read_reference().road_links[:2]

    lines = maps.flow_lines({link.id: 60_000, other.id: 30_000})

    assert [line.width for line in lines] == [maps.WIDEST / 2, maps.WIDEST]


def test_small_flows_stay_visible_and_unknown_links_are_left_out():
    link, other = read_reference().road_links[:2]

    lines = maps.flow_lines({link.id: 1_000_000, other.id: 1, "NOWHERE": 5})

    assert [line.width for line in lines] == [maps.THINNEST, maps.WIDEST]


def test_what_goes_by_water_looks_otherwise_on_the_same_scale():
    reference = read_reference()
    road, water = reference.road_links[0].id, reference.water_links[0].id

    lines = {line.look: line.width for line in maps.flow_lines({road: 10, water: 20})}

    assert lines == {"m-flow": maps.WIDEST / 2, "m-flow m-flow-water": maps.WIDEST}


def test_the_busiest_links_come_first():
    first, second, third = (link.id for link in read_reference().water_links[:3])

    rows = maps.busiest({first: 1, second: 3, third: 2, "NOWHERE": 9}, most=2)

    assert [(stretch.id, kg) for stretch, kg in rows] == [(second, 3), (third, 2)]


def test_without_a_round_there_are_no_flows():
    assert maps.flow_lines({}) == []


def test_bars_share_one_scale():
    labels = {label.code: label for label in maps.labels({"AG": (2_000, 500), "KG": (0, 4_000)})}

    assert labels["KG"].demand == maps.LONGEST_BAR
    assert labels["AG"].supply == maps.LONGEST_BAR / 2
    assert labels["CM"].supply == 0


def test_a_route_is_drawn_with_room_around_it():
    points = [maps.node_point("D930"), maps.node_point("D916")]

    drawn = maps.way_map([Stage("road", "Vị Thanh", tuple(points))], "Cần Thơ")

    x, y, width, height = map(float, drawn.view_box.split())
    for stop in drawn.stops:
        assert x < stop.x < x + width
        assert y < stop.y < y + height
    assert re.fullmatch(r"M\d+ \d+L\d+ \d+", drawn.path)


def test_a_way_in_both_modes_is_drawn_in_both_with_its_quays_named():
    village, quay, market = (9.50, 105.40), (9.62, 105.55), (10.03, 105.78)
    stages = [
        Stage("road", "Hồng Dân", (village, quay)),
        Stage("transfer", "Ngan Dừa", (quay, quay)),
        Stage("water", "Bến Ngan Dừa", (quay, (9.8, 105.6), market)),
    ]

    drawn = maps.way_map(stages, "Cần Thơ")

    assert drawn.path.count("M") == 2
    assert drawn.water.count("L") == 2
    assert [(stop.name, stop.quay) for stop in drawn.stops] == [
        ("Hồng Dân", False),
        ("Cần Thơ", False),
        ("Bến Ngan Dừa", True),
    ]


def test_the_name_of_a_quay_beside_an_end_makes_room():
    here, there = (9.50, 105.40), (10.03, 105.78)
    stages = [
        Stage("road", "Hồng Dân", (here, (9.51, 105.41))),
        Stage("water", "Bến Hồng Dân", ((9.51, 105.41), there)),
    ]

    assert [stop.name for stop in maps.way_map(stages, "Cần Thơ").stops] == [
        "Hồng Dân",
        "Cần Thơ",
        "",
    ]


def test_a_place_alone_is_no_route():
    assert maps.way_map([Stage("road", "Vị Thanh", (maps.node_point("D930"),))], "") is None
    assert maps.way_map([], "") is None


def test_the_ground_is_drawn_anew_when_the_roads_change(app: Flask):
    before = maps.ground()
    row = db.session.get(RoadNode, "D930")
    row.lat += 0.2
    db.session.execute(update(DataLoad).values(fingerprint="changed"))
    g.pop("world")

    assert maps.ground().roads != before.roads
    assert maps.node_point("D930") == (row.lat, row.lon)
