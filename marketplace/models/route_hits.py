"""Which condition has hit which match, so that its sides are told once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.models.base import Base, Moment


class RouteHit(Base):
    """Both sides of a match were told that a condition stops it, and perhaps that it no longer does."""

    __tablename__ = "route_hit"
    __table_args__ = (UniqueConstraint("match_id", "condition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey("condition.id"))
    """The first version of it: its number."""
    told_at: Mapped[datetime] = mapped_column(Moment)
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
