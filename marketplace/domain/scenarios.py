"""What if: what of a copied market is changed, the life of a scenario, and who may see it.

A change is a record. Each has a name under which it is kept as JSON, and a rule that says whether the
data know what it speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import check_price, check_quantity, check_text, check_window
from marketplace.domain.text_marks import N_

MOST_CHANGES = 40
NAME_LENGTH, NOTE_LENGTH = 120, 2_000
LEAST_FUEL, MOST_FUEL = -80, 300
"""Percent by which fuel may become dearer."""
MOST_PARTIES = 50
"""Sellers or buyers that one change adds."""


class ScenarioKind(StrEnum):
    """What is asked: what if this changed, or what each of the busiest links is worth."""

    CHANGES = "changes"
    LINKS = "links"


class ScenarioState(StrEnum):
    """Draft → queued → working → done, or failed when the engine gave up."""

    DRAFT = "draft"
    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Deed(StrEnum):
    """What is done to a link."""

    CLOSE = "close"
    OPEN = "open"
    WIDEN = "widen"


@dataclass(frozen=True)
class LinkChange:
    """A link closed, opened although it is closed, or widened.

    Widened: rid of limits of load, hours and waits; a canal also one class wider.
    """

    deed: Deed
    link: str


@dataclass(frozen=True)
class FuelChange:
    """Fuel dearer by so many percent (below 0: cheaper)."""

    percent: int


@dataclass(frozen=True)
class SealedOff:
    """Nothing crosses the border of a locality; inside it goods go on moving."""

    locality: str


@dataclass(frozen=True)
class ShutPlace:
    """Nothing is sold from a place or delivered to it: a wholesale market that is shut."""

    place: str


@dataclass(frozen=True)
class MoreSupply:
    """``sellers`` lots of ``quantity`` base units each, at an ask in ₫ per base unit, if named."""

    commodity: str
    place: str
    quantity: int
    ask: int | None
    first: date
    until: date
    sellers: int = 1


@dataclass(frozen=True)
class MoreDemand:
    """``buyers`` needs of ``quantity`` base units each, at a bid in ₫ per base unit, if named."""

    commodity: str
    place: str
    quantity: int
    bid: int | None
    first: date
    until: date
    buyers: int = 1


Change = LinkChange | FuelChange | SealedOff | ShutPlace | MoreSupply | MoreDemand

KINDS: dict[str, type[Change]] = {
    "link": LinkChange,
    "fuel": FuelChange,
    "sealed_off": SealedOff,
    "shut": ShutPlace,
    "supply": MoreSupply,
    "demand": MoreDemand,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(change: Change) -> str:
    """The name under which such changes are kept."""
    return _NAMES[type(change)]


def to_json(change: Change) -> dict[str, Any]:
    """What is kept of it; `from_json` reads it back."""
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    plain = {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}
    return {"kind": kind_of(change), **plain}


def from_json(row: dict[str, Any]) -> Change:
    """Raises `ValueError` for what `to_json` did not write."""
    values = dict(row)
    kind = KINDS.get(values.pop("kind", ""))
    if kind is None or values.keys() != {field.name for field in fields(kind)}:
        raise ValueError(f"not a change: {row!r}")
    for name in values.keys() & {"first", "until"}:
        values[name] = date.fromisoformat(values[name])
    if "deed" in values:
        values["deed"] = Deed(values["deed"])
    return kind(**values)


@dataclass(frozen=True)
class Known:
    """What a change may speak of: ids of links, localities and places, and the catalogue."""

    links: Collection[str]
    localities: Collection[str]
    places: Collection[str]
    catalogue: Catalogue


def check_change(change: Change, known: Known, today: date) -> None:
    """Raise `Rejected` for all the rules that the change breaks."""
    if isinstance(change, LinkChange):
        if change.link not in known.links:
            raise Rejected(N_("There is no such link. Choose one of the list."), field="link")
    elif isinstance(change, FuelChange):
        check_fuel(change.percent)
    elif isinstance(change, SealedOff):
        if change.locality not in known.localities:
            raise Rejected(N_("There is no such locality."), field="locality")
    elif isinstance(change, ShutPlace):
        check_place(change.place, known)
    else:
        _check_listing(change, known, today)


def check_fuel(percent: int) -> None:
    """Raise `Rejected` for a change of the price of fuel that nobody has seen, or none."""
    if not percent or not LEAST_FUEL <= percent <= MOST_FUEL:
        raise Rejected(
            N_("Write by how many percent fuel changes: from %(least)s to %(most)s, not 0."),
            field="percent",
            least=LEAST_FUEL,
            most=MOST_FUEL,
        )


def check_place(place: str, known: Known) -> None:
    """Raise `Rejected` for a place that the data do not know."""
    if place not in known.places:
        raise Rejected(N_("Enter a commune, market or port."), field="place")


def check_parties(count: int, field: str) -> None:
    """Raise `Rejected` for a number of sellers or buyers that one change cannot add."""
    if not 1 <= count <= MOST_PARTIES:
        raise Rejected(
            N_("Write a number from 1 to %(most)s; add another change for more."),
            field=field,
            most=MOST_PARTIES,
        )


def _check_listing(change: MoreSupply | MoreDemand, known: Known, today: date) -> None:
    if change.commodity not in {good.id for good in known.catalogue.commodities}:
        raise Rejected(N_("There are no such goods."), field="commodity")
    good = known.catalogue.commodity(change.commodity)
    count, counted, price, priced = (
        (change.sellers, "sellers", change.ask, "ask")
        if isinstance(change, MoreSupply)
        else (change.buyers, "buyers", change.bid, "bid")
    )
    if good.milligrams is None:
        raise Rejected(
            N_("Nobody knows what one %(unit)s of %(goods)s weighs, so no round counts it."),
            field="commodity",
            unit=good.base_unit_vi,
            goods=good.name_vi,
        )
    check_all(
        lambda: check_quantity(change.quantity, good),
        lambda: check_parties(count, counted),
        lambda: check_quantity(change.quantity * max(count, 1), good),
        lambda: check_price(price, good, confirmed=True, field=priced),
        lambda: check_place(change.place, known),
        lambda: check_window(change.first, change.until, today, first_field="first"),
    )


def check_naming(name: str, note: str) -> None:
    """Raise `Rejected` unless the scenario has a name that fits."""
    check_all(
        lambda: _check_named(name),
        lambda: check_text(name, NAME_LENGTH, field="name"),
        lambda: check_text(note, NOTE_LENGTH, field="note"),
    )


def _check_named(name: str) -> None:
    if not name:
        raise Rejected(N_("Give it a name by which others find it."), field="name")


def check_another(changes: Sequence[Change], change: Change) -> None:
    """Raise `Rejected` for the same change twice, or one too many."""
    if len(changes) >= MOST_CHANGES:
        raise Rejected(N_("%(most)s changes are the most."), most=MOST_CHANGES)
    once = isinstance(change, LinkChange | SealedOff | ShutPlace)
    if once and change in changes:
        raise Rejected(N_("This change is in the list already."))
    if isinstance(change, LinkChange) and any(
        isinstance(other, LinkChange) and other.link == change.link for other in changes
    ):
        raise Rejected(N_("Something else is done to this link already."), field="link")
    if isinstance(change, FuelChange) and any(isinstance(c, FuelChange) for c in changes):
        raise Rejected(N_("The price of fuel is changed already."), field="percent")


def shut_and_filled(changes: Sequence[Change]) -> tuple[str, ...]:
    """Places that are shut while goods are added there: people mostly mean one of the two."""
    shut = dict.fromkeys(change.place for change in changes if isinstance(change, ShutPlace))
    filled = {change.place for change in changes if isinstance(change, MoreSupply | MoreDemand)}
    return tuple(place for place in shut if place in filled)


def may_make(actor: Actor | None) -> bool:
    """Copy the open market and change it: coordinators, who see every bid anyway."""
    return actor is not None and actor.role is Role.COORDINATOR


def may_see(owner_id: int, shared: bool, actor: Actor | None) -> bool:
    """Its owner; what is shared, every coordinator and every department's officers."""
    if actor is None or actor.role not in (Role.COORDINATOR, Role.OFFICER):
        return False
    return shared or actor.user_id == owner_id


def may_change(owner_id: int, actor: Actor | None) -> bool:
    """Only who made it; everybody else copies it."""
    return may_make(actor) and actor is not None and actor.user_id == owner_id
