"""Needs: what may be asked for, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.kinds import check_not_banned
from marketplace.domain.listings import (
    LONGEST_FRESH_HOURS,
    NAME_LENGTH,
    NOTE_LENGTH,
    Basis,
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
from marketplace.domain.quantities import spell_base_units


@dataclass(frozen=True, kw_only=True)
class NeedDraft:
    """A need as somebody wants to post it. Quantities in base units, bid in ₫ per base unit."""

    commodity: str
    quantity: int
    bid: int | None
    place: str
    from_on: date
    until: date
    bid_sealed: bool = True
    quantity_least: int | None = None
    """What is wanted at least, where that is less than the ``quantity`` that it takes at most."""
    min_grade: str | None = None
    fresh_hours: int = 0
    certificates: frozenset[str] = frozenset()
    min_quantity: int = 1
    splits: bool = True
    accepts_expected: bool = False
    basis: Basis = Basis.OWN
    buyer: str = ""
    note: str = ""
    price_confirmed: bool = False


KEPT_WHILE_PROMISED = ("commodity", "min_grade", "place", "certificates", "buyer")
"""What a partner relies on, so it stays while part of the need is held or bought."""


def check_need(draft: NeedDraft, catalogue: Catalogue, today: date, *, new: bool = True) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks."""
    good = catalogue.commodity(draft.commodity)
    first, last = draft.from_on, draft.until
    check_all(
        lambda: check_not_banned(good),
        lambda: check_quantity(draft.quantity, good),
        lambda: check_least(draft),
        lambda: check_price(draft.bid, good, confirmed=draft.price_confirmed, field="bid"),
        lambda: check_grade(draft.min_grade, catalogue.grades(good.group), field="min_grade"),
        lambda: check_smallest(draft),
        lambda: check_first_day(first, today, field="from_on") if new else None,
        lambda: check_window(first, last, today, first_field="from_on"),
        lambda: check_freshness(draft.fresh_hours),
        lambda: check_certificates(draft.certificates, catalogue.certifications),
        lambda: check_text(draft.buyer, NAME_LENGTH, field="buyer"),
        lambda: check_text(draft.note, NOTE_LENGTH, field="note"),
    )


def check_freshness(hours: int) -> None:
    """Raise `Rejected` for a freshness that no goods have left on arrival."""
    if not 0 <= hours <= LONGEST_FRESH_HOURS:
        raise Rejected("Write how many days of freshness must be left, such as 2.", field="fresh")


def check_least(draft: NeedDraft) -> None:
    """Raise `Rejected` unless the least lies between one unit and the whole need."""
    if draft.quantity_least is not None and not 0 < draft.quantity_least <= draft.quantity:
        raise Rejected("The least cannot be more than the most.", field="quantity")


def check_smallest(draft: NeedDraft) -> None:
    """Raise `Rejected` unless the smallest delivery lies between one unit and the whole need."""
    if draft.min_quantity < 1:
        raise Rejected("The smallest delivery must be more than 0.", field="min_quantity")
    if draft.min_quantity > draft.quantity > 0:
        raise Rejected(
            "The smallest delivery cannot be more than the whole quantity.", field="min_quantity"
        )


def check_poster(draft: NeedDraft, actor: Actor) -> None:
    """Raise `Rejected` unless the need is the actor's own, or a department says whose it is."""
    for_others = lists_for_others(actor)
    check_all(
        lambda: check_basis(draft.basis, for_others=for_others),
        lambda: check_for_whom(draft.buyer, for_others=for_others, field="buyer"),
    )


def check_promised(
    quantity: int, promised: int, changed: Collection[str], commodity: Commodity
) -> None:
    """Raise `Rejected` if a change would touch what is held or bought."""
    if not promised:
        return
    if quantity < promised:
        raise Rejected(
            "%(promised)s are held or bought already; the quantity cannot be less.",
            field="quantity",
            promised=spell_base_units(promised, commodity),
        )
    for field in KEPT_WHILE_PROMISED:
        if field in changed:
            raise Rejected(
                "Part of this need is held or bought, so this cannot be changed any more.",
                field=field,
            )


def may_post_need(actor: Actor | None) -> bool:
    """Departments post for their buyers; traders, processors, markets and shops their own."""
    return actor is not None and actor.role in (Role.OFFICER, Role.BUYER)


def may_edit_need(actor: Actor | None, organisation_id: int) -> bool:
    """Whoever may post for the organisation may change and withdraw what it has posted."""
    return may_post_need(actor) and actor is not None and actor.organisation_id == organisation_id
