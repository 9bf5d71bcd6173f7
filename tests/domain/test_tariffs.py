"""Which price counts on a day, and which may be added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected
from marketplace.domain.tariffs import (
    TariffDraft,
    TariffKind,
    check_tariff,
    in_force,
    may_price,
    on_day,
)

TODAY = date(2026, 11, 25)
FILES = read_reference().state
TRUCK = next(rate for rate in FILES.truck_rates if rate.vehicle == "10t")
BOAT = next(rate for rate in FILES.boat_rates if rate.vehicle == "boat80t")
HANDLING = FILES.handling[0]
NEW = TariffDraft(
    kind=TariffKind.TRUCK,
    subject="10t",
    valid_from=TODAY,
    source="Bảng giá 11/2026",
    confidence="sourced",
    fixed=TRUCK.fixed,
    per_km=TRUCK.per_km,
)


def test_of_several_prices_the_newest_that_is_valid_counts() -> None:
    newer = replace(BOAT, vnd_per_km=1, valid_from=TODAY)
    same_day = replace(BOAT, vnd_per_km=2, valid_from=TODAY)
    later = replace(BOAT, vnd_per_km=3, valid_from=TODAY + timedelta(days=1))
    rates = (BOAT, newer, same_day, later)

    assert in_force(rates, TODAY) == (same_day,)
    assert in_force(rates, TODAY - timedelta(days=1)) == (BOAT,)
    assert in_force(rates, TODAY + timedelta(days=1)) == (later,)
    assert in_force((later,), TODAY) == (later,)


def test_what_the_files_say_today_is_what_they_say() -> None:
    assert on_day(FILES, TODAY) == FILES


@pytest.mark.parametrize(
    ("like", "changes"),
    [
        (TRUCK, {}),
        (BOAT, {"fixed": 1_000, "vnd_per_km": 900, "per_km": None}),
        (HANDLING, {"fixed": None, "vnd_per_kg": 120, "per_km": None}),
    ],
)
def test_what_may_be_added(like, changes) -> None:
    check_tariff(replace(NEW, **changes), like, TODAY)


@pytest.mark.parametrize(
    ("like", "changes", "field"),
    [
        (None, {}, "subject"),
        (TRUCK, {"fixed": None}, "fixed"),
        (TRUCK, {"fixed": -1}, "fixed"),
        (TRUCK, {"fixed": 10**9}, "fixed"),
        (TRUCK, {"per_km": TRUCK.per_km[:-1]}, "per_km"),
        (TRUCK, {"per_km": (*TRUCK.per_km[:-1], (TRUCK.per_km[-1][0], 1))}, "per_km"),
        (BOAT, {"vnd_per_km": None}, "vnd_per_km"),
        (HANDLING, {"vnd_per_kg": 10**6}, "vnd_per_kg"),
        (TRUCK, {"valid_from": TODAY - timedelta(days=60)}, "valid_from"),
        (TRUCK, {"valid_from": TODAY + timedelta(days=900)}, "valid_from"),
        (TRUCK, {"source": ""}, "source"),
        (TRUCK, {"confidence": "sure"}, "confidence"),
    ],
)
def test_the_field_of_a_price_to_correct_is_named(like, changes, field) -> None:
    with pytest.raises(Rejected) as error:
        check_tariff(replace(NEW, **changes), like, TODAY)

    assert error.value.field == field


def test_a_tariff_that_falls_names_the_two_distances() -> None:
    falls = (*TRUCK.per_km[:-1], (TRUCK.per_km[-1][0], 1))

    with pytest.raises(Rejected, match=r"250 km .* less than one of 175 km"):
        check_tariff(replace(NEW, per_km=falls), TRUCK, TODAY)


@pytest.mark.parametrize("role", list(Role))
def test_coordinators_and_administrators_price(role: Role) -> None:
    may = role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    assert may_price(Actor(1, 1, role, "HG", "somebody")) is may
