"""Lots, needs and tonnes: what is open now, and what came out of a round."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.rounds import RoundState
from marketplace.domain.tallies import Matched
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.published import Trips
from marketplace.models.rounds import MatchRound, RoundEntry, stood_outside
from marketplace.models.telling import with_parties


@dataclass
class Tally(Matched):
    """Lots, needs and kilograms of one locality or group, and whose matches they are."""

    lots: int = 0
    needs: int = 0
    offered: int = 0
    wanted: int = 0


@dataclass(frozen=True)
class Open:
    """What a round started now would see."""

    total: Tally
    by_locality: dict[str, Tally]
    by_group: dict[str, Tally]
    unanswered: Matched
    """Proposals that nobody has answered yet: the round looks at their goods once more."""


def what_is_open(today: date, now: datetime) -> Open:
    """Open lots and needs by locality (of the place; "" outside the seven) and commodity group."""
    total = Tally()
    localities: defaultdict[str, Tally] = defaultdict(Tally)
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    for kind in (Lot, Need):
        rows = db.session.execute(
            select(
                kind.locality_id,
                Commodity.group_id,
                Commodity.milligrams,
                func.count(),
                func.sum(kind.open_quantity),
            )
            .join(kind.commodity)
            .where(kind.is_open(today), Commodity.milligrams.is_not(None))
            .group_by(kind.locality_id, Commodity.group_id, Commodity.milligrams)
        )
        for locality, group, milligrams, count, quantity in rows:
            kilograms = kilograms_of(int(quantity), int(milligrams or 0))
            for tally in (total, localities[locality or ""], groups[group]):
                _add(tally, kind, count, kilograms)
    return Open(total, dict(localities), dict(groups), _unanswered(now))


def _unanswered(now: datetime) -> Matched:
    found = Matched()
    query = with_parties().where(Match.state == MatchState.PROPOSED, Match.origin == Origin.ROUND)
    for match in db.session.scalars(query):
        if match.is_unanswered(now):
            kilograms = kilograms_of(match.quantity, match.lot.commodity.milligrams or 0)
            found.add(kilograms, match.lot.organisation_id, match.need.organisation_id)
    return found


def kilograms_of(quantity: int, milligrams: int) -> int:
    """Weight of so many base units, rounded up to whole kilograms."""
    return -(-quantity * milligrams // 1_000_000)


def _add(tally: Tally, kind: type[Lot] | type[Need], count: int, kilograms: int) -> None:
    if kind is Lot:
        tally.lots += count
        tally.offered += kilograms
    else:
        tally.needs += count
        tally.wanted += kilograms


def _no_tallies() -> defaultdict[str, Tally]:
    return defaultdict(Tally)


def _by_side() -> dict[str, Counter[str]]:
    return {"lot": Counter(), "need": Counter()}


@dataclass
class Outcome:
    """What came out of a round, counted from its entries and matches."""

    total: Tally = field(default_factory=Tally)
    by_locality: defaultdict[str, Tally] = field(default_factory=_no_tallies)
    """By the locality that sells; "" for places outside the seven."""
    by_group: defaultdict[str, Tally] = field(default_factory=_no_tallies)
    agreed: Matched = field(default_factory=Matched)
    """What both sides have agreed to by now."""
    freight: int = 0
    trips: Trips = field(default_factory=Trips)
    dropped: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=_by_side)
    """Side → reason → how many lots or needs."""
    reason_kilograms: dict[str, Counter[str]] = field(default_factory=_by_side)
    outside: Tally = field(default_factory=Tally)
    """Lots that a round of the programme did not take; they count nowhere else."""
    held: Counter[str] = field(default_factory=Counter)
    """Side → how many had nothing left for this round: all of it was held for other matches."""

    def tallies(self, locality: str | None, group: str) -> tuple[Tally, Tally, Tally]:
        """All that a lot, need or match of this locality and group counts in."""
        return self.total, self.by_locality[locality or ""], self.by_group[group]


def outcome(round_: MatchRound) -> Outcome:
    """The round's figures; what was dropped when it was published is not counted as matched."""
    counted = Outcome()
    for kind, side, column in ((Lot, "lot", RoundEntry.lot_id), (Need, "need", RoundEntry.need_id)):
        for row in db.session.execute(_entries(kind, column, round_.id)):
            _count_entry(counted, kind, side, row)
    published = round_.state == RoundState.PUBLISHED
    for row in db.session.execute(_matches(round_.id)):
        if row.state == MatchState.DROPPED and published:
            counted.dropped[row.drop_reason] += 1
        else:
            _count_match(counted, row)
    return counted


def _count_entry(counted: Outcome, kind: type[Lot] | type[Need], side: str, row: Any) -> None:
    if not row.quantity:
        counted.held[side] += 1
        return
    kilograms = kilograms_of(row.quantity, row.milligrams)
    if row.outside:
        _add(counted.outside, kind, 1, kilograms)
        return
    for tally in counted.tallies(row.locality_id, row.group_id):
        _add(tally, kind, 1, kilograms)
    if row.reason:
        counted.reasons[side][row.reason] += 1
        left = row.quantity - row.matched
        counted.reason_kilograms[side][row.reason] += kilograms_of(left, row.milligrams)


def _count_match(counted: Outcome, row: Any) -> None:
    kilograms = kilograms_of(row.quantity, row.milligrams)
    if row.state == MatchState.CONFIRMED:
        counted.agreed.add(kilograms, row.seller, row.buyer)
    counted.freight += row.freight
    counted.trips.count(row.mode, row.vehicles)
    for tally in counted.tallies(row.locality_id, row.group_id):
        tally.add(kilograms, row.seller, row.buyer)


def _entries(kind: type[Lot] | type[Need], column: Any, round_id: int) -> Any:
    return (
        select(
            kind.locality_id,
            Commodity.group_id,
            Commodity.milligrams,
            RoundEntry.quantity,
            RoundEntry.matched,
            RoundEntry.reason,
            stood_outside().label("outside"),
        )
        .select_from(RoundEntry)
        .join(kind, column == kind.id)
        .join(kind.commodity)
        .where(RoundEntry.round_id == round_id)
    )


def _matches(round_id: int) -> Any:
    return (
        select(
            Match.state,
            Match.drop_reason,
            Match.quantity,
            Match.freight,
            Match.mode,
            Match.vehicles,
            Lot.locality_id,
            Lot.organisation_id.label("seller"),
            Need.organisation_id.label("buyer"),
            Commodity.group_id,
            Commodity.milligrams,
        )
        .select_from(Match)
        .join(Match.lot)
        .join(Match.need)
        .join(Lot.commodity)
        .where(Match.round_id == round_id)
    )
