"""Needs: what is wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    Text,
    false,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, scoped_session

from marketplace.domain.listings import Basis
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.commodities import Certification, Commodity
from marketplace.models.organisations import Organisation
from marketplace.models.places import Place

need_certification = Table(
    "need_certification",
    Base.metadata,
    Column("need_id", ForeignKey("need.id", ondelete="CASCADE"), primary_key=True),
    Column("certification_id", ForeignKey("certification.id"), primary_key=True),
)


class Need(Base):
    """A quantity of one commodity that a buyer wants at one place.

    ``quantity``, ``held`` and ``bought`` follow the books (`Movement`) by triggers.
    """

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(
            "held >= 0 AND bought >= 0 AND held + bought <= quantity", name="not_overbought"
        ),
        CheckConstraint("bid IS NULL OR bid > 0", name="bid_positive"),
        CheckConstraint("from_on <= until", name="window"),
        CheckConstraint("min_quantity >= 1", name="min_quantity_positive"),
        CheckConstraint("fresh_hours >= 0", name="fresh_positive"),
        one_of("basis", Basis),
        Index("ix_need_open", "withdrawn_at", "until"),
        CheckConstraint("quantity_least > 0", name="quantity_least_positive"),
        Index("ix_need_series_day", "series_id", "series_day", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    basis: Mapped[str] = mapped_column(String(20), default=Basis.OWN)
    buyer: Mapped[str] = mapped_column(String(200), default="")
    """Who wants it, where the organisation posts for somebody else."""

    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"), index=True)
    min_grade: Mapped[str | None] = mapped_column(String(20))
    """The worst grade that is accepted; none: any."""
    quantity: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    quantity_least: Mapped[int | None] = mapped_column(BigInteger)
    """What is wanted at least, where that is less than the ``quantity`` that it takes at most."""
    held: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    bought: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    bid: Mapped[int | None] = mapped_column(BigInteger)
    """₫ per base unit, delivered, at most; none: to be agreed."""
    bid_sealed: Mapped[bool] = mapped_column(default=True)
    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"), index=True)
    from_on: Mapped[date]
    until: Mapped[date]
    fresh_hours: Mapped[int] = mapped_column(default=0)
    """Freshness that must be left on arrival."""
    min_quantity: Mapped[int] = mapped_column(BigInteger, default=1)
    splits: Mapped[bool] = mapped_column(default=True)
    accepts_expected: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it takes harvests that nobody has confirmed yet."""
    note: Mapped[str] = mapped_column(Text, default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    series_day: Mapped[date | None]
    """Whose instalment it is; the day is none where the series has taken it back."""
    search: Mapped[str] = mapped_column(Text, default="")
    listed_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    commodity: Mapped[Commodity] = relationship(lazy="raise")
    place: Mapped[Place] = relationship(lazy="raise")
    certifications: Mapped[list[Certification]] = relationship(
        secondary=need_certification, lazy="raise"
    )

    @hybrid_property
    def open_quantity(self) -> int:
        """What nobody delivers yet."""
        return self.quantity - self.held - self.bought

    @classmethod
    def is_open(cls, on: date) -> ColumnElement[bool]:
        """Not withdrawn, wants something still and takes deliveries on that day or later."""
        open_now = cls.quantity > cls.held + cls.bought
        return cls.withdrawn_at.is_(None) & open_now & (cls.until >= on)


def papers_asked(
    session: Session | scoped_session[Any], need_ids: Collection[int] | Select[Any]
) -> dict[int, frozenset[str]]:
    """Ids of the certifications that each of these needs asks for, if any."""
    found: dict[int, set[str]] = defaultdict(set)
    query = select(need_certification).where(need_certification.c.need_id.in_(need_ids))
    for need_id, certification_id in session.execute(query):
        found[need_id].add(certification_id)
    return {need_id: frozenset(papers) for need_id, papers in found.items()}
