"""The price board: market prices of a published round, and the work of finding them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.commodities import Commodity
from marketplace.models.leases import Leased
from marketplace.models.rounds import MatchRound


class PriceBoard(Leased, Base):
    """One for each published round, made by the worker that begins it.

    Like a round it is claimed by a lease; its blocks are commodities.
    """

    __tablename__ = "price_board"
    __table_args__ = (
        one_of("state", BoardState),
        CheckConstraint("(state = 'working') = (token IS NOT NULL)", name="token_while_working"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at_known"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("match_round.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    done_at: Mapped[datetime | None] = mapped_column(Moment)

    round: Mapped[MatchRound] = relationship(lazy="raise")


class BoardPrice(Base):
    """What the board of a round says of one locality, commodity and grade.

    The CHECKs hold in the database what is promised: an interval, and no figure of fewer than
    three parties on a side.
    """

    __tablename__ = "board_price"
    __table_args__ = (
        UniqueConstraint("round_id", "commodity_id", "locality_id", "grade"),
        CheckConstraint("low BETWEEN 0 AND high", name="interval_ordered"),
        CheckConstraint(f"sellers >= {LEAST_PARTIES}", name="enough_sellers"),
        CheckConstraint(f"buyers >= {LEAST_PARTIES}", name="enough_buyers"),
        CheckConstraint("lots >= sellers AND needs >= buyers", name="parties_have_listings"),
        CheckConstraint("kilograms > 0", name="kilograms_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("price_board.round_id"), index=True)
    locality_id: Mapped[str] = mapped_column(ForeignKey("locality.id"), index=True)
    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"), index=True)
    grade: Mapped[str] = mapped_column(String(20))
    """Id of the grade that the engine took the lots for."""
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int] = mapped_column(BigInteger)
    """₫ per base unit at the gate."""
    kilograms: Mapped[int] = mapped_column(BigInteger)
    lots: Mapped[int]
    needs: Mapped[int]
    sellers: Mapped[int]
    buyers: Mapped[int]

    commodity: Mapped[Commodity] = relationship(lazy="raise")
