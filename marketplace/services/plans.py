"""Plans of production beside what is offered and sold; a whole season entered at once.

A lot counts in the week of its first day of pick-up. Sold is what both sides have agreed on and what
has been delivered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import NotFound, Stale
from marketplace.domain.matches import MatchState
from marketplace.domain.plans import WEEK, SeasonDraft, check_season, monday, weeks_from
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.leases import Database
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.organisations import User
from marketplace.models.places import Locality
from marketplace.models.plans import PlanEntry, ProductionPlan
from marketplace.models.reference import current_reference
from marketplace.solving.world import world_of

PAGE = 50
Pair = tuple[str, str]
"""Locality and commodity."""


@dataclass(frozen=True)
class Figures:
    """Of one or more weeks, in base units. ``planned`` is None where nobody has planned."""

    planned: int | None = None
    offered: int = 0
    expected: int = 0
    """Of what is offered: harvests that nobody has confirmed yet."""
    sold: int = 0

    def __add__(self, other: Figures) -> Figures:
        known = [each.planned for each in (self, other) if each.planned is not None]
        return Figures(
            sum(known) if known else None,
            self.offered + other.offered,
            self.expected + other.expected,
            self.sold + other.sold,
        )


@dataclass(frozen=True)
class Row:
    """One locality's figures of one commodity, by week and together."""

    locality: str
    commodity: Commodity
    weeks: dict[date, Figures]
    total: Figures


@dataclass(frozen=True)
class Season:
    """A locality's plan of one commodity; ``plans`` are the rows that stand, by week."""

    row: Row
    plans: dict[date, ProductionPlan]
    changed_by: str
    """Who entered the latest of it."""


class SeasonStale(Stale):
    """Somebody has changed some of these weeks; ``weeks`` says which."""

    def __init__(self, weeks: Sequence[date]) -> None:
        super().__init__(
            N_("Somebody has changed %(count)s of these weeks meanwhile. Look at them again."),
            count=len(weeks),
        )
        self.weeks = tuple(weeks)


def overview(
    first: date, number: int, *, locality: str = "", commodity: str = "", unplanned: bool = False
) -> list[Row]:
    """Rows for these weeks, most planned first; goods without a plan only if ``unplanned``."""
    weeks = weeks_from(first, number)
    catalogue = world_of(current_reference()).catalogue
    found = _figures(weeks, locality, commodity)
    rows = [
        Row(pair[0], catalogue.commodity(pair[1]), by_week, sum(by_week.values(), Figures()))
        for pair, by_week in found.items()
    ]
    shown = [row for row in rows if unplanned or row.total.planned is not None]
    return sorted(shown, key=_order)


def season(locality: str, commodity: str, first: date, number: int) -> Season:
    """One locality's weeks of one commodity, those without figures too. Raises `NotFound`."""
    world = world_of(current_reference())
    if locality not in {each.id for each in world.reference.localities}:
        raise NotFound(N_("There is no such locality."))
    good = known_commodity(commodity)
    weeks = weeks_from(first, number)
    found = _figures(weeks, locality, commodity).get((locality, commodity), {})
    by_week = {week: found.get(week, Figures()) for week in weeks}
    plans = {
        plan.week: plan
        for plan in db.session.scalars(
            select(ProductionPlan).where(_of(ProductionPlan, locality, commodity, weeks))
        )
    }
    latest = max(plans.values(), key=lambda plan: plan.changed_at, default=None)
    who = db.session.get(User, latest.changed_by) if latest else None
    row = Row(locality, good, by_week, sum(by_week.values(), Figures()))
    return Season(row, plans, who.name if who else "")


def known_commodity(commodity: str) -> Commodity:
    """Raises `NotFound`."""
    catalogue = world_of(current_reference()).catalogue
    if commodity not in {good.id for good in catalogue.commodities}:
        raise NotFound(N_("There are no such goods."))
    return catalogue.commodity(commodity)


def history(locality: str, commodity: str, page: int) -> tuple[list[PlanEntry], int]:
    """Every entry, the latest first, and how many pages there are."""
    mine = (PlanEntry.locality_id == locality, PlanEntry.commodity_id == commodity)
    count = db.session.scalar(select(func.count(PlanEntry.id)).where(*mine)) or 0
    query = (
        select(PlanEntry)
        .where(*mine)
        .options(joinedload(PlanEntry.maker), joinedload(PlanEntry.organisation))
        .order_by(PlanEntry.made_at.desc(), PlanEntry.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return list(db.session.scalars(query)), max(1, -(-count // PAGE))


def check_new_season(draft: SeasonDraft, *, actor: Actor, today: date) -> None:
    """Raise what `save_season` would raise of the draft, and change nothing."""
    catalogue = world_of(current_reference()).catalogue
    check_season(draft, catalogue, today, actor=actor)


def save_season(
    draft: SeasonDraft,
    versions: Mapping[date, int],
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> int:
    """Enter all weeks that differ from what stands; how many did.

    ``versions`` are those that the person has seen, 0 for a week without a plan. Raises `SeasonStale`
    and enters nothing if somebody has changed one of the weeks to something else meanwhile.
    """
    return save_seasons([draft], {draft.commodity: versions}, actor=actor, today=today, now=now)


def save_seasons(
    drafts: Sequence[SeasonDraft],
    versions: Mapping[str, Mapping[date, int]],
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> int:
    """The same for several goods of one locality, all or none; ``versions`` by commodity."""
    for draft in drafts:
        check_new_season(draft, actor=actor, today=today)
    with transaction() as session:
        _lock(session, {draft.locality for draft in drafts})
        return sum(
            _save(session, draft, versions.get(draft.commodity, {}), actor, now) for draft in drafts
        )


def _save(
    session: Database,
    draft: SeasonDraft,
    versions: Mapping[date, int],
    actor: Actor,
    now: datetime,
) -> int:
    there = {
        plan.week: plan
        for plan in session.scalars(
            select(ProductionPlan).where(
                _of(ProductionPlan, draft.locality, draft.commodity, draft.weeks)
            )
        )
    }
    differs = {
        week: quantity
        for week, quantity in draft.weeks.items()
        if quantity != (there[week].quantity if week in there else None)
    }
    stale = [
        week
        for week in differs
        if (there[week].version if week in there else 0) != versions.get(week, 0)
    ]
    if stale:
        raise SeasonStale(sorted(stale))
    for week in sorted(differs):
        _enter(session, draft, week, there.get(week), actor, now)
    return len(differs)


def _lock(session: Database, localities: Collection[str]) -> None:
    """One at a time for each locality: a week that nobody planned has no row to lock."""
    session.execute(select(Locality.id).where(Locality.id.in_(localities)).with_for_update())


def _enter(
    session: Database,
    draft: SeasonDraft,
    week: date,
    plan: ProductionPlan | None,
    actor: Actor,
    now: datetime,
) -> None:
    said: dict[str, Any] = {
        "locality_id": draft.locality,
        "commodity_id": draft.commodity,
        "week": week,
        "quantity": draft.weeks[week],
        "source": draft.source,
        "note": draft.note,
    }
    before = plan.quantity if plan else None
    if plan is None:
        plan = ProductionPlan(**said, version=1, changed_at=now, changed_by=actor.user_id)
        session.add(plan)
    else:
        for name, value in said.items():
            setattr(plan, name, value)
        plan.version += 1
        plan.changed_at, plan.changed_by = now, actor.user_id
    session.add(
        PlanEntry(
            **said,
            version=plan.version,
            before=before,
            made_at=now,
            made_by=actor.user_id,
            organisation_id=actor.organisation_id,
        )
    )


def _of(table: Any, locality: str, commodity: str, weeks: Iterable[date]) -> Any:
    return (
        (table.locality_id == locality)
        & (table.commodity_id == commodity)
        & table.week.in_(list(weeks))
    )


def _figures(
    weeks: Sequence[date], locality: str, commodity: str
) -> dict[Pair, dict[date, Figures]]:
    """Two queries, whatever is planned and offered."""
    found: dict[Pair, dict[date, Figures]] = defaultdict(dict)

    def add(pair: Pair, week: date, more: Figures) -> None:
        found[pair][week] = found[pair].get(week, Figures()) + more

    for plan in _plans(weeks, locality, commodity):
        add((plan.locality_id, plan.commodity_id), plan.week, Figures(planned=plan.quantity))
    for where, what, day, offered, expected, sold in _offered(weeks, locality, commodity):
        add((where, what), monday(day), Figures(None, int(offered), int(expected), int(sold)))
    return found


def _plans(weeks: Sequence[date], locality: str, commodity: str) -> Iterable[Any]:
    query = select(
        ProductionPlan.locality_id,
        ProductionPlan.commodity_id,
        ProductionPlan.week,
        ProductionPlan.quantity,
    ).where(ProductionPlan.week.between(weeks[0], weeks[-1]), ProductionPlan.quantity.is_not(None))
    return db.session.execute(_narrowed(query, ProductionPlan, locality, commodity))


def _offered(weeks: Sequence[date], locality: str, commodity: str) -> Iterable[Any]:
    agreed = (
        select(Match.lot_id, func.sum(Match.quantity).label("quantity"))
        .where(Match.state == MatchState.CONFIRMED)
        .group_by(Match.lot_id)
        .subquery()
    )
    confirmed = func.coalesce(agreed.c.quantity, 0)
    # What has been delivered is held no more, and is counted as sold already.
    still_held = case((confirmed < Lot.held, confirmed), else_=Lot.held)
    unsure = case((Lot.confidence.is_not(None), Lot.quantity), else_=0)
    query = (
        select(
            Lot.locality_id,
            Lot.commodity_id,
            Lot.ready_on,
            func.sum(Lot.quantity),
            func.sum(unsure),
            func.sum(Lot.sold + still_held),
        )
        .outerjoin(agreed, agreed.c.lot_id == Lot.id)
        .where(Lot.ready_on.between(weeks[0], weeks[-1] + WEEK - WEEK / 7))
        .where(Lot.locality_id.is_not(None), Lot.quantity > 0)
        .group_by(Lot.locality_id, Lot.commodity_id, Lot.ready_on)
    )
    return db.session.execute(_narrowed(query, Lot, locality, commodity))


def _narrowed(query: Any, table: Any, locality: str, commodity: str) -> Any:
    if locality:
        query = query.where(table.locality_id == locality)
    return query.where(table.commodity_id == commodity) if commodity else query


def _order(row: Row) -> tuple[Any, ...]:
    weight = row.commodity.kilograms(row.total.planned or row.total.offered) or 0
    return (row.total.planned is None, -weight, row.commodity.name_vi, row.locality)
