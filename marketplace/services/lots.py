"""Lots: put on the market, changed, withdrawn, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, check_all
from marketplace.domain.forward import check_still_sure
from marketplace.domain.listings import differences, name_once
from marketplace.domain.lots import (
    LotDraft,
    check_lister,
    check_lot,
    check_promised,
    may_edit_lot,
    may_list_lot,
    touched,
)
from marketplace.models.attaching import attach, check_attached
from marketplace.models.base import transaction
from marketplace.models.entering import draft_of as draft_of
from marketplace.models.entering import enter_lots, entered_once, lot_columns
from marketplace.models.listing_pages import find, known_matches, last_entry, looked_up
from marketplace.models.listings import (
    agreed_quantity,
    check_version,
    listed_quantity,
)
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.photos import uses_of
from marketplace.models.reference import current_reference
from marketplace.models.revising import revise, withdraw
from marketplace.models.rounds import RoundEntry
from marketplace.solving.world import World, world_of


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
    with entered_once(once), transaction():
        return enter_lots(
            list(drafts),
            (world.gazetteer, world.catalogue),
            actor.organisation_id,
            actor_id=actor.user_id,
            now=now,
            once=once,
        )


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
    with transaction():
        lot = _own_lot(lot_id, actor, lock=True)
        _check_change(lot, version, draft, actor=actor, today=today, world=world)
        names = (world.gazetteer, world.catalogue)
        revise(
            lot,
            lot_columns(draft, names, lot.organisation),
            draft.quantity,
            draft.certificates,
            actor_id=actor.user_id,
            now=now,
        )
        attach(lot, draft)
    return lot


def withdraw_lot(
    lot_id: int, version: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Lot:
    """Take what is free off the market; what is held stays held for its match."""
    with transaction():
        lot = _own_lot(lot_id, actor, lock=True)
        withdraw(lot, version, actor_id=actor.user_id, now=now, reason=reason)
    return lot


def lot_to_edit(lot_id: int, *, actor: Actor) -> Lot:
    """The lot with all that its form shows. Raises `NotFound` if it is somebody else's."""
    return _own_lot(lot_id, actor)


def changes(lot: Lot, draft: LotDraft) -> dict[str, tuple[object, object]]:
    """Fields in which ``draft`` differs from the lot: name → (the lot's, the draft's)."""
    there = whole_draft_of(lot)
    if draft.photos is None:
        there = replace(there, photos=None)
    if draft.papers is None:
        there = replace(there, papers=None)
    return differences(there, draft)


def whole_draft_of(lot: Lot) -> LotDraft:
    """The lot as its form would hand it over, with its photos and the certificates behind it."""
    return replace(draft_of(lot), photos=uses_of(lot.photos), papers=papers_of(lot))


def papers_of(lot: Lot) -> frozenset[int]:
    """The certificates on which the lot relies."""
    return frozenset(paper.certificate_id for paper in lot.papers)


def draft_again(lot_id: int, *, actor: Actor, today: date) -> LotDraft:
    """The same goods once more: as much as was listed, from today on, for as long.

    With its photos, and with the certificates that are valid still. Raises `NotFound`.
    """
    lot = _own_lot(lot_id, actor)
    papers = {paper.certification_id: paper for paper in lot.papers}
    good = {kind: p for kind, p in papers.items() if p.certificate.covers(today)}
    draft = draft_of(lot)
    return replace(
        draft,
        quantity=listed_quantity(lot),
        ready_on=today,
        until=today + (lot.until - lot.ready_on),
        confidence=None,  # what was expected then says nothing of today
        certificates=draft.certificates - (papers.keys() - good.keys()),
        papers=frozenset(paper.certificate_id for paper in good.values()),
        photos=uses_of(lot.photos),
    )


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
    lot = find(Lot, lot_id)
    if lot is None:
        raise NotFound("There is no such lot.")
    mine = may_edit_lot(actor, lot.organisation_id)
    watched = not mine and actor is not None and actor.role == Role.COORDINATOR
    page = LotPage(lot, listed_quantity(lot), agreed_quantity(lot), mine=mine, watched=watched)
    if mine or watched:
        page = replace(page, matches=known_matches(lot), entry=last_entry(lot))
    return replace(page, looked_up=looked_up(lot)) if mine else page


def _own_lot(lot_id: int, actor: Actor, *, lock: bool = False) -> Lot:
    lot = find(Lot, lot_id, lock=lock)
    if lot is None or not may_edit_lot(actor, lot.organisation_id):
        raise NotFound("There is no such lot.")
    return lot


def _check(
    draft: LotDraft,
    *,
    actor: Actor,
    today: date,
    world: World,
    new: bool = True,
    relied: frozenset[int] = frozenset(),
) -> None:
    if not may_list_lot(actor):
        raise Forbidden("Your account may not list goods for sale.")
    check_all(
        lambda: check_lot(draft, world.catalogue, today, new=new),
        lambda: _check_lister(draft, world, actor),
        lambda: check_attached(draft, actor.organisation_id, today, relied),
    )


def _check_lister(draft: LotDraft, world: World, actor: Actor) -> None:
    place, good = world.gazetteer.get(draft.place), world.catalogue.commodity(draft.commodity)
    check_lister(draft, place, actor, good)


def _check_change(
    lot: Lot, version: int, draft: LotDraft, *, actor: Actor, today: date, world: World
) -> None:
    check_version(lot, version)
    if lot.withdrawn_at is not None:
        raise Rejected("This lot has been withdrawn. List it again instead.")
    good, promised = world.catalogue.commodity(lot.commodity_id), lot.held + lot.sold
    new = draft.ready_on != lot.ready_on
    check_all(
        lambda: _check(
            draft, actor=actor, today=today, world=world, new=new, relied=papers_of(lot)
        ),
        lambda: check_promised(draft.quantity, promised, touched(changes(lot, draft)), good),
        lambda: check_still_sure(
            lot.confidence, draft.confidence, promised, confirmed=lot.confirmed_at is not None
        ),
    )
