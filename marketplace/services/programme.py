"""The programme for everybody: which goods are admitted, by which criteria, on any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.programme import (
    ChangedMeanwhile,
    CriterionDraft,
    EvidenceKind,
    check_criterion,
    may_keep_criteria,
)
from marketplace.domain.text_marks import N_
from marketplace.models.admissions import Admission, admissions
from marketplace.models.base import db, transaction
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.programme import Criterion, Grant, ProgrammeEntry, criteria_on
from marketplace.models.reference import current_reference

PAGE = 50


@dataclass(frozen=True)
class Admitted:
    """One page of what the catalogue says on a day, by goods."""

    grants: list[Grant]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class AdmittedLots:
    """How many of the open lots a programme round started now would take."""

    lots: int
    of: int


def catalogue(
    on: date, *, locality: str = "", group: str = "", page: int = 1, size: int = PAGE
) -> Admitted:
    """What is admitted on that day, of one locality or group where one is named."""
    query = (
        select(Grant)
        .join(Grant.entry)
        .join(ProgrammeEntry.commodity)
        .where(Grant.in_force(on))
        .options(
            contains_eager(Grant.entry).contains_eager(ProgrammeEntry.commodity),
            contains_eager(Grant.entry).joinedload(ProgrammeEntry.organisation),
            contains_eager(Grant.entry).joinedload(ProgrammeEntry.locality),
        )
        .order_by(Commodity.name_vi, ProgrammeEntry.locality_id, Grant.id)
    )
    if locality:
        query = query.where(ProgrammeEntry.locality_id == locality)
    if group:
        query = query.where(Commodity.group_id == group)
    total = (
        db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    )
    rows = db.session.scalars(query.limit(size).offset((page - 1) * size))
    return Admitted(list(rows), page, max(1, -(-total // size)), total)


def criteria(on: date, group: str | None = None) -> Sequence[Criterion]:
    """The criteria in force on that day: all, or those that hold for goods of a group."""
    return criteria_on(on, group)


def criteria_of(commodity: str, on: date) -> Sequence[Criterion]:
    """The criteria that such goods have to meet. Raises `NotFound` for goods that there are not."""
    group = {good.id: good.group for good in current_reference().commodities}.get(commodity)
    if group is None:
        raise NotFound(N_("There is no such page."))
    return criteria_on(on, group)


def versions() -> dict[int, list[Criterion]]:
    """Every version of every criterion, the newest first."""
    query = (
        select(Criterion)
        .options(joinedload(Criterion.maker))
        .order_by(Criterion.number, Criterion.version.desc())
    )
    found: dict[int, list[Criterion]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.number, []).append(row)
    return found


def criterion(number: int) -> Criterion:
    """The latest version. Raises `NotFound`."""
    found = db.session.scalar(
        select(Criterion)
        .where(Criterion.number == number)
        .order_by(Criterion.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(N_("There is no such entry."))
    return found


def draft_of(row: Criterion) -> CriterionDraft:
    """What a version says, to be changed."""
    return CriterionDraft(
        text_vi=row.text_vi,
        text_en=row.text_en,
        evidence=EvidenceKind(row.evidence),
        group=row.group_id,
        valid_from=row.valid_from,
        withdrawn=row.withdrawn,
        reason=row.reason,
    )


def add_criterion(draft: CriterionDraft, *, actor: Actor, now: datetime, today: date) -> Criterion:
    """State a new one."""
    _check(draft, actor, today)
    with transaction() as session:
        number = (session.scalar(select(func.max(Criterion.number))) or 0) + 1
        row = _row(draft, number, 1, actor, now)
        session.add(row)
        _flush()
    return row


def change_criterion(
    number: int, draft: CriterionDraft, seen: int, *, actor: Actor, now: datetime, today: date
) -> Criterion:
    """Its next version; what it said before stays. Raises `Stale` if ``seen`` is not the last one."""
    _check(draft, actor, today)
    with transaction() as session:
        there = criterion(number)
        if there.version != seen:
            raise ChangedMeanwhile
        if draft.valid_from < there.valid_from:
            raise Rejected(
                N_("A change that counts later has been stated already, from %(day)s."),
                field="valid_from",
                day=there.valid_from,
            )
        row = _row(draft, number, there.version + 1, actor, now)
        session.add(row)
        _flush()
    return row


def admission_of(lot: Lot, *, today: date) -> Admission:
    """Whether the programme takes the lot, and if not, why."""
    return admissions(db.session, [lot], today)[lot.id]


def admitted_lots(today: date) -> AdmittedLots:
    """How many open lots a programme round started now would take, of how many."""
    lots = list(
        db.session.scalars(
            select(Lot)
            .join(Lot.commodity)
            .where(Lot.is_open(today), Commodity.milligrams.is_not(None))
        )
    )
    found = admissions(db.session, lots, today)
    return AdmittedLots(sum(one.admitted for one in found.values()), len(lots))


def _check(draft: CriterionDraft, actor: Actor, today: date) -> None:
    if not may_keep_criteria(actor):
        raise Forbidden(N_("Only coordinators state criteria."))
    check_criterion(draft, {group.id for group in current_reference().groups}, today)


def _row(
    draft: CriterionDraft, number: int, version: int, actor: Actor, now: datetime
) -> Criterion:
    return Criterion(
        number=number,
        version=version,
        group_id=draft.group,
        text_vi=draft.text_vi,
        text_en=draft.text_en,
        evidence=draft.evidence,
        valid_from=draft.valid_from,
        withdrawn=draft.withdrawn,
        reason=draft.reason,
        made_by=actor.user_id,
        made_at=now,
    )


def _flush() -> None:
    """Raises `Stale` where somebody else has added the same version at the same moment."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error
