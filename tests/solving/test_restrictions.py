"""Restrictions on goods become the papers that a round asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Restriction
from marketplace.matching import BANNED, solve
from marketplace.matching.obstacles import Obstacle
from marketplace.matching.pairs import pairs
from marketplace.solving.assemble import assemble
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.movement import Movement
from marketplace.solving.world import world_of

TODAY = date(2026, 11, 25)
WORLD = world_of(read_reference())
LOT = OpenLot(
    id=1,
    organisation=1,
    commodity="khom-cau-duc",
    quantity=1_000,
    place="C31321",
    ready_on=TODAY,
    until=TODAY + timedelta(days=3),
    ask=8_000,
)
NEED = OpenNeed(
    id=1,
    organisation=2,
    commodity="khom-cau-duc",
    quantity=1_000,
    place="M_BINHDIEN",
    wanted_from=TODAY,
    until=TODAY + timedelta(days=5),
    bid=14_000,
)


def restricted(**changes) -> Movement:
    values = {
        "id": 1,
        "commodity": "khom-cau-duc",
        "group": None,
        "place": "C31321",
        "locality": None,
        "direction": "leaving",
        "papers": (),
        "first": TODAY,
        "last": None,
        **changes,
    }
    places = {place.id: place.locality for place in WORLD.reference.places}
    return Movement((Restriction(**values),), places)


def market(movement: Movement | None, **lot):
    changed = OpenLot(**{**vars(LOT), **lot})
    return assemble([changed], [NEED], WORLD.atlas, WORLD.catalogue, TODAY, movement=movement)


@pytest.mark.parametrize(
    ("changes", "banned"),
    [
        ({}, True),
        ({"place": None, "locality": "HG"}, True),
        ({"commodity": None, "group": "trai_cay"}, True),
        ({"direction": "both"}, True),
        ({"direction": "entering"}, False),
        ({"direction": "entering", "place": "M_BINHDIEN"}, True),
        ({"place": None, "locality": "CM"}, False),
        ({"commodity": "xoai-cat-chu"}, False),
    ],
)
def test_what_is_banned_is_not_traded(changes, banned) -> None:
    made, _ = market(restricted(**changes))
    [block] = pairs(made)

    assert bool(Obstacle(int(block.obstacles[0, 0])) & Obstacle.MOVEMENT) is banned
    assert len(solve(made).matches) == (0 if banned else 1)


def test_the_papers_lift_it() -> None:
    movement = restricted(papers=("quarantine", "vietgap"))

    without, index = market(movement)
    bits = {index.papers.index(paper) for paper in ("quarantine", "vietgap")}
    assert without.lots.leaving[0] == sum(1 << bit for bit in bits)
    assert not without.lots.leaving[0] & BANNED
    held, _ = market(movement, certificates=frozenset({"quarantine", "vietgap"}))
    assert len(solve(without).matches) == 0
    assert len(solve(held).matches) == 1
