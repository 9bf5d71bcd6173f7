"""Needs: posted, changed, withdrawn, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, check_all
from marketplace.domain.listings import differences, name_once
from marketplace.domain.needs import (
    NeedDraft,
    check_need,
    check_poster,
    check_promised,
    may_edit_need,
    may_post_need,
)
from marketplace.models.base import transaction
from marketplace.models.entering import (
    enter_needs,
    entered_once,
    need_columns,
    need_draft_of,
)
from marketplace.models.listing_pages import find, known_matches, last_entry, looked_up
from marketplace.models.listings import (
    agreed_quantity,
    check_version,
    listed_quantity,
)
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.revising import revise, withdraw
from marketplace.models.rounds import RoundEntry
from marketplace.solving.world import World, world_of

draft_of = need_draft_of


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
    with entered_once(once), transaction():
        return enter_needs(
            list(drafts),
            (world.gazetteer, world.catalogue),
            actor.organisation_id,
            actor_id=actor.user_id,
            now=now,
            once=once,
        )


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
    with transaction():
        need = _own_need(need_id, actor, lock=True)
        _check_change(need, version, draft, actor=actor, today=today, world=world)
        names = (world.gazetteer, world.catalogue)
        revise(
            need,
            need_columns(draft, names, need.organisation),
            draft.quantity,
            draft.certificates,
            actor_id=actor.user_id,
            now=now,
        )
    return need


def withdraw_need(
    need_id: int, version: int, *, actor: Actor, now: datetime, reason: str = ""
) -> Need:
    """Take what is free off the market; what is held stays held for its match."""
    with transaction():
        need = _own_need(need_id, actor, lock=True)
        withdraw(need, version, actor_id=actor.user_id, now=now, reason=reason)
    return need


def need_to_edit(need_id: int, *, actor: Actor) -> Need:
    """The need with all that its form shows. Raises `NotFound` if it is somebody else's."""
    return _own_need(need_id, actor)


def draft_again(need_id: int, *, actor: Actor, today: date) -> NeedDraft:
    """The same once more: as much as was wanted, from today on, for as long. Raises `NotFound`."""
    need = _own_need(need_id, actor)
    until = today + (need.until - need.from_on)
    return replace(draft_of(need), quantity=listed_quantity(need), from_on=today, until=until)


def changes(need: Need, draft: NeedDraft) -> dict[str, tuple[object, object]]:
    """Fields in which ``draft`` differs from the need: name → (the need's, the draft's)."""
    return differences(draft_of(need), draft)


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
    need = find(Need, need_id)
    if need is None:
        raise NotFound("There is no such need.")
    mine = may_edit_need(actor, need.organisation_id)
    watched = not mine and actor is not None and actor.role == Role.COORDINATOR
    page = NeedPage(need, listed_quantity(need), agreed_quantity(need), mine=mine, watched=watched)
    if mine or watched:
        page = replace(page, matches=known_matches(need), entry=last_entry(need))
    return replace(page, looked_up=looked_up(need)) if mine else page


def _own_need(need_id: int, actor: Actor, *, lock: bool = False) -> Need:
    need = find(Need, need_id, lock=lock)
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
