"""The balance: offered less wanted, by locality and group, this week and next."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.services.balance import NEXT_WEEK, THIS_WEEK, balance
from tests.factories import a_lot, a_need

WEDNESDAY = date(2026, 11, 25)
SUNDAY = date(2026, 11, 29)
FRUIT = "trai_cay"


@pytest.fixture(autouse=True)
def wednesday(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: WEDNESDAY)


def test_what_is_offered_less_what_is_wanted(each_app: Flask):
    a_lot(quantity=5_000)
    a_need(quantity=2_000)
    a_need(quantity=1_000, place="C31321")

    table = balance(WEDNESDAY)

    assert table.cell(THIS_WEEK, "HG", FRUIT).surplus == 4_000
    assert table.cell(THIS_WEEK, None, FRUIT).surplus == -2_000


def test_a_listing_counts_once_in_the_week_in_which_it_begins(app: Flask):
    a_lot(quantity=1_000, ready_on=WEDNESDAY - timedelta(days=9), until=SUNDAY + timedelta(days=9))
    a_lot(quantity=200, ready_on=SUNDAY, until=SUNDAY)
    a_lot(quantity=30, ready_on=SUNDAY + timedelta(days=1), until=SUNDAY + timedelta(days=30))
    a_lot(quantity=4, ready_on=SUNDAY + timedelta(days=8), until=SUNDAY + timedelta(days=30))

    table = balance(WEDNESDAY)

    assert table.week_ends == SUNDAY
    assert table.cell(THIS_WEEK, "HG", FRUIT).offered == 1_200
    assert table.cell(NEXT_WEEK, "HG", FRUIT).offered == 30


def test_what_is_withdrawn_or_over_does_not_count(app: Flask):
    a_lot(quantity=1_000, withdrawn_at=clock.now())
    a_lot(
        quantity=1_000,
        ready_on=WEDNESDAY - timedelta(days=5),
        until=WEDNESDAY - timedelta(days=1),
    )

    assert balance(WEDNESDAY).groups() == []


def test_groups_stand_in_the_order_of_their_weight(app: Flask):
    a_lot(quantity=1_000)
    a_lot(quantity=9_000, commodity="lua-st25")

    assert balance(WEDNESDAY).groups() == ["lua_gao", FRUIT]


def test_a_locality_is_summed_over_groups_and_weeks(app: Flask):
    a_lot(quantity=1_000)
    a_lot(
        quantity=9_000,
        commodity="lua-st25",
        ready_on=SUNDAY + timedelta(days=2),
        until=SUNDAY + timedelta(days=3),
    )

    assert balance(WEDNESDAY).of_locality("HG").offered == 10_000
