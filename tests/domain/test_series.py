"""Series: on which days there is an instalment, and what later words change of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.domain.errors import Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.rates import Amount
from marketplace.domain.series import (
    Recurrence,
    Rhythm,
    SeriesState,
    Terms,
    check_recurrence,
    in_all,
    instalments,
    recurrence,
    state_on,
    terms_on,
)
from marketplace.domain.series_changes import StateChange, TermsChange, check_change, resaid

MONDAY = date(2026, 11, 30)
DRAFT = LotDraft(
    commodity="khom-cau-duc",
    grade="loai-1",
    quantity=5_000,
    quantity_most=10_000,
    ask=8_000,
    place="C31321",
    ready_on=MONDAY,
    until=MONDAY,
)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def running(last: int = 19, **days: object) -> list[Terms]:
    recurs = Recurrence(first=MONDAY, last=day(last), **days)
    state = SeriesState.RUNNING
    return [Terms(number=1, since=MONDAY, state=state, recurs=recurs, draft=DRAFT)]


def put(versions, today=MONDAY):
    return instalments(versions, MONDAY - timedelta(days=5), day(400), today)


def paused(since: int, until: int | None = None) -> StateChange:
    last = None if until is None else day(until)
    return StateChange(since=day(since), until=last, state=SeriesState.PAUSED)


def dearer(since: int, **other: object) -> TermsChange:
    same = {"last": day(19), "weekdays": frozenset(range(7)), "days_each": 1}
    named = {"quantity": 6_000, "other_end": None, "price": 9_000}
    return TermsChange(since=day(since), **{**same, **named, **other})


@pytest.mark.parametrize(
    ("rhythm", "weekdays", "expected"),
    [
        (Rhythm.DAILY, (), list(range(15))),
        (Rhythm.WEEKDAYS, (0, 3), [0, 3, 7, 10, 14]),
        (Rhythm.WEEKLY, (), [0, 7, 14]),
    ],
)
def test_every_rhythm_has_its_days(rhythm, weekdays, expected):
    recurs = recurrence(rhythm, MONDAY, day(14), weekdays=weekdays)

    assert recurs.days() == [day(n) for n in expected]
    assert recurs.rhythm is rhythm


def test_one_for_every_week_is_handed_over_within_it_but_not_after_the_last_day():
    recurs = recurrence(Rhythm.WEEKLY, MONDAY, day(9))

    assert [recurs.last_day_of(each) for each in recurs.days()] == [day(6), day(9)]


def test_all_instalments_together():
    assert in_all(Amount(5, 10, "day"), recurrence(Rhythm.DAILY, MONDAY, day(19))) == Amount(
        100, 200
    )


@pytest.mark.parametrize(
    ("recurs", "field"),
    [
        (Recurrence(first=day(1), last=day(0)), "until"),
        (Recurrence(first=day(-1), last=day(5)), "ready_on"),
        (Recurrence(first=day(0), last=day(401)), "until"),
        (Recurrence(first=day(0), last=day(5), weekdays=frozenset()), "weekdays"),
        (Recurrence(first=day(0), last=day(5), weekdays=frozenset({7})), "weekdays"),
        (Recurrence(first=day(0), last=day(2), weekdays=frozenset({5})), "weekdays"),
        (Recurrence(first=day(0), last=day(5), days_each=0), "days_each"),
        (Recurrence(first=day(0), last=day(5), days_each=32), "days_each"),
    ],
)
def test_what_is_no_series_is_refused_at_its_field(recurs, field):
    with pytest.raises(Rejected) as refused:
        check_recurrence(recurs, MONDAY)

    assert field in [each.field for each in refused.value.each()]


def test_each_instalment_is_the_draft_on_its_day():
    terms, draft = put(running())[day(3)]

    assert (draft.ready_on, draft.until, draft.quantity) == (day(3), day(3), 5_000)
    assert terms.number == 1


def test_a_day_that_is_over_has_no_instalment_one_that_can_still_be_handed_over_has():
    weekly = running(weekdays=frozenset({0}), days_each=7)

    found = put(weekly, today=day(9))

    assert list(found) == [day(7), day(14)]
    assert found[day(7)][1].ready_on == day(9)


def test_a_change_holds_from_its_day_on_and_not_before():
    versions = running()

    versions += resaid(versions, dearer(4))

    asks = {each: draft.ask for each, (_, draft) in put(versions).items()}
    assert [asks[day(n)] for n in (3, 4, 19)] == [8_000, 9_000, 9_000]
    assert put(versions)[day(4)][1].quantity_most is None


def test_a_change_may_make_it_longer_and_put_it_on_other_days():
    versions = running()

    versions += resaid(versions, dearer(7, last=day(30), weekdays=frozenset({1})))

    assert [n for n in range(40) if day(n) in put(versions)] == [0, 1, 2, 3, 4, 5, 6, 8, 15, 22, 29]


def test_a_pause_ends_on_its_day():
    versions = running()

    versions += resaid(versions, paused(3, 5))

    assert [n for n in range(9) if day(n) in put(versions)] == [0, 1, 2, 6, 7, 8]


def test_a_change_leaves_a_pause_of_later_days_and_a_pause_leaves_the_terms():
    versions = running()
    versions += resaid(versions, paused(8, 9))

    versions += resaid(versions, dearer(4))

    found = put(versions)
    assert [n for n in range(12) if day(n) not in found] == [8, 9]
    assert found[day(10)][1].ask == 9_000


def test_a_pause_without_end_lasts_until_it_goes_on():
    versions = running()
    versions += resaid(versions, paused(2))
    assert state_on(versions, day(2)) is SeriesState.PAUSED

    versions += resaid(versions, StateChange(since=day(6), state=SeriesState.RUNNING))

    assert [n for n in range(9) if day(n) in put(versions)] == [0, 1, 6, 7, 8]


def test_after_it_was_stopped_nothing_comes():
    versions = running()

    versions += resaid(versions, StateChange(since=day(2), state=SeriesState.STOPPED))

    assert list(put(versions)) == [day(0), day(1)]
    assert state_on(versions, day(2)) is SeriesState.STOPPED


def test_it_is_over_after_its_last_instalment():
    assert state_on(running(), day(19)) is SeriesState.RUNNING
    assert state_on(running(), day(20)) == "over"
    later = [*running(), *resaid(running(), paused(3))]
    assert (state_on(later, day(19)), state_on(later, day(20))) == (SeriesState.PAUSED, "over")


@pytest.mark.parametrize(
    ("change", "field"),
    [(paused(-1), "since"), (paused(20), "since"), (paused(5, 4), "until")],
)
def test_days_on_which_nothing_can_change_are_refused(change, field):
    with pytest.raises(Rejected) as refused:
        check_change(change, running(), MONDAY)

    assert refused.value.field == field


@st.composite
def said(draw):
    """Anything that people may say one after the other."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        since = draw(st.integers(0, 19))
        until = draw(st.one_of(st.none(), st.integers(since, 25)))
        state = draw(st.sampled_from(SeriesState))
        price = draw(st.integers(1_000, 9_000))
        found.append(
            draw(
                st.sampled_from(
                    [
                        StateChange(
                            since=day(since),
                            until=None if until is None else day(until),
                            state=state,
                        ),
                        dearer(since, price=price),
                    ]
                )
            )
        )
    return found


@settings(max_examples=150, deadline=None)
@given(said())
def test_whatever_is_said_other_days_stay_as_they_were(changes):
    versions = running()
    for change in changes:
        before = {n: terms_on(versions, day(n)) for n in range(30)}
        versions = [*versions, *resaid(versions, change)]
        for n in range(30):
            after = terms_on(versions, day(n))
            if day(n) < change.since or (change.until and day(n) > change.until):
                assert _same(after, before[n])
            else:
                assert _same(after, change.of(before[n]))
    numbers = [terms.number for terms in versions]
    assert len(set(numbers)) == len(numbers)


def _same(one: Terms, other: Terms) -> bool:
    return replace(one, number=0, since=MONDAY) == replace(other, number=0, since=MONDAY)
