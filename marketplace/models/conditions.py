"""What officers have stated of links and goods, in every version: rows are only ever added.

A change, a withdrawal and its undoing are new versions of the same thing. All that is stated of one
link, mode or kind of goods has one ``scope``; its changes are numbered by ``revision``, so that of two
officers at the same scope the second is told of the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, declared_attr, mapped_column, relationship

from marketplace.domain import conditions as records
from marketplace.domain.conditions import DIRECTIONS, MODES, Effect, Kind
from marketplace.domain.links import Scope
from marketplace.models.base import Base, Moment, Tuple, db, one_of, only_added
from marketplace.models.organisations import Organisation, User


class Versioned:
    """One version of something stated: what holds from when to when, who says so, and why."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    scope: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    first: Mapped[date]
    last: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)

    @declared_attr
    def first_id(cls) -> Mapped[int | None]:
        """The first version, by which people know it; none in the first version itself."""
        own: str = cls.__tablename__  # type: ignore[attr-defined]
        return mapped_column(ForeignKey(f"{own}.id"), index=True)

    @declared_attr
    def made_by(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def organisation_id(cls) -> Mapped[int]:
        """For which office they spoke."""
        return mapped_column(ForeignKey("organisation.id"))

    @declared_attr
    def maker(cls) -> Mapped[User]:
        return relationship(User, lazy="raise")

    @declared_attr
    def organisation(cls) -> Mapped[Organisation]:
        return relationship(Organisation, lazy="raise")

    @property
    def number(self) -> int:
        """By which people and addresses know it in every version."""
        return self.first_id or self.id

    def on(self, day: date) -> bool:
        """Whether this version is in force, if it is the latest."""
        begun = self.first <= day
        return not self.withdrawn and begun and (self.last is None or day <= self.last)


def _checked(table: str) -> tuple[Any, ...]:
    """What holds of every version in the database too."""
    return (
        UniqueConstraint("scope", "revision"),
        UniqueConstraint("first_id", "version"),
        CheckConstraint("(first_id IS NULL) = (version = 1)", name="first_version"),
        CheckConstraint("revision > 0", name="revision_counts"),
        CheckConstraint("first <= last", name="days_ordered"),
        CheckConstraint("reason <> ''", name="reasoned"),
        CheckConstraint("source <> ''", name="sourced"),
    )


class ConditionVersion(Versioned, Base):
    """One version of a `records.Condition`."""

    __tablename__ = "condition"
    __table_args__ = (
        *_checked("condition"),
        one_of("effect", Effect),
        one_of("kind", Kind),
        CheckConstraint(
            "(link IS NULL) = (mode IS NOT NULL) AND (link IS NULL OR locality_id IS NULL)",
            name="one_scope",
        ),
        CheckConstraint(f"mode IN {MODES}", name="mode_known"),
        CheckConstraint("(effect = 'load') = (most IS NOT NULL)", name="load"),
        CheckConstraint(
            "(effect = 'hours') = (opens IS NOT NULL AND closes IS NOT NULL)", name="hours"
        ),
        CheckConstraint("(effect = 'lane') = (percent IS NOT NULL)", name="lane"),
        CheckConstraint("(effect = 'wait') = (minutes IS NOT NULL)", name="wait"),
        CheckConstraint("most > 0", name="most_positive"),
        CheckConstraint("percent >= 100", name="lane_is_faster"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        {"sqlite_autoincrement": True},
    )

    kind: Mapped[str] = mapped_column(String(10), default=Kind.ORDER)
    effect: Mapped[str] = mapped_column(String(10))
    link: Mapped[str | None] = mapped_column(String(60))
    """Of a road, a waterway or a transfer; three tables, so no foreign key."""
    mode: Mapped[str | None] = mapped_column(String(10))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"))
    most: Mapped[int | None]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    percent: Mapped[int | None]
    paper: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]

    @property
    def about(self) -> Scope:
        """What it is stated of; ``scope`` is its key."""
        return Scope(self.link, self.mode, self.locality_id)

    def record(self) -> records.Condition:
        """What it says, as ways and prices need it."""
        return records.Condition(
            id=self.number,
            effect=Effect(self.effect),
            link=self.link,
            mode=self.mode,
            locality=self.locality_id,
            most=self.most,
            opens=self.opens,
            closes=self.closes,
            percent=self.percent,
            paper=self.paper,
            minutes=self.minutes,
            first=self.first,
            last=self.last,
        )


class RestrictionVersion(Versioned, Base):
    """One version of a `records.Restriction`."""

    __tablename__ = "restriction"
    __table_args__ = (
        *_checked("restriction"),
        CheckConstraint("(commodity_id IS NULL) <> (group_id IS NULL)", name="one_kind_of_goods"),
        CheckConstraint("(place_id IS NULL) <> (locality_id IS NULL)", name="one_scope"),
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction_known"),
        {"sqlite_autoincrement": True},
    )

    commodity_id: Mapped[str | None] = mapped_column(ForeignKey("commodity.id"))
    group_id: Mapped[str | None] = mapped_column(ForeignKey("commodity_group.id"))
    place_id: Mapped[str | None] = mapped_column(ForeignKey("place.id"))
    locality_id: Mapped[str | None] = mapped_column(ForeignKey("locality.id"))
    direction: Mapped[str] = mapped_column(String(10))
    papers: Mapped[tuple[str, ...]] = mapped_column(Tuple)
    """Ids of certifications that lift it; empty: banned."""

    def record(self) -> records.Restriction:
        """What it says, as rounds need it."""
        return records.Restriction(
            id=self.number,
            commodity=self.commodity_id,
            group=self.group_id,
            place=self.place_id,
            locality=self.locality_id,
            direction=self.direction,
            papers=self.papers,
            first=self.first,
            last=self.last,
        )


AnyVersion = TypeVar("AnyVersion", ConditionVersion, RestrictionVersion)


def latest(kind: type[AnyVersion]) -> Select[AnyVersion]:
    """Everything that has been stated, in its latest version, withdrawn or not."""
    later = aliased(kind)
    same = func.coalesce(later.first_id, later.id) == func.coalesce(kind.first_id, kind.id)
    return select(kind).where(~exists().where(same, later.id > kind.id)).order_by(kind.id)


def in_force(kind: type[AnyVersion], day: date) -> list[AnyVersion]:
    """What holds on a day, by number."""
    rows = db.session.scalars(
        latest(kind).where(
            kind.withdrawn.is_(False),
            kind.first <= day,
            or_(kind.last.is_(None), kind.last >= day),
        )
    )
    return sorted(rows, key=lambda row: row.number)


def history(kind: type[AnyVersion], numbers: Iterable[int]) -> Select[AnyVersion]:
    """All versions of these, the newest first."""
    number = func.coalesce(kind.first_id, kind.id)
    return select(kind).where(number.in_(list(numbers))).order_by(kind.id.desc())


def triggers(dialect: str) -> list[str]:
    """Statements that create the tables' triggers on ``dialect`` (sqlite or postgresql)."""
    message = "what was stated is only ever added to"
    return [
        statement
        for table in ("condition", "restriction", "tariff_row")
        for statement in only_added(table, message, dialect)
    ]
