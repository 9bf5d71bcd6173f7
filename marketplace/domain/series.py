"""Series: goods that come, or are wanted, again and again. Which days have an instalment, on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import DAYS_AHEAD, check_first_day, check_window
from marketplace.domain.listings import Side as Side
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.rates import Amount, Per
from marketplace.domain.text_marks import N_

Draft = LotDraft | NeedDraft
EVERY_DAY = frozenset(range(7))
MOST_DAYS_EACH = 31
REMIND_DAYS = 7
"""So many days before its last instalment the holder of a series is told, once."""
RECURS = "recurs"
"""Under which name a row of a sheet states its rhythm, beside the fields of a draft."""
ONE_DAY = timedelta(days=1)


class Rhythm(StrEnum):
    """How often there is an instalment."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


class SeriesState(StrEnum):
    """What holds from a version's day on."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """On which days there is an instalment, each to be handed over within ``days_each`` days."""

    first: date
    last: date
    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday, as `date.weekday` counts."""
    days_each: int = 1

    @property
    def rhythm(self) -> Rhythm:
        if self.weekdays == EVERY_DAY:
            return Rhythm.DAILY
        return Rhythm.WEEKLY if len(self.weekdays) == 1 else Rhythm.WEEKDAYS

    def days(self, since: date | None = None, until: date | None = None) -> list[date]:
        """The days with an instalment, those between ``since`` and ``until`` only where named."""
        first, last = max(self.first, since or self.first), min(self.last, until or self.last)
        ahead = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in ahead if day.weekday() in self.weekdays]

    def last_day_of(self, day: date) -> date:
        """Until when the instalment of that day can be handed over."""
        return min(day + timedelta(days=self.days_each - 1), self.last)


def recurrence(
    rhythm: Rhythm,
    first: date,
    last: date,
    *,
    weekdays: Iterable[int] = (),
    days_each: int | None = None,
) -> Recurrence:
    """As people say it: every week is on the weekday of the first day, with a week to hand it over."""
    on = {
        Rhythm.DAILY: EVERY_DAY,
        Rhythm.WEEKDAYS: frozenset(weekdays),
        Rhythm.WEEKLY: frozenset({first.weekday()}),
    }[rhythm]
    if days_each is None:
        days_each = 7 if rhythm is Rhythm.WEEKLY else 1
    return Recurrence(first=first, last=last, weekdays=on, days_each=days_each)


def rhythm_of(per: Per) -> Rhythm:
    """The rhythm of "mỗi ngày", "mỗi tuần"."""
    return Rhythm.DAILY if per == "day" else Rhythm.WEEKLY


def stated_recurrence(stated: Mapping[str, object], draft: Draft) -> Recurrence | None:
    """What a row of a sheet states beside its draft, whose days are the first and the last of all."""
    rhythm = stated.get(RECURS)
    first = draft.ready_on if isinstance(draft, LotDraft) else draft.from_on
    return recurrence(Rhythm(str(rhythm)), first, draft.until) if rhythm else None


def check_recurrence(
    recurs: Recurrence, today: date, *, first_field: str = "ready_on", new: bool = True
) -> None:
    """Raise `Rejected` for all that keeps it from being a series. The first day of what runs may be over."""
    first, last = recurs.first, recurs.last
    check_all(
        lambda: check_first_day(first, today, field=first_field) if new else None,
        lambda: check_window(first, last, today, first_field=first_field),
        lambda: _check_weekdays(recurs),
        lambda: _check_days_each(recurs),
        lambda: _check_several(recurs),
    )


def _check_weekdays(recurs: Recurrence) -> None:
    if not recurs.weekdays or not recurs.weekdays <= EVERY_DAY:
        raise Rejected(N_("Choose on which days of the week."), field="weekdays")


def _check_days_each(recurs: Recurrence) -> None:
    if not 1 <= recurs.days_each <= MOST_DAYS_EACH:
        raise Rejected(
            N_("Write a number of days from 1 to %(most)s."), field="days_each", most=MOST_DAYS_EACH
        )


def _check_several(recurs: Recurrence) -> None:
    usable = recurs.first <= recurs.last <= recurs.first + timedelta(days=2 * DAYS_AHEAD)
    if usable and recurs.weekdays and not recurs.days():
        raise Rejected(
            N_("There is no such day between the first and the last day."), field="weekdays"
        )


def in_all(amount: Amount, recurs: Recurrence) -> Amount:
    """What all instalments come to."""
    times = len(recurs.days())
    least, most = (None if end is None else end * times for end in (amount.least, amount.most))
    return Amount(least, most)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What holds from ``since`` on: state, days, and what each instalment offers or wants."""

    number: int
    since: date
    state: SeriesState
    recurs: Recurrence
    draft: Draft


def terms_on(versions: Sequence[Terms], day: date) -> Terms:
    """What holds on that day: the latest that was said of it. Before all of them the first."""
    said = [terms for terms in versions if terms.since <= day]
    return max(said or versions[:1], key=lambda terms: terms.number)


def instalment(terms: Terms, day: date, today: date) -> Draft | None:
    """What is put on the market for that day; None where there is nothing, or where it is over."""
    recurs = terms.recurs
    runs = terms.state is SeriesState.RUNNING and recurs.first <= day <= recurs.last
    until = recurs.last_day_of(day)
    if not runs or day.weekday() not in recurs.weekdays or until < today:
        return None
    first = max(day, today)
    if isinstance(terms.draft, LotDraft):
        return replace(terms.draft, ready_on=first, until=until)
    return replace(terms.draft, from_on=first, until=until)


def instalments(
    versions: Sequence[Terms], since: date, until: date, today: date
) -> dict[date, tuple[Terms, Draft]]:
    """By day, what is to stand on the market for it, and under which terms."""
    found = {}
    day = since
    while day <= until:
        terms = terms_on(versions, day)
        if draft := instalment(terms, day, today):
            found[day] = (terms, draft)
        day += ONE_DAY
    return found


def last_instalment(versions: Sequence[Terms], today: date) -> date | None:
    """The last day with an instalment from today on; None where none is to come."""
    latest = max(terms.recurs.last for terms in versions)
    back = (latest - timedelta(days=n) for n in range((latest - today).days + 1))
    return next((day for day in back if instalment(terms_on(versions, day), day, today)), None)


def state_on(versions: Sequence[Terms], today: date) -> SeriesState | Literal["over"]:
    """How it stands: over where no instalment is to come though nobody has stopped or paused it.

    What was said of days to come counts already where it leaves none.
    """
    latest = max(terms.recurs.last for terms in versions)
    state = terms_on(versions, today).state
    if state is SeriesState.RUNNING and last_instalment(versions, today) is None:
        state = terms_on(versions, max(today, latest)).state
        return "over" if state is SeriesState.RUNNING else state
    return "over" if state is SeriesState.PAUSED and today > latest else state
