"""How much an organisation may hold of others by asking them directly."""

from __future__ import annotations

from sqlalchemy import func, select

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Rejected
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation

MOST = 20
"""Asks of one organisation that may wait for an answer at the same time."""


def check_open_asks(actor: Actor) -> None:
    """Raise `Rejected` where too many of the organisation's asks wait for an answer already.

    Each holds somebody's goods or need until then: nobody may hold them all. The organisation is
    locked, so that its members count one after the other.
    """
    mine = actor.organisation_id
    db.session.execute(select(Organisation.id).where(Organisation.id == mine).with_for_update())
    asked = (Match.lot_accepted_at.is_not(None) & (Lot.organisation_id == mine)) | (
        Match.need_accepted_at.is_not(None) & (Need.organisation_id == mine)
    )
    waiting = db.session.scalar(
        select(func.count(Match.id))
        .join(Match.lot)
        .join(Match.need)
        .where(Match.origin == Origin.DIRECT, Match.state == MatchState.PROPOSED, asked)
    )
    if waiting is not None and waiting >= MOST:
        raise Rejected(
            N_("%(n)s of your asks still wait for an answer; ask again when some are answered."),
            n=MOST,
        )
