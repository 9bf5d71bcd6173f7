"""Changes of a what-if: kept as JSON, refused where they make no sense; who may see what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain import scenarios as rules
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.scenarios import (
    Change,
    Deed,
    FuelChange,
    Known,
    LinkChange,
    MoreDemand,
    MoreSupply,
    SealedOff,
    ShutPlace,
)

TODAY, LATER = date(2026, 11, 25), date(2026, 12, 5)
REFERENCE = read_reference()
CATALOGUE = Catalogue.from_reference(REFERENCE)
KNOWN = Known(
    links=REFERENCE.links.keys(),
    localities={locality.id for locality in REFERENCE.localities},
    places={place.id for place in REFERENCE.places},
    catalogue=CATALOGUE,
)
LONGAN = "nhan-ido"


def supply(**said: Any) -> MoreSupply:
    usual = {
        "commodity": LONGAN,
        "place": "D941",
        "quantity": 500_000,
        "ask": 12_000,
        "first": TODAY,
        "until": LATER,
    }
    return MoreSupply(**usual | said)


def demand(**said: Any) -> MoreDemand:
    usual = {
        "commodity": LONGAN,
        "place": "M_BINHDIEN",
        "quantity": 20_000,
        "bid": None,
        "first": TODAY,
        "until": LATER,
        "buyers": 3,
    }
    return MoreDemand(**usual | said)


EVERY_KIND: list[Change] = [
    LinkChange(Deed.CLOSE, "D930-J_CAITU"),
    LinkChange(Deed.OPEN, "D930-J_CAITU"),
    LinkChange(Deed.WIDEN, "W_CHAUDOC--W_CAIDAU"),
    FuelChange(20),
    FuelChange(-15),
    SealedOff("HG"),
    ShutPlace("M_BINHDIEN"),
    supply(),
    supply(ask=None, sellers=4),
    demand(),
    demand(bid=14_000),
]


@pytest.mark.parametrize("change", EVERY_KIND, ids=repr)
def test_what_is_kept_of_a_change_reads_back_as_the_same(change: Change) -> None:
    rules.check_change(change, KNOWN, TODAY)

    assert rules.from_json(rules.to_json(change)) == change


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "magic"},
        {"kind": "fuel"},
        {"kind": "fuel", "percent": 20, "more": 1},
        {"kind": "link", "deed": "burn", "link": "D930-J_CAITU"},
    ],
)
def test_what_nobody_kept_is_not_read(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a"):
        rules.from_json(row)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (LinkChange(Deed.CLOSE, "D930-NOWHERE"), "link"),
        (FuelChange(0), "percent"),
        (FuelChange(1_000), "percent"),
        (FuelChange(-99), "percent"),
        (SealedOff("XX"), "locality"),
        (ShutPlace("M_NOWHERE"), "place"),
        (supply(commodity="gold"), "commodity"),
        (supply(place="nowhere"), "place"),
        (supply(quantity=0), "quantity"),
        (supply(quantity=10**12), "quantity"),
        (supply(quantity=2 * 10**8, sellers=50), "quantity"),
        (supply(sellers=0), "sellers"),
        (demand(buyers=51), "buyers"),
        (demand(bid=0), "bid"),
        (supply(ask=10**12), "ask"),
        (supply(until=date(2026, 11, 24)), "until"),
        (supply(first=LATER, until=TODAY), "until"),
        (supply(until=date(2099, 1, 1)), "until"),
    ],
    ids=repr,
)
def test_what_the_data_do_not_know_or_nobody_has_is_refused_at_its_field(
    change: Change, field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        rules.check_change(change, KNOWN, TODAY)

    assert field in {each.field for each in refused.value.each()}


def test_goods_of_unknown_weight_cannot_be_added() -> None:
    goods = tuple(
        replace(good, milligrams=None) if good.id == LONGAN else good
        for good in REFERENCE.commodities
    )
    catalogue = Catalogue.from_reference(replace(REFERENCE, commodities=goods))

    with pytest.raises(Rejected, match="weighs") as refused:
        rules.check_change(supply(quantity=10), replace(KNOWN, catalogue=catalogue), TODAY)

    assert refused.value.field == "commodity"


@pytest.mark.parametrize(
    ("there", "new"),
    [
        (SealedOff("HG"), SealedOff("HG")),
        (FuelChange(20), FuelChange(30)),
        (LinkChange(Deed.CLOSE, "D930-J_CAITU"), LinkChange(Deed.OPEN, "D930-J_CAITU")),
    ],
    ids=repr,
)
def test_changes_do_not_contradict_each_other(there: Change, new: Change) -> None:
    with pytest.raises(Rejected):
        rules.check_another((there,), new)


def test_the_same_supply_may_come_twice_but_not_without_end() -> None:
    rules.check_another((supply(),), supply())

    with pytest.raises(Rejected):
        rules.check_another((supply(),) * rules.MOST_CHANGES, demand())


@pytest.mark.parametrize(("name", "note"), [("", ""), ("x" * 121, ""), ("x", "y" * 2_001)])
def test_a_scenario_has_a_name_that_fits(name: str, note: str) -> None:
    with pytest.raises(Rejected):
        rules.check_naming(name, note)


def test_private_ones_are_their_owners_and_shared_ones_the_officials() -> None:
    people = {role: Actor(n, n, role, None, role) for n, role in enumerate(Role, start=1)}
    owner = people[Role.COORDINATOR]

    assert rules.may_see(owner.user_id, False, owner)
    assert rules.may_change(owner.user_id, owner)
    seen_by = {role for role in Role if rules.may_see(owner.user_id, True, people[role])}
    assert seen_by == {Role.COORDINATOR, Role.OFFICER}
    for role in Role:
        mine = role is Role.COORDINATOR
        assert rules.may_see(owner.user_id, False, people[role]) is mine
        assert rules.may_make(people[role]) is mine
    other = Actor(99, 99, Role.COORDINATOR, None, "other")
    assert rules.may_see(owner.user_id, True, other)
    assert not rules.may_change(owner.user_id, other)
    assert not rules.may_see(owner.user_id, True, None)
