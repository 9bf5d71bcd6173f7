"""What may be asked for, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.needs import NeedDraft, check_need, may_edit_need, may_post_need
from marketplace.domain.prices import UnusualPrice

TODAY = date(2026, 11, 25)
CATALOGUE = Catalogue.from_reference(read_reference())
NEED = NeedDraft(
    commodity="khom-cau-duc",
    quantity=15_000,
    bid=12_000,
    place="M_BINHDIEN",
    from_on=TODAY,
    until=TODAY + timedelta(days=5),
)


def test_a_usual_need_may_be_posted():
    check_need(NEED, CATALOGUE, TODAY)
    check_need(replace(NEED, bid=None, min_grade="loai-2", splits=False), CATALOGUE, TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"bid": 0}, "bid"),
        ({"min_grade": "co-lon"}, "min_grade"),
        ({"min_quantity": 0}, "min_quantity"),
        ({"min_quantity": 15_001}, "min_quantity"),
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"from_on": TODAY + timedelta(days=6)}, "until"),
        ({"fresh_hours": -1}, "fresh"),
        ({"certificates": frozenset({"no-such"})}, "certificates"),
        ({"buyer": "x" * 201}, "buyer"),
        ({"note": "x" * 2_001}, "note"),
    ],
)
def test_the_field_to_correct_is_named(changes, field):
    with pytest.raises(Rejected) as error:
        check_need(replace(NEED, **changes), CATALOGUE, TODAY)

    assert error.value.field == field


def test_a_bid_that_looks_a_zero_off_must_be_confirmed():
    with pytest.raises(UnusualPrice):
        check_need(replace(NEED, bid=120_000), CATALOGUE, TODAY)

    check_need(replace(NEED, bid=120_000, price_confirmed=True), CATALOGUE, TODAY)


@pytest.mark.parametrize("role", list(Role))
def test_departments_and_buyers_post_needs(role):
    actor = Actor(1, 7, role, "HG", "Lan")
    may = role in (Role.OFFICER, Role.BUYER)

    assert (may_post_need(actor), may_edit_need(actor, 7)) == (may, may)
    assert not may_edit_need(actor, 8)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(Rejected) as refused:
        check_need(replace(NEED, quantity=0, bid=0, fresh_hours=-1), CATALOGUE, TODAY)

    assert [each.field for each in refused.value.each()] == ["quantity", "bid", "fresh"]
