"""Lots: what may be offered for sale, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.forward import check_expected
from marketplace.domain.kinds import check_kind, check_supplier
from marketplace.domain.listings import (
    CODE_LENGTH,
    LONGEST_FRESH_HOURS,
    NAME_LENGTH,
    NOTE_LENGTH,
    TRACE_LENGTH,
    Basis,
    UnsoldReason,
    check_basis,
    check_certificates,
    check_first_day,
    check_for_whom,
    check_grade,
    check_price,
    check_quantity,
    check_text,
    check_window,
    lists_for_others,
)
from marketplace.domain.photos import PhotoUse, check_photos
from marketplace.domain.places import Place
from marketplace.domain.quantities import spell_base_units


@dataclass(frozen=True, kw_only=True)
class LotDraft:
    """A lot as somebody wants to offer it. Quantity in base units, ask in ₫ per base unit."""

    commodity: str
    grade: str
    quantity: int
    ask: int | None
    place: str
    ready_on: date
    until: date
    quantity_most: int | None = None
    """What there may be at most, where that is more than the ``quantity`` that is sure."""
    fresh_hours: int | None = None
    certificates: frozenset[str] = frozenset()
    confidence: int | None = None
    whole: bool = False
    unsold_reason: UnsoldReason | None = None
    basis: Basis = Basis.OWN
    producer: str = ""
    growing_area_code: str = ""
    packing_code: str = ""
    trace_code: str = ""
    age_days: int | None = None
    heads: int | None = None
    origin: str = ""
    quarantine_number: str = ""
    quarantine_on: date | None = None
    best_before: date | None = None
    batch_number: str = ""
    registration_number: str = ""
    note: str = ""
    price_confirmed: bool = False
    photos: tuple[PhotoUse, ...] | None = None
    """In their order; None leaves them as they are."""
    papers: frozenset[int] | None = None
    """Certificates that stand behind ``certificates``; None leaves them as they are."""


KEPT_WHILE_PROMISED = ("commodity", "grade", "place", "certificates", "producer")
"""What a partner has been promised, so it stays while part of the lot is held or sold."""


def check_lot(draft: LotDraft, catalogue: Catalogue, today: date, *, new: bool = True) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks.

    Of a lot that is changed (``new`` False) the first day may be over.
    """
    good = catalogue.commodity(draft.commodity)
    first, last = draft.ready_on, draft.until
    check_all(
        lambda: check_quantity(draft.quantity, good),
        lambda: check_most(draft.quantity, draft.quantity_most, good),
        lambda: check_price(draft.ask, good, confirmed=draft.price_confirmed, field="ask"),
        lambda: check_grade(draft.grade, catalogue.grades(good.group), field="grade"),
        lambda: check_first_day(first, today, field="ready_on") if new else None,
        lambda: check_window(first, last, today, first_field="ready_on"),
        lambda: check_freshness(draft.fresh_hours),
        lambda: check_kind(draft, good, today),
        lambda: check_expected(draft.confidence, first, today),
        lambda: check_certificates(draft.certificates, catalogue.certifications),
        lambda: check_text(draft.producer, NAME_LENGTH, field="producer"),
        lambda: check_text(draft.growing_area_code, CODE_LENGTH, field="growing_area_code"),
        lambda: check_text(draft.packing_code, CODE_LENGTH, field="packing_code"),
        lambda: check_text(draft.trace_code, TRACE_LENGTH, field="trace_code"),
        lambda: check_text(draft.note, NOTE_LENGTH, field="note"),
        lambda: check_photos(draft.photos or ()),
    )


def check_most(quantity: int, most: int | None, commodity: Commodity) -> None:
    """Raise `Rejected` unless the most is as much as what is sure, or nothing is said of it."""
    if most is None:
        return
    check_quantity(most, commodity)
    if most < quantity:
        raise Rejected("The most cannot be less than what is sure.", field="quantity")


def check_freshness(hours: int | None) -> None:
    """Raise `Rejected` for a time that no goods stay fresh; None is as in the catalogue."""
    if hours is not None and not 0 < hours <= LONGEST_FRESH_HOURS:
        raise Rejected("Write how many days the goods stay fresh, such as 3.", field="fresh")


def check_lister(draft: LotDraft, place: Place, actor: Actor, good: Commodity) -> None:
    """Raise `Rejected` unless the goods are the actor's own, or of the department's locality.

    Of farm inputs, unless the actor's organisation may trade them.
    """
    for_others = lists_for_others(actor)
    check_all(
        lambda: check_basis(draft.basis, for_others=for_others),
        lambda: check_for_whom(draft.producer, for_others=for_others, field="producer"),
        lambda: check_own_locality(place, actor),
        lambda: check_supplier(good, actor),
    )


def check_own_locality(place: Place, actor: Actor) -> None:
    """Raise `Rejected` where a department would list goods of another locality."""
    if lists_for_others(actor) and place.locality != actor.locality:
        raise Rejected(
            "A department lists goods of its own locality only; %(place)s is elsewhere.",
            field="place",
            place=place.name,
        )


def check_promised(
    quantity: int, promised: int, changed: Collection[str], commodity: Commodity
) -> None:
    """Raise `Rejected` if a change would touch what is held or sold.

    ``changed`` names the fields of the draft that differ from the lot.
    """
    if not promised:
        return
    if quantity < promised:
        raise Rejected(
            "%(promised)s are held or sold already; the quantity cannot be less.",
            field="quantity",
            promised=spell_base_units(promised, commodity),
        )
    for field in KEPT_WHILE_PROMISED:
        if field in changed:
            raise Rejected(
                "Part of this lot is held or sold, so this cannot be changed any more.",
                field=field,
            )


def touched(differences: Mapping[str, tuple[Any, Any]]) -> set[str]:
    """Which fields of a lot change in a way that a partner may mind, for `check_promised`.

    ``differences``: what stood there and what shall, by field. Certificates that only come to those
    that are there break no promise: goods under a restriction wait for one.
    """
    there, then = differences.get("certificates", ((), ()))
    more = {"certificates"} if set(there) <= set(then) else set()
    return set(differences) - more


def may_list_lot(actor: Actor | None) -> bool:
    """Departments list for their producers, cooperatives and farms their own goods."""
    return actor is not None and actor.role in (Role.OFFICER, Role.SELLER)


def may_edit_lot(actor: Actor | None, organisation_id: int) -> bool:
    """Whoever may list for the organisation may change and withdraw what it has listed."""
    return may_list_lot(actor) and actor is not None and actor.organisation_id == organisation_id
