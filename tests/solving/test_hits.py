"""What stops a vehicle is the same to the ways that prices take and to the matches under way."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Condition, Effect
from marketplace.solving.hits import Detour, Stops, UnderWay, detour, minutes_to_go, under_way
from marketplace.solving.ways import delivery_legs
from marketplace.solving.world import world_of
from marketplace.transport.atlas import NoRoute
from tests.condition_factories import a_plain_condition

REFERENCE = read_reference()
WORLD = world_of(REFERENCE)
TODAY = date(2026, 11, 25)


def some_conditions(seed: int) -> tuple[Condition, ...]:
    """Closed and limited links and lanes, and now and then a whole locality."""
    chance = random.Random(seed)
    links = chance.sample(list(REFERENCE.links), 60)
    found = []
    for number, link in enumerate(links):
        effect = chance.choice([Effect.CLOSED, Effect.CLOSED, Effect.LOAD, Effect.LANE])
        whole = number == 0
        found.append(
            Condition(
                id=number,
                effect=effect,
                link=None if whole else link,
                mode=chance.choice(["road", "water"]) if whole else None,
                locality=chance.choice(["HG", "ST", "CM"]) if whole else None,
                most=chance.choice([3_500, 8_000, 80_000]) if effect is Effect.LOAD else None,
                opens=None,
                closes=None,
                percent=150 if effect is Effect.LANE else None,
                paper="",
                minutes=None,
                first=TODAY,
                last=None,
            )
        )
    return tuple(found)


@pytest.mark.parametrize("seed", range(4))
def test_the_way_that_is_quoted_is_stopped_by_nothing(seed: int) -> None:
    conditions = some_conditions(seed)
    world = world_of(REFERENCE.under(replace(REFERENCE.state, conditions=conditions)))
    stops = Stops(world.reference, conditions)
    chance = random.Random(seed)
    places = [place.id for place in REFERENCE.places]
    asked = 0
    for _ in range(60):
        origin, destination = chance.sample(places, 2)
        good = world.catalogue.commodity(chance.choice(["lua-st25", "khom-cau-duc"]))
        try:
            quote = world.atlas.quote(origin, destination, good, chance.choice([2_000, 60_000]))
        except NoRoute:
            continue
        asked += 1
        for leg in quote.legs:
            way = UnderWay(
                match=0,
                commodity=good.id,
                kilograms=1,
                origin=origin,
                destination=destination,
                links=tuple(link.id for link in leg.route.links),
                vehicles=tuple(part.partition("*")[0] for part in leg.vehicle.split("+")),
                km=0,
                hours=0,
                freight=0,
            )
            assert stops.of(way) == (), (origin, destination, leg.vehicle)
    assert asked > 5


def test_a_detour_is_compared_with_what_was_agreed() -> None:
    good = WORLD.catalogue.commodity("khom-cau-duc")
    quote = WORLD.atlas.quote("C31321", "D916", good, 5_000)
    way = UnderWay(
        1, good.id, 5_000, "C31321", "D916", (), ("5t",), quote.km - 3, 1.0, quote.cost - 50_000
    )

    found = detour(WORLD, way)

    assert (found.more_km, found.more_cost) == (3.0, 50_000)
    assert found.possible


@pytest.mark.parametrize("origin", ["D964", "D966", "D970"])
def test_a_detour_brings_live_goods_in_time_or_there_is_none(origin: str) -> None:
    fish = WORLD.catalogue.commodity("ca-tra")
    quote = WORLD.atlas.quote(origin, "M_CATLAI", fish, 5_000)
    way = UnderWay(
        1, fish.id, 5_000, origin, "M_CATLAI", (), ("10t",), quote.km, quote.hours, quote.cost
    )
    no_roads = a_plain_condition(Effect.CLOSED, mode="road", locality="CM")
    world = world_of(REFERENCE.under(replace(REFERENCE.state, conditions=(no_roads,))))

    found = detour(world, way, 12 * 60)

    assert found == Detour(too_slow=True)
    assert detour(world, way).hours > 12
    assert detour(WORLD, way, 12 * 60).hours == quote.hours


def test_a_detour_is_never_sold_as_a_gain() -> None:
    good = WORLD.catalogue.commodity("khom-cau-duc")
    way = UnderWay(1, good.id, 5_000, "C31321", "D916", (), ("5t",), 900.0, 1.0, 90_000_000)

    found = detour(WORLD, way)

    assert (found.more_km, found.more_cost) == (0, 0)


@pytest.mark.parametrize(
    ("commodity", "keeps", "waiting", "fresh", "days", "hours"),
    [
        ("ca-tra", None, True, 0, 30, 12),
        ("ca-tra", 20, True, 10, 30, 10),
        ("khom-cau-duc", 100, False, 10, 30, 100 - 24 - 10),
        ("khom-cau-duc", None, False, 0, 1, 48),
        ("khom-cau-duc", 20, False, 0, 30, 0),
    ],
)
def test_time_on_the_way_is_what_life_freshness_and_days_leave(
    commodity: str, keeps: int | None, waiting: bool, fresh: int, days: int, hours: int
) -> None:
    match = SimpleNamespace(
        lot=SimpleNamespace(commodity_id=commodity, ready_on=TODAY),
        need=SimpleNamespace(until=TODAY + timedelta(days=1 + days), fresh_hours=fresh),
        keeps_hours=keeps,
        keeps_waiting=waiting,
        collection_days=(TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
    )

    assert minutes_to_go(match, WORLD) in (hours * 60, hours * 60 - 1)


def test_a_delivery_on_two_ways_is_stopped_on_each_by_what_drives_there() -> None:
    rice = WORLD.catalogue.commodity("lua-st25")
    quote = WORLD.atlas.quote("D916", "M_CATLAI", rice, 300_000)
    big, small = quote.legs
    match = SimpleNamespace(
        id=1,
        lot=SimpleNamespace(commodity_id=rice.id, place_id="D916"),
        need=SimpleNamespace(place_id="M_CATLAI"),
        quantity=300_000,
        route=delivery_legs(WORLD, quote.legs),
        vehicles=quote.vehicle,
        kilometres=quote.km,
        hours=quote.hours,
        freight=quote.cost,
    )

    way = under_way(match, WORLD)

    assert (big.vehicle, small.vehicle) == ("boat250t*1", "boat80t*1")
    closed = a_plain_condition(Effect.CLOSED, "W_CANTHO--W_HCM")
    light = a_plain_condition(Effect.LOAD, "W_CANTHO--W_HCM", most=100_000)
    narrow = a_plain_condition(Effect.LOAD, "W_CAICUI--W_HCM", most=100_000)
    assert Stops(WORLD.reference, [closed]).of(way) == (closed,)
    assert Stops(WORLD.reference, [light]).of(way) == ()
    assert Stops(WORLD.reference, [narrow]).of(way) == (narrow,)
