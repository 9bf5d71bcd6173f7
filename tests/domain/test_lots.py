"""What may be offered for sale, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import parse_freshness
from marketplace.domain.lots import LotDraft, check_lot, check_promised, may_edit_lot, may_list_lot
from marketplace.domain.prices import UnusualPrice

TODAY = date(2026, 11, 25)
CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
LOT = LotDraft(
    commodity="khom-cau-duc",
    grade="loai-1",
    quantity=40_000,
    ask=8_000,
    place="C31321",
    ready_on=TODAY,
    until=TODAY + timedelta(days=5),
)


def refused(**changes):
    with pytest.raises(Rejected) as error:
        check_lot(replace(LOT, **changes), CATALOGUE, TODAY)
    return error.value


def test_a_usual_lot_may_be_offered():
    check_lot(LOT, CATALOGUE, TODAY)
    check_lot(replace(LOT, ask=None, whole=True, fresh_hours=36), CATALOGUE, TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -5}, "quantity"),
        ({"quantity": 10**12}, "quantity"),
        ({"ask": 0}, "ask"),
        ({"ask": -1}, "ask"),
        ({"ask": 2_000_000_000}, "ask"),
        ({"grade": "co-lon"}, "grade"),
        ({"ready_on": TODAY - timedelta(days=1)}, "ready_on"),
        ({"until": TODAY - timedelta(days=1), "ready_on": TODAY - timedelta(days=2)}, "ready_on"),
        ({"until": TODAY + timedelta(days=5), "ready_on": TODAY + timedelta(days=6)}, "until"),
        ({"until": TODAY + timedelta(days=401)}, "until"),
        ({"ready_on": date(2099, 1, 1), "until": date(2099, 1, 2)}, "ready_on"),
        ({"fresh_hours": 0}, "fresh"),
        ({"fresh_hours": 10**6}, "fresh"),
        ({"certificates": frozenset({"vietgap", "no-such"})}, "certificates"),
        ({"producer": "x" * 201}, "producer"),
        ({"growing_area_code": "x" * 61}, "growing_area_code"),
        ({"trace_code": "x" * 201}, "trace_code"),
        ({"note": "x" * 100_000}, "note"),
        ({"commodity": "no-such"}, "commodity"),
    ],
)
def test_the_field_to_correct_is_named(changes, field):
    assert refused(**changes).field == field


@pytest.mark.parametrize("price", [80_000, 120_000, 800])
def test_a_price_that_looks_a_zero_off_must_be_confirmed(price):
    assert isinstance(refused(ask=price), UnusualPrice)

    check_lot(replace(LOT, ask=price, price_confirmed=True), CATALOGUE, TODAY)


def test_a_lot_that_is_there_may_have_begun_but_not_ended():
    begun = replace(LOT, ready_on=TODAY - timedelta(days=3))

    check_lot(begun, CATALOGUE, TODAY, new=False)
    with pytest.raises(Rejected):
        check_lot(replace(begun, until=TODAY - timedelta(days=1)), CATALOGUE, TODAY, new=False)


def test_what_is_promised_stays():
    check_promised(15_000, 15_000, {"ask", "until", "note"}, PINEAPPLE)
    check_promised(1, 0, {"grade", "place"}, PINEAPPLE)
    for quantity, changed in ((14_999, ()), (20_000, ("place",))):
        with pytest.raises(Rejected):
            check_promised(quantity, 15_000, changed, PINEAPPLE)


@pytest.mark.parametrize("role", list(Role))
def test_departments_and_sellers_list_lots(role):
    actor = Actor(1, 7, role, "HG", "Lan")
    may = role in (Role.OFFICER, Role.SELLER)

    assert may_list_lot(actor) == may
    assert may_edit_lot(actor, 7) == may
    assert not may_edit_lot(actor, 8)


def test_strangers_list_nothing():
    assert not may_list_lot(None)
    assert not may_edit_lot(None, 7)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("", None), ("3", 72), ("3 ngày", 72), ("2,5 ngày", 60), ("36 giờ", 36), ("1 day", 24)],
)
def test_freshness_is_read_in_days_or_hours(typed, hours):
    assert parse_freshness(typed) == hours


@pytest.mark.parametrize("typed", ["abc", "-1", "3 năm", "99999"])
def test_freshness_that_cannot_be_read_is_asked_again(typed):
    with pytest.raises(Rejected):
        parse_freshness(typed)


def test_all_that_is_wrong_is_told_at_once():
    error = refused(quantity=0, ask=0, grade="loai-9", until=TODAY - timedelta(days=1))

    assert [each.field for each in error.each()] == ["quantity", "ask", "grade", "until"]
