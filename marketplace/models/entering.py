"""Put a lot or a need and its first entry in the books into the database.

The rules that bind a draft are checked before; whoever calls this is in a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.domain.commodities import Catalogue
from marketplace.domain.kinds import DETAILS
from marketplace.domain.listings import Basis, MovementKind, Repeated, UnsoldReason, search_text
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.places import Gazetteer
from marketplace.domain.text_marks import N_
from marketplace.models.attaching import attach
from marketplace.models.base import db
from marketplace.models.listings import book, certifications, read_again
from marketplace.models.lots import Lot
from marketplace.models.movements import Movement
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation

Names = tuple[Gazetteer, Catalogue]


def enter_lots(
    drafts: list[LotDraft],
    names: Names,
    organisation_id: int,
    *,
    actor_id: int,
    now: datetime,
    once: str = "",
    more: Sequence[Mapping[str, object]] = (),
) -> list[Lot]:
    """The lots as rows, each with its quantity offered; the same ``once`` cannot be entered twice.

    ``more``: of each draft, other columns of its row.
    """
    organisation = db.session.get_one(Organisation, organisation_id)
    lots = [
        Lot(
            organisation_id=organisation.id,
            created_by=actor_id,
            listed_at=now,
            **lot_columns(draft, names, organisation),
            changed_at=now,
            certifications=certifications(draft.certificates),
            **columns,
        )
        for draft, columns in zip(drafts, more or [{}] * len(drafts), strict=True)
    ]
    _book(lots, [draft.quantity for draft in drafts], actor_id, now, once)
    for lot, draft in zip(lots, drafts, strict=True):
        attach(lot, draft)
    return lots


def enter_needs(
    drafts: list[NeedDraft],
    names: Names,
    organisation_id: int,
    *,
    actor_id: int,
    now: datetime,
    once: str = "",
    more: Sequence[Mapping[str, object]] = (),
) -> list[Need]:
    """The needs as rows, each with its quantity wanted; else as `enter_lots`."""
    organisation = db.session.get_one(Organisation, organisation_id)
    needs = [
        Need(
            organisation_id=organisation.id,
            created_by=actor_id,
            listed_at=now,
            **need_columns(draft, names, organisation),
            changed_at=now,
            certifications=certifications(draft.certificates),
            **columns,
        )
        for draft, columns in zip(drafts, more or [{}] * len(drafts), strict=True)
    ]
    _book(needs, [draft.quantity for draft in drafts], actor_id, now, once)
    return needs


def _book(
    listings: Sequence[Lot | Need], quantities: list[int], actor_id: int, now: datetime, once: str
) -> None:
    db.session.add_all(listings)
    db.session.flush()
    for number, (listing, quantity) in enumerate(zip(listings, quantities, strict=True)):
        book(
            listing,
            MovementKind.OFFER,
            quantity,
            event="offer",
            actor_id=actor_id,
            at=now,
            key=f"once:{once}:{number}" if once else "",
        )
    db.session.flush()
    read_again(listings)


@contextmanager
def entered_once(once: str) -> Iterator[None]:
    """Raises `Repeated` where what is entered inside has been entered under that name before."""
    try:
        yield
    except IntegrityError as error:
        if once and _is_entered(once):
            raise Repeated(N_("This has been saved already.")) from error
        raise


def _is_entered(once: str) -> bool:
    first = select(Movement.id).where(Movement.key == f"once:{once}:0")
    return db.session.scalar(first) is not None


def lot_columns(draft: LotDraft, names: Names, organisation: Organisation) -> dict[str, object]:
    """What a draft says, by column."""
    return {
        "basis": draft.basis,
        "producer": draft.producer,
        "commodity_id": draft.commodity,
        "grade": draft.grade,
        "quantity_most": draft.quantity_most,
        "ask": draft.ask,
        "place_id": draft.place,
        "locality_id": names[0].get(draft.place).locality,
        "ready_on": draft.ready_on,
        "until": draft.until,
        "fresh_hours": draft.fresh_hours,
        "confidence": draft.confidence,
        "whole": draft.whole,
        "unsold_reason": draft.unsold_reason or "",
        "growing_area_code": draft.growing_area_code,
        "packing_code": draft.packing_code,
        "trace_code": draft.trace_code,
        **{field: getattr(draft, field) for field in DETAILS},
        "note": draft.note,
        "search": _search(draft.commodity, draft.place, draft.producer, names, organisation),
    }


def draft_of(lot: Lot) -> LotDraft:
    """The lot as its form would hand it over."""
    return LotDraft(
        commodity=lot.commodity_id,
        grade=lot.grade,
        quantity=lot.quantity,
        quantity_most=lot.quantity_most,
        ask=lot.ask,
        place=lot.place_id,
        ready_on=lot.ready_on,
        until=lot.until,
        fresh_hours=lot.fresh_hours,
        certificates=frozenset(paper.id for paper in lot.certifications),
        confidence=lot.confidence,
        whole=lot.whole,
        unsold_reason=UnsoldReason(lot.unsold_reason) if lot.unsold_reason else None,
        basis=Basis(lot.basis),
        producer=lot.producer,
        growing_area_code=lot.growing_area_code,
        packing_code=lot.packing_code,
        trace_code=lot.trace_code,
        **{field: getattr(lot, field) for field in DETAILS},
        note=lot.note,
    )


def need_columns(draft: NeedDraft, names: Names, organisation: Organisation) -> dict[str, object]:
    """What a draft says, by column."""
    return {
        "basis": draft.basis,
        "buyer": draft.buyer,
        "commodity_id": draft.commodity,
        "min_grade": draft.min_grade,
        "quantity_least": draft.quantity_least,
        "bid": draft.bid,
        "bid_sealed": draft.bid_sealed,
        "place_id": draft.place,
        "locality_id": names[0].get(draft.place).locality,
        "from_on": draft.from_on,
        "until": draft.until,
        "fresh_hours": draft.fresh_hours,
        "min_quantity": draft.min_quantity,
        "splits": draft.splits,
        "accepts_expected": draft.accepts_expected,
        "note": draft.note,
        "search": _search(draft.commodity, draft.place, draft.buyer, names, organisation),
    }


def need_draft_of(need: Need) -> NeedDraft:
    """The need as its form would hand it over."""
    return NeedDraft(
        commodity=need.commodity_id,
        min_grade=need.min_grade,
        quantity=need.quantity,
        quantity_least=need.quantity_least,
        bid=need.bid,
        bid_sealed=need.bid_sealed,
        place=need.place_id,
        from_on=need.from_on,
        until=need.until,
        fresh_hours=need.fresh_hours,
        certificates=frozenset(paper.id for paper in need.certifications),
        min_quantity=need.min_quantity,
        splits=need.splits,
        basis=Basis(need.basis),
        buyer=need.buyer,
        note=need.note,
    )


def name_again(organisation: Organisation, names: Names) -> None:
    """Let the organisation's listings be found by the name that it has now."""
    for lot in db.session.scalars(select(Lot).where(Lot.organisation_id == organisation.id)):
        lot.search = _search(lot.commodity_id, lot.place_id, lot.producer, names, organisation)
    for need in db.session.scalars(select(Need).where(Need.organisation_id == organisation.id)):
        need.search = _search(need.commodity_id, need.place_id, need.buyer, names, organisation)


def _search(
    commodity_id: str, place_id: str, for_whom: str, names: Names, organisation: Organisation
) -> str:
    """The words by which the listing is found."""
    gazetteer, catalogue = names
    commodity = catalogue.commodity(commodity_id)
    return search_text(
        commodity.name_vi,
        commodity.name_en,
        *commodity.also,
        gazetteer.label(gazetteer.get(place_id)),
        organisation.name,
        for_whom,
    )
