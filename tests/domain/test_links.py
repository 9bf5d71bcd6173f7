"""Links as officers find them, what they state something of, and whom it stops."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.condition_words import (
    parse_load,
    parse_percent,
    parse_time,
    parse_wait,
    spell_load,
    spell_time,
)
from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.links import (
    Scope,
    find_links,
    links_of,
    may_state_of,
    parse_scope,
    stopping,
)

REFERENCE = read_reference()
LINKS = links_of(REFERENCE)
NAMES = {one.id: one.name for one in REFERENCE.localities}
ROAD, CANAL, QUAY = LINKS["D932-D930"], LINKS["W_VAMXANG--W_VITHANH"], LINKS["T_VITHANH"]
TODAY = date(2026, 11, 25)


def a_condition(effect: Effect = Effect.CLOSED, **changes) -> Condition:
    values = dict.fromkeys(Condition.__dataclass_fields__)
    values |= {"id": 1, "effect": effect, "paper": "", "first": TODAY}
    return Condition(**{**values, **changes})


def found(typed: str, near: tuple[str, ...] = ()) -> list[str]:
    return [link.id for link in find_links(LINKS.values(), typed, near, NAMES)]


def test_words_themselves_come_before_words_that_begin_so() -> None:
    ids = found("vi thanh")

    def places(name: str) -> set[int]:
        return {ids.index(link.id) for link in LINKS.values() if name in link.between}

    assert ids.index(ROAD.id) < len(places("Vị Thanh"))
    assert max(places("Vị Thanh")) < min(places("Vĩnh Thạnh") - places("Vị Thanh"))


def test_links_that_end_near_a_place_come_last() -> None:
    assert found("xyz") == []
    assert ROAD.id in found("xyz", ("D930",))
    assert len(found("")) == len(LINKS)


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        ("D932-D930", Scope(link="D932-D930")),
        ("road:HG", Scope(mode="road", locality="HG")),
        ("water:all", Scope(mode="water")),
    ],
)
def test_a_scope_is_what_its_key_says(key: str, scope: Scope) -> None:
    assert parse_scope(key, LINKS, NAMES) == scope
    assert scope.key == key


@pytest.mark.parametrize("key", ["", "road", "road:", "road:XX", "rail:HG", "D932"])
def test_other_keys_are_no_scopes(key: str) -> None:
    with pytest.raises(NotFound):
        parse_scope(key, LINKS, NAMES)


@pytest.mark.parametrize(
    ("condition", "link", "payload", "stops"),
    [
        (a_condition(link=ROAD.id), ROAD, 1_000, True),
        (a_condition(link=CANAL.id), ROAD, 1_000, False),
        (a_condition(Effect.LOAD, link=ROAD.id, most=5_000), ROAD, 5_000, False),
        (a_condition(Effect.LOAD, link=ROAD.id, most=5_000), ROAD, 5_001, True),
        (a_condition(Effect.WAIT, link=ROAD.id, minutes=60), ROAD, 28_000, False),
        (a_condition(mode="road", locality="HG"), ROAD, 1_000, True),
        (a_condition(mode="road", locality="CM"), ROAD, 1_000, False),
        (a_condition(mode="road", locality="HG"), CANAL, 1_000, False),
        (a_condition(mode="water", locality="HG"), QUAY, 1_000, True),
        (a_condition(mode="road"), QUAY, 1_000, True),
    ],
)
def test_what_stops_whom(condition, link, payload, stops) -> None:
    assert bool(stopping([condition], link, payload)) is stops


def test_a_lane_opens_what_is_closed_and_lifts_no_limit() -> None:
    lane = a_condition(Effect.LANE, id=2, link=ROAD.id, percent=120)
    limit = a_condition(Effect.LOAD, id=3, link=ROAD.id, most=5_000)

    assert stopping([a_condition(link=ROAD.id), lane], ROAD, 8_000) == ()
    assert stopping([a_condition(link=ROAD.id), lane, limit], ROAD, 8_000) == (limit,)


def test_officers_answer_for_links_of_their_locality() -> None:
    officer = Actor(1, 1, Role.OFFICER, "HG", "somebody")

    assert may_state_of(officer, Scope(link=ROAD.id), REFERENCE)
    assert not may_state_of(officer, Scope(link="D946-D941"), REFERENCE)
    assert may_state_of(officer, Scope(mode="water", locality="HG"), REFERENCE)
    assert not may_state_of(officer, Scope(mode="water"), REFERENCE)


@pytest.mark.parametrize(
    ("read", "typed", "value"),
    [
        (parse_load, "5 tấn", 5_000),
        (parse_load, "2,5", 2_500),
        (parse_load, "3.500 kg", 3_500),
        (parse_load, "3500", 3_500_000 // 1000),
        (parse_load, "", None),
        (lambda text: parse_time(text, field="opens"), "6", 360),
        (lambda text: parse_time(text, field="opens"), "6h30", 390),
        (lambda text: parse_time(text, field="opens"), "24:00", 1440),
        (parse_wait, "1,5 giờ", 90),
        (parse_wait, "45 phút", 45),
        (parse_percent, "130 %", 130),
    ],
)
def test_figures_as_people_write_them(read, typed, value) -> None:
    assert read(typed) == value


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (parse_load, "nhiều"),
        (lambda text: parse_time(text, field="opens"), "25:00"),
        (lambda text: parse_time(text, field="opens"), "6:75"),
        (parse_wait, "lâu"),
        (parse_percent, "nhanh"),
        (parse_load, "9" * 50),
    ],
)
def test_what_cannot_be_read_is_said_so(read, typed) -> None:
    with pytest.raises(Rejected):
        read(typed)


def test_figures_are_spelt_as_they_are_read() -> None:
    assert parse_load(spell_load(2_500)) == 2_500
    assert parse_time(spell_time(330), field="opens") == 330
