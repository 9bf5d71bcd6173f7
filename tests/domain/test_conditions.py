"""What may be stated about links and goods, and what a reference under a state is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.conditions import (
    Condition,
    ConditionDraft,
    Effect,
    Kind,
    Restriction,
    RestrictionDraft,
    check_condition,
    check_restriction,
    may_state,
)
from marketplace.domain.errors import Rejected
from marketplace.domain.reference import State

TODAY = date(2026, 11, 25)
REFERENCE = read_reference()
CLOSED = ConditionDraft(
    effect=Effect.CLOSED,
    link="A--B",
    first=TODAY,
    last=TODAY + timedelta(days=3),
    reason="Sửa cầu Cái Tắc",
    source="Thông báo 12/TB-SGTVT",
)
SICK_PIGS = RestrictionDraft(
    group="gia_suc",
    place="C1",
    direction="leaving",
    papers=("kiem-dich",),
    first=TODAY,
    last=None,
    reason="Dịch tả heo châu Phi",
    source="Quyết định 5/QĐ-UBND",
)


def check(**changes):
    check_condition(replace(CLOSED, **changes), {"A--B"}, {"CT", "HG"}, TODAY)


def check_goods(**changes):
    draft = replace(SICK_PIGS, **changes)
    check_restriction(draft, {"gia_suc", "heo"}, {"C1", "HG"}, {"kiem-dich"}, TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"link": None, "mode": "road", "locality": "HG"},
        {"link": None, "mode": "water"},
        {"effect": Effect.LOAD, "most": 5_000},
        {"effect": Effect.HOURS, "opens": 20 * 60, "closes": 5 * 60},
        {"effect": Effect.LANE, "percent": 130, "paper": "Giấy nhận diện luồng xanh"},
        {"effect": Effect.WAIT, "minutes": 45, "kind": Kind.SLUICE},
        {"first": TODAY - timedelta(days=40), "last": None},
    ],
)
def test_what_may_be_stated(changes):
    check(**changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"link": None}, "link"),
        ({"mode": "road"}, "link"),
        ({"link": "B--A"}, "link"),
        ({"locality": "HG"}, "link"),
        ({"link": None, "mode": "air"}, "mode"),
        ({"link": None, "mode": "road", "locality": "XX"}, "locality"),
        ({"most": 5_000}, "most"),
        ({"effect": Effect.LOAD}, "most"),
        ({"effect": Effect.LOAD, "most": 0}, "most"),
        ({"effect": Effect.LOAD, "most": 10**9}, "most"),
        ({"effect": Effect.HOURS, "opens": 60}, "closes"),
        ({"effect": Effect.HOURS, "opens": 60, "closes": 60}, "closes"),
        ({"effect": Effect.HOURS, "opens": 0, "closes": 24 * 60}, "closes"),
        ({"effect": Effect.HOURS, "opens": -1, "closes": 60}, "opens"),
        ({"effect": Effect.LANE, "percent": 99}, "percent"),
        ({"effect": Effect.LANE, "percent": 1000}, "percent"),
        ({"effect": Effect.LANE, "percent": 120, "paper": "x" * 201}, "paper"),
        ({"effect": Effect.WAIT, "minutes": 0}, "minutes"),
        ({"effect": Effect.LOAD, "most": 5_000, "kind": Kind.TIDE}, "effect"),
        ({"first": TODAY + timedelta(days=9)}, "last"),
        ({"last": TODAY - timedelta(days=1), "first": TODAY - timedelta(days=2)}, "last"),
        ({"first": date(2099, 1, 1), "last": None}, "first"),
        ({"first": date(2020, 1, 1), "last": None}, "first"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"source": ""}, "source"),
    ],
)
def test_the_field_of_a_condition_to_correct_is_named(changes, field):
    with pytest.raises(Rejected) as error:
        check(**changes)

    assert error.value.field == field


@pytest.mark.parametrize(
    "changes",
    [{}, {"group": None, "commodity": "heo"}, {"place": None, "locality": "HG", "papers": ()}],
)
def test_what_may_be_restricted(changes):
    check_goods(**changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group": None}, "commodity"),
        ({"commodity": "heo"}, "commodity"),
        ({"group": "no-such"}, "commodity"),
        ({"place": None}, "place"),
        ({"locality": "HG"}, "place"),
        ({"place": "no-such"}, "place"),
        ({"direction": "through"}, "direction"),
        ({"papers": ("no-such",)}, "papers"),
        ({"papers": ("kiem-dich", "kiem-dich")}, "papers"),
        ({"last": TODAY - timedelta(days=1)}, "last"),
        ({"source": ""}, "source"),
    ],
)
def test_the_field_of_a_restriction_to_correct_is_named(changes, field):
    with pytest.raises(Rejected) as error:
        check_goods(**changes)

    assert error.value.field == field


@pytest.mark.parametrize(
    ("role", "locality", "may"),
    [
        (Role.COORDINATOR, None, True),
        (Role.OFFICER, "HG", True),
        (Role.OFFICER, "CM", False),
        (Role.OFFICER, None, False),
        (Role.SELLER, "HG", False),
        (Role.ADMINISTRATOR, "HG", False),
    ],
)
def test_officers_of_the_locality_and_coordinators_may_state(role, locality, may):
    assert may_state(Actor(1, 1, role, locality, "somebody"), ("CT", "HG")) is may
    assert not may_state(None, ("CT", "HG"))


def test_a_restriction_binds_its_goods_in_its_places_only():
    pigs = Restriction(1, None, "gia_suc", None, "HG", "leaving", (), TODAY, None)

    assert pigs.binds("heo", "gia_suc", "C1", "HG")
    assert not pigs.binds("heo", "gia_suc", "C1", "CT")
    assert not pigs.binds("lua", "lua_gao", "C1", "HG")
    assert not pigs.binds("heo", "gia_suc", "hanoi", None)


def test_a_reference_under_a_state_is_another_one_and_comes_back():
    closure = Condition(
        1, Effect.CLOSED, "A--B", None, None, None, None, None, None, "", None, TODAY, None
    )

    closed = REFERENCE.under(replace(REFERENCE.state, conditions=(closure,)))

    assert closed.conditions == (closure,)
    assert closed.fingerprint != REFERENCE.fingerprint == closed.data_fingerprint
    assert closed.under(REFERENCE.state).fingerprint == REFERENCE.fingerprint
    assert closed.under(None) == REFERENCE.under(None)
    dearer = replace(REFERENCE.handling[0], vnd_per_kg=999)
    assert REFERENCE.under(State(handling=(dearer,))).fingerprint != REFERENCE.fingerprint
    assert closed.under(closed.state).fingerprint == closed.fingerprint
