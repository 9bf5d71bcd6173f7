"""Expected harvests: who meets them, how they become sure, and what happens when nobody says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected, Stale
from marketplace.domain.forward import UnlikelyHarvest
from marketplace.domain.matches import DropReason, MatchState
from marketplace.domain.wishes import Wish
from marketplace.jobs.worker import Worker
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.open_market import open_market
from marketplace.models.revising import revise
from marketplace.services import direct, forward, lots, offers, publishing, rounds, solve
from tests.factories import PINEAPPLE, a_lot, a_need, an_actor, movements_of
from tests.round_factories import a_match, a_round, drafted, member_of

from .test_lots import a_draft

TODAY, NOW = clock.today(), clock.now()
SOON = {"ready_on": TODAY + timedelta(days=2), "until": TODAY + timedelta(days=9)}
LATER = {"ready_on": TODAY + timedelta(days=20), "until": TODAY + timedelta(days=27)}
LATE = {"ready_on": TODAY, "until": TODAY + timedelta(days=7)}


def confirm(lot, actor=None, quantity=None, version=None, meant=False):
    actor = actor or member_of(lot, Role.SELLER)
    known = {"actor": actor, "today": TODAY, "now": NOW, "meant": meant}
    return forward.confirm_harvest(lot.id, version or lot.version, quantity, **known)


def notices() -> list[tuple[str, int]]:
    return [(n.kind, n.organisation_id) for n in db.session.scalars(select(Notice))]


def solved_round() -> list[Match]:
    coordinator = an_actor(Role.COORDINATOR)
    round_ = rounds.request_round(actor=coordinator, now=NOW, today=TODAY)
    while solve.solve_next(lambda: False):
        pass
    return list(db.session.scalars(select(Match).where(Match.round_id == round_.id)))


def test_a_round_brings_an_expected_harvest_to_who_orders_ahead_only(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    a_need(bid=14_000)
    ahead = a_need(bid=12_000, accepts_expected=True)

    [match] = solved_round()

    assert (match.lot_id, match.need_id) == (lot.id, ahead.id)


def test_who_takes_sure_goods_only_is_told_why(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    need = a_need()

    assert solved_round() == []
    publishing.publish(1, actor=an_actor(Role.COORDINATOR), now=NOW, today=TODAY, answer_hours=48)

    told = lots.show_lot(lot.id, actor=member_of(lot)).entry
    assert told is not None
    assert told.reason == "expected"
    assert told.details["nearest"][0]["change"] == {"expected": False}
    assert need.open_quantity == 1_000


def test_a_lot_is_listed_and_changed_with_its_confidence(app) -> None:
    seller = an_actor(Role.SELLER)
    lot = lots.publish_lot(a_draft(confidence=90, **SOON), actor=seller, today=TODAY, now=NOW)

    lots.change_lot(
        lot.id,
        lot.version,
        replace(lots.draft_of(lots.lot_to_edit(lot.id, actor=seller)), confidence=50),
        actor=seller,
        today=TODAY,
        now=NOW,
    )

    assert lots.draft_of(lots.lot_to_edit(lot.id, actor=seller)).confidence == 50


def test_confirming_makes_it_sure_and_leaves_the_round_that_saw_it_its_match(each_app) -> None:
    lot, need = a_lot(confidence=70, **SOON), a_need(accepts_expected=True)
    round_ = a_round()
    match = drafted(round_, lot, need)

    confirm(lot)
    publishing.publish(
        round_.id, actor=an_actor(Role.COORDINATOR), now=NOW, today=TODAY, answer_hours=48
    )

    db.session.refresh(match)
    assert match.state == MatchState.PROPOSED
    db.session.refresh(lot)
    assert (lot.confidence, lot.confirmed_at, lot.version) == (None, NOW, 1)


def test_a_round_published_after_the_day_came_unconfirmed_drops_the_match(app) -> None:
    lot, need = a_lot(confidence=70, **SOON), a_need(accepts_expected=True)
    round_ = a_round()
    match = drafted(round_, lot, need, collect_on=SOON["ready_on"])

    publishing.publish(
        round_.id,
        actor=an_actor(Role.COORDINATOR),
        now=NOW,
        today=SOON["ready_on"],
        answer_hours=48,
    )

    db.session.refresh(match)
    assert (match.state, match.drop_reason) == (MatchState.DROPPED, DropReason.UNCONFIRMED)


def test_a_harvest_that_became_less_is_confirmed_as_what_it_became(each_app) -> None:
    lot = a_lot(confidence=70, quantity=1_000, quantity_most=1_200, **SOON)
    more = a_lot(confidence=70, quantity=1_000, quantity_most=1_200, **SOON)

    less, more = confirm(lot, quantity=700), confirm(more, quantity=1_300)

    assert (less.quantity, less.quantity_most, less.confidence) == (700, 1_200, None)
    assert (more.quantity, more.quantity_most) == (1_300, None)
    assert [entry.quantity for entry in movements_of(less)] == [1_000, -300]


def test_what_is_promised_must_have_come(app) -> None:
    lot = a_lot(confidence=70, quantity=1_000, **SOON)
    a_match(lot=lot, need=a_need(accepts_expected=True), quantity=600)

    with pytest.raises(Rejected, match="held or sold"):
        confirm(lot, quantity=500)
    assert confirm(lot, quantity=600).open_quantity == 0


def test_who_counts_on_it_is_told_that_it_is_sure(each_app) -> None:
    lot = a_lot(confidence=70, **SOON)
    match = a_match(lot=lot, need=(need := a_need(accepts_expected=True)), quantity=400)

    confirm(lot)

    [notice] = db.session.scalars(select(Notice)).all()
    assert (notice.kind, notice.organisation_id) == ("harvest_confirmed", need.organisation_id)
    assert notice.match_id == match.id


def test_confirming_twice_is_once(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    a_match(lot=lot, need=a_need(accepts_expected=True), quantity=400)
    seller = member_of(lot, Role.SELLER)

    confirm(lot, seller)
    confirm(lot, seller)
    confirm(lot, seller, quantity=1_000, version=7)

    assert lot.quantity == 1_000
    assert len(notices()) == 1


def test_a_second_confirmation_of_another_quantity_is_no_success(app) -> None:
    same, other = a_lot(confidence=70, **SOON), a_lot(confidence=70, **SOON)
    confirm(same)
    confirm(other, quantity=900)

    for lot, quantity in ((same, 800), (other, 800), (other, None)):
        with pytest.raises(Stale):
            confirm(lot, quantity=quantity, version=1)
    assert (same.quantity, other.quantity) == (1_000, 900)


def test_what_is_far_from_what_was_expected_counts_only_if_it_is_meant(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    for quantity in (1, 499, 2_001, 900_000_000):
        with pytest.raises(UnlikelyHarvest):
            confirm(lot, quantity=quantity)
    assert (lot.quantity, lot.confidence) == (1_000, 70)

    confirm(lot, quantity=499, meant=True)

    assert (lot.quantity, lot.confidence) == (499, None)


def test_what_cannot_be_confirmed_is_refused(app) -> None:
    sure, gone = a_lot(), a_lot(confidence=70, withdrawn_at=NOW, **SOON)
    over = a_lot(confidence=70, ready_on=TODAY - timedelta(9), until=TODAY - timedelta(1))
    lot = a_lot(confidence=70, **SOON)

    for each in (sure, gone, over):
        with pytest.raises(Rejected):
            confirm(each)
    with pytest.raises(NotFound):
        confirm(lot, an_actor(Role.SELLER))
    with pytest.raises(Stale):
        confirm(lot, version=7)


def test_a_confirmed_harvest_does_not_become_unsure_by_a_form_left_open(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    seller = member_of(lot, Role.SELLER)
    draft = lots.draft_of(lots.lot_to_edit(lot.id, actor=seller))
    confirm(lot, seller)

    with pytest.raises(Rejected) as caught:
        lots.change_lot(lot.id, 1, replace(draft, ask=7_000), actor=seller, today=TODAY, now=NOW)
    assert caught.value.field == "confidence"


def test_what_a_series_says_later_makes_no_confirmed_harvest_unsure(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    confirm(lot)
    lot = lots.lot_to_edit(lot.id, actor=member_of(lot, Role.SELLER))

    revise(lot, {"confidence": 70, "ask": 7_000}, 900, [], actor_id=lot.created_by, now=NOW)

    assert (lot.confidence, lot.ask, lot.quantity) == (None, 7_000, 900)


def test_a_holder_is_reminded_once_for_each_first_day(each_app) -> None:
    near, far = a_lot(confidence=70, **SOON), a_lot(confidence=50, **LATER)
    a_lot(**SOON)

    swept = [forward.remind_next(NOW, TODAY) for _ in range(3)]

    assert swept == [True, False, False]
    assert notices() == [("harvest_due", near.organisation_id)]
    later = LATER["ready_on"] - timedelta(days=1)
    assert forward.remind_next(NOW, later)
    assert not forward.remind_next(NOW, later)
    assert notices()[1:] == [("harvest_due", far.organisation_id)]
    db.session.get_one(Lot, near.id).ready_on = TODAY + timedelta(days=3)
    db.session.commit()
    assert forward.remind_next(NOW, TODAY)
    assert db.session.scalar(select(OutboxMessage.kind)) == "harvest_due"


def test_the_worker_tells_what_came_unconfirmed_before_what_is_near(app) -> None:
    near, late = a_lot(confidence=70, **SOON), a_lot(confidence=90, **LATE)
    [hand] = [hand for hand in Worker(app)._hands if hand.name == "harvests"]

    assert [hand.sweep() for _ in range(3)] == [True, True, False]
    assert notices() == [
        ("harvest_lapsed", late.organisation_id),
        ("harvest_due", near.organisation_id),
    ]


def test_what_came_unconfirmed_is_in_no_round_and_everybody_concerned_is_told_once(
    each_app,
) -> None:
    lot = a_lot(confidence=90, **LATE)
    a_match(lot=lot, need=(need := a_need(accepts_expected=True)), quantity=400)

    swept = [forward.lapse_next(NOW, TODAY) for _ in range(3)]

    assert swept == [True, False, False]
    assert sorted(notices()) == [
        ("harvest_lapsed", lot.organisation_id),
        ("harvest_unconfirmed", need.organisation_id),
    ]
    market = open_market(db.session, TODAY, NOW)
    assert list(market.lots) == []
    assert offers.offered_now(PINEAPPLE, today=TODAY) == (0, 0)
    confirm(lot)
    assert [each.id for each in open_market(db.session, TODAY, NOW).lots] == [lot.id]


def test_ones_own_expected_harvests_stand_in_a_list_with_what_is_urgent(app) -> None:
    late = a_lot(confidence=90, **LATE)
    seller = member_of(late, Role.SELLER)
    soon = a_lot(confidence=70, organisation=seller.organisation_id, **SOON)
    far = a_lot(confidence=70, organisation=seller.organisation_id, **LATER)
    a_lot(organisation=seller.organisation_id)
    a_lot(confidence=70, **SOON)

    found = forward.expected_harvests(seller, today=TODAY)

    assert [(e.lot.id, e.due, e.lapsed) for e in found] == [
        (late.id, False, True),
        (soon.id, True, False),
        (far.id, False, False),
    ]
    assert forward.to_confirm(seller, today=TODAY) == (3, 2)


def test_who_asks_for_an_expected_harvest_takes_it_so(app) -> None:
    lot = a_lot(confidence=70, **SOON)
    need = a_need()  # takes sure goods only
    buyer = member_of(need, Role.BUYER)

    match = direct.ask_for_lot(
        lot.id,
        Wish(quantity=500, mine=need.id),
        actor=buyer,
        today=TODAY,
        now=NOW,
        answer_hours=48,
    )

    assert (match.lot_id, match.need_id, match.quantity) == (lot.id, need.id, 500)


def test_nobody_offers_an_expected_harvest_to_who_wants_sure_goods(app) -> None:
    lot, need = a_lot(confidence=70, **SOON), a_need(bid_sealed=False)
    seller = member_of(lot, Role.SELLER)
    wish = Wish(quantity=500, mine=lot.id)

    with pytest.raises(Rejected, match="sure goods only"):
        direct.consider_selling(need.id, wish, actor=seller, today=TODAY)
    db.session.get_one(Need, need.id).accepts_expected = True
    db.session.commit()
    assert direct.consider_selling(need.id, wish, actor=seller, today=TODAY).terms.quantity == 500
