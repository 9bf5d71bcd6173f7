"""What kinds of goods ask for, and what may not be sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.kinds import (
    ASKED,
    DETAILS,
    LICENCE,
    OLDEST_DAYS,
    Control,
    GoodsKind,
    asked_of,
    check_supplier,
    lacking,
    parse_age,
    parse_heads,
    spell_age,
    told,
)
from marketplace.domain.lots import LotDraft, check_lot
from marketplace.domain.needs import NeedDraft, check_need
from marketplace.domain.organisations import OrganisationKind

TODAY = date(2026, 11, 26)
CATALOGUE = Catalogue.from_reference(read_reference())
PIGLETS = LotDraft(
    commodity="heo-giong",
    grade="loai-1",
    quantity=80,
    ask=1_400_000,
    place="C31321",
    ready_on=TODAY,
    until=TODAY + timedelta(days=7),
    price_confirmed=True,
)


def check(**changes: object) -> None:
    draft = replace(PIGLETS, **changes)
    grade = CATALOGUE.default_grade(CATALOGUE.commodity(draft.commodity).group).id
    check_lot(replace(draft, grade=grade), CATALOGUE, TODAY)


def test_every_kind_and_status_is_known_and_has_goods() -> None:
    goods = CATALOGUE.commodities

    assert {good.kind for good in goods} == set(GoodsKind) == set(ASKED)
    assert {good.control for good in goods} == set(Control)
    assert all(good.control_source for good in goods)
    assert all(set(fields) <= set(DETAILS) for fields in ASKED.values())
    assert sum(good.kind == GoodsKind.INPUT for good in goods) == 13


def test_details_that_goods_ask_for_are_asked_and_not_required() -> None:
    good = CATALOGUE.commodity("heo-giong")
    check()
    assert lacking(good, PIGLETS) == asked_of(good)

    lot = replace(PIGLETS, age_days=45, origin="Trại Tân Tiến")

    assert lacking(good, lot) == ("quarantine_number", "quarantine_on")
    assert told(lot) == ("age_days", "origin")


WRONG: list[tuple[dict[str, object], str]] = [
    ({"age_days": 0}, "age_days"),
    ({"age_days": OLDEST_DAYS + 1}, "age_days"),
    ({"heads": -1}, "heads"),
    ({"quarantine_number": "HG 12"}, "quarantine_on"),
    ({"quarantine_on": TODAY}, "quarantine_number"),
    ({"quarantine_number": "1", "quarantine_on": TODAY + timedelta(days=1)}, "quarantine_on"),
    ({"best_before": TODAY - timedelta(days=1)}, "best_before"),
    ({"best_before": date(2099, 1, 1)}, "best_before"),
    ({"origin": "x" * 201}, "origin"),
    ({"batch_number": "x" * 61}, "batch_number"),
    ({"registration_number": "x" * 61}, "registration_number"),
    ({"commodity": "thuoc-cam"}, "commodity"),
    ({"commodity": "thuoc-cam", "registration_number": "1"}, "commodity"),
    ({"commodity": "thuoc-bvtv"}, "registration_number"),
    ({"commodity": "thuoc-bvtv", "registration_number": "1"}, "certificates"),
    ({"commodity": "phan-ure"}, "certificates"),
]


@pytest.mark.parametrize(("changes", "field"), WRONG)
def test_what_cannot_be_is_refused_at_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Rejected) as error:
        check(**changes)

    assert field in [each.field for each in error.value.each()]


def test_inputs_are_listed_by_who_sells_them_with_the_number_where_it_is_needed() -> None:
    licensed = frozenset({LICENCE})
    check(commodity="phan-ure", certificates=licensed)
    check(commodity="thuoc-bvtv", registration_number="1234", certificates=licensed)
    check(commodity="voi-nong-nghiep")  # lime: anybody who trades


@pytest.mark.parametrize("kind", [*OrganisationKind, None])
def test_only_who_trades_inputs_lists_them(kind: OrganisationKind | None) -> None:
    urea, paddy = (CATALOGUE.commodity(each) for each in ("phan-ure", "lua-om18"))
    role = Role.OFFICER if kind is OrganisationKind.DEPARTMENT else Role.SELLER
    actor = Actor(1, 1, role, "HG", "Lan", kind)

    check_supplier(paddy, actor)
    if kind in (OrganisationKind.COOPERATIVE, OrganisationKind.TRADER):
        check_supplier(urea, actor)
    else:
        with pytest.raises(Rejected, match="departments" if role is Role.OFFICER else "traders"):
            check_supplier(urea, actor)


def test_nobody_asks_for_banned_goods() -> None:
    need = NeedDraft(
        commodity="thuoc-cam",
        quantity=10,
        bid=None,
        place="C31321",
        from_on=TODAY,
        until=TODAY,
    )

    with pytest.raises(Rejected, match="banned"):
        check_need(need, CATALOGUE, TODAY)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("25", 25),
        ("25 ngày", 25),
        ("6 tuần", 42),
        ("2 tháng", 60),
        ("2 thang tuoi", 60),
        ("1,5 năm", 547),
        ("3 months", 90),
        ("10 days", 10),
    ],
)
def test_ages_as_people_write_them(typed: str, days: int) -> None:
    assert parse_age(typed) == days


@pytest.mark.parametrize("typed", ["", "già", "1,2 năm", "-3", "25 kg", "9" * 9])
def test_what_is_no_age_is_refused(typed: str) -> None:
    with pytest.raises(Rejected):
        parse_age(typed)


@given(st.integers(1, 99_999))
def test_every_age_that_we_write_we_read_back(days: int) -> None:
    assert parse_age(spell_age(days)) == days


@pytest.mark.parametrize(
    ("typed", "heads"),
    [("50", 50), ("1.200 con", 1_200), ("1 200", 1_200), ("12.345.678", 12_345_678)],
)
def test_heads_as_people_write_them(typed: str, heads: int) -> None:
    assert parse_heads(typed) == heads


@pytest.mark.parametrize("typed", ["", "năm mươi", "1.2", "12.34", "1,5", "-4"])
def test_what_is_no_number_of_animals_is_refused(typed: str) -> None:
    with pytest.raises(Rejected):
        parse_heads(typed)
