"""One side asks the other without waiting for a round: same rules, freight, hold and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.actors import Actor
from marketplace.domain.bands import rounded_down
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.lots import LotDraft, check_lister, check_lot, may_list_lot
from marketplace.domain.matches import MatchState, Origin, Side
from marketplace.domain.needs import NeedDraft, check_need, check_poster, may_post_need
from marketplace.domain.text_marks import N_
from marketplace.domain.wishes import Wish
from marketplace.models.base import db, transaction
from marketplace.models.books import holds
from marketplace.models.certificates import with_papers
from marketplace.models.entering import enter_lots, enter_needs
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.open_asks import check_open_asks
from marketplace.models.organisations import User
from marketplace.models.reference import current_reference
from marketplace.models.telling import tell, told_of_match, with_parties
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.rows import drafted_lot, drafted_need, lot_record, need_record
from marketplace.solving.terms import Terms, terms_of
from marketplace.solving.ways import delivery_legs
from marketplace.solving.world import World, world_of

TWICE = timedelta(seconds=30)
"""The same asked again within this time is one press too many."""

Draft = TypeVar("Draft", LotDraft, NeedDraft)
Listing = TypeVar("Listing", Lot, Need)


@dataclass(frozen=True)
class Considered:
    """What would come of a wish; nothing has been changed."""

    terms: Terms
    lot: Lot | None
    need: Need | None


def lot_to_buy(lot_id: int, *, actor: Actor, today: date) -> Lot:
    """Somebody else's open lot. Raises `NotFound`, `Rejected` if it is the actor's own."""
    lot: Lot | None = db.session.scalar(_lots().where(Lot.id == lot_id, Lot.is_open(today)))
    return _somebody_elses(lot, actor)


def need_to_serve(need_id: int, *, actor: Actor, today: date) -> Need:
    """Somebody else's open need. Raises `NotFound`, `Rejected` if it is the actor's own."""
    need: Need | None = db.session.scalar(_needs().where(Need.id == need_id, Need.is_open(today)))
    return _somebody_elses(need, actor)


def my_needs(commodity_id: str, *, actor: Actor, today: date) -> Sequence[Need]:
    """The actor's open needs of these goods."""
    mine = (Need.organisation_id == actor.organisation_id, Need.commodity_id == commodity_id)
    return db.session.scalars(_needs().where(*mine, Need.is_open(today)).order_by(Need.id)).all()


def my_lots(commodity_id: str, *, actor: Actor, today: date) -> Sequence[Lot]:
    """The actor's open lots of these goods."""
    mine = (Lot.organisation_id == actor.organisation_id, Lot.commodity_id == commodity_id)
    return db.session.scalars(_lots().where(*mine, Lot.is_open(today)).order_by(Lot.id)).all()


def consider_buying(lot_id: int, wish: Wish, *, actor: Actor, today: date) -> Considered:
    """Raise what `ask_for_lot` would raise, else say what it would agree on."""
    world = world_of(current_reference())
    lot = lot_to_buy(lot_id, actor=actor, today=today)
    need, record = _need_of(wish, actor, today, world)
    terms = terms_of(
        lot_record(lot, today), record, wish.quantity, by_buyer=True, world=world, today=today
    )
    return Considered(terms, lot, need)


def consider_selling(need_id: int, wish: Wish, *, actor: Actor, today: date) -> Considered:
    """Raise what `offer_to_need` would raise, else say what it would agree on."""
    world = world_of(current_reference())
    need = need_to_serve(need_id, actor=actor, today=today)
    lot, record = _lot_of(wish, actor, today, world)
    _check_price_named(record, need)
    terms = terms_of(
        record,
        _as_sellers_know(need, world),
        wish.quantity,
        by_buyer=False,
        world=world,
        today=today,
    )
    return Considered(terms, lot, need)


def ask_for_lot(
    lot_id: int, wish: Wish, *, actor: Actor, today: date, now: datetime, answer_hours: int
) -> Match:
    """Ask the seller; the quantity is held on both sides until the answer."""
    world = world_of(current_reference())
    with transaction():
        asked = _asked_just_now(Side.NEED, Match.lot_id == lot_id, wish, actor, now)
        if asked is not None:
            return asked
        check_open_asks(actor)
        lot = db.session.scalar(
            _lots().where(Lot.id == lot_id, Lot.is_open(today)).with_for_update(of=Lot)
        )
        lot = _somebody_elses(lot, actor)
        need, record = _need_of(wish, actor, today, world, lock=True)
        terms = terms_of(
            lot_record(lot, today), record, wish.quantity, by_buyer=True, world=world, today=today
        )
        if need is None:
            [need] = enter_needs(
                [
                    replace(
                        _named(wish.need),
                        bid=terms.bid,
                        accepts_expected=lot.confidence is not None,
                    )
                ],
                _names(world),
                actor.organisation_id,
                actor_id=actor.user_id,
                now=now,
            )
        named = (lot.ask is not None, record.bid is not None)
        return _propose(lot, need, terms, named, Side.NEED, actor, world, now, answer_hours)


def offer_to_need(
    need_id: int, wish: Wish, *, actor: Actor, today: date, now: datetime, answer_hours: int
) -> Match:
    """Offer goods to the buyer; the quantity is held on both sides until the answer."""
    world = world_of(current_reference())
    with transaction():
        asked = _asked_just_now(Side.LOT, Match.need_id == need_id, wish, actor, now)
        if asked is not None:
            return asked
        check_open_asks(actor)
        lot, record = _lot_of(wish, actor, today, world, lock=True)
        need = db.session.scalar(
            _needs().where(Need.id == need_id, Need.is_open(today)).with_for_update(of=Need)
        )
        need = _somebody_elses(need, actor)
        _check_price_named(record, need)
        known = _as_sellers_know(need, world)
        terms = terms_of(record, known, wish.quantity, by_buyer=False, world=world, today=today)
        if lot is None:
            [lot] = enter_lots(
                [_named(wish.lot)],
                _names(world),
                actor.organisation_id,
                actor_id=actor.user_id,
                now=now,
            )
        named = (record.ask is not None, need.bid is not None)
        return _propose(lot, need, terms, named, Side.LOT, actor, world, now, answer_hours)


def _asked_just_now(
    side: Side, of: ColumnElement[bool], wish: Wish, actor: Actor, now: datetime
) -> Match | None:
    """What the same button, pressed twice, has asked already.

    The person is locked, so that the second press waits until the first is done.
    """
    person = select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)
    db.session.execute(person)
    by = Match.lot_accepted_by if side is Side.LOT else Match.need_accepted_by
    return db.session.scalar(
        select(Match).where(
            of,
            by == actor.user_id,
            Match.origin == Origin.DIRECT,
            Match.state == MatchState.PROPOSED,
            Match.quantity == wish.quantity,
            Match.created_at > now - TWICE,
        )
    )


def _propose(
    lot: Lot,
    need: Need,
    terms: Terms,
    named: tuple[bool, bool],
    asked_by: Side,
    actor: Actor,
    world: World,
    now: datetime,
    answer_hours: int,
) -> Match:
    """The asker's side has agreed by asking."""
    match = Match(
        origin=Origin.DIRECT,
        lot_id=lot.id,
        need_id=need.id,
        state=MatchState.PROPOSED,
        quantity=terms.quantity,
        ask=terms.ask,
        bid=terms.bid,
        ask_named=named[0],
        bid_named=named[1],
        price=terms.price,
        freight=terms.quote.cost,
        mode=terms.quote.mode,
        vehicles=terms.quote.vehicle,
        kilometres=terms.quote.km,
        hours=round(terms.quote.hours, 2),
        route=delivery_legs(world, terms.quote.legs),
        collect_on=terms.collect_on,
        created_at=now,
        proposed_at=now,
        answer_by=now + timedelta(hours=answer_hours),
        **{f"{asked_by}_accepted_at": now, f"{asked_by}_accepted_by": actor.user_id},
    )
    db.session.add(match)
    db.session.flush()
    db.session.add_all(holds(match, now, actor.user_id))
    db.session.flush()
    told = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    tell(db.session, [told_of_match(told, asked_by.other, "match_asked")], now)
    return match


def _need_of(
    wish: Wish, actor: Actor, today: date, world: World, *, lock: bool = False
) -> tuple[Need | None, OpenNeed]:
    """The buyer's own need as a row, if there is one, and as a record.

    Whoever asks for a lot has seen whether its harvest is only expected, and takes it so.
    """
    if not may_post_need(actor):
        raise Forbidden(N_("Your account may not buy."))
    if wish.mine is not None:
        query = _needs().where(Need.id == wish.mine, Need.is_open(today))
        query = query.where(Need.organisation_id == actor.organisation_id)
        need = db.session.scalar(query.with_for_update(of=Need) if lock else query)
        if need is None:
            raise Rejected(N_("This need of yours is not open any more."), field="mine")
        record = need_record(need)
        bid = wish.price if record.bid is None else record.bid
        return need, replace(record, bid=bid, takes_expected=True)
    draft = _named(wish.need)
    check_need(draft, world.catalogue, today)
    check_poster(draft, actor)
    return None, drafted_need(draft, actor.organisation_id)


def _lot_of(
    wish: Wish, actor: Actor, today: date, world: World, *, lock: bool = False
) -> tuple[Lot | None, OpenLot]:
    """The seller's own lot as a row, if there is one, and as a record."""
    if not may_list_lot(actor):
        raise Forbidden(N_("Your account may not sell."))
    if wish.mine is not None:
        query = _lots().where(Lot.id == wish.mine, Lot.is_open(today))
        query = query.where(Lot.organisation_id == actor.organisation_id)
        lot = db.session.scalar(query.with_for_update(of=Lot) if lock else query)
        if lot is None:
            raise Rejected(N_("This lot of yours is not open any more."), field="mine")
        record = lot_record(lot, today)
        return lot, replace(record, ask=wish.price if record.ask is None else record.ask)
    draft = _named(wish.lot)
    check_lot(draft, world.catalogue, today)
    good, place = world.catalogue.commodity(draft.commodity), world.gazetteer.get(draft.place)
    check_lister(draft, place, actor, good)
    return None, drafted_lot(draft, actor.organisation_id)


def _check_price_named(lot: OpenLot, need: Need) -> None:
    """The terms of a lot without an ask would be what the buyer keeps sealed."""
    if lot.ask is None and need.bid_sealed:
        raise Rejected(N_("Enter a price: the buyer keeps theirs sealed."), field="price")


def _as_sellers_know(need: Need, world: World) -> OpenNeed:
    """The need with a sealed bid only as near as trial may tell: offers above that are refused."""
    record = need_record(need)
    if record.bid is None or not need.bid_sealed:
        return record
    usual = world.catalogue.commodity(need.commodity_id).usual_ask
    return replace(record, bid=rounded_down(record.bid, usual))


def _named(draft: Draft | None) -> Draft:
    if draft is None:
        raise Rejected(N_("Choose one of your own, or describe a new one."), field="mine")
    return draft


def _somebody_elses(listing: Listing | None, actor: Actor) -> Listing:
    if listing is None:
        raise NotFound(N_("This is not open any more."))
    if listing.organisation_id == actor.organisation_id:
        raise Rejected(N_("This is your own organisation's."))
    return listing


def _lots() -> Any:
    return select(Lot).options(
        joinedload(Lot.organisation),
        joinedload(Lot.commodity),
        joinedload(Lot.place),
        selectinload(Lot.certifications),
        *with_papers(photos=False),
    )


def _needs() -> Any:
    return select(Need).options(
        joinedload(Need.organisation),
        joinedload(Need.commodity),
        joinedload(Need.place),
        selectinload(Need.certifications),
    )


def _names(world: World) -> Any:
    return world.gazetteer, world.catalogue
