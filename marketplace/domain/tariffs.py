"""Tariffs: dated prices of vehicles and handling, which of them count, and what may be added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from marketplace.domain.actors import Actor, Role
from marketplace.domain.conditions import SOURCE_LENGTH, check_source
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import check_text
from marketplace.domain.network import BoatRate
from marketplace.domain.reference import CONFIDENCE, HandlingRate, State, TruckRate
from marketplace.domain.text_marks import N_

AnyRate = TruckRate | BoatRate | HandlingRate
Rate = TypeVar("Rate", bound=AnyRate)

MOST_FIXED, MOST_PER_KM, MOST_PER_KG = 100_000_000, 1_000_000, 10_000
"""₫; more is a slip of zeros."""
DAYS_AHEAD, DAYS_BACK = 365, 31


class TariffKind(StrEnum):
    """What a price is of."""

    TRUCK = "truck"
    BOAT = "boat"
    HANDLING = "handling"


TARIFFS = {
    TariffKind.TRUCK: "truck_rates",
    TariffKind.BOAT: "boat_rates",
    TariffKind.HANDLING: "handling",
}
"""The part of `State` in which each kind stands."""


@dataclass(frozen=True, kw_only=True)
class TariffDraft:
    """A price from a day on, as somebody wants to add it.

    Trucks have ``per_km`` by the distances of their class, boats ``vnd_per_km``, handling
    ``vnd_per_kg``; trips have a ``fixed`` part.
    """

    kind: TariffKind
    subject: str  # vehicle class or group of goods
    valid_from: date
    source: str
    confidence: str
    fixed: int | None = None
    per_km: tuple[tuple[int, int], ...] | None = None
    vnd_per_km: int | None = None
    vnd_per_kg: int | None = None


def subject_of(rate: AnyRate) -> str:
    """Vehicle class, or group of goods."""
    return rate.group if isinstance(rate, HandlingRate) else rate.vehicle


def in_force(rates: Sequence[Rate], day: date) -> tuple[Rate, ...]:
    """The newest rate of each subject that is valid on a day, of two from one day the later row.

    Before its first day the first one counts, so that there always is a price.
    """
    chosen: dict[str, Rate] = {}
    for rate in sorted(rates, key=lambda rate: rate.valid_from):
        if rate.valid_from <= day or subject_of(rate) not in chosen:
            chosen[subject_of(rate)] = rate
    return tuple(rate for rate in rates if chosen[subject_of(rate)] is rate)


def on_day(state: State, day: date) -> State:
    """The state with the rates only that are valid on a day."""
    return State(
        conditions=state.conditions,
        restrictions=state.restrictions,
        truck_rates=in_force(state.truck_rates, day),
        boat_rates=in_force(state.boat_rates, day),
        handling=in_force(state.handling, day),
    )


def check_tariff(draft: TariffDraft, like: AnyRate | None, today: date) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks.

    ``like`` is a rate of the same subject: what has none cannot be carried by, so not be priced.
    """
    check_all(
        lambda: _check_subject(like),
        lambda: _check_prices(draft, like),
        lambda: check_valid_from(draft.valid_from, today),
        lambda: check_source(draft.source),
        lambda: check_text(draft.source, SOURCE_LENGTH, field="source"),
        lambda: _check_confidence(draft.confidence),
    )


def check_differs(draft: TariffDraft, there: AnyRate) -> None:
    """Raise `Rejected` for the price that counts on that day anyway; a surer source is a change."""
    same = all(
        _plain(getattr(draft, name)) == _plain(getattr(there, name))
        for name in ("fixed", "per_km", "vnd_per_km", "vnd_per_kg")
        if hasattr(there, name)
    )
    if same and draft.confidence == there.confidence:
        raise Rejected(N_("Nothing is changed: this price counts on that day already."))


def _plain(figures: object) -> object:
    """Points as lists, wherever they come from."""
    if isinstance(figures, list | tuple):
        return [list(point) for point in figures]
    return figures


def check_rising(points: Iterable[tuple[int, int]], fixed: int, *, field: str) -> None:
    """Raise `Rejected` where a longer trip would cost less. ``points``: km, ₫ per km there."""
    prices = [(km, fixed + km * per_km) for km, per_km in points]
    for (near, less), (far, more) in pairwise(prices):
        if more < less:
            raise Rejected(
                N_(
                    "A trip of %(far)s km would cost %(more)s ₫, less than one of %(near)s km"
                    " (%(less)s ₫). A tariff never falls."
                ),
                field=field,
                near=near,
                far=far,
                less=f"{less:,}".replace(",", "."),
                more=f"{more:,}".replace(",", "."),
            )


def check_valid_from(day: date, today: date) -> None:
    """Raise `Rejected` for a day that is far away: what is over has been counted with."""
    if not today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD):
        raise Rejected(
            N_("A price counts from a day between a month ago and a year from now."),
            field="valid_from",
        )


def may_price(actor: Actor | None) -> bool:
    """Coordinators and administrators: a price binds all seven localities."""
    return actor is not None and actor.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


def _check_subject(like: AnyRate | None) -> None:
    if like is None:
        raise Rejected(N_("There is no such vehicle or group of goods."), field="subject")


def _check_prices(draft: TariffDraft, like: AnyRate | None) -> None:
    if isinstance(like, HandlingRate):
        _check_money(draft.vnd_per_kg, MOST_PER_KG, "vnd_per_kg")
    elif isinstance(like, BoatRate):
        _check_money(draft.fixed, MOST_FIXED, "fixed")
        _check_money(draft.vnd_per_km, MOST_PER_KM, "vnd_per_km")
    elif isinstance(like, TruckRate):
        _check_points(draft, like)


def _check_points(draft: TariffDraft, like: TruckRate) -> None:
    points = draft.per_km or ()
    _check_money(draft.fixed, MOST_FIXED, "fixed")
    if [km for km, _ in points] != [km for km, _ in like.per_km]:
        raise Rejected(N_("Write a price for each distance."), field="per_km")
    for _, per_km in points:
        _check_money(per_km, MOST_PER_KM, "per_km")
    check_rising(points, draft.fixed or 0, field="per_km")


def _check_money(money: int | None, most: int, field: str) -> None:
    if money is None or money < 0:
        raise Rejected(N_("Write a price in đồng."), field=field)
    if money > most:
        raise Rejected(N_("No transport costs that much. Check the price."), field=field)


def _check_confidence(confidence: str) -> None:
    if confidence not in CONFIDENCE:
        raise Rejected(N_("Say how sure the price is."), field="confidence")
