"""The instalments of a series on the market: put there when they are due, following what is said later.

Whoever calls this is in a transaction and holds the series' row, so nothing is put there twice; the
index over series and day holds it even where somebody does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.lots import LotDraft, check_lot
from marketplace.domain.needs import NeedDraft, check_need
from marketplace.domain.series import (
    MOST_DAYS_EACH,
    ONE_DAY,
    Draft,
    SeriesState,
    Terms,
    instalment,
    instalments,
    last_instalment,
    terms_on,
)
from marketplace.models.base import db
from marketplace.models.certificates import rely_on
from marketplace.models.entering import Names, enter_lots, enter_needs, lot_columns, need_columns
from marketplace.models.listing_pages import with_all
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.revising import revise, withdraw
from marketplace.models.series import Series

Listing = Lot | Need


@dataclass(frozen=True)
class Market:
    """When it is, what is known, and how many days ahead instalments are put on the market."""

    names: Names
    today: date
    now: datetime
    ahead: int

    @property
    def horizon(self) -> date:
        return self.today + timedelta(days=self.ahead)


@dataclass
class Followed:
    """What becomes of instalments that are on the market when something else is said of their days."""

    changed: list[Listing] = field(default_factory=list)
    withdrawn: list[Listing] = field(default_factory=list)
    kept: list[Listing] = field(default_factory=list)
    """Somebody holds or has bought of them, so what was agreed stays."""


def put_due(series: Series, market: Market) -> list[Listing]:
    """Put on the market what is due and not there; note when the next one is due."""
    versions = series.all_terms
    since = max(market.today - timedelta(days=MOST_DAYS_EACH), versions[0].recurs.first)
    wanted = instalments(versions, since, market.horizon, market.today)
    there = set(db.session.scalars(_days_of(series)))
    due = {day: draft for day, (_, draft) in wanted.items() if day not in there}
    lawful, failure = _lawful(due, market)
    series.failure = failure
    series.due_on = market.today + ONE_DAY if failure else _next_due(versions, market)
    series.ends_on = last_instalment(versions, market.today)
    return _enter(series, lawful, market)


def _next_due(versions: Sequence[Terms], market: Market) -> date | None:
    latest = max(terms.recurs.last for terms in versions)
    later = instalments(versions, market.horizon + ONE_DAY, latest, market.today)
    return min(later) - timedelta(days=market.ahead) if later else None


def _lawful(due: Mapping[date, Draft], market: Market) -> tuple[dict[date, Draft], str]:
    """What the rules of today allow, and what they say of the rest."""
    found, failure = {}, ""
    for day, draft in due.items():
        try:
            _check(draft, market.names[1], market.today)
            found[day] = draft
        except Rejected as error:
            params = {name: str(value) for name, value in error.params.items()}
            failure = json.dumps({"reason": error.reason, "params": params})
    return found, failure


def _check(draft: Draft, catalogue: Catalogue, today: date) -> None:
    if isinstance(draft, LotDraft):
        check_lot(draft, catalogue, today)
    else:
        check_need(draft, catalogue, today)


def _enter(series: Series, drafts: Mapping[date, Draft], market: Market) -> list[Listing]:
    if not drafts:
        return []
    of_series = [{"series_id": series.id, "series_day": day} for day in drafts]
    same: dict[str, Any] = {
        "actor_id": series.changed_by,
        "now": market.now,
        "more": of_series,
    }
    if series.side == "lot":
        lots = [draft for draft in drafts.values() if isinstance(draft, LotDraft)]
        return [*enter_lots(lots, market.names, series.organisation_id, **same)]
    needs = [draft for draft in drafts.values() if isinstance(draft, NeedDraft)]
    return [*enter_needs(needs, market.names, series.organisation_id, **same)]


def _days_of(series: Series) -> Select[Any]:
    kind = series.kind
    return select(kind.series_day).where(kind.series_id == series.id, kind.series_day.is_not(None))


def on_market(series: Series, since: date, *, lock: bool = False) -> list[Listing]:
    """Instalments of that day and later that were not taken off the market, by day."""
    kind: Any = series.kind
    query = (
        with_all(kind)
        .where(kind.series_id == series.id, kind.series_day >= since)
        .where(kind.withdrawn_at.is_(None))
        .order_by(kind.series_day)
    )
    return list(db.session.scalars(query.with_for_update(of=kind) if lock else query))


def promised(listing: Listing) -> int:
    """How much of it is held, sold or bought."""
    return listing.held + (listing.sold if isinstance(listing, Lot) else listing.bought)


def sort_out(listings: Iterable[Listing], versions: Sequence[Terms], today: date) -> Followed:
    """What is to become of these instalments under these terms."""
    found = Followed()
    for listing in listings:
        day = listing.series_day or listing.until
        draft = instalment(terms_on(versions, day), day, today)
        if promised(listing):
            found.kept.append(listing)
        elif draft is None:
            found.withdrawn.append(listing)
        else:
            found.changed.append(listing)
    return found


def follow(series: Series, since: date, market: Market, *, actor_id: int) -> Followed:
    """Let later instalments be what is said now; what somebody holds or has bought stays.

    Of an instalment that is stopped or paused what is free goes, whatever of it is promised.
    """
    versions = series.all_terms
    found = sort_out(on_market(series, since, lock=True), versions, market.today)
    same: dict[str, Any] = {"actor_id": actor_id, "now": market.now}
    for listing in found.withdrawn:
        withdraw(listing, listing.version, reason="series", **same)
        listing.series_day = None  # the day is free again, should the series go on
    for listing in found.changed:
        day = listing.series_day or listing.until
        draft = instalment(terms_on(versions, day), day, market.today)
        if draft is not None:
            columns = _columns(draft, listing, market.names)
            revise(listing, columns, draft.quantity, draft.certificates, **same)
            if isinstance(draft, LotDraft) and draft.papers is not None:
                rely_on(listing.id, draft.papers, draft.certificates, series.organisation_id)
    for listing in found.kept:
        day = listing.series_day or listing.until
        if terms_on(versions, day).state is not SeriesState.RUNNING:
            withdraw(listing, listing.version, reason="series", **same)
    db.session.flush()
    return found


def _columns(draft: Draft, listing: Listing, names: Names) -> dict[str, object]:
    if isinstance(draft, LotDraft):
        return lot_columns(draft, names, listing.organisation)
    return need_columns(draft, names, listing.organisation)
