"""Everything that a round started now would see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.rounds import RoundState
from marketplace.models.certificates import with_papers
from marketplace.models.commodities import Commodity
from marketplace.models.leases import Database
from marketplace.models.lots import Lot
from marketplace.models.matches import Match, standing_on
from marketplace.models.needs import Need
from marketplace.models.rounds import NOT_ADMITTED, MatchRound, RoundEntry


@dataclass(frozen=True)
class OpenMarket:
    """Lots and needs with something left or held, and the matches that hold it.

    ``waited``: how many published rounds left some of each lot over. ``standing``: see
    `marketplace.models.matches.standing_on`.
    """

    lots: Sequence[Lot]
    needs: Sequence[Need]
    waited: dict[int, int]
    standing: Sequence[tuple[Match, bool]]


def open_market(session: Database, day: date, now: datetime) -> OpenMarket:
    """Four queries. Goods of unknown weight are not in it: they cannot be priced for transport."""
    lots, needs = _open_lots(session, day), _open_needs(session, day)
    return OpenMarket(lots, needs, _rounds_waited(session), standing_on(lots, needs, now))


def _open_lots(session: Database, day: date) -> list[Lot]:
    query = (
        select(Lot)
        .join(Lot.commodity)
        .where(Lot.withdrawn_at.is_(None), Lot.until >= day, Lot.quantity > Lot.sold)
        .where(Lot.is_sure(day))
        .where(Commodity.milligrams.is_not(None))
        .options(selectinload(Lot.certifications), joinedload(Lot.commodity))
        .options(*with_papers(photos=False))
        .order_by(Lot.id)
    )
    return list(session.scalars(query))


def _rounds_waited(session: Database) -> dict[int, int]:
    query = (
        select(RoundEntry.lot_id, func.count())
        .join(MatchRound, MatchRound.id == RoundEntry.round_id)
        .where(MatchRound.state == RoundState.PUBLISHED)
        .where(RoundEntry.lot_id.is_not(None), RoundEntry.matched < RoundEntry.quantity)
        .where(func.coalesce(RoundEntry.reason, "") != NOT_ADMITTED)  # it was not in that round
        .group_by(RoundEntry.lot_id)
    )
    return {lot_id: count for lot_id, count in session.execute(query) if lot_id is not None}


def _open_needs(session: Database, day: date) -> list[Need]:
    query = (
        select(Need)
        .join(Need.commodity)
        .where(Need.withdrawn_at.is_(None), Need.until >= day, Need.quantity > Need.bought)
        .where(Commodity.milligrams.is_not(None))
        .options(selectinload(Need.certifications), joinedload(Need.commodity))
        .order_by(Need.id)
    )
    return list(session.scalars(query))
