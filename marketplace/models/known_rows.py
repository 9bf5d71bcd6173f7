"""Lots that rows of a sheet can be about: those of earlier imports, and those listed by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.domain.drafts import draft_to_json
from marketplace.domain.imports import Known, own_key, row_key
from marketplace.models.base import db
from marketplace.models.entering import draft_of
from marketplace.models.imports import MENDED, SheetRow
from marketplace.models.lots import Lot

_AT_ONCE = 500
_NEVER_STATED = frozenset({"basis", "price_confirmed", "fresh_hours", "unsold_reason"})


def known_lots(
    organisation_id: int, keys: Collection[str], today: date
) -> Mapping[str, list[Known]]:
    """The organisation's lots by the keys under which rows name them."""
    wanted = set(keys)
    by_hand = _open_lots(organisation_id, today)
    by_number = [lot for lot in by_hand if own_key(lot.id) in wanted]
    taken = {lot.id for lot in by_number}
    known: defaultdict[str, list[Known]] = defaultdict(list)
    for lot in by_number:
        known[own_key(lot.id)].append(Known(lot.id, _said(lot)))
    for key, one in _imported(organisation_id, wanted, today):
        if one.lot_id not in taken:
            known[key].append(one)
            taken.add(one.lot_id)
    for key, one in _mended(organisation_id, today):
        if one.lot_id not in taken and key in wanted:
            known[key].append(one)
            taken.add(one.lot_id)
    imported = _ever_imported(organisation_id)
    for lot in by_hand:
        if lot.id not in taken | imported:
            known[_key(lot)].append(Known(lot.id, _said(lot)))
    return known


def _open_lots(organisation_id: int, today: date) -> list[Lot]:
    query = (
        select(Lot)
        .where(Lot.organisation_id == organisation_id, Lot.withdrawn_at.is_(None))
        .where(Lot.until >= today)
        .options(selectinload(Lot.certifications))
        .order_by(Lot.id)
    )
    return list(db.session.scalars(query))


def _imported(organisation_id: int, keys: set[str], today: date) -> list[tuple[str, Known]]:
    """What was stated last of each lot that rows with these keys became, in the order of the lots."""
    stated: dict[int, dict[str, Any]] = {}
    by_lot: dict[int, tuple[str, bool]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        query = (
            select(SheetRow.key, SheetRow.lot_id, SheetRow.stated, Lot.withdrawn_at, Lot.until)
            .join(Lot, Lot.id == SheetRow.lot_id)
            .where(SheetRow.organisation_id == organisation_id, SheetRow.saved_at.is_not(None))
            .where(SheetRow.key.in_(ordered[start : start + _AT_ONCE]))
            .order_by(SheetRow.id)
        )
        for key, lot_id, said, withdrawn_at, until in db.session.execute(query):
            stated[lot_id] = {**stated.get(lot_id, {}), **said}
            by_lot[lot_id] = (key, withdrawn_at is None and until >= today)
    return [
        (key, Known(lot_id, stated[lot_id], may_change))
        for lot_id, (key, may_change) in sorted(by_lot.items())
    ]


def _mended(organisation_id: int, today: date) -> list[tuple[str, Known]]:
    """Lots that came back with an id of ours, by what they are: the next sheet has no such ids."""
    query = (
        select(SheetRow.lot_id, SheetRow.stated, Lot.withdrawn_at, Lot.until)
        .join(Lot, Lot.id == SheetRow.lot_id)
        .where(SheetRow.organisation_id == organisation_id, SheetRow.saved_at.is_not(None))
        .where(SheetRow.why == MENDED)
        .order_by(SheetRow.id)
    )
    return [
        (_key_of(said), Known(lot_id, said, withdrawn_at is None and until >= today))
        for lot_id, said, withdrawn_at, until in db.session.execute(query)
    ]


def _key_of(said: Mapping[str, Any]) -> str:
    first = said.get("ready_on", "")
    return row_key("", said["producer"], said["commodity"], said["grade"], said["place"], first)


def _ever_imported(organisation_id: int) -> set[int]:
    query = select(SheetRow.lot_id).where(
        SheetRow.organisation_id == organisation_id, SheetRow.saved_at.is_not(None)
    )
    return {lot_id for lot_id in db.session.scalars(query) if lot_id}


def _said(lot: Lot) -> dict[str, Any]:
    """The lot as a row would state it."""
    return {k: v for k, v in draft_to_json(draft_of(lot)).items() if k not in _NEVER_STATED}


def _key(lot: Lot) -> str:
    first = lot.ready_on.isoformat()
    return row_key("", lot.producer, lot.commodity_id, lot.grade, lot.place_id, first)
