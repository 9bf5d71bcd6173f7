"""What is said of a series later: other terms from a day on, a pause, an end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.lots import LotDraft
from marketplace.domain.series import ONE_DAY, Draft, SeriesState, Terms, terms_on
from marketplace.domain.text_marks import N_


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """From ``since`` (to ``until``) on the series runs, pauses, or is stopped."""

    since: date
    until: date | None = None
    state: SeriesState

    def of(self, terms: Terms) -> Terms:
        """The terms with the change in them."""
        return replace(terms, state=self.state)


@dataclass(frozen=True, kw_only=True)
class TermsChange:
    """What may be other from a day on; the goods stay. Price in ₫ per base unit."""

    since: date
    last: date
    weekdays: frozenset[int]
    days_each: int
    quantity: int
    other_end: int | None
    """The most of a lot, the least of a need, where a range was said."""
    price: int | None
    price_confirmed: bool = False
    besides: Mapping[str, Any] = field(default_factory=dict)
    """Place, grade and certificates, as the draft calls them, where somebody was asked about them."""
    until: None = None

    def of(self, terms: Terms) -> Terms:
        """The terms with the change in them."""
        recurs = replace(
            terms.recurs,
            first=max(terms.recurs.first, self.since),
            last=self.last,
            weekdays=self.weekdays,
            days_each=self.days_each,
        )
        return replace(terms, recurs=recurs, draft=self._draft(terms))

    def _draft(self, terms: Terms) -> Draft:
        draft, end, price = terms.draft, self.other_end, self.price
        if isinstance(draft, LotDraft):
            draft = replace(draft, quantity=self.quantity, quantity_most=end, ask=price)
        else:
            draft = replace(draft, quantity=self.quantity, quantity_least=end, bid=price)
        return replace(draft, **self.besides, price_confirmed=True)


SeriesChange = TermsChange | StateChange


def timeline(versions: Sequence[Terms], since: date, *marks: date) -> list[Terms]:
    """What holds from a day on, piece by piece, each from its own day; a piece begins at each mark too."""
    days = {since, *marks, *(terms.since for terms in versions)}
    return [replace(terms_on(versions, day), since=day) for day in sorted(days) if day >= since]


def resaid(versions: Sequence[Terms], change: SeriesChange) -> list[Terms]:
    """What has to be added so that ``change`` holds for its days, and the rest as before.

    Other terms leave pauses of later days as they are, and pauses leave the terms.
    """
    until = change.until
    marks = (until + ONE_DAY,) if until else ()
    pieces = [
        change.of(terms) if until is None or terms.since <= until else terms
        for terms in timeline(versions, change.since, *marks)
    ]
    number = max(terms.number for terms in versions)
    return [replace(terms, number=number + n) for n, terms in enumerate(_joined(pieces), start=1)]


def _joined(pieces: Sequence[Terms]) -> list[Terms]:
    """Without those that say the same as the one before."""
    found: list[Terms] = []
    for terms in pieces:
        same = found and replace(terms, since=found[-1].since, number=found[-1].number) == found[-1]
        if not same:
            found.append(terms)
    return found


def check_change(change: SeriesChange, versions: Sequence[Terms], today: date) -> None:
    """Raise `Rejected` unless the series can still be changed for these days."""
    check_all(
        lambda: _check_since(change.since, versions, today),
        lambda: _check_until(change.since, change.until),
    )


def _check_since(since: date, versions: Sequence[Terms], today: date) -> None:
    last = max(terms.recurs.last for terms in versions)
    if since < today:
        raise Rejected(N_("%(date)s is in the past."), field="since", date=since)
    if since > last:
        raise Rejected(
            N_("The last instalment comes on %(date)s already."), field="since", date=last
        )


def _check_until(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise Rejected(
            N_("The last day must not lie before the first (%(date)s)."), field="until", date=since
        )
