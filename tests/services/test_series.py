"""Series: instalments come on the market once, and follow what is said later unless somebody holds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.listings import Repeated
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.series import EVERY_DAY, Recurrence, SeriesState
from marketplace.domain.series_changes import StateChange, TermsChange
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.series import Series, SeriesVersion
from marketplace.notifications.words import write
from marketplace.services import instalments, series, series_changes, series_reminders
from marketplace.services.lots import show_lot, withdraw_lot
from marketplace.services.series_reminders import ENDING
from tests.factories import BINH_DIEN, PINEAPPLE, VI_THANH, an_actor, movements_of
from tests.round_factories import a_match

TODAY = clock.today()
AHEAD = 6


def day(number):
    return TODAY + timedelta(days=number)


LOT = LotDraft(
    commodity=PINEAPPLE,
    grade="loai-1",
    quantity=5_000,
    quantity_most=10_000,
    ask=8_000,
    place=VI_THANH,
    ready_on=TODAY,
    until=TODAY,
    certificates=frozenset({"vietgap"}),
)
HOA_LUU = "C31338"
NEED = NeedDraft(
    commodity=PINEAPPLE,
    quantity=4_000,
    quantity_least=2_000,
    bid=12_000,
    place=BINH_DIEN,
    from_on=TODAY,
    until=TODAY,
)


def begin(actor, draft=LOT, **days):
    recurs = Recurrence(**{"first": TODAY, "last": day(9), **days})
    known = {"actor": actor, "today": TODAY, "now": clock.now()}
    return series.start(draft, recurs, ahead=AHEAD, **known)


def say(actor, row, change, version=None):
    known = {"actor": actor, "today": TODAY, "now": clock.now(), "ahead": AHEAD}
    return series_changes.say(row.id, version or row.version, change, **known)


def dearer(since, **other):
    same = {"last": day(9), "weekdays": EVERY_DAY, "days_each": 1, "other_end": None}
    return TermsChange(since=day(since), quantity=6_000, price=9_000, **{**same, **other})


def state(since, what, until=None):
    return StateChange(since=day(since), until=until and day(until), state=what)


def on_market(row, kind=Lot):
    query = select(kind).where(kind.series_id == row.id, kind.withdrawn_at.is_(None))
    return {(one.until - TODAY).days: one for one in db.session.scalars(query)}


def due(on=TODAY):
    return instalments.put_next(on, clock.now(), AHEAD)


def test_instalments_of_the_next_days_are_on_the_market_at_once(each_app):
    row = begin(an_actor(Role.SELLER))

    found = on_market(row)

    assert sorted(found) == [0, 1, 2, 3, 4, 5, 6]
    one = found[3]
    assert (one.ready_on, one.quantity, one.quantity_most, one.ask) == (
        day(3),
        5_000,
        10_000,
        8_000,
    )
    assert [paper.id for paper in show_lot(one.id, actor=None).lot.certifications] == ["vietgap"]
    assert [entry.quantity for entry in movements_of(one)] == [5_000]
    assert row.due_on == day(1)


def test_the_job_puts_the_others_when_they_are_due_and_each_once(each_app):
    row = begin(an_actor(Role.SELLER))
    assert not due()

    assert due(day(2))
    assert not due(day(2))
    assert sorted(on_market(row)) == list(range(9))
    assert due(day(8))
    assert not due(day(30))

    assert sorted(on_market(row)) == list(range(10))
    assert db.session.get_one(Series, row.id).due_on is None


def test_a_standing_order_is_a_need_for_each_day(each_app):
    row = begin(an_actor(Role.BUYER), NEED, weekdays=frozenset({day(1).weekday()}), days_each=7)

    found = on_market(row, Need)

    assert [(one.from_on, one.until) for one in found.values()] == [(day(1), day(7))]
    assert [(one.quantity, one.quantity_least) for one in found.values()] == [(4_000, 2_000)]


def test_what_was_missed_while_no_worker_ran_is_not_put_on_the_market_later(app):
    row = begin(an_actor(Role.SELLER), last=day(20))

    assert due(day(15))

    assert sorted(on_market(row)) == [*range(7), *range(15, 21)]


def test_a_series_that_cannot_be_read_keeps_no_other_waiting(app):
    broken, fine = begin(an_actor(Role.SELLER)), begin(an_actor(Role.SELLER))
    first = select(SeriesVersion).where(SeriesVersion.series_id == broken.id)
    db.session.scalars(first).one().draft = {}
    db.session.commit()

    assert due(day(1))
    assert due(day(1))
    assert not due(day(1))

    assert sorted(on_market(fine)) == list(range(8))
    assert db.session.get_one(Series, broken.id).due_on == day(2)


def test_no_day_has_two_instalments_even_by_hand(each_app):
    row = begin(an_actor(Role.SELLER))
    one, other = list(on_market(row).values())[:2]

    other.series_day = one.series_day
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_the_same_page_starts_a_series_once(each_app):
    actor = an_actor(Role.SELLER)
    recurs = Recurrence(first=TODAY, last=day(9))
    known = {"actor": actor, "today": TODAY, "now": clock.now(), "ahead": AHEAD, "token": "a1"}
    series.start(LOT, recurs, **known)

    with pytest.raises(Repeated):
        series.start(LOT, recurs, **known)

    assert db.session.scalar(select(func.count()).select_from(Series)) == 1
    assert db.session.scalar(select(func.count()).select_from(Lot)) == 7


def test_later_instalments_follow_a_change_and_earlier_ones_stay(each_app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)

    found = say(actor, row, dearer(3))

    lots = on_market(row)
    assert [lots[n].quantity for n in range(7)] == [5_000] * 3 + [6_000] * 4
    assert [lots[n].ask for n in (2, 3)] == [8_000, 9_000]
    assert lots[3].quantity_most is None
    assert len(found.changed) == 4
    assert due(day(2))
    assert on_market(row)[8].ask == 9_000


def test_what_somebody_holds_stays_as_it_was_agreed(each_app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)
    held = on_market(row)[4]
    a_match(lot=held, quantity=1_000)

    foreseen = series_changes.foresee(row.id, row.version, dearer(3), actor=actor, today=TODAY)
    found = say(actor, row, dearer(3))

    assert [one.id for one in foreseen.kept] == [one.id for one in found.kept] == [held.id]
    assert len(foreseen.changed) == len(found.changed) == 3
    lots = on_market(row)
    assert (lots[4].quantity, lots[4].ask, lots[5].ask) == (5_000, 8_000, 9_000)


def test_a_pause_takes_instalments_off_the_market_and_going_on_brings_them_back_once(each_app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)
    held = on_market(row)[4]
    a_match(lot=held, quantity=1_000)

    found = say(actor, row, state(3, SeriesState.PAUSED))

    assert sorted(on_market(row)) == [0, 1, 2]
    assert len(found.withdrawn) == 3
    db.session.refresh(held)
    assert (held.quantity, held.held) == (1_000, 1_000)

    row = db.session.get_one(Series, row.id)
    say(actor, row, state(3, SeriesState.RUNNING))

    assert sorted(on_market(row)) == [0, 1, 2, 3, 5, 6]


def test_a_pause_that_ends_by_itself(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)

    say(actor, row, state(2, SeriesState.PAUSED, 3))

    assert sorted(on_market(row)) == [0, 1, 4, 5, 6]


def test_nothing_comes_after_it_was_stopped_and_it_cannot_go_on(each_app):
    actor = an_actor(Role.BUYER)
    row = begin(actor, NEED)

    say(actor, row, state(1, SeriesState.STOPPED))

    assert sorted(on_market(row, Need)) == [0]
    assert not due(day(5))
    row = db.session.get_one(Series, row.id)
    assert row.due_on is None
    known = {"actor": actor, "today": day(1), "now": clock.now(), "ahead": AHEAD}
    with pytest.raises(Rejected):
        series_changes.say(row.id, row.version, state(2, SeriesState.RUNNING), **known)


def test_an_instalment_that_was_withdrawn_by_itself_does_not_come_back(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)
    one = on_market(row)[2]
    withdraw_lot(one.id, one.version, actor=actor, now=clock.now())

    say(actor, row, dearer(1))
    due(day(1))

    assert 2 not in on_market(row)


def test_a_change_of_days_takes_the_others_off_and_puts_new_ones_on(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor, weekdays=frozenset({day(0).weekday(), day(2).weekday()}))
    assert sorted(on_market(row)) == [0, 2]

    say(actor, row, dearer(1, weekdays=frozenset({day(3).weekday()})))

    assert sorted(on_market(row)) == [0, 3]


def test_whoever_comes_second_is_told(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)
    version = row.version
    say(actor, row, dearer(3))

    with pytest.raises(Stale):
        say(actor, row, dearer(4), version=version)


def test_series_of_others_are_not_found(app):
    row = begin(an_actor(Role.SELLER))
    stranger = an_actor(Role.SELLER)

    for call in (
        lambda: series.show(row.id, actor=stranger, today=TODAY),
        lambda: say(stranger, row, dearer(3)),
    ):
        with pytest.raises(NotFound):
            call()


def test_only_those_who_may_list_start_series(app):
    for role, draft in ((Role.BUYER, LOT), (Role.SELLER, NEED), (Role.READER, LOT)):
        with pytest.raises(Forbidden):
            begin(an_actor(role), draft)
    assert db.session.scalar(select(func.count()).select_from(Series)) == 0


def test_bad_terms_are_refused_and_change_nothing(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)

    for change, field in (
        (dearer(3, last=day(2)), "until"),
        (dearer(-1), "since"),
        (dearer(3, weekdays=frozenset()), "weekdays"),
        (dearer(3, other_end=5_999), "quantity"),
    ):
        with pytest.raises(Rejected) as refused:
            say(actor, row, change)
        assert field in [each.field for each in refused.value.each()]
    assert on_market(row)[4].ask == 8_000


def test_the_page_names_what_is_on_the_market_and_what_is_to_come(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)

    page = series.show(row.id, actor=actor, today=TODAY)

    assert [(one.series_day - TODAY).days for one in page.instalments] == list(range(7))
    assert [(each - TODAY).days for each, _ in page.later] == [7, 8, 9]
    [listed], pages = series.listing(actor=actor, today=TODAY)
    assert (listed.open, listed.next_day, listed.state, pages) == (7, TODAY, "running", 1)


# Some days before it ends


def remind(on):
    return series_reminders.remind_next(clock.now(), on)


def told():
    return [notice for notice in db.session.scalars(select(Notice)) if notice.kind == ENDING]


def test_its_holder_is_told_once_some_days_before_a_series_ends(each_app):
    actor = an_actor(Role.SELLER)
    row = begin(actor, last=day(19))
    assert not remind(day(11))

    assert remind(day(12))
    assert not remind(day(13))

    [notice] = told()
    assert (notice.organisation_id, notice.details["ends_on"]) == (
        actor.organisation_id,
        day(19).isoformat(),
    )
    [letter] = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == ENDING))
    words = write(letter.kind, letter.details, "vi")
    assert f"/series/{row.id}/change?longer=1" in words.text
    assert "5 tấn Khóm Cầu Đúc" in words.subject.replace("\xa0", " ")
    assert "longer=1" in (words.html or "")


def test_a_last_day_that_is_moved_is_told_of_anew_but_not_to_who_has_just_set_it(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor, last=day(5))
    assert not remind(TODAY), "who starts it for five days knows that"
    say(actor, row, dearer(1, last=day(6)))
    assert not remind(TODAY)
    say(actor, row, dearer(1, last=day(30)))
    assert not remind(day(22))

    assert remind(day(23))

    assert [notice.details["ends_on"] for notice in told()] == [day(30).isoformat()]


def test_what_is_stopped_or_paused_to_its_end_is_not_told_of(app):
    actor = an_actor(Role.SELLER)
    row = begin(actor, last=day(19))
    say(actor, row, state(3, SeriesState.PAUSED))
    assert not remind(day(15))
    say(actor, row, state(3, SeriesState.RUNNING))
    assert remind(day(15))
    assert len(told()) == 1


def test_place_grade_and_certificates_change_from_a_day_on(each_app):
    actor = an_actor(Role.SELLER)
    row = begin(actor)
    besides = {"place": HOA_LUU, "grade": "loai-2", "certificates": frozenset()}

    say(actor, row, dearer(3, besides=besides))

    found = on_market(row)
    assert [found[n].place_id for n in (2, 3, 6)] == [VI_THANH, HOA_LUU, HOA_LUU]
    assert [found[n].grade for n in (2, 3)] == ["loai-1", "loai-2"]
    assert [len(show_lot(found[n].id, actor=None).lot.certifications) for n in (2, 3)] == [1, 0]
    with pytest.raises(Rejected):
        say(actor, row, dearer(3, besides={"grade": "loai-99"}))
