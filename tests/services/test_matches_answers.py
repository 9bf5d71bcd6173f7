"""Both sides answer; every answer counts once, whatever comes at the same moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound
from marketplace.domain.matches import DeclineReason, MatchState, Side
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.movements import Movement
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.services import answers
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.round_factories import a_match, at_once, member_of


def later(hours: float):
    return clock.now() + timedelta(hours=hours)


def test_one_side_agrees_and_the_match_waits_for_the_other(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()))

    answers.accept(match.id, actor=member_of(lot), now=clock.now())

    assert match.state == MatchState.PROPOSED
    assert match.lot_accepted_at is not None
    assert match.need_accepted_at is None


def test_both_agree_and_both_get_the_other_ones_telephone_number(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))
    seller, buyer = member_of(lot), member_of(need)

    answers.accept(match.id, actor=seller, now=clock.now())
    answers.accept(match.id, actor=buyer, now=clock.now())

    assert match.state == MatchState.CONFIRMED
    told = {
        notice.organisation_id: notice.details["contact_phone"]
        for notice in db.session.scalars(select(Notice))
    }
    assert told == {
        lot.organisation_id: match.need.organisation.phone,
        need.organisation_id: match.lot.organisation.phone,
    }
    assert db.session.scalars(select(OutboxMessage.kind)).all() == ["match_confirmed"] * 2
    db.session.refresh(lot)
    assert lot.held == match.quantity


def test_agreeing_twice_is_agreeing_once(app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()))
    seller = member_of(lot)

    first = answers.accept(match.id, actor=seller, now=clock.now()).lot_accepted_at
    again = answers.accept(match.id, actor=seller, now=later(1)).lot_accepted_at

    assert first == again


def test_a_department_that_stands_on_both_sides_answers_for_both(app: Flask) -> None:
    department = an_organisation("department")
    match = a_match(lot=a_lot(organisation=department), need=a_need(organisation=department))

    answers.accept(match.id, actor=an_actor(Role.OFFICER, department), now=clock.now())

    assert match.state == MatchState.CONFIRMED


def test_declining_frees_the_quantity_and_tells_the_other_side(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))

    answers.decline(match.id, DeclineReason.PRICE, "thấp", actor=member_of(lot), now=clock.now())

    assert (match.state, match.declined_side) == (MatchState.DECLINED, Side.LOT)
    for listing in (lot, need):
        db.session.refresh(listing)
    assert (lot.held, need.held) == (0, 0)
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.organisation_id, notice.kind) == (need.organisation_id, "match_declined")
    assert notice.details["reason"] == "price"


def test_declining_twice_is_declining_once(app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()))
    seller = member_of(lot)

    for _ in range(2):
        answers.decline(match.id, DeclineReason.DATE, "", actor=seller, now=clock.now())

    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_an_answer_after_the_other_side_declined_says_so(app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))
    answers.decline(match.id, DeclineReason.SOLD, "", actor=member_of(lot), now=clock.now())

    with pytest.raises(answers.AlreadyClosed) as closed:
        answers.accept(match.id, actor=member_of(need), now=clock.now())

    assert closed.value.state == MatchState.DECLINED


def test_an_answer_after_the_deadline_does_not_count(app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()))

    with pytest.raises(answers.AlreadyClosed):
        answers.accept(match.id, actor=member_of(lot), now=later(49))

    db.session.refresh(match)
    assert match.lot_accepted_at is None


def test_who_does_not_answer_in_time_frees_the_quantity(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))

    assert answers.expire_next(later(47)) is False
    assert answers.expire_next(later(49)) is True
    assert answers.expire_next(later(49)) is False

    for row in (match, lot, need):
        db.session.refresh(row)
    assert (match.state, lot.held, need.held) == (MatchState.EXPIRED, 0, 0)
    assert db.session.scalars(select(Notice.kind)).all() == ["match_expired"] * 2


def test_a_match_of_others_does_not_exist(app: Flask) -> None:
    match = a_match()

    with pytest.raises(NotFound):
        answers.accept(match.id, actor=an_actor(Role.OFFICER), now=clock.now())


def test_a_draft_does_not_exist_for_its_parties(app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), state=MatchState.DRAFT)

    with pytest.raises(NotFound):
        answers.accept(match.id, actor=member_of(lot), now=clock.now())


@pytest.mark.parametrize("role", [Role.READER, Role.COORDINATOR])
def test_who_only_reads_or_coordinates_does_not_answer(app: Flask, role: Role) -> None:
    match = a_match(lot=(lot := a_lot()))
    actor = member_of(lot, role) if role is Role.READER else an_actor(role)

    with pytest.raises(Forbidden):
        answers.accept(match.id, actor=actor, now=clock.now())


def booked(match: Match) -> list[str]:
    """The match's entries in the lot's books, in order."""
    entries = select(Movement.kind).where(
        Movement.match_id == match.id, Movement.lot_id.is_not(None)
    )
    return list(db.session.scalars(entries.order_by(Movement.id)))


def test_both_sides_agreeing_at_the_same_moment_confirm_once(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))
    seller, buyer, now = member_of(lot), member_of(need), clock.now()
    match_id = match.id

    at_once(
        each_app,
        lambda: answers.accept(match_id, actor=seller, now=now),
        lambda: answers.accept(match_id, actor=buyer, now=now),
    )

    db.session.refresh(match)
    assert match.state == MatchState.CONFIRMED
    assert db.session.scalars(select(Notice.kind)).all() == ["match_confirmed"] * 2


def test_declining_and_the_deadline_at_the_same_moment_release_once(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()))
    seller, match_id, deadline = member_of(lot), match.id, match.answer_by

    at_once(
        each_app,
        lambda: answers.decline(
            match_id, DeclineReason.SOLD, "", actor=seller, now=deadline - timedelta(seconds=1)
        ),
        lambda: answers.expire_next(deadline),
        lambda: answers.expire_next(deadline),
    )

    db.session.refresh(match)
    db.session.refresh(lot)
    assert match.state in (MatchState.DECLINED, MatchState.EXPIRED)
    assert booked(match) == ["hold", "release"]
    assert lot.held == 0


def test_who_has_not_answered_is_reminded_once(each_app: Flask) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))
    answers.accept(match.id, actor=member_of(lot), now=clock.now())
    quarter = timedelta(hours=12)

    assert answers.remind_next(later(35), quarter) is False
    assert answers.remind_next(later(37), quarter) is True
    assert answers.remind_next(later(38), quarter) is False

    notice = db.session.scalars(select(Notice)).one()
    assert (notice.organisation_id, notice.kind) == (need.organisation_id, "match_reminder")


def test_two_workers_remind_once(each_app: Flask) -> None:
    a_match()
    soon, quarter = later(40), timedelta(hours=12)

    came_to = at_once(each_app, *[lambda: answers.remind_next(soon, quarter)] * 2)

    assert True in came_to, came_to
    assert db.session.scalars(select(Notice.kind)).all() == ["match_reminder"] * 2
