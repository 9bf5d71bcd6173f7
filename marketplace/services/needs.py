"""Needs: posted, changed, withdrawn, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, check_all
from marketplace.domain.listings import Basis, MovementKind, Repeated, name_once
from marketplace.domain.matches import KNOWN_TO_PARTIES
from marketplace.domain.needs import (
    NeedDraft,
    check_need,
    check_poster,
    check_promised,
    may_edit_need,
    may_post_need,
)
from marketplace.domain.rounds import RoundState
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.entering import enter_needs, is_entered, need_columns
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


def check_new_need(draft: NeedDraft, *, actor: Actor, today: date) -> None:
    """Raise what `post_need` would raise, and change nothing."""
    _check(draft, actor=actor, today=today, world=world_of(current_reference()))


def post_need(
    draft: NeedDraft, *, actor: Actor, today: date, now: datetime, token: str = ""
) -> Need:
    """Put ``draft`` on the market. Raises `Rejected` if it breaks a rule, `Forbidden`.

    The same draft with the same ``token``, which a page carries, is put there once: `Repeated`.
    """
    [need] = post_needs([draft], actor=actor, today=today, now=now, token=token)
    return need


def post_needs(
    drafts: Sequence[NeedDraft], *, actor: Actor, today: date, now: datetime, token: str = ""
) -> list[Need]:
    """Put all of them on the market, or none if one breaks a rule."""
    world = world_of(current_reference())
    for draft in drafts:
        _check(draft, actor=actor, today=today, world=world)
    once = name_once(token, drafts)
    try:
        with transaction():
            return enter_needs(
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


def check_changed_need(
    need_id: int, version: int, draft: NeedDraft, *, actor: Actor, today: date
) -> None:
    """Raise what `change_need` would raise, and change nothing."""
    world = world_of(current_reference())
    need = need_to_edit(need_id, actor=actor)
    _check_change(need, version, draft, actor=actor, today=today, world=world)


def change_need(
    need_id: int, version: int, draft: NeedDraft, *, actor: Actor, today: date, now: datetime
) -> Need:
    """Make the need what ``draft`` says, if nobody has changed it since ``version``.

    Raises `Stale` if somebody has, `Rejected` for a rule or for what is held or sold already.
    """
    world = world_of(current_reference())
    with transaction() as session:
        need = _own_need(need_id, actor, lock=True)
        _check_change(need, version, draft, actor=actor, today=today, world=world)
        difference = draft.quantity - need.quantity
        papers = certifications(draft.certificates)
        names = (world.gazetteer, world.catalogue)
        for name, value in need_columns(draft, names, need.organisation).items():
            setattr(need, name, value)
        need.certifications = papers
        need.changed_at, need.changed_by = now, actor.user_id
        if difference:
            book(
                need,
                MovementKind.CORRECT,
                difference,
                event=f"correct:{version}",
                actor_id=actor.user_id,
                at=now,
            )
        session.flush()
        session.refresh(need)
    return need


def withdraw_need(
    need_id: int, version: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Need:
    """Take what is free off the market; what is held stays held for its match."""
    with transaction() as session:
        need = _own_need(need_id, actor, lock=True)
        if need.withdrawn_at is not None:
            return need
        check_version(need, version)
        if need.open_quantity:
            book(
                need,
                MovementKind.CORRECT,
                -need.open_quantity,
                event=WITHDRAW,
                actor_id=actor.user_id,
                at=now,
                reason=reason,
            )
        need.withdrawn_at = need.changed_at = now
        need.changed_by = actor.user_id
        session.flush()
        session.refresh(need)
    return need


def need_to_edit(need_id: int, *, actor: Actor) -> Need:
    """The need with all that its form shows. Raises `NotFound` if it is somebody else's."""
    return _own_need(need_id, actor)


def draft_of(need: Need) -> NeedDraft:
    """The need as its form would hand it over."""
    return NeedDraft(
        commodity=need.commodity_id,
        min_grade=need.min_grade,
        quantity=need.quantity,
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


def changes(need: Need, draft: NeedDraft) -> dict[str, tuple[object, object]]:
    """Fields in which ``draft`` differs from the need: name → (the need's, the draft's)."""
    there = draft_of(need)
    pairs = {
        f.name: (getattr(there, f.name), getattr(draft, f.name))
        for f in fields(NeedDraft)
        if f.name != "price_confirmed"
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class NeedPage:
    """A need, and for those who posted it what became of it."""

    need: Need
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
    """How many organisations have looked up the poster's number."""


def show_need(need_id: int, *, actor: Actor | None) -> NeedPage:
    """What the need's page says. Raises `NotFound`."""
    need = db.session.scalar(_with_all().where(Need.id == need_id))
    if need is None:
        raise NotFound("There is no such need.")
    listed, agreed = listed_quantity(need), agreed_quantity(need)
    if not may_edit_need(actor, need.organisation_id):
        watches = actor is not None and actor.role == Role.COORDINATOR
        matches, entry = (_matches(need_id), last_entry(need_id)) if watches else ([], None)
        return NeedPage(
            need, listed, agreed, mine=False, watched=watches, matches=matches, entry=entry
        )
    return NeedPage(
        need,
        listed,
        agreed,
        mine=True,
        matches=_matches(need_id),
        entry=last_entry(need_id),
        looked_up=_looked_up(need_id),
    )


def last_entry(need_id: int) -> RoundEntry | None:
    """What the last published round that saw the need says of it."""
    return db.session.scalar(
        select(RoundEntry)
        .join(MatchRound)
        .options(
            joinedload(RoundEntry.need).options(joinedload(Need.commodity), joinedload(Need.place))
        )
        .where(RoundEntry.need_id == need_id, MatchRound.state == RoundState.PUBLISHED)
        .order_by(RoundEntry.round_id.desc())
        .limit(1)
    )


def _matches(need_id: int) -> list[Match]:
    seller = joinedload(Match.lot).options(joinedload(Lot.organisation), joinedload(Lot.place))
    return list(
        db.session.scalars(
            select(Match)
            .where(Match.need_id == need_id, Match.state.in_(KNOWN_TO_PARTIES))
            .options(seller)
            .order_by(Match.id.desc())
        )
    )


def _looked_up(need_id: int) -> int:
    looked = select(ContactLookup.organisation_id).where(ContactLookup.need_id == need_id)
    return len(set(db.session.scalars(looked)))


def _with_all() -> Select[Need]:
    return select(Need).options(
        joinedload(Need.organisation),
        joinedload(Need.commodity),
        joinedload(Need.place),
        selectinload(Need.certifications),
    )


def _own_need(need_id: int, actor: Actor, *, lock: bool = False) -> Need:
    query = _with_all().where(Need.id == need_id)
    need = db.session.scalar(query.with_for_update(of=Need) if lock else query)
    if need is None or not may_edit_need(actor, need.organisation_id):
        raise NotFound("There is no such need.")
    return need


def _check(draft: NeedDraft, *, actor: Actor, today: date, world: World, new: bool = True) -> None:
    if not may_post_need(actor):
        raise Forbidden("Your account may not post needs.")
    check_all(
        lambda: check_need(draft, world.catalogue, today, new=new),
        lambda: check_poster(draft, actor),
    )


def _check_change(
    need: Need, version: int, draft: NeedDraft, *, actor: Actor, today: date, world: World
) -> None:
    check_version(need, version)
    if need.withdrawn_at is not None:
        raise Rejected("This need has been withdrawn. Post it again instead.")
    good, promised = world.catalogue.commodity(need.commodity_id), need.held + need.bought
    new = draft.from_on != need.from_on
    check_all(
        lambda: _check(draft, actor=actor, today=today, world=world, new=new),
        lambda: check_promised(draft.quantity, promised, changes(need, draft), good),
    )
