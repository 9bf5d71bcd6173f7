"""Lots: what is offered for sale."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.certificates import counting_day
from marketplace.domain.listings import Basis
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.commodities import Certification, Commodity
from marketplace.models.organisations import Organisation
from marketplace.models.places import Place

if TYPE_CHECKING:
    from marketplace.models.certificates import LotPaper
    from marketplace.models.photos import Photo

lot_certification = Table(
    "lot_certification",
    Base.metadata,
    Column("lot_id", ForeignKey("lot.id", ondelete="CASCADE"), primary_key=True),
    Column("certification_id", ForeignKey("certification.id"), primary_key=True),
)


class Lot(Base):
    """A quantity of one commodity that an organisation offers at one place.

    ``quantity``, ``held`` and ``sold`` follow the books (`Movement`) by triggers and are never
    written directly. ``version`` counts what people changed, not what the books moved.
    """

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint("held >= 0 AND sold >= 0 AND held + sold <= quantity", name="not_oversold"),
        CheckConstraint("ask IS NULL OR ask > 0", name="ask_positive"),
        CheckConstraint("ready_on <= until", name="window"),
        CheckConstraint("fresh_hours IS NULL OR fresh_hours > 0", name="fresh_positive"),
        CheckConstraint("confidence BETWEEN 1 AND 100", name="confidence_percent"),
        CheckConstraint("age_days > 0", name="age_days_positive"),
        CheckConstraint("heads > 0", name="heads_positive"),
        one_of("basis", Basis),
        Index("ix_lot_open", "withdrawn_at", "until"),
        CheckConstraint("quantity_most > 0", name="quantity_most_positive"),
        Index("ix_lot_series_day", "series_id", "series_day", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    basis: Mapped[str] = mapped_column(String(20), default=Basis.OWN)
    producer: Mapped[str] = mapped_column(String(200), default="")
    """Whose goods they are, where the organisation lists for somebody else."""

    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"), index=True)
    grade: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    quantity_most: Mapped[int | None] = mapped_column(BigInteger)
    """What there may be at most; only ``quantity`` is sure, and only that is ever promised."""
    held: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    sold: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    ask: Mapped[int | None] = mapped_column(BigInteger)
    """₫ per base unit at the gate; none: to be agreed ("thỏa thuận")."""
    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"), index=True)
    ready_on: Mapped[date]
    until: Mapped[date]
    fresh_hours: Mapped[int | None]
    """How long the goods stay fresh, where the lister knows better than the catalogue."""
    confidence: Mapped[int | None]
    """How likely an expected harvest is to come, in percent; none: the goods are sure."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When an expected harvest became sure."""
    reminded_for: Mapped[date | None]
    """The first day of which its holder was reminded to confirm."""
    lapsed_for: Mapped[date | None]
    """The first day that came unconfirmed and of which its holder was told."""
    whole: Mapped[bool] = mapped_column(default=False)
    unsold_reason: Mapped[str] = mapped_column(String(20), default="")
    growing_area_code: Mapped[str] = mapped_column(String(60), default="")
    packing_code: Mapped[str] = mapped_column(String(60), default="")
    trace_code: Mapped[str] = mapped_column(String(200), default="")
    age_days: Mapped[int | None]
    """Of seedlings and breeding stock. What follows is what kinds of goods ask for (domain/kinds)."""
    heads: Mapped[int | None]
    """Of live animals that are sold by weight."""
    origin: Mapped[str] = mapped_column(String(200), default="", server_default="")
    quarantine_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    quarantine_on: Mapped[date | None]
    best_before: Mapped[date | None]
    batch_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    registration_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    series_day: Mapped[date | None]
    """Whose instalment it is; the day is none where the series has taken it back."""
    search: Mapped[str] = mapped_column(Text, default="")
    """Folded words by which the lot is found."""
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
        secondary=lot_certification, lazy="raise"
    )
    papers: Mapped[list[LotPaper]] = relationship(viewonly=True, lazy="raise")
    """Certificates that stand behind what is named in ``certifications``."""
    photos: Mapped[list[Photo]] = relationship(
        viewonly=True, lazy="raise", order_by="Photo.position"
    )

    @hybrid_property
    def open_quantity(self) -> int:
        """What nobody holds and nobody has bought."""
        return self.quantity - self.held - self.sold

    def lapsed(self, today: date) -> frozenset[str]:
        """Ids of certifications whose certificate is not valid when the goods are handed over."""
        day = counting_day(self.ready_on, today)
        return frozenset(
            paper.certification_id for paper in self.papers if not paper.certificate.covers(day)
        )

    def papers_on(self, today: date) -> list[Certification]:
        """The certifications that count: only named, or with a certificate that is valid."""
        lapsed = self.lapsed(today)
        return [paper for paper in self.certifications if paper.id not in lapsed]

    @classmethod
    def is_open(cls, on: date) -> ColumnElement[bool]:
        """Not withdrawn, has something left, is still to be collected on that day and `is_sure`."""
        something = (cls.quantity > cls.held + cls.sold) & (cls.until >= on)
        return cls.withdrawn_at.is_(None) & something & cls.is_sure(on)

    @classmethod
    def is_sure(cls, on: date) -> ColumnElement[bool]:
        """Not an expected harvest whose first day has come without a confirmation."""
        return cls.confidence.is_(None) | (cls.ready_on > on)
