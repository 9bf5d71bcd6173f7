"""Whose import it is, and whose turn: what every use of one asks first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.imports import ImportState
from marketplace.domain.listings import Side
from marketplace.domain.lots import may_list_lot
from marketplace.domain.needs import may_post_need
from marketplace.models.base import db
from marketplace.models.imports import SheetImport
from marketplace.models.organisations import User


def check_may_import(actor: Actor, side: Side | None = None) -> None:
    """Raise `Forbidden` unless the person may list on that side of the market, or on any."""
    lots, needs = may_list_lot(actor), may_post_need(actor)
    if (side != "need" and lots) or (side != "lot" and needs):
        return
    if side == "need":
        raise Forbidden("Your account may not post needs.")
    raise Forbidden("Your account may not list goods for sale.")


def own_import(import_id: int, actor: Actor, *, lock: bool = False) -> SheetImport:
    """The import. Raises `NotFound` if it is somebody else's or has been dropped."""
    check_may_import(actor)
    query = select(SheetImport).where(SheetImport.id == import_id)
    if lock:
        query = query.with_for_update(of=SheetImport).options(undefer(SheetImport.content))
    row = db.session.scalar(query)
    if (
        row is None
        or row.organisation_id != actor.organisation_id
        or row.state == ImportState.DISCARDED
    ):
        raise NotFound("There is no such import.")
    check_may_import(actor, row.side)
    return row


def import_to_decide(import_id: int, version: int, actor: Actor) -> SheetImport:
    """The import, locked, if it is open and nobody has decided anything since ``version``."""
    row = own_import(import_id, actor, lock=True)
    if row.version != version:
        who = db.session.get(User, row.changed_by)
        raise Stale(
            "%(who)s answered at %(time)s. Below is how it stands now.",
            who=who.name if who else "?",
            time=row.changed_at,
        )
    if row.state != ImportState.OPEN:
        raise Rejected("This import is being worked on. Wait a moment.")
    return row


def touch(row: SheetImport, actor: Actor, now: datetime) -> None:
    """Note who decided, so that whoever looked before sees that first."""
    row.version += 1
    row.changed_by, row.changed_at = actor.user_id, now
