"""Matches: a lot × a need × a quantity × a price × a route, to be answered by both sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    distinct,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from marketplace.clock import HERE
from marketplace.domain.matches import MatchState, Origin, collection_days
from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.models.base import Base, Moment, db, one_of
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.rounds import MatchRound, RoundEntry

DAY = 24
"""Hours."""


class Match(Base):
    """What one side may sell to the other. Prices are ₫ per base unit at the lot's gate.

    The CHECKs hold in the database what is promised to everybody: nobody trades at a loss.
    """

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("round_id", "lot_id", "need_id"),
        one_of("state", MatchState),
        one_of("origin", Origin),
        CheckConstraint("(origin = 'round') = (round_id IS NOT NULL)", name="origin_round"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("freight >= 0", name="freight_positive"),
        CheckConstraint("price >= ask", name="no_loss_seller"),
        CheckConstraint("quantity * (bid - price) >= freight", name="no_loss_buyer"),
        CheckConstraint("price_low <= price_high", name="range_ordered"),
        CheckConstraint(
            "state <> 'confirmed' OR "
            "(lot_accepted_at IS NOT NULL AND need_accepted_at IS NOT NULL)",
            name="confirmed_by_both",
        ),
        CheckConstraint("(state = 'replaced') = (replaced_in IS NOT NULL)", name="replaced_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(6))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("match_round.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    quantity: Mapped[int] = mapped_column(BigInteger)

    ask: Mapped[int] = mapped_column(BigInteger)
    """What the engine counted with: the named ask, or the middle of the catalogue's band."""
    bid: Mapped[int] = mapped_column(BigInteger)
    ask_named: Mapped[bool] = mapped_column(default=True)
    bid_named: Mapped[bool] = mapped_column(default=True)
    price: Mapped[int] = mapped_column(BigInteger)
    price_low: Mapped[int | None] = mapped_column(BigInteger)
    price_high: Mapped[int | None] = mapped_column(BigInteger)
    market_price: Mapped[int | None] = mapped_column(BigInteger)

    freight: Mapped[int] = mapped_column(BigInteger)
    """₫ for the whole quantity, handling included."""
    mode: Mapped[str] = mapped_column(String(20))
    vehicles: Mapped[str] = mapped_column(String(100))
    """Trips by class: "28t*1+5t*1"."""
    kilometres: Mapped[float]
    hours: Mapped[float]
    route: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Legs in driving order: from, to, road, km, hours."""
    collect_on: Mapped[date]
    seller_next: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The need that came second for the seller: need_id and less (₫ per base unit), by told figures."""
    buyer_next: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    created_at: Mapped[datetime] = mapped_column(Moment)
    proposed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_by: Mapped[datetime | None] = mapped_column(Moment, index=True)
    lot_accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    lot_accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    need_accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    need_accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was confirmed, declined, expired, dropped or replaced."""
    declined_side: Mapped[str | None] = mapped_column(String(4))
    declined_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decline_reason: Mapped[str | None] = mapped_column(String(10))
    decline_note: Mapped[str] = mapped_column(Text, default="")
    drop_reason: Mapped[str] = mapped_column(String(40), default="")
    replaced_in: Mapped[int | None] = mapped_column(ForeignKey("match_round.id"), index=True)
    """The round that found a better way for its goods."""

    lot: Mapped[Lot] = relationship(lazy="raise")
    need: Mapped[Need] = relationship(lazy="raise")
    round: Mapped[MatchRound | None] = relationship(foreign_keys=round_id, lazy="raise")

    def is_unanswered(self, now: datetime) -> bool:
        """A round's proposal on which neither side has said anything while it still can."""
        return (
            self.state == MatchState.PROPOSED
            and self.origin == Origin.ROUND
            and self.lot_accepted_at is None
            and self.need_accepted_at is None
            and self.answer_by is not None
            and self.answer_by > now
        )

    @property
    def keeps_hours(self) -> float | None:
        """How long the goods stay fresh from the day on which they are ready; None: for ever.

        Needs the lot with its commodity, like all that is said of days.
        """
        return self.lot.fresh_hours or self.lot.commodity.shelf_hours or None

    @property
    def keeps_waiting(self) -> bool:
        """Whether freshness counts from collection: alive, in the pond, or gone within a day."""
        return self.lot.commodity.waits or (self.keeps_hours or DAY) < DAY

    @property
    def collect_until(self) -> date:
        """The last day on which goods can leave and arrive while wanted, and as fresh as asked."""
        travel = timedelta(days=int(self.hours * 60) // (60 * DAY))
        last = min(self.lot.until, self.need.until - travel)
        if self.keeps_hours and not self.keeps_waiting:
            spare = self.keeps_hours - self.hours - self.need.fresh_hours
            last = min(last, self.lot.ready_on + timedelta(days=int(spare // DAY)))
        return max(last, self.collect_on)

    @property
    def collection_days(self) -> tuple[date, date]:
        """The days of collection that are left once both have agreed, at the latest in time."""
        agreed = self.closed_at if self.state == MatchState.CONFIRMED else self.answer_by
        day = agreed.astimezone(HERE).date() if agreed else self.collect_on
        return collection_days(self.collect_on, self.collect_until, day)


def standing_on(
    lots: Sequence[Lot], needs: Sequence[Need], now: datetime
) -> list[tuple[Match, bool]]:
    """Matches that hold quantity of these listings, and whether each may still be replaced.

    It may while its round's proposal is open, nobody has answered it, and both its lot and its need
    are among the given ones and as its round saw them.
    """
    versions = {("lot", lot.id): lot.version for lot in lots}
    versions |= {("need", need.id): need.version for need in needs}
    seen_lot, seen_need = aliased(RoundEntry), aliased(RoundEntry)
    query = (
        select(Match, seen_lot.version, seen_need.version)
        .outerjoin(
            seen_lot,
            (seen_lot.round_id == Match.round_id) & (seen_lot.lot_id == Match.lot_id),
        )
        .outerjoin(
            seen_need,
            (seen_need.round_id == Match.round_id) & (seen_need.need_id == Match.need_id),
        )
        .where(Match.state.in_((MatchState.PROPOSED, MatchState.CONFIRMED)))
        .order_by(Match.id)
    )
    return [
        (match, match.is_unanswered(now) and (of_lot, of_need) == ends)
        for match, of_lot, of_need in db.session.execute(query)
        if (ends := (versions.get(("lot", match.lot_id)), versions.get(("need", match.need_id))))
        != (None, None)
    ]


def rounds_of_enough_parties(round_ids: Collection[int]) -> set[int]:
    """Those of the rounds whose matches have so many parties on either side that sums are public."""
    sellers, buyers = (func.count(distinct(kind.organisation_id)) for kind in (Lot, Need))
    query = (
        select(Match.round_id)
        .join(Match.lot)
        .join(Match.need)
        .where(Match.round_id.in_(round_ids), Match.state != MatchState.DROPPED)
        .group_by(Match.round_id)
        .having(sellers >= LEAST_PARTIES, buyers >= LEAST_PARTIES)
    )
    return {round_id for round_id in db.session.scalars(query) if round_id is not None}
