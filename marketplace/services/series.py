"""Series: started and looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from marketplace.domain.actors import Actor
from marketplace.domain.errors import NotFound
from marketplace.domain.listings import Repeated, name_once
from marketplace.domain.lots import LotDraft
from marketplace.domain.series import (
    Draft,
    Recurrence,
    Terms,
    instalments,
    state_on,
    terms_on,
)
from marketplace.domain.series_changes import timeline
from marketplace.domain.series_rules import Names, check_series
from marketplace.models.attaching import check_attached
from marketplace.models.base import db, transaction
from marketplace.models.instalments import Listing, Market, put_due
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.series import (
    Series,
    SeriesVersion,
    is_just_said,
    new_series,
    own_series,
)
from marketplace.solving.world import world_of

PAGE = 50
SHOWN = 60


def check_new(draft: Draft, recurs: Recurrence, *, actor: Actor, today: date) -> None:
    """Raise what `start` would raise, and change nothing."""
    check_series(draft, recurs, _names(), actor=actor, today=today)
    if isinstance(draft, LotDraft):
        check_attached(draft, actor.organisation_id, today)


def start(
    draft: Draft,
    recurs: Recurrence,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    ahead: int,
    token: str = "",
) -> Series:
    """Begin a series and put on the market what is due within ``ahead`` days, all of it or nothing.

    Each instalment is ``draft`` on its own days. Raises `Rejected`, `Forbidden`, `Repeated` as
    `publish_lot` does.
    """
    names = _names()
    check_series(draft, recurs, names, actor=actor, today=today)
    once = name_once(token, [draft, recurs]) or None
    series = new_series(
        draft,
        recurs,
        organisation_id=actor.organisation_id,
        actor_id=actor.user_id,
        today=today,
        now=now,
        once=once,
    )
    try:
        with transaction() as session:
            session.add(series)
            session.flush()
            put_due(series, Market(names, today, now, ahead))
            is_just_said(series, today)
    except IntegrityError as error:
        if once and db.session.scalar(select(Series.id).where(Series.once == once)):
            raise Repeated("This has been saved already.") from error
        raise
    return series


@dataclass(frozen=True)
class SeriesRow:
    """A series of ours, as it stands today."""

    series: Series
    terms: Terms
    """What holds today, or will when it begins."""
    state: str
    open: int
    """How many instalments are on the market."""
    next_day: date | None
    """The next day with an instalment."""


def listing(
    *, actor: Actor, today: date, page: int = 1, size: int = PAGE
) -> tuple[list[SeriesRow], int]:
    """The organisation's series, those that go on first, a page of them, and how many pages there are."""
    mine = Series.organisation_id == actor.organisation_id
    count = db.session.scalar(select(func.count()).select_from(Series).where(mine)) or 0
    query = (
        select(Series)
        .where(mine)
        .options(selectinload(Series.versions))
        .order_by(Series.due_on.is_(None), Series.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    found = list(db.session.scalars(query))
    counts = _open_counts([series.id for series in found], today)
    rows = [_row(series, counts.get(series.id, 0), today) for series in found]
    return rows, max(1, -(-count // size))


@dataclass(frozen=True)
class SeriesPage:
    """A series, its instalments, and what was said of it when."""

    row: SeriesRow
    instalments: list[Any]
    """Those on or off the market, the next ones first."""
    later: list[tuple[date, Draft]]
    """Days whose instalment is put on the market later."""
    coming: list[Terms]
    """What holds from today on, piece by piece."""
    history: Sequence[SeriesVersion]
    """One for each time that somebody said something, the latest first."""


def show(series_id: int, *, actor: Actor, today: date) -> SeriesPage:
    """What the series' page says. Raises `NotFound` if it is somebody else's."""
    series = _own(series_id, actor)
    counts = _open_counts([series.id], today)
    row = _row(series, counts.get(series.id, 0), today)
    there = _instalments(series, today)
    days = {one.series_day for one in there}
    versions = series.all_terms
    latest = max(terms.recurs.last for terms in versions)
    coming = instalments(versions, today, latest, today)
    later = [(day, draft) for day, (_, draft) in coming.items() if day not in days]
    pieces = timeline(versions, max(today, versions[0].since))
    return SeriesPage(row, there, later, pieces, _first_of_each(series.versions))


def _first_of_each(versions: Sequence[SeriesVersion]) -> list[SeriesVersion]:
    """Saying one thing adds a version for every piece of days that it leaves otherwise."""
    said = {version.said_at: version for version in reversed(versions)}
    return list(said.values())


@dataclass(frozen=True)
class OfListing:
    """The series of which a lot or a need is an instalment."""

    series: Series
    terms: Terms
    state: str


def of_listing(listing: Lot | Need, *, today: date) -> OfListing | None:
    """What a listing's page says of its series; None for goods that come once."""
    if listing.series_id is None:
        return None
    query = select(Series).where(Series.id == listing.series_id)
    series = db.session.scalars(query.options(selectinload(Series.versions))).one()
    versions = series.all_terms
    day = max(listing.series_day or today, today)
    return OfListing(series, terms_on(versions, day), state_on(versions, today))


# What several of them do


def _names() -> Names:
    world = world_of(current_reference())
    return world.gazetteer, world.catalogue


def _own(series_id: int, actor: Actor) -> Series:
    series = own_series(series_id, actor)
    if series is None:
        raise NotFound("There is no such series.")
    return series


def _row(series: Series, on_market: int, today: date) -> SeriesRow:
    versions = series.all_terms
    terms = terms_on(versions, max(today, versions[0].since))
    latest = max(each.recurs.last for each in versions)
    coming = instalments(versions, today, latest, today)
    upcoming = min((day for day in coming if day >= today), default=None)
    return SeriesRow(series, terms, state_on(versions, today), on_market, upcoming)


def _open_counts(ids: Sequence[int], today: date) -> dict[int, int]:
    found: dict[int, int] = {}
    for kind in (Lot, Need):
        query: Any = (
            select(kind.series_id, func.count())
            .where(kind.series_id.in_(ids), kind.is_open(today))
            .group_by(kind.series_id)
        )
        found |= {row.series_id: row[1] for row in db.session.execute(query)}
    return found


def _instalments(series: Series, today: date) -> list[Listing]:
    """Those of today and later by day, then earlier ones, the latest first."""
    kind: Any = series.kind
    mine = (kind.series_id == series.id) & kind.series_day.is_not(None)
    coming = select(kind).where(mine, kind.until >= today).order_by(kind.series_day).limit(SHOWN)
    past = select(kind).where(mine, kind.until < today).order_by(kind.series_day.desc())
    return [*db.session.scalars(coming), *db.session.scalars(past.limit(SHOWN))]
