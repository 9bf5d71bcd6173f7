"""Plans of production: which weeks may be planned, by whom, and what is read of cells that are pasted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Forbidden, MarketplaceError, Rejected
from marketplace.domain.plans import (
    MOST_WEEKS,
    SeasonDraft,
    check_season,
    may_plan,
    monday,
    read_cell,
    read_matrix,
    read_pasted,
    weeks_from,
)
from marketplace.solving.world import world_of
from marketplace.web.plan_forms import spell

TODAY = date(2026, 11, 26)
FIRST = date(2026, 11, 23)
CATALOGUE: Catalogue = world_of(read_reference()).catalogue
RICE = CATALOGUE.commodity("khom-cau-duc")
EGGS = next(good for good in CATALOGUE.commodities if good.base_unit != "kg")
OFFICER = Actor(1, 2, Role.OFFICER, "HG", "Bà Mai")


def a_season(**said: object) -> SeasonDraft:
    draft = SeasonDraft(locality="HG", commodity=RICE.id, weeks={FIRST: 12_000})
    return replace(draft, **said)  # type: ignore[arg-type]


def check(draft: SeasonDraft, actor: Actor = OFFICER) -> None:
    check_season(draft, CATALOGUE, TODAY, actor=actor)


def test_a_department_plans_for_its_own_locality_only() -> None:
    check(a_season())

    assert may_plan(OFFICER, "HG")
    for actor in (replace(OFFICER, locality="CT"), replace(OFFICER, role=Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            check(a_season(), actor)
    assert not may_plan(None, "HG")


@pytest.mark.parametrize(
    ("week", "quantity"),
    [
        (FIRST + timedelta(days=1), 1),
        (FIRST - timedelta(weeks=27), 1),
        (FIRST + timedelta(weeks=61), 1),
        (FIRST, -1),
        (FIRST, 10**9 + 1),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_week(week: date, quantity: int) -> None:
    with pytest.raises(Rejected) as caught:
        check(a_season(weeks={week: quantity}))

    assert caught.value.field == f"week-{week.isoformat()}"


def test_all_wrong_weeks_are_told_at_once_and_texts_have_an_end() -> None:
    weeks = {FIRST: -1, FIRST + timedelta(days=7): -2}

    with pytest.raises(Rejected) as caught:
        check(a_season(weeks=weeks, source="x" * 201, note="x" * 501))

    assert [each.field for each in caught.value.each()] == [
        *(f"week-{week.isoformat()}" for week in weeks),
        "source",
        "note",
    ]


def test_no_more_than_a_year_is_planned_at_once() -> None:
    with pytest.raises(Rejected):
        check(a_season(weeks=dict.fromkeys(weeks_from(FIRST, MOST_WEEKS + 1), 1)))


@pytest.mark.parametrize(
    ("typed", "unit", "amount"),
    [
        ("12", "tấn", 12_000),
        ("12,5", "tấn", 12_500),
        ("850 kg", "tấn", 850),
        ("850", "kg", 850),
        ("", "tấn", None),
        (" – ", "tấn", None),
        ("0", "tấn", 0),
        ("0 tấn", "kg", 0),
        ("0,0", "kg", 0),
        ("2 tạ", "tấn", 200),
    ],
)
def test_a_bare_number_is_of_the_chosen_unit(typed: str, unit: str, amount: int | None) -> None:
    assert read_cell(typed, unit, RICE) == amount


@pytest.mark.parametrize("typed", ["abc", "-5", "5-7 tấn", "1.2.3", "5 tấn/tuần", "9" * 80])
def test_what_is_no_quantity_is_refused(typed: str) -> None:
    with pytest.raises(Rejected):
        read_cell(typed, "tấn", RICE)


@given(st.integers(0, 10**9))
def test_what_is_written_into_a_cell_is_read_back(amount: int) -> None:
    for good in (RICE, EGGS):
        assert read_cell(spell(amount, good), "tấn", good) == amount


NEXT = FIRST + timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("23/11/2026\t12 tấn\n30/11/2026\t8", {FIRST: "12 tấn", NEXT: "8"}),
        ("Tuần\tSản lượng\n25/11\t12\n02/12\t8", {FIRST: "12", NEXT: "8"}),
        ("Tuần 48\t12\nTuần 49\t8", {FIRST: "12", NEXT: "8"}),
        ("W48/2026;12\nw49/2026;8", {FIRST: "12", NEXT: "8"}),
        ("12\n8\n", {FIRST: "12", NEXT: "8"}),
        ("12\t8", {FIRST: "12", NEXT: "8"}),
        ("Khóm\t23/11\t30/11\nHậu Giang\t12\t8", {FIRST: "12", NEXT: "8"}),
        ("23/11 – 29/11/2026\t12\n30/11 – 06/12\t\n", {FIRST: "12", NEXT: ""}),
        ("12", {FIRST: "12"}),
    ],
)
def test_a_season_is_pasted_as_people_have_it(text: str, cells: dict[date, str]) -> None:
    assert read_pasted(text, FIRST, TODAY) == cells


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a\tb\tc\nd\te\tf", "23/11\t1\n24/11\t2", "a\tb\n1\n", "23/11\t1\nabc\t2"]
)
def test_what_is_no_season_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_pasted(text, FIRST, TODAY)

    assert caught.value.field == "pasted"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_pasted_is_weeks_or_refused(text: str) -> None:
    try:
        found = read_pasted(text, FIRST, TODAY)
    except MarketplaceError:
        return
    assert all(week == monday(week) for week in found)


def test_a_numbered_week_is_the_nearest() -> None:
    [week] = read_pasted("Tuần 2\t5", FIRST, TODAY)

    assert week == date(2027, 1, 11)


def test_a_table_of_goods_is_read_and_its_sums_are_passed_over() -> None:
    text = "Mặt hàng\t23/11\tTuần 49\n\nKhóm\t12\t8 tấn\nXoài\t\nTổng cộng\t12\t8\n"

    assert read_matrix(text, TODAY) == [
        ("Khóm", {FIRST: "12", NEXT: "8 tấn"}),
        ("Xoài", {FIRST: "", NEXT: ""}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Khóm\t12",
        "a\tb\nKhóm\t12",
        "x\t23/11\t24/11\nKhóm\t1\t2",
        "x\t23/11\nTổng\t1",
        "x\t23/11\n" + "Khóm\t1\n" * 200,
    ],
)
def test_what_is_no_table_of_goods_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_matrix(text, TODAY)

    assert caught.value.field == "pasted"
