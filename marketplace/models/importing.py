"""What rows of a sheet become: lots or needs, entered by batches, or changed where they are there already.

Both sides of the market go the same way; `SIDES` says in what they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.domain import lots, needs
from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.drafts import draft_from_json, need_from_json
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import Side, differences
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.places import Gazetteer
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.entering import (
    draft_of,
    enter_lots,
    enter_needs,
    lot_columns,
    need_columns,
    need_draft_of,
)
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation
from marketplace.models.revising import correct

Draft = LotDraft | NeedDraft


@dataclass(frozen=True)
class Saving:
    """Under which rows are saved: by whom, with which names, on which day."""

    actor: Actor
    names: tuple[Gazetteer, Catalogue]
    today: date
    now: datetime

    @property
    def organisation(self) -> Organisation:
        return db.session.get_one(Organisation, self.actor.organisation_id)


@dataclass(frozen=True)
class Listings:
    """One side of the market, as rows of a sheet become it."""

    noun: Side
    kind: Any  # Lot or Need
    column: str
    """Of `SheetRow`: which listing the row is."""
    first_day: str
    grade: str
    whose: str
    """Fields of its drafts."""
    read: Callable[[dict[str, Any]], Any]
    draft_of: Callable[[Any], Any]
    enter: Callable[..., list[Any]]
    columns: Callable[..., Mapping[str, object]]
    check: Callable[..., None]
    check_whose: Callable[[Any, Saving], None]
    check_promised: Callable[..., None]
    may_edit: Callable[[Actor, int], bool]
    promised: Callable[[Any], int]
    gone: str
    withdrawn: str


def _check_lister(draft: LotDraft, saving: Saving) -> None:
    gazetteer, catalogue = saving.names
    good = catalogue.commodity(draft.commodity)
    lots.check_lister(draft, gazetteer.get(draft.place), saving.actor, good)


LOTS = Listings(
    noun="lot",
    kind=Lot,
    column="lot_id",
    first_day="ready_on",
    grade="grade",
    whose="producer",
    read=draft_from_json,
    draft_of=draft_of,
    enter=enter_lots,
    columns=lot_columns,
    check=lots.check_lot,
    check_whose=_check_lister,
    check_promised=lots.check_promised,
    may_edit=lots.may_edit_lot,
    promised=lambda lot: lot.held + lot.sold,
    gone=N_("There is no such lot."),
    withdrawn=N_("This lot has been withdrawn. List it again instead."),
)
NEEDS = Listings(
    noun="need",
    kind=Need,
    column="need_id",
    first_day="from_on",
    grade="min_grade",
    whose="buyer",
    read=need_from_json,
    draft_of=need_draft_of,
    enter=enter_needs,
    columns=need_columns,
    check=needs.check_need,
    check_whose=lambda draft, saving: needs.check_poster(draft, saving.actor),
    check_promised=needs.check_promised,
    may_edit=needs.may_edit_need,
    promised=lambda need: need.held + need.bought,
    gone=N_("There is no such need."),
    withdrawn=N_("This need has been withdrawn. Post it again instead."),
)
SIDES: Mapping[Side, Listings] = {"lot": LOTS, "need": NEEDS}


def check_row(side: Listings, draft: Draft, saving: Saving, *, new: bool) -> None:
    """Raise `Rejected` for every rule that a row breaks. ``new``: its first day must not be over."""
    check_all(
        lambda: side.check(draft, saving.names[1], saving.today, new=new),
        lambda: side.check_whose(draft, saving),
    )


def enter_rows(side: Listings, drafts: Sequence[Draft], saving: Saving, *, once: str) -> list[Any]:
    """The listings, in order. The same ``once`` cannot be entered twice."""
    return side.enter(
        list(drafts),
        saving.names,
        saving.actor.organisation_id,
        actor_id=saving.actor.user_id,
        now=saving.now,
        once=once,
    )


def locked(side: Listings, ids: Sequence[int]) -> dict[int, Any]:
    """Those that there are, by id; nobody else changes them until the transaction ends."""
    if not ids:
        return {}
    query = (
        select(side.kind)
        .where(side.kind.id.in_(ids))
        .options(selectinload(side.kind.certifications))
        .order_by(side.kind.id)
        .with_for_update(of=side.kind)
    )
    return {listing.id: listing for listing in db.session.scalars(query)}


def change_listing(
    side: Listings, listing: Any, said: Mapping[str, object], saving: Saving
) -> None:
    """Make the listing what a row says otherwise than before; the rest stays. Raises `Rejected`.

    It is written when the session is flushed.
    """
    if listing is None or not side.may_edit(saving.actor, listing.organisation_id):
        raise Rejected(side.gone)
    if listing.withdrawn_at is not None:
        raise Rejected(side.withdrawn)
    there = side.draft_of(listing)
    draft = replace(there, **said, price_confirmed=True)
    changed = differences(there, draft)
    good = saving.names[1].commodity(listing.commodity_id)
    check_all(
        lambda: check_row(side, draft, saving, new=side.first_day in changed),
        lambda: side.check_promised(draft.quantity, side.promised(listing), changed, good),
    )
    correct(
        listing,
        side.columns(draft, saving.names, saving.organisation),
        draft.quantity,
        draft.certificates,
        actor_id=saving.actor.user_id,
        now=saving.now,
    )
