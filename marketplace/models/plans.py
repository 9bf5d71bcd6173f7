"""Plans of production: what stands, and every entry that led to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.models.base import Base, Moment, only_added
from marketplace.models.organisations import Organisation, User


class ProductionPlan(Base):
    """What a locality plans of a commodity for the week that begins on that Monday."""

    __tablename__ = "production_plan"
    __table_args__ = (
        UniqueConstraint("locality_id", "commodity_id", "week"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("version > 0", name="version_counts"),
        Index("ix_production_plan_week", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    locality_id: Mapped[str] = mapped_column(ForeignKey("locality.id"))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"))
    week: Mapped[date]
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    """Base units; none: the plan was taken back."""
    source: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class PlanEntry(Base):
    """One version of a week's plan; rows are only ever added."""

    __tablename__ = "plan_entry"
    __table_args__ = (
        UniqueConstraint("locality_id", "commodity_id", "week", "version"),
        Index("ix_plan_entry_made", "locality_id", "commodity_id", "made_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    locality_id: Mapped[str] = mapped_column(ForeignKey("locality.id"))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"))
    week: Mapped[date]
    version: Mapped[int]
    before: Mapped[int | None] = mapped_column(BigInteger)
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    maker: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


def triggers(dialect: str) -> list[str]:
    """Statements that create the tables' triggers on ``dialect`` (sqlite or postgresql)."""
    return only_added("plan_entry", "what was planned is only ever added to", dialect)
