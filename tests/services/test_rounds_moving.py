"""A new round replaces open proposals for a stated gain; whatever is answered meanwhile stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.matches import DeclineReason, DropReason, MatchState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.services import answers, changes, proofs, publishing, replay, rounds, solve
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, at_once, buyer_of, seller_of


@dataclass
class Story:
    """A lot proposed to one buyer; then a better one came, and a round found it."""

    coordinator: Actor
    lot: Lot
    first: Need
    better: Need
    proposal: Match
    round_id: int

    @property
    def draft(self) -> Match:
        """What comes instead."""
        query = select(Match).where(Match.round_id == self.round_id)
        return db.session.scalars(query.order_by(Match.id)).one()

    def publish(self) -> publishing.Published:
        return publish(self.round_id, self.coordinator)

    def refresh(self) -> None:
        for row in (self.lot, self.first, self.better, self.proposal):
            db.session.refresh(row)


def solved(coordinator: Actor) -> int:
    round_id = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today()).id
    solve.solve_next(lambda: False)
    return round_id


def publish(round_id: int, coordinator: Actor) -> publishing.Published:
    return publishing.publish(
        round_id, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )


def a_story(bid: int = 14_000, between: Callable[[Match], object] = lambda proposal: None) -> Story:
    """``between`` is what happens before the second round begins."""
    coordinator, lot, first = an_actor(Role.COORDINATOR), a_lot(), a_need()
    publish(solved(coordinator), coordinator)
    proposal = db.session.scalars(select(Match)).one()
    better = a_need(bid=bid)
    between(proposal)
    story = Story(coordinator, lot, first, better, proposal, solved(coordinator))
    story.refresh()
    return story


def test_a_better_buyer_replaces_a_proposal_that_nobody_has_answered(each_app: Flask) -> None:
    story = a_story()

    done = story.publish()

    story.refresh()
    new = story.draft
    assert (done.proposed, done.replaced, done.stayed, done.dropped) == (1, 1, 0, 0)
    assert (story.proposal.state, story.proposal.replaced_in) == (
        MatchState.REPLACED,
        story.round_id,
    )
    assert (new.state, new.need_id) == (MatchState.PROPOSED, story.better.id)
    assert (story.lot.held, story.first.held, story.better.held) == (1_000, 0, 1_000)
    assert replay.replay(story.round_id).same
    assert proofs.verify_stored(story.round_id).holds


def test_what_changed_is_counted_from_the_round_before(each_app: Flask) -> None:
    story = a_story()
    story.publish()

    found = changes.changes(db.session.get_one(MatchRound, story.round_id))

    assert (found.previous, found.withdrawn, found.gain) == (story.round_id - 1, 1, 2_000_000)
    assert {kind: tally.matches for kind, tally in found.standing.items()} == {
        "fixed": 0,
        "kept": 0,
        "moved": 1,
    }
    assert {kind: listed.count for kind, listed in found.came["need"].items()} == {"listed": 1}
    assert (found.came["lot"], found.went["lot"], found.went["need"]) == ({}, {}, {})
    actor = seller_of(story.proposal)
    own = changes.own_standing(db.session.get_one(MatchRound, story.round_id), actor=actor)
    assert [(match.id, kind) for match, kind in own] == [(story.proposal.id, "moved")]


def test_both_sides_of_what_was_replaced_are_told_what_came_instead(app: Flask) -> None:
    story = a_story()

    story.publish()

    new = story.draft
    told = {
        notice.details["side"]: notice.details
        for notice in db.session.scalars(select(Notice).where(Notice.kind == "match_replaced"))
    }
    assert [one["match"] for one in told["lot"]["instead"]] == [new.id]
    assert told["need"]["instead"] == []
    assert told["lot"]["gains_more_than"] == 500_000
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "match_replaced"))
    assert len(list(mails)) == 2


def test_before_it_is_published_nothing_is_withdrawn(app: Flask) -> None:
    story = a_story()

    publishing.discard(story.round_id, actor=story.coordinator, now=clock.now())

    story.refresh()
    assert (story.proposal.state, story.lot.held, story.first.held) == ("proposed", 1_000, 1_000)


def test_a_gain_that_is_too_small_moves_nothing(app: Flask) -> None:
    story = a_story(bid=12_400)  # 400 ₫ × 1.000 kg are less than 500.000 ₫

    done = story.publish()

    story.refresh()
    assert (done.proposed, done.replaced) == (0, 0)
    assert story.proposal.state == MatchState.PROPOSED
    round_ = db.session.get_one(MatchRound, story.round_id)
    assert (round_.result["moves"], round_.result["open"]) == ([], [story.proposal.id])


def one_side_accepts(proposal: Match) -> None:
    answers.accept(proposal.id, actor=seller_of(proposal), now=clock.now())


def both_accept(proposal: Match) -> None:
    one_side_accepts(proposal)
    answers.accept(proposal.id, actor=buyer_of(proposal), now=clock.now())


def the_deadline_passes(proposal: Match) -> None:
    proposal.answer_by = clock.now() - timedelta(seconds=1)
    db.session.commit()


def the_need_is_changed(proposal: Match) -> None:
    db.session.get_one(Need, proposal.need_id).note = "khác"
    db.session.commit()


@pytest.mark.parametrize(
    "between", [one_side_accepts, both_accept, the_deadline_passes, the_need_is_changed]
)
def test_fixed_points_are_never_touched(app: Flask, between: Callable[[Match], object]) -> None:
    story = a_story(between=between)

    round_ = db.session.get_one(MatchRound, story.round_id)
    assert (round_.result["fixed"], round_.result["moves"]) == ([story.proposal.id], [])
    assert story.publish().proposed == 0


def test_who_asked_directly_is_a_fixed_point(app: Flask) -> None:
    asked = a_match(lot=a_lot(), need=a_need())
    a_need(bid=14_000)

    round_id = solved(an_actor(Role.COORDINATOR))

    assert db.session.get_one(MatchRound, round_id).result["fixed"] == [asked.id]


@pytest.mark.parametrize("accepts", [one_side_accepts, both_accept])
def test_an_answer_before_publishing_wins(
    each_app: Flask, accepts: Callable[[Match], None]
) -> None:
    story = a_story()
    accepts(story.proposal)

    done = story.publish()

    story.refresh()
    new = story.draft
    assert (done.proposed, done.replaced, done.stayed, done.dropped) == (0, 0, 1, 1)
    assert (new.state, new.drop_reason) == (MatchState.DROPPED, DropReason.PROPOSAL_ANSWERED)
    assert story.proposal.state in (MatchState.PROPOSED, MatchState.CONFIRMED)
    assert (story.lot.held, story.first.held, story.better.held) == (1_000, 1_000, 0)


def better_withdrawn(story: Story) -> None:
    story.better.withdrawn_at = clock.now()


def better_changed(story: Story) -> None:
    story.better.note = "khác"


def better_filled(story: Story) -> None:
    a_match(lot=a_lot(quantity=300), need=story.better)


def lot_changed(story: Story) -> None:
    story.lot.note = "khác"


def first_need_changed(story: Story) -> None:
    story.first.note = "khác"


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (better_withdrawn, DropReason.NEED_WITHDRAWN),
        (better_changed, DropReason.NEED_CHANGED),
        (better_filled, DropReason.NEED_FILLED),
        (lot_changed, DropReason.PROPOSAL_KEPT),
        (first_need_changed, DropReason.PROPOSAL_KEPT),
    ],
)
def test_nothing_is_withdrawn_when_what_was_to_come_no_longer_holds(
    app: Flask, happens: Callable[[Story], None], reason: DropReason
) -> None:
    story = a_story()
    happens(story)
    db.session.commit()

    done = story.publish()

    story.refresh()
    assert (done.replaced, done.stayed, story.draft.drop_reason) == (0, 1, reason)
    assert (story.proposal.state, story.lot.held, story.first.held) == ("proposed", 1_000, 1_000)
    assert not db.session.scalars(select(Notice).where(Notice.kind == "match_replaced")).all()


def test_what_was_declined_meanwhile_leaves_its_goods_to_the_new_match(app: Flask) -> None:
    story = a_story()
    buyer = buyer_of(story.proposal)
    answers.decline(story.proposal.id, DeclineReason.PRICE, "", actor=buyer, now=clock.now())

    done = story.publish()

    story.refresh()
    assert (done.proposed, done.replaced, done.stayed) == (1, 0, 0)
    assert (story.proposal.state, story.lot.held, story.first.held) == ("declined", 1_000, 0)


def test_a_replaced_proposal_can_no_longer_be_answered(app: Flask) -> None:
    story = a_story()
    seller = seller_of(story.proposal)
    story.publish()

    with pytest.raises(answers.AlreadyClosed):
        answers.accept(story.proposal.id, actor=seller, now=clock.now())
    with pytest.raises(answers.AlreadyClosed):
        answers.decline(story.proposal.id, DeclineReason.PRICE, "", actor=seller, now=clock.now())


def test_what_came_instead_can_be_replaced_in_its_turn(app: Flask) -> None:
    story = a_story()
    story.publish()
    best = a_need(bid=16_000)

    publish(solved(story.coordinator), story.coordinator)

    states = db.session.scalars(select(Match.state).order_by(Match.id)).all()
    assert states == ["replaced", "replaced", "proposed"]
    for row in (story.lot, best):
        db.session.refresh(row)
    assert (story.lot.held, best.held) == (1_000, 1_000)


def test_an_entry_says_how_much_was_on_the_market(app: Flask) -> None:
    story = a_story()

    entries = db.session.scalars(select(RoundEntry).where(RoundEntry.round_id == story.round_id))

    of = {entry.lot_id or f"need {entry.need_id}": entry for entry in entries}
    assert (of[story.lot.id].quantity, of[story.lot.id].matched) == (1_000, 1_000)
    assert (of[f"need {story.first.id}"].quantity, of[f"need {story.first.id}"].matched) == (
        1_000,
        0,
    )


def one_answer(number: int, story: Story) -> Callable[[], object]:
    """Yes by the seller, yes by the buyer, or no."""
    proposal_id, now = story.proposal.id, clock.now()
    seller, buyer = seller_of(story.proposal), buyer_of(story.proposal)
    return [
        lambda: answers.accept(proposal_id, actor=seller, now=now),
        lambda: answers.accept(proposal_id, actor=buyer, now=now),
        lambda: answers.decline(proposal_id, DeclineReason.PRICE, "", actor=seller, now=now),
    ][number]


@pytest.mark.parametrize("answer", range(3))
def test_answering_and_publishing_at_the_same_moment(each_app: Flask, answer: int) -> None:
    story = a_story()
    deed = one_answer(answer, story)
    round_id, coordinator = story.round_id, story.coordinator

    answered, published = at_once(each_app, deed, lambda: publish(round_id, coordinator))

    story.refresh()
    new = story.draft
    assert isinstance(published, publishing.Published)
    if story.proposal.state == MatchState.REPLACED:
        assert isinstance(answered, answers.AlreadyClosed)
        assert new.state == MatchState.PROPOSED
    elif story.proposal.state == MatchState.PROPOSED:
        assert new.drop_reason == DropReason.PROPOSAL_ANSWERED
    else:
        assert (story.proposal.state, new.state) == (MatchState.DECLINED, MatchState.PROPOSED)
    assert story.lot.held == 1_000, "never twice, never nothing"
    assert story.first.held + story.better.held == 1_000


def test_two_coordinators_publish_it_once(each_app: Flask) -> None:
    story = a_story()
    round_id, one, other = story.round_id, story.coordinator, an_actor(Role.COORDINATOR)

    at_once(each_app, lambda: publish(round_id, one), lambda: publish(round_id, other))

    story.refresh()
    assert (story.lot.held, story.first.held, story.better.held) == (1_000, 0, 1_000)
    kinds = db.session.scalars(select(Notice.kind).where(Notice.kind == "match_replaced")).all()
    assert len(kinds) == 2
