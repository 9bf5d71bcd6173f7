"""Which condition or restriction hinders which match, so that its sides are told once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domain.conditions import Hindrance
from marketplace.models.base import Base, Moment


class RouteHit(Base):
    """Both sides of a match were told what hinders it, and perhaps that it no longer does."""

    __tablename__ = "route_hit"
    __table_args__ = (
        UniqueConstraint("match_id", "condition_id", "hindrance"),
        UniqueConstraint("match_id", "restriction_id"),
        CheckConstraint("(condition_id IS NULL) <> (restriction_id IS NULL)", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    hindrance: Mapped[str] = mapped_column(
        String(20), default=Hindrance.WAY, server_default=Hindrance.WAY.value
    )
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("condition.id"))
    """The first version of it: its number; so of a restriction."""
    restriction_id: Mapped[int | None] = mapped_column(ForeignKey("restriction.id"))
    told_at: Mapped[datetime] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def number(self) -> int:
        """Of the condition or restriction."""
        return self.condition_id or self.restriction_id or 0
