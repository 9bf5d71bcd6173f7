"""How much was proposed lately and how much of it both sides agreed to, in public figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.domain.matches import MatchState
from marketplace.domain.tallies import Matched, enough
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need

_GONE = (MatchState.DROPPED, MatchState.REPLACED)
"""Never proposed, or proposed again by the round that replaced it."""


@dataclass(frozen=True)
class Agreements:
    """Kilograms of rounds and of direct offers together."""

    proposed: int
    agreed: int | None
    """None where so few have agreed that it would tell of somebody."""


def since(moment: datetime) -> Agreements | None:
    """What was proposed from that moment on. None where nothing may be said in public.

    A quantity that is proposed again after somebody declined counts again.
    """
    proposed, agreed = Matched(), Matched()
    for seller, buyer, milligrams, quantity, state in db.session.execute(
        select(
            Lot.organisation_id,
            Need.organisation_id,
            Commodity.milligrams,
            Match.quantity,
            Match.state,
        )
        .join(Match.lot)
        .join(Match.need)
        .join(Lot.commodity)
        .where(Match.proposed_at >= moment, Match.state.not_in(_GONE))
    ):
        kilograms = -(-quantity * (milligrams or 0) // 1_000_000)
        proposed.add(kilograms, seller, buyer)
        if state == MatchState.CONFIRMED:
            agreed.add(kilograms, seller, buyer)
    if not enough([proposed]):
        return None
    return Agreements(
        proposed.matched, agreed.matched if not agreed.matches or enough([agreed]) else None
    )
