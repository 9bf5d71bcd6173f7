"""Listings that rows of a sheet can be about: those of earlier imports, and those made by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import selectinload

from marketplace.domain.drafts import draft_to_json
from marketplace.domain.imports import Known, own_key, row_key
from marketplace.models.base import db
from marketplace.models.importing import Listings
from marketplace.models.imports import MENDED, SheetRow

_AT_ONCE = 500
_NEVER_STATED = frozenset(
    {"basis", "price_confirmed", "fresh_hours", "unsold_reason", "photos", "papers"}
)


def known_listings(
    side: Listings, organisation_id: int, keys: Collection[str], today: date
) -> Mapping[str, list[Known]]:
    """The organisation's lots or needs by the keys under which rows name them."""
    wanted = set(keys)
    imported = _ever_imported(side, organisation_id)
    open_ids = _open_ids(side, organisation_id, today)
    by_number = {i: key for i in open_ids if (key := own_key(i, side.noun)) in wanted}
    known: defaultdict[str, list[Known]] = defaultdict(list)
    taken: set[int] = set(by_number)
    for listing in _read(side, sorted(by_number)):
        known[by_number[listing.id]].append(Known(listing.id, _said(side, listing)))
    for found in (
        _imported(side, organisation_id, wanted, today),
        _mended(side, organisation_id, today),
    ):
        for key, one in found:
            if one.listing_id not in taken and key in wanted:
                known[key].append(one)
                taken.add(one.listing_id)
    for listing in _read(side, [i for i in open_ids if i not in taken | imported]):
        said = _said(side, listing)
        known[key_of(side, said)].append(Known(listing.id, said))
    return known


def key_of(side: Listings, said: Mapping[str, Any]) -> str:
    """By what a listing is known again that no sheet has given an id."""
    first = said.get(side.first_day, "")
    grade = said.get(side.grade) or ""
    return row_key("", said[side.whose], said["commodity"], grade, said["place"], first)


def _open_ids(side: Listings, organisation_id: int, today: date) -> list[int]:
    """Those still on, in their order; instalments follow their series and not a sheet."""
    query = (
        select(side.kind.id)
        .where(side.kind.organisation_id == organisation_id, side.kind.withdrawn_at.is_(None))
        .where(side.kind.until >= today, side.kind.series_id.is_(None))
        .order_by(side.kind.id)
    )
    return list(db.session.scalars(query))


def _read(side: Listings, ids: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(side.kind)
            .where(side.kind.id.in_(ids[start : start + _AT_ONCE]))
            .options(selectinload(side.kind.certifications))
            .order_by(side.kind.id)
        )
        yield from db.session.scalars(query)


def _imported(
    side: Listings, organisation_id: int, keys: set[str], today: date
) -> list[tuple[str, Known]]:
    """What was stated last of each listing that rows with these keys became, in the order of the listings."""
    stated: dict[int, dict[str, Any]] = {}
    of: dict[int, tuple[str, bool]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        named = SheetRow.key.in_(ordered[start : start + _AT_ONCE])
        for key, number, said, withdrawn_at, until in db.session.execute(
            _saved(side, organisation_id, named)
        ):
            stated[number] = {**stated.get(number, {}), **said}
            of[number] = (key, withdrawn_at is None and until >= today)
    return [(key, Known(n, stated[n], may_change)) for n, (key, may_change) in sorted(of.items())]


def _mended(side: Listings, organisation_id: int, today: date) -> list[tuple[str, Known]]:
    """Listings that came back with an id of ours, by what they are: the next sheet has no such ids."""
    query = _saved(side, organisation_id, SheetRow.why == MENDED)
    return [
        (key_of(side, said), Known(number, said, withdrawn_at is None and until >= today))
        for _key, number, said, withdrawn_at, until in db.session.execute(query)
    ]


def _saved(
    side: Listings, organisation_id: int, which: ColumnElement[bool]
) -> Select[tuple[str, int, dict[str, Any], Any, date]]:
    number = getattr(SheetRow, side.column)
    return (
        select(SheetRow.key, number, SheetRow.stated, side.kind.withdrawn_at, side.kind.until)
        .join(side.kind, side.kind.id == number)
        .where(SheetRow.organisation_id == organisation_id, SheetRow.saved_at.is_not(None), which)
        .order_by(SheetRow.id)
    )


def _ever_imported(side: Listings, organisation_id: int) -> set[int]:
    number = getattr(SheetRow, side.column)
    query = select(number).where(
        SheetRow.organisation_id == organisation_id,
        SheetRow.saved_at.is_not(None),
        number.is_not(None),
    )
    return set(db.session.scalars(query))


def _said(side: Listings, listing: Any) -> dict[str, Any]:
    """The listing as a row would state it."""
    draft = draft_to_json(side.draft_of(listing))
    return {name: value for name, value in draft.items() if name not in _NEVER_STATED}
