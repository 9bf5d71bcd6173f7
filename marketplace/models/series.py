"""Series: goods that come, or are wanted, again and again, and what was said of them when.

Terms are only ever added: each holds from its day on and overrides what was said of later days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from marketplace.domain.actors import Actor
from marketplace.domain.drafts import draft_from_json, draft_to_json, need_from_json
from marketplace.domain.lots import LotDraft
from marketplace.domain.series import REMIND_DAYS, Draft, Recurrence, SeriesState, Side, Terms
from marketplace.domain.series_rules import may_have_series
from marketplace.models.base import Base, Moment, db, one_of
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation, User


class Series(Base):
    """What an organisation sells or wants to buy in instalments, each a lot or a need of its own."""

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("side IN ('lot', 'need')", name="side_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = mapped_column(String(4))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    once: Mapped[str | None] = mapped_column(String(60), unique=True)
    """What was saved under this name is saved once."""
    due_on: Mapped[date | None] = mapped_column(index=True)
    """When the next instalments are put on the market; none: there are no more."""
    failure: Mapped[str] = mapped_column(Text, default="")
    """Why the last attempt put nothing on the market."""
    version: Mapped[int] = mapped_column(default=1)
    ends_on: Mapped[date | None] = mapped_column(index=True)
    """The day of its last instalment; none: there is none any more."""
    told_for: Mapped[date | None]
    """The last day of which its holder has been told, or has just spoken."""

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    versions: Mapped[list[SeriesVersion]] = relationship(
        order_by="SeriesVersion.number", lazy="raise"
    )

    @property
    def kind(self) -> type[Lot] | type[Need]:
        return Lot if self.side == "lot" else Need

    @property
    def all_terms(self) -> list[Terms]:
        """Everything that was said of it, in that order."""
        return [version.terms(self.side) for version in self.versions]


class SeriesVersion(Base):
    """What holds of a series from a day on. ``weekdays`` has a bit per day, the lowest for Monday."""

    __tablename__ = "series_version"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("first_on <= last_on", name="days"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays_known"),
        CheckConstraint("days_each >= 1", name="days_each_positive"),
        one_of("state", SeriesState),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    number: Mapped[int]
    since: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    first_on: Mapped[date]
    last_on: Mapped[date]
    weekdays: Mapped[int]
    days_each: Mapped[int]
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    """An instalment as JSON has it; its days are those of the first."""
    said_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime] = mapped_column(Moment)

    author: Mapped[User] = relationship(lazy="raise")

    def terms(self, side: Side) -> Terms:
        """The same as the domain has it."""
        read = draft_from_json if side == "lot" else need_from_json
        draft: Draft = read(self.draft)
        on = frozenset(day for day in range(7) if self.weekdays >> day & 1)
        recurs = Recurrence(
            first=self.first_on, last=self.last_on, weekdays=on, days_each=self.days_each
        )
        return Terms(
            number=self.number,
            since=self.since,
            state=SeriesState(self.state),
            recurs=recurs,
            draft=draft,
        )


def version_of(terms: Terms, *, actor_id: int, now: datetime) -> SeriesVersion:
    """The row of what somebody says now."""
    recurs = terms.recurs
    return SeriesVersion(
        number=terms.number,
        since=terms.since,
        state=terms.state,
        first_on=recurs.first,
        last_on=recurs.last,
        weekdays=sum(1 << day for day in recurs.weekdays),
        days_each=recurs.days_each,
        draft=draft_to_json(terms.draft),
        said_by=actor_id,
        said_at=now,
    )


def new_series(
    draft: Draft,
    recurs: Recurrence,
    *,
    organisation_id: int,
    actor_id: int,
    today: date,
    now: datetime,
    once: str | None = None,
) -> Series:
    """A series that begins with these terms, due today; its rules are checked before."""
    terms = Terms(
        number=1, since=recurs.first, state=SeriesState.RUNNING, recurs=recurs, draft=draft
    )
    return Series(
        organisation_id=organisation_id,
        side="lot" if isinstance(draft, LotDraft) else "need",
        commodity_id=draft.commodity,
        created_by=actor_id,
        created_at=now,
        changed_by=actor_id,
        changed_at=now,
        once=once,
        due_on=today,
        versions=[version_of(terms, actor_id=actor_id, now=now)],
    )


def own_series(series_id: int, actor: Actor, *, lock: bool = False) -> Series | None:
    """The series with all that was said of it, if the actor may change it; ``lock`` as `find` does."""
    query = (
        select(Series)
        .where(Series.id == series_id, Series.organisation_id == actor.organisation_id)
        .options(selectinload(Series.versions).joinedload(SeriesVersion.author))
    )
    series = db.session.scalar(query.with_for_update(of=Series) if lock else query)
    return series if series and may_have_series(series.side, actor) else None


def is_just_said(series: Series, today: date) -> None:
    """Whoever has spoken of a series that ends within days knows it, and is not told of it later."""
    if series.ends_on is not None and series.ends_on <= today + timedelta(days=REMIND_DAYS):
        series.told_for = series.ends_on


def photos_to_come() -> frozenset[int]:
    """Ids of the photos that instalments will have which are not on the market yet. One query."""
    running = (
        select(SeriesVersion)
        .join(Series, Series.id == SeriesVersion.series_id)
        .where(Series.side == "lot", Series.due_on.is_not(None))
    )
    drafts = [version.terms("lot").draft for version in db.session.scalars(running)]
    return frozenset(
        use.id for draft in drafts if isinstance(draft, LotDraft) for use in draft.photos or ()
    )
