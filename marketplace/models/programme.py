"""The programme's criteria, the catalogue of goods admitted to it, and all that was done about them.

Versions of criteria, steps and evidence are rows that are only ever added. An entry says how far its
application is and counts its changes, so that of two people who decide at once the second is told; its
grants say from when to when it is in force.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship, scoped_session

from marketplace.domain.programme import Asked, EvidenceKind, StepKind
from marketplace.models.base import Base, Moment, Tuple, db, one_of, only_added
from marketplace.models.commodities import Commodity
from marketplace.models.organisations import Organisation, User
from marketplace.models.places import Locality

if TYPE_CHECKING:
    from marketplace.models.shown_papers import ShownPaper


class Criterion(Base):
    """One version of a criterion, in force from its day until the next version's."""

    __tablename__ = "programme_criterion"
    __table_args__ = (
        UniqueConstraint("number", "version"),
        one_of("evidence", EvidenceKind),
        CheckConstraint("version > 0 AND number > 0", name="counted"),
        CheckConstraint("text_vi <> ''", name="worded"),
        CheckConstraint("reason <> ''", name="reasoned"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    """By which people know it in every version."""
    version: Mapped[int]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("commodity_group.id"))
    """None: it holds for all goods."""
    text_vi: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    """Empty: the Vietnamese sentence stands in its place."""
    evidence: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)

    maker: Mapped[User] = relationship(lazy="raise")


class ProgrammeEntry(Base):
    """Goods of one kind from one locality, of everybody there, one organisation, or one producer."""

    __tablename__ = "programme_entry"
    __table_args__ = (
        UniqueConstraint("scope"),
        one_of("asked", Asked),
        CheckConstraint("organisation_id IS NOT NULL OR producer = ''", name="whose"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(320))
    commodity_id: Mapped[str] = mapped_column(ForeignKey("commodity.id"), index=True)
    locality_id: Mapped[str] = mapped_column(ForeignKey("locality.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """None: it counts for everybody in the locality."""
    producer: Mapped[str] = mapped_column(String(200), default="")
    """Whose goods, where a department applies for somebody else."""
    applicant_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The organisation that applied last, which is told what is decided."""
    applied_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked: Mapped[str] = mapped_column(String(12), default=Asked.APPLIED, index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    commodity: Mapped[Commodity] = relationship(lazy="raise")
    locality: Mapped[Locality] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(
        foreign_keys=organisation_id, lazy="raise"
    )
    applicant: Mapped[Organisation] = relationship(foreign_keys=applicant_id, lazy="raise")
    steps: Mapped[list[ProgrammeStep]] = relationship(
        order_by="ProgrammeStep.version", lazy="raise", back_populates="entry"
    )
    grants: Mapped[list[Grant]] = relationship(
        order_by="Grant.id", lazy="raise", back_populates="entry"
    )

    def grant_on(self, day: date) -> Grant | None:
        """What puts it in force on that day."""
        return next((grant for grant in reversed(self.grants) if grant.on(day)), None)


class ProgrammeStep(Base):
    """What somebody did about an entry: the change that made it this ``version``."""

    __tablename__ = "programme_step"
    __table_args__ = (
        UniqueConstraint("entry_id", "version"),
        one_of("kind", StepKind),
        CheckConstraint(
            "kind NOT IN ('refused', 'more_asked', 'revoked') OR reason <> ''", name="reasoned"
        ),
        CheckConstraint(
            "(kind = 'accepted') = (valid_from IS NOT NULL AND expires_on IS NOT NULL)",
            name="accepted_from_to",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("programme_entry.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Of a decision, or what the applicant adds."""
    number: Mapped[str] = mapped_column(String(80), default="")
    """Of the decision, as its paper is called."""
    valid_from: Mapped[date | None]
    expires_on: Mapped[date | None]
    unmet: Mapped[tuple[int, ...]] = mapped_column(Tuple, default=())
    """Numbers of the criteria that are not met."""
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)

    entry: Mapped[ProgrammeEntry] = relationship(lazy="raise", back_populates="steps")
    maker: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    evidence: Mapped[list[ShownEvidence]] = relationship(
        order_by="ShownEvidence.criterion_id", lazy="raise"
    )
    papers: Mapped[list[ShownPaper]] = relationship(
        order_by="ShownPaper.position", viewonly=True, lazy="raise"
    )


class ShownEvidence(Base):
    """What an application showed for one version of a criterion."""

    __tablename__ = "programme_evidence"
    __table_args__ = (
        UniqueConstraint("step_id", "criterion_id"),
        CheckConstraint("text <> '' OR link <> ''", name="shown"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("programme_step.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("programme_criterion.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")

    criterion: Mapped[Criterion] = relationship(lazy="raise")


class Grant(Base):
    """From when to when an entry is in force by one decision; ``ended_on``: revoked on that day."""

    __tablename__ = "programme_grant"
    __table_args__ = (
        UniqueConstraint("step_id"),
        CheckConstraint("valid_from <= expires_on", name="days_ordered"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("programme_entry.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("programme_step.id"))
    number: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    told_soon: Mapped[bool] = mapped_column(default=False)
    """Whether its holder was told that it expires."""
    told_over: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[ProgrammeEntry] = relationship(lazy="raise", back_populates="grants")

    def on(self, day: date) -> bool:
        """Whether it is in force."""
        ended = self.ended_on is not None and day >= self.ended_on
        return self.valid_from <= day <= self.expires_on and not ended

    @classmethod
    def in_force(cls, day: date) -> ColumnElement[bool]:
        """The same as a condition of a query."""
        begun = (cls.valid_from <= day) & (cls.expires_on >= day)
        return begun & or_(cls.ended_on.is_(None), cls.ended_on > day)


def criteria_on(day: date, group: str | None = None) -> Sequence[Criterion]:
    """The criteria in force on a day, for all goods and, if one is named, for the group."""
    later = aliased(Criterion)
    newest = (
        select(func.max(later.version))
        .where(later.number == Criterion.number, later.valid_from <= day)
        .scalar_subquery()
    )
    query = (
        select(Criterion)
        .where(Criterion.version == newest, Criterion.withdrawn.is_(False))
        .order_by(Criterion.group_id.is_not(None), Criterion.number)
    )
    if group is not None:
        query = query.where(or_(Criterion.group_id.is_(None), Criterion.group_id == group))
    return db.session.scalars(query).all()


def wordings(
    session: Session | scoped_session[Any], numbers: Collection[int]
) -> dict[int, Criterion]:
    """The latest version of these criteria, by number."""
    query = select(Criterion).where(Criterion.number.in_(numbers))
    found = session.scalars(query.order_by(Criterion.version)) if numbers else ()
    newest = {row.number: row for row in found}
    return dict(sorted(newest.items()))


TABLES = ("programme_criterion", "programme_step", "programme_evidence", "programme_paper")
"""Whose rows are only ever added; the last is of `models/shown_papers`."""


def triggers(dialect: str) -> list[str]:
    """Statements that create the tables' triggers on ``dialect`` (sqlite or postgresql)."""
    message = "what was stated is only ever added to"
    return [statement for table in TABLES for statement in only_added(table, message, dialect)]
