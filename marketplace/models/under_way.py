"""Matches under way: proposed or agreed, and the goods may still have to be brought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from marketplace.domain.conditions import Restriction
from marketplace.domain.matches import MatchState
from marketplace.models.base import db
from marketplace.models.certificates import papers_held
from marketplace.models.conditions import AnyVersion, history
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.route_hits import RouteHit
from marketplace.models.telling import with_parties

UNDER_WAY = (MatchState.PROPOSED, MatchState.CONFIRMED)


def is_under_way(match: Match, today: date) -> bool:
    """Needs the match with its need."""
    return match.state in UNDER_WAY and match.need.until >= today


def matches_under_way(day: date) -> list[Match]:
    """As `telling.with_parties` loads them."""
    query = (
        with_parties()
        .join(Need, Need.id == Match.need_id)
        .where(Match.state.in_(UNDER_WAY), Need.until >= day)
        .order_by(Match.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def papers_of(
    lots: Iterable[int], restrictions: Iterable[Restriction], today: date
) -> dict[int, frozenset[str]]:
    """Certifications that lots hold; nobody asks where nothing is restricted."""
    wanted = list(lots)
    return papers_held(db.session, wanted, today) if wanted and any(restrictions) else {}


def told_before() -> list[RouteHit]:
    """What the sides of any match have been told of what hinders it."""
    return list(db.session.scalars(select(RouteHit)))


def stated(kind: type[AnyVersion], numbers: Iterable[int]) -> dict[int, AnyVersion]:
    """The latest versions of these, by number."""
    found: dict[int, AnyVersion] = {}
    for row in db.session.scalars(history(kind, numbers)):
        found.setdefault(row.number, row)
    return found
