"""Lots: put on the market, changed, withdrawn, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, check_all
from marketplace.domain.listings import Basis, MovementKind, Repeated, UnsoldReason, name_once
from marketplace.domain.lots import (
    LotDraft,
    check_lister,
    check_lot,
    check_promised,
    may_edit_lot,
    may_list_lot,
)
from marketplace.domain.matches import KNOWN_TO_PARTIES
from marketplace.domain.rounds import RoundState
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.entering import enter_lots, is_entered, lot_columns
from marketplace.models.listings import (
    WITHDRAW,
    agreed_quantity,
    book,
    certifications,
    check_version,
    listed_quantity,
)
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import ContactLookup
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.solving.world import World, world_of

"""Matches that their parties know of; a draft is nobody's business yet."""


def check_new_lot(draft: LotDraft, *, actor: Actor, today: date) -> None:
    """Raise what `publish_lot` would raise, and change nothing."""
    _check(draft, actor=actor, today=today, world=world_of(current_reference()))


def publish_lot(
    draft: LotDraft, *, actor: Actor, today: date, now: datetime, token: str = ""
) -> Lot:
    """Put ``draft`` on the market. Raises `Rejected` if it breaks a rule, `Forbidden`.

    The same draft with the same ``token``, which a page carries, is put there once: `Repeated`.
    """
    [lot] = publish_lots([draft], actor=actor, today=today, now=now, token=token)
    return lot


def publish_lots(
    drafts: Sequence[LotDraft], *, actor: Actor, today: date, now: datetime, token: str = ""
) -> list[Lot]:
    """Put all of them on the market, or none if one breaks a rule."""
    world = world_of(current_reference())
    for draft in drafts:
        _check(draft, actor=actor, today=today, world=world)
    once = name_once(token, drafts)
    try:
        with transaction():
            return enter_lots(
                list(drafts),
                (world.gazetteer, world.catalogue),
                actor.organisation_id,
                actor_id=actor.user_id,
                now=now,
                once=once,
            )
    except IntegrityError as error:
        if once and is_entered(once):
            raise Repeated(N_("This has been saved already.")) from error
        raise


def check_changed_lot(
    lot_id: int, version: int, draft: LotDraft, *, actor: Actor, today: date
) -> None:
    """Raise what `change_lot` would raise, and change nothing."""
    world = world_of(current_reference())
    lot = lot_to_edit(lot_id, actor=actor)
    _check_change(lot, version, draft, actor=actor, today=today, world=world)


def change_lot(
    lot_id: int, version: int, draft: LotDraft, *, actor: Actor, today: date, now: datetime
) -> Lot:
    """Make the lot what ``draft`` says, if nobody has changed it since ``version``.

    Raises `Stale` if somebody has, `Rejected` for a rule or for what is held or sold already.
    """
    world = world_of(current_reference())
    with transaction() as session:
        lot = _own_lot(lot_id, actor, lock=True)
        _check_change(lot, version, draft, actor=actor, today=today, world=world)
        difference = draft.quantity - lot.quantity
        papers = certifications(draft.certificates)
        names = (world.gazetteer, world.catalogue)
        for name, value in lot_columns(draft, names, lot.organisation).items():
            setattr(lot, name, value)
        lot.certifications = papers
        lot.changed_at, lot.changed_by = now, actor.user_id
        if difference:
            book(
                lot,
                MovementKind.CORRECT,
                difference,
                event=f"correct:{version}",
                actor_id=actor.user_id,
                at=now,
            )
        session.flush()
        session.refresh(lot)
    return lot


def withdraw_lot(
    lot_id: int, version: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Lot:
    """Take what is free off the market; what is held stays held for its match."""
    with transaction() as session:
        lot = _own_lot(lot_id, actor, lock=True)
        if lot.withdrawn_at is not None:
            return lot
        check_version(lot, version)
        if lot.open_quantity:
            book(
                lot,
                MovementKind.CORRECT,
                -lot.open_quantity,
                event=WITHDRAW,
                actor_id=actor.user_id,
                at=now,
                reason=reason,
            )
        lot.withdrawn_at = lot.changed_at = now
        lot.changed_by = actor.user_id
        session.flush()
        session.refresh(lot)
    return lot


def lot_to_edit(lot_id: int, *, actor: Actor) -> Lot:
    """The lot with all that its form shows. Raises `NotFound` if it is somebody else's."""
    return _own_lot(lot_id, actor)


def draft_of(lot: Lot) -> LotDraft:
    """The lot as its form would hand it over."""
    return LotDraft(
        commodity=lot.commodity_id,
        grade=lot.grade,
        quantity=lot.quantity,
        ask=lot.ask,
        place=lot.place_id,
        ready_on=lot.ready_on,
        until=lot.until,
        fresh_hours=lot.fresh_hours,
        certificates=frozenset(paper.id for paper in lot.certifications),
        whole=lot.whole,
        unsold_reason=UnsoldReason(lot.unsold_reason) if lot.unsold_reason else None,
        basis=Basis(lot.basis),
        producer=lot.producer,
        growing_area_code=lot.growing_area_code,
        packing_code=lot.packing_code,
        trace_code=lot.trace_code,
        note=lot.note,
    )


def changes(lot: Lot, draft: LotDraft) -> dict[str, tuple[object, object]]:
    """Fields in which ``draft`` differs from the lot: name → (the lot's, the draft's)."""
    there = draft_of(lot)
    pairs = {
        f.name: (getattr(there, f.name), getattr(draft, f.name))
        for f in fields(LotDraft)
        if f.name != "price_confirmed"
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class LotPage:
    """A lot, and for those who listed it what became of it."""

    lot: Lot
    listed: int
    """How much was listed at first, what is withdrawn included."""
    agreed: int
    """How much of what is held both sides have agreed on."""
    mine: bool
    watched: bool = False
    """By a coordinator, who sees what became of everybody's."""
    matches: list[Match] = field(default_factory=list)
    entry: RoundEntry | None = None
    """What the last published round says of it."""
    looked_up: int = 0
    """How many organisations have looked up the lister's number."""


def show_lot(lot_id: int, *, actor: Actor | None) -> LotPage:
    """What the lot's page says. Raises `NotFound`."""
    lot = db.session.scalar(_with_all().where(Lot.id == lot_id))
    if lot is None:
        raise NotFound("There is no such lot.")
    listed, agreed = listed_quantity(lot), agreed_quantity(lot)
    if not may_edit_lot(actor, lot.organisation_id):
        watches = actor is not None and actor.role == Role.COORDINATOR
        matches, entry = (_matches(lot_id), last_entry(lot_id)) if watches else ([], None)
        return LotPage(
            lot, listed, agreed, mine=False, watched=watches, matches=matches, entry=entry
        )
    return LotPage(
        lot,
        listed,
        agreed,
        mine=True,
        matches=_matches(lot_id),
        entry=last_entry(lot_id),
        looked_up=_looked_up(lot_id),
    )


def last_entry(lot_id: int) -> RoundEntry | None:
    """What the last published round that saw the lot says of it."""
    return db.session.scalar(
        select(RoundEntry)
        .join(MatchRound)
        .options(
            joinedload(RoundEntry.lot).options(joinedload(Lot.commodity), joinedload(Lot.place))
        )
        .where(RoundEntry.lot_id == lot_id, MatchRound.state == RoundState.PUBLISHED)
        .order_by(RoundEntry.round_id.desc())
        .limit(1)
    )


def _matches(lot_id: int) -> list[Match]:
    buyer = joinedload(Match.need).options(joinedload(Need.organisation), joinedload(Need.place))
    return list(
        db.session.scalars(
            select(Match)
            .where(Match.lot_id == lot_id, Match.state.in_(KNOWN_TO_PARTIES))
            .options(buyer)
            .order_by(Match.id.desc())
        )
    )


def _looked_up(lot_id: int) -> int:
    looked = select(ContactLookup.organisation_id).where(ContactLookup.lot_id == lot_id)
    return len(set(db.session.scalars(looked)))


def _with_all() -> Select[Lot]:
    return select(Lot).options(
        joinedload(Lot.organisation),
        joinedload(Lot.commodity),
        joinedload(Lot.place),
        selectinload(Lot.certifications),
    )


def _own_lot(lot_id: int, actor: Actor, *, lock: bool = False) -> Lot:
    query = _with_all().where(Lot.id == lot_id)
    lot = db.session.scalar(query.with_for_update(of=Lot) if lock else query)
    if lot is None or not may_edit_lot(actor, lot.organisation_id):
        raise NotFound("There is no such lot.")
    return lot


def _check(draft: LotDraft, *, actor: Actor, today: date, world: World, new: bool = True) -> None:
    if not may_list_lot(actor):
        raise Forbidden("Your account may not list goods for sale.")
    check_all(
        lambda: check_lot(draft, world.catalogue, today, new=new),
        lambda: check_lister(draft, world.gazetteer.get(draft.place), actor),
    )


def _check_change(
    lot: Lot, version: int, draft: LotDraft, *, actor: Actor, today: date, world: World
) -> None:
    check_version(lot, version)
    if lot.withdrawn_at is not None:
        raise Rejected("This lot has been withdrawn. List it again instead.")
    good, promised = world.catalogue.commodity(lot.commodity_id), lot.held + lot.sold
    new = draft.ready_on != lot.ready_on
    check_all(
        lambda: _check(draft, actor=actor, today=today, world=world, new=new),
        lambda: check_promised(draft.quantity, promised, changes(lot, draft), good),
    )
