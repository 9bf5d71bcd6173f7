"""Match rounds: what they saw, how far they are, what came out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    case,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.clock import HERE
from marketplace.domain.rounds import ACTIVE, RoundState
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.leases import Leased
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.organisations import User

_ACTIVE = ", ".join(f"'{state.value}'" for state in ACTIVE)


NOT_ADMITTED = "not_eligible"
"""Reason of what a round of the programme did not take."""


class MatchRound(Leased, Base):
    """One run of the engine over all that is open. ``id`` is the number that people see.

    ``slot`` is 1 while the round is active and unique, so the database allows one active round.
    The worker claims a round by a lease; only the token's holder may record.
    """

    __tablename__ = "match_round"
    __table_args__ = (
        one_of("state", RoundState),
        UniqueConstraint("slot"),
        CheckConstraint(f"(slot IS NOT NULL) = (state IN ({_ACTIVE}))", name="slot_while_active"),
        CheckConstraint("slot = 1", name="one_slot"),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=RoundState.QUEUED)
    slot: Mapped[int | None] = mapped_column(default=1)
    day: Mapped[date]
    """The day for which the round is solved."""
    requested_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    programme: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it takes goods only that the programme admits (models/admissions)."""

    engine_version: Mapped[str] = mapped_column(String(20), default="")
    inputs: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """What the round saw, compressed JSON; ``inputs_hash`` is its SHA-256."""
    inputs_hash: Mapped[str] = mapped_column(String(64), default="")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Market and outcome in full, compressed; solving/full_file and docs/round-file.md."""
    file_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the full file, as it names it itself."""
    public_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the public file: what a page shows, for people to compare."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Figures of the outcome: value_vnd, bound_vnd, gap, credit_vnd, tonnes … (services/rounds)."""
    solved_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    requester: Mapped[User] = relationship(foreign_keys=requested_by, lazy="raise")

    @property
    def shown_on(self) -> date:
        """The day that people know the round by: published or discarded, before that begun."""
        return (self.decided_at or self.requested_at).astimezone(HERE).date()


OUTSIDE = "programme"
"""In an entry's details: why a round of the programme does not take the lot, found at its start."""


class RoundEntry(Base):
    """A lot or need as the round saw it, and why it was left out or only partly matched."""

    __tablename__ = "round_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "lot_id"),
        UniqueConstraint("round_id", "need_id"),
        CheckConstraint("(lot_id IS NULL) <> (need_id IS NULL)", name="one_side"),
        CheckConstraint("matched BETWEEN 0 AND quantity", name="not_overmatched"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("match_round.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    version: Mapped[int]
    quantity: Mapped[int] = mapped_column(BigInteger)
    """Open when the round began."""
    matched: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str | None] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The reason's figures, by the names that its texts use; beside them `OUTSIDE`."""

    lot: Mapped[Lot | None] = relationship(lazy="raise")
    need: Mapped[Need | None] = relationship(lazy="raise")


def stood_outside() -> ColumnElement[bool]:
    """Lots that were on the market and that a round of the programme did not take."""
    of_programme = RoundEntry.round_id.in_(select(MatchRound.id).where(MatchRound.programme))
    barred = (RoundEntry.matched == 0) & (RoundEntry.reason == NOT_ADMITTED)
    return of_programme & RoundEntry.lot_id.is_not(None) & barred


def says_last() -> tuple[ColumnElement[Any], ...]:
    """Order of a listing's entries, the one to show first: the last that says something of it.

    That a round of the programme left it out because it is not admitted says nothing of the market.
    """
    outside = MatchRound.programme & (RoundEntry.matched == 0) & (RoundEntry.reason == NOT_ADMITTED)
    return case((outside, 1), else_=0), RoundEntry.round_id.desc()
