"""Publishing checks every match against today, holds what it proposes, and tells both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, Rejected
from marketplace.domain.matches import DropReason, MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.rounds import MatchRound
from marketplace.services import lots, publishing
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, an_entry, at_once, drafted, member_of


def publish(round_: MatchRound) -> publishing.Published:
    return publishing.publish(
        round_.id,
        actor=an_actor(Role.COORDINATOR),
        now=clock.now(),
        today=clock.today(),
        answer_hours=48,
    )


def test_publishing_proposes_holds_and_tells(each_app: Flask) -> None:
    round_, lot, need = a_round(), a_lot(), a_need()
    match = drafted(round_, lot, need, quantity=800)

    outcome = publish(round_)

    assert (outcome.proposed, outcome.dropped) == (1, 0)
    for row in (round_, match, lot, need):
        db.session.refresh(row)
    assert (round_.state, round_.slot, match.state) == ("published", None, MatchState.PROPOSED)
    assert (lot.held, need.held) == (800, 800)
    assert match.answer_by - match.proposed_at == timedelta(hours=48)
    notices = db.session.scalars(select(Notice)).all()
    assert {n.organisation_id for n in notices} == {lot.organisation_id, need.organisation_id}
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 2


def withdrawn(lot: Lot, need: Need) -> None:
    lot.withdrawn_at = clock.now()


def need_withdrawn(lot: Lot, need: Need) -> None:
    need.withdrawn_at = clock.now()


def changed(lot: Lot, need: Need) -> None:
    lot.note = "khác"


def need_changed(lot: Lot, need: Need) -> None:
    need.bid = 11_000


def taken(lot: Lot, need: Need) -> None:
    a_match(lot=lot, need=a_need(quantity=300))


def filled(lot: Lot, need: Need) -> None:
    a_match(lot=a_lot(quantity=300), need=need)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (withdrawn, DropReason.LOT_WITHDRAWN),
        (need_withdrawn, DropReason.NEED_WITHDRAWN),
        (changed, DropReason.LOT_CHANGED),
        (need_changed, DropReason.NEED_CHANGED),
        (taken, DropReason.LOT_TAKEN),
        (filled, DropReason.NEED_FILLED),
    ],
)
def test_what_no_longer_holds_is_dropped_with_the_reason(each_app, happens, reason) -> None:
    round_, lot, need = a_round(), a_lot(), a_need()
    match = drafted(round_, lot, need)
    other = drafted(round_, a_lot(), a_need())
    happens(lot, need)
    db.session.commit()
    held = lot.held

    outcome = publish(round_)

    assert (outcome.proposed, outcome.dropped) == (1, 1)
    for row in (match, other, lot):
        db.session.refresh(row)
    assert (match.state, match.drop_reason) == (MatchState.DROPPED, reason)
    assert other.state == MatchState.PROPOSED
    assert lot.held == held


def test_a_match_whose_day_has_passed_is_dropped(app: Flask) -> None:
    round_ = a_round()
    match = drafted(round_, a_lot(), a_need(), collect_on=clock.today() - timedelta(days=1))

    publish(round_)

    assert db.session.get_one(Match, match.id).drop_reason == DropReason.DAY_PASSED


def test_several_matches_of_one_lot_together_hold_what_it_has(app: Flask) -> None:
    round_, lot = a_round(), a_lot(quantity=1_000)
    first = drafted(round_, lot, a_need(), quantity=600)
    second_need = a_need()
    an_entry(round_, second_need, matched=400)
    second = a_match(lot=lot, need=second_need, round_=round_, state=MatchState.DRAFT, quantity=400)

    publish(round_)

    db.session.refresh(lot)
    assert lot.held == first.quantity + second.quantity == 1_000


def test_a_round_is_published_once(app: Flask) -> None:
    round_ = a_round()
    drafted(round_, a_lot(), a_need())
    publish(round_)

    with pytest.raises(Rejected):
        publish(round_)

    assert len(db.session.scalars(select(Notice)).all()) == 2


def test_only_coordinators_publish(app: Flask) -> None:
    round_ = a_round()

    with pytest.raises(Forbidden):
        publishing.publish(
            round_.id,
            actor=an_actor(Role.OFFICER),
            now=clock.now(),
            today=clock.today(),
            answer_hours=48,
        )

    assert db.session.get_one(MatchRound, round_.id).state == RoundState.SOLVED


def test_discarding_tells_nobody_and_frees_the_slot(app: Flask) -> None:
    round_, lot = a_round(), a_lot()
    match = drafted(round_, lot, a_need())

    publishing.discard(round_.id, actor=an_actor(Role.COORDINATOR), now=clock.now())

    for row in (round_, match, lot):
        db.session.refresh(row)
    assert (round_.state, round_.slot) == (RoundState.DISCARDED, None)
    assert (match.state, match.drop_reason) == (MatchState.DROPPED, DropReason.DISCARDED)
    assert lot.held == 0
    assert db.session.scalars(select(Notice)).all() == []


def test_who_is_left_out_finds_a_notice_in_the_inbox_and_no_mail(app: Flask) -> None:
    round_, lot = a_round(), a_lot()
    an_entry(round_, lot, reason="no_counterpart")
    an_entry(round_, a_lot(organisation=lot.organisation_id), reason="no_counterpart")
    an_entry(round_, a_lot(organisation=lot.organisation_id), reason="reserved", quantity=0)

    publish(round_)

    notice = db.session.scalars(select(Notice)).one()
    assert (notice.organisation_id, notice.kind) == (lot.organisation_id, "round_left_out")
    assert notice.details["lots"] == 2
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_publishing_and_withdrawing_at_the_same_moment_never_oversell(each_app: Flask) -> None:
    round_, lot, need = a_round(), a_lot(), a_need()
    match = drafted(round_, lot, need)
    coordinator, seller = an_actor(Role.COORDINATOR), member_of(lot)
    round_id, lot_id, version = round_.id, lot.id, lot.version
    now, today = clock.now(), clock.today()

    came_to = at_once(
        each_app,
        lambda: publishing.publish(
            round_id, actor=coordinator, now=now, today=today, answer_hours=48
        ),
        lambda: lots.withdraw_lot(lot_id, version, actor=seller, now=now),
    )

    for row in (match, lot):
        db.session.refresh(row)
    assert isinstance(came_to[0], publishing.Published)
    assert lot.withdrawn_at is not None
    if match.state == MatchState.PROPOSED:
        assert (lot.held, lot.quantity) == (1_000, 1_000)
    else:
        assert (match.drop_reason, lot.held, lot.quantity) == (DropReason.LOT_WITHDRAWN, 0, 0)
