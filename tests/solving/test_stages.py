"""Ways as they are drawn: by road, by water, and where goods change between the two."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.solving.stages import stages_of, stored_stages
from marketplace.solving.ways import route_legs
from marketplace.solving.world import World, world_of


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(read_reference())


def place_named(world: World, name: str) -> Any:
    return world.gazetteer.resolve(name)


def test_a_road_is_one_stage(world: World):
    start, end = place_named(world, "Vị Thanh"), place_named(world, "Bình Điền")

    stages = stages_of(world.reference, world.atlas.route(start.id, end.id))

    assert {stage.mode for stage in stages} == {"road"}
    assert stages[0].start == start.name
    assert stages[0].points[0] == (start.lat, start.lon)
    assert stages[-1].points[-1] == (end.lat, end.lon)


def test_a_boat_changes_to_the_road_at_a_quay(world: World):
    start, end = place_named(world, "Hồng Dân"), place_named(world, "Bình Điền")

    stages = stages_of(world.reference, world.atlas.route(start.id, end.id, "boat80t"))

    modes = [stage.mode for stage in stages]
    assert "water" in modes
    assert all(one != other for one, other in pairwise(modes))
    assert all(a.points[-1] == b.points[0] for a, b in pairwise(stages))


@pytest.mark.parametrize("vehicle", ["5t", "boat80t"])
def test_what_a_match_stored_is_drawn_as_it_was_found(world: World, vehicle: str):
    start, end = place_named(world, "xã Hồng Dân"), place_named(world, "Cần Thơ")
    route = world.atlas.route(start.id, end.id, vehicle)

    stored = stored_stages(world.reference, start, route_legs(world, route))

    found = stages_of(world.reference, route)
    assert [stage.mode for stage in stored] == [stage.mode for stage in found]
    assert [stage.points[-1] for stage in stored] == [stage.points[-1] for stage in found]


def test_a_way_that_no_longer_leads_on_is_not_drawn(world: World):
    start = place_named(world, "Vị Thanh")
    gone = [{"mode": "road", "links": ["NO-LINK"]}]

    assert stored_stages(world.reference, start, gone) == ()
    assert stored_stages(world.reference, start, [{"from": "Vị Thanh", "to": "Một Ngàn"}]) == ()
