"""Links with the names of their ends, and what holds on them."""

from datetime import date
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.stretches import LinkState, Stretch, holding_on, states_of, stretches_of

NOTHING: dict[str, Any] = dict.fromkeys(
    ("link", "mode", "locality", "most", "opens", "closes", "percent", "minutes", "last")
)


def a_condition(effect: Effect = Effect.CLOSED, **scope: Any) -> Condition:
    return Condition(
        **{**NOTHING, "id": 1, "effect": effect, "paper": "", "first": date(2026, 1, 1), **scope}
    )


def the_stretch(link_id: str) -> Stretch:
    return next(each for each in stretches_of(read_reference()) if each.id == link_id)


def test_every_link_of_every_mode_is_there_once():
    reference = read_reference()

    found = stretches_of(reference)

    links = (*reference.road_links, *reference.water_links, *reference.transfers)
    assert [each.id for each in found] == [link.id for link in links]
    assert len({each.id for each in found}) == len(found)
    assert {each.mode for each in found} == {"road", "water", "transfer"}


def test_a_link_is_called_by_its_road_and_the_names_of_its_ends():
    road, quay = the_stretch("D932-D930"), the_stretch("T_CHAUDOC")

    assert (road.name, road.between) == ("QL61C (Một Ngàn – Vị Thanh)", "TT Một Ngàn – Vị Thanh")
    assert (quay.mode, quay.name, quay.kind) == ("transfer", "Châu Đốc (sông Hậu)", "")


@pytest.mark.parametrize(
    ("scope", "binds"),
    [
        ({"link": "D932-D930"}, True),
        ({"link": "D931-D940"}, False),
        ({"mode": "road"}, True),
        ({"mode": "water"}, False),
        ({"mode": "road", "locality": "HG"}, True),
        ({"mode": "road", "locality": "CM"}, False),
    ],
)
def test_a_condition_holds_on_its_link_or_on_a_mode_in_its_locality(scope: Any, binds: bool):
    assert bool(holding_on(the_stretch("D932-D930"), [a_condition(**scope)])) is binds


def test_what_matters_most_is_named_first():
    effects = (Effect.WAIT, Effect.LOAD, Effect.CLOSED, Effect.HOURS)

    states = states_of(a_condition(effect) for effect in effects)

    assert states == (LinkState.CLOSED, LinkState.LIMITED, LinkState.WAIT)
    assert states_of(()) == (LinkState.OPEN,)
