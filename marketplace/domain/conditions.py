"""What is true of routes on a day: closures, limits, priority lanes, waits, restricted goods.

A condition binds vehicles, a restriction binds goods. Both are facts that an officer states with a
reason and a source; what they do to ways and prices is `marketplace.transport`'s business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import check_text
from marketplace.domain.network import ROAD, WATER
from marketplace.domain.text_marks import N_

MODES = (ROAD, WATER)
DIRECTIONS = ("leaving", "entering", "both")

LEAST_LOAD, MOST_LOAD = 500, 1_000_000
"""Kilograms."""
MOST_PERCENT = 300
MOST_WAIT = DAY = 24 * 60
"""Minutes."""
DAYS_AHEAD, DAYS_BACK = 730, 365
SHORTEST_REASON, REASON_LENGTH, SOURCE_LENGTH, PAPER_LENGTH = 5, 500, 500, 200


class Effect(StrEnum):
    """What a condition does to vehicles on its links."""

    CLOSED = "closed"
    LOAD = "load"
    HOURS = "hours"
    LANE = "lane"
    WAIT = "wait"


class Kind(StrEnum):
    """How it came about: ordered, or by the calendar."""

    ORDER = "order"
    HOLIDAY = "holiday"
    SLUICE = "sluice"
    TIDE = "tide"
    OTHER = "other"


CALENDAR = (Kind.HOLIDAY, Kind.SLUICE, Kind.TIDE, Kind.OTHER)
CALENDAR_EFFECTS = (Effect.CLOSED, Effect.HOURS, Effect.WAIT)


class Hindrance(StrEnum):
    """What stands in the way of a match under way."""

    WAY = "way_closed"
    LATE = "way_late"
    """It takes so long today that goods would not arrive alive, fresh and in time."""
    SLOW = "way_slow"
    PAPERS = "papers_lacking"


@dataclass(frozen=True)
class Condition:
    """One effect on one link, or on a mode in all or one locality, from day to day.

    The figures that belong to the effect are set, the others None. ``last`` None: until lifted.
    """

    id: int
    effect: Effect
    link: str | None  # of a road, a waterway or a transfer
    mode: str | None  # "road", "water"
    locality: str | None  # with a mode only; None: everywhere
    most: int | None  # LOAD: kg of payload of the largest vehicle that may pass
    opens: int | None  # HOURS: minutes of the day; past midnight where it is more than ``closes``
    closes: int | None
    percent: int | None  # LANE: speed, of the usual, >= 100
    paper: str  # LANE: what must be carried
    minutes: int | None  # WAIT: for each passage
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Restriction:
    """Goods that may leave or enter a commune or locality with certain papers only."""

    id: int
    commodity: str | None  # or
    group: str | None
    place: str | None  # or
    locality: str | None
    direction: str  # "leaving", "entering", "both"
    papers: tuple[str, ...]  # certifications that goods must hold, all of them; empty: banned
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.last is None or day <= self.last)

    def met_by(self, held: Collection[str]) -> bool:
        """Whether goods with these certifications may move all the same."""
        return bool(self.papers) and set(self.papers) <= set(held)

    def binds(self, commodity: str, group: str, place: str, locality: str | None) -> bool:
        """Whether it is about such goods there."""
        of_goods = commodity == self.commodity or group == self.group
        return of_goods and (place == self.place or (locality or "") == self.locality)


@dataclass(frozen=True, kw_only=True)
class ConditionDraft:
    """A condition as somebody wants to state it."""

    effect: Effect
    first: date
    last: date | None
    reason: str
    source: str
    kind: Kind = Kind.ORDER
    link: str | None = None
    mode: str | None = None
    locality: str | None = None
    most: int | None = None
    opens: int | None = None
    closes: int | None = None
    percent: int | None = None
    paper: str = ""
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class RestrictionDraft:
    """A restriction as somebody wants to state it."""

    direction: str
    first: date
    last: date | None
    reason: str
    source: str
    commodity: str | None = None
    group: str | None = None
    place: str | None = None
    locality: str | None = None
    papers: tuple[str, ...] = ()


def check_condition(
    draft: ConditionDraft,
    links: Collection[str],
    localities: Collection[str],
    today: date,
) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks."""
    check_all(
        lambda: check_scope(draft, links, localities),
        lambda: check_figures(draft),
        lambda: check_calendar(draft),
        lambda: check_days(draft.first, draft.last, today),
        lambda: check_grounds(draft.reason, draft.source),
    )


def check_restriction(
    draft: RestrictionDraft,
    goods: Collection[str],
    places: Collection[str],
    papers: Collection[str],
    today: date,
) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks.

    ``goods`` are the ids of commodities and groups, ``places`` those of places and localities.
    """
    check_all(
        lambda: check_goods(draft, goods),
        lambda: check_where(draft, places),
        lambda: check_papers(draft, papers),
        lambda: check_days(draft.first, draft.last, today),
        lambda: check_grounds(draft.reason, draft.source),
    )


def check_scope(draft: ConditionDraft, links: Collection[str], localities: Collection[str]) -> None:
    """Raise `Rejected` unless it is about one link, or one mode in all or one locality."""
    if (draft.link is None) == (draft.mode is None):
        raise Rejected(
            N_("Choose one link, or all roads or waterways of a locality."), field="link"
        )
    if draft.link is not None and (draft.locality is not None or draft.link not in links):
        raise Rejected(N_("There is no such link. Choose one of the list."), field="link")
    if draft.mode is not None and draft.mode not in MODES:
        raise Rejected(N_("Choose roads or waterways."), field="mode")
    if draft.locality is not None and draft.locality not in localities:
        raise Rejected(N_("There is no such locality."), field="locality")


def check_figures(draft: ConditionDraft) -> None:
    """Raise `Rejected` unless exactly the figures of the effect are there, and sensible."""
    _CHECKS[draft.effect](draft)
    needed = {name for name, effect in _BELONGS.items() if effect is draft.effect}
    given = {name for name in _BELONGS if getattr(draft, name) not in (None, "")}
    if given - needed:
        raise Rejected(
            N_("This figure does not belong to what is stated."), field=min(given - needed)
        )


def check_calendar(draft: ConditionDraft) -> None:
    """Raise `Rejected` where an entry of the calendar limits more than hours."""
    if draft.kind is not Kind.ORDER and draft.effect not in CALENDAR_EFFECTS:
        raise Rejected(N_("The calendar closes, opens by the hour, or lets wait."), field="effect")


def check_days(first: date, last: date | None, today: date) -> None:
    """Raise `Rejected` unless the days follow each other and are neither over nor far away."""
    if last is not None and last < first:
        raise Rejected(
            N_("The last day must not lie before the first (%(date)s)."), field="last", date=first
        )
    if last is not None and last < today:
        raise Rejected(N_("%(date)s is in the past."), field="last", date=last)
    latest = today + timedelta(days=DAYS_AHEAD)
    for day, field in ((first, "first"), (last, "last")):
        if day is not None and day > latest:
            raise Rejected(
                N_("%(date)s is too far ahead. Dates up to %(latest)s can be entered."),
                field=field,
                date=day,
                latest=latest,
            )
    if first < today - timedelta(days=DAYS_BACK):
        raise Rejected(N_("%(date)s is more than a year ago."), field="first", date=first)


def check_grounds(reason: str, source: str) -> None:
    """Raise `Rejected` unless it is said why, and where that stands."""
    check_all(lambda: check_reason(reason), lambda: check_source(source))


def check_reason(reason: str) -> None:
    """Raise `Rejected` unless it is said why."""
    if len(reason) < SHORTEST_REASON:
        raise Rejected(N_("Say why, so that everybody understands it."), field="reason")
    check_text(reason, REASON_LENGTH, field="reason")


def check_source(source: str) -> None:
    """Raise `Rejected` unless it is said where that stands."""
    if not source:
        raise Rejected(N_("Name the order, the notice or who reported it."), field="source")
    check_text(source, SOURCE_LENGTH, field="source")


def check_goods(draft: RestrictionDraft, known: Collection[str]) -> None:
    """Raise `Rejected` unless one commodity or one group is named."""
    named = [name for name in (draft.commodity, draft.group) if name is not None]
    if len(named) != 1 or named[0] not in known:
        raise Rejected(N_("Choose one commodity or one group of goods."), field="commodity")


def check_where(draft: RestrictionDraft, known: Collection[str]) -> None:
    """Raise `Rejected` unless one place or one locality is named, and a direction."""
    named = [name for name in (draft.place, draft.locality) if name is not None]
    if len(named) != 1 or named[0] not in known:
        raise Rejected(N_("Choose one commune or one locality."), field="place")
    if draft.direction not in DIRECTIONS:
        raise Rejected(N_("Choose leaving, entering or both."), field="direction")


def check_papers(draft: RestrictionDraft, known: Collection[str]) -> None:
    """Raise `Rejected` unless all papers are certificates of the catalogue, none of them twice."""
    if len(set(draft.papers)) < len(draft.papers) or not set(draft.papers) <= set(known):
        raise Rejected(N_("There is no such certificate. Choose from the list."), field="papers")


def may_state(actor: Actor | None, localities: Iterable[str]) -> bool:
    """Coordinators everywhere; officers where one of the localities is their own."""
    if actor is None:
        return False
    of_locality = actor.role is Role.OFFICER and actor.locality in set(localities)
    return of_locality or actor.role is Role.COORDINATOR


def _check_closed(draft: ConditionDraft) -> None:
    pass


def _check_load(draft: ConditionDraft) -> None:
    if draft.most is None or not LEAST_LOAD <= draft.most <= MOST_LOAD:
        raise Rejected(
            N_("Write the payload of the largest vehicle that may pass, such as 5 tấn."),
            field="most",
        )


def _check_hours(draft: ConditionDraft) -> None:
    for name in ("opens", "closes"):
        minute = getattr(draft, name)
        if minute is None or not 0 <= minute <= DAY:
            raise Rejected(N_("Write a time of the day, such as 06:00."), field=name)
    if (draft.opens or 0) % DAY == (draft.closes or 0) % DAY:
        raise Rejected(N_("Open all day is no limit; closed all day is a closure."), field="closes")


def _check_lane(draft: ConditionDraft) -> None:
    if draft.percent is None or not 100 <= draft.percent <= MOST_PERCENT:
        raise Rejected(
            N_("Write a speed between 100 %% and %(most)s %% of the usual."),
            field="percent",
            most=MOST_PERCENT,
        )
    check_text(draft.paper, PAPER_LENGTH, field="paper")


def _check_wait(draft: ConditionDraft) -> None:
    if draft.minutes is None or not 1 <= draft.minutes <= MOST_WAIT:
        raise Rejected(
            N_("Write how many minutes a vehicle waits, a day at most."), field="minutes"
        )


_CHECKS = {
    Effect.CLOSED: _check_closed,
    Effect.LOAD: _check_load,
    Effect.HOURS: _check_hours,
    Effect.LANE: _check_lane,
    Effect.WAIT: _check_wait,
}
_BELONGS = {
    "most": Effect.LOAD,
    "opens": Effect.HOURS,
    "closes": Effect.HOURS,
    "percent": Effect.LANE,
    "paper": Effect.LANE,
    "minutes": Effect.WAIT,
}
