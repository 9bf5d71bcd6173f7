"""What-ifs: a copied market, what is changed in it, and what came out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.scenarios import Change, ScenarioKind, ScenarioState, from_json
from marketplace.models.base import Base, Moment, one_of
from marketplace.models.leases import Leased
from marketplace.models.organisations import Organisation, User


class Scenario(Leased, Base):
    """A copy of the open market with changes. Nothing that is real points here.

    Like a round it is claimed by a lease; what is known already stands in ``result``, so that the next
    worker goes on from there.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        one_of("kind", ScenarioKind),
        one_of("state", ScenarioState),
        CheckConstraint("(state = 'working') = (token IS NOT NULL)", name="token_while_working"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at_known"),
        {"sqlite_autoincrement": True},  # a link that was sent stays this scenario's
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default=ScenarioKind.CHANGES)
    state: Mapped[str] = mapped_column(String(12), default=ScenarioState.DRAFT, index=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """For which the owner made it."""
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    copied_from: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))

    day: Mapped[date]
    """The day of the copy, for which it is solved."""
    afresh: Mapped[bool] = mapped_column(default=False)
    """Whether proposals that nobody had answered were put back on the market in the copy."""
    inputs: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The copied market, as a round keeps what it saw; ``inputs_hash`` is its SHA-256."""
    inputs_hash: Mapped[str] = mapped_column(String(64), index=True)
    lots: Mapped[int]
    needs: Mapped[int]
    """How many the copy has."""
    kept: Mapped[list[dict[str, Any]]] = mapped_column("changes", JSON, default=list)
    """What is changed: `marketplace.domain.scenarios.to_json`."""
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """``baseline``, ``scenario`` and ``links``: `marketplace.solving.scenario_figures`."""

    owner: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is changed, in the order in which it was added."""
        return tuple(from_json(row) for row in self.kept)
