"""A round is claimed, frozen, solved by the real engine and recorded once, whatever dies."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models import leases
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.services import rounds, solve
from marketplace.solving.frozen import Frozen, Spoilt
from marketplace.solving.world import world_of
from tests.factories import a_lot, a_need, an_actor, an_organisation
from tests.round_factories import a_match, a_round


def going() -> bool:
    return False


def a_requested_round() -> MatchRound:
    return rounds.request_round(
        actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today()
    )


def entry_of(round_: MatchRound, **listing: int) -> RoundEntry:
    return db.session.scalars(select(RoundEntry).filter_by(round_id=round_.id, **listing)).one()


def test_a_round_is_solved_and_stored_for_the_coordinators_eyes(each_app: Flask) -> None:
    lot, need = a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    round_ = a_requested_round()

    assert solve.solve_next(going) is True
    assert solve.solve_next(going) is False

    db.session.refresh(round_)
    assert (round_.state, round_.token, round_.slot) == (RoundState.SOLVED, None, 1)
    assert round_.result["value_vnd"] > 0
    assert round_.result["bound_vnd"] >= round_.result["value_vnd"]
    match = db.session.scalars(select(Match)).one()
    assert (match.lot_id, match.need_id, match.quantity) == (lot.id, need.id, 12_000)
    assert (match.state, match.ask, match.bid) == (MatchState.DRAFT, 8_000, 14_000)
    assert match.route[0]["from"] == "Phường Vị Thanh"
    assert match.route[-1]["to"].startswith("Chợ đầu mối Bình Điền")
    entry = entry_of(round_, lot_id=lot.id)
    assert (entry.quantity, entry.matched, entry.version) == (15_000, 12_000, lot.version)
    assert entry.reason == "partly"
    for listing in (lot, need):
        db.session.refresh(listing)
    assert (lot.held, need.held) == (0, 0), "nothing is held before publishing"


def test_freight_is_the_same_as_everywhere_to_the_dong(app: Flask) -> None:
    lot, need = a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    a_requested_round()

    solve.solve_next(going)

    world = world_of(current_reference())
    commodity = world.catalogue.commodity(lot.commodity_id)
    quote = world.atlas.quote(lot.place_id, need.place_id, commodity, 12_000)
    match = db.session.scalars(select(Match)).one()
    assert (match.freight, match.vehicles) == (quote.cost, quote.vehicle)


def test_what_nobody_wants_gets_its_reason(app: Flask) -> None:
    lot = a_lot()
    round_ = a_requested_round()

    solve.solve_next(going)

    entry = entry_of(round_, lot_id=lot.id)
    assert (entry.reason, entry.matched) == ("no_counterpart", 0)


def test_what_is_held_is_not_sold_again(app: Flask) -> None:
    lot, need = a_lot(quantity=10_000), a_need(quantity=30_000, bid=14_000)
    a_match(lot=lot, need=a_need(quantity=10_000), quantity=4_000)
    a_requested_round()

    solve.solve_next(going)

    match = db.session.scalars(select(Match).where(Match.need_id == need.id)).one()
    assert match.quantity == 6_000


@pytest.mark.parametrize("how", ["withdrawn", "past"])
def test_what_is_withdrawn_or_past_is_not_in_the_round(app: Flask, how: str) -> None:
    today = clock.today()
    if how == "withdrawn":
        a_lot(withdrawn_at=clock.now())
    else:
        a_lot(ready_on=today - timedelta(days=3), until=today - timedelta(days=1))
    a_requested_round()

    solve.solve_next(going)

    assert db.session.scalars(select(RoundEntry)).all() == []


def test_an_empty_round_is_solved_too(app: Flask) -> None:
    round_ = a_requested_round()

    solve.solve_next(going)

    db.session.refresh(round_)
    assert (round_.state, round_.result["value_vnd"]) == (RoundState.SOLVED, 0)


def test_what_the_round_saw_is_stored_with_its_hash(app: Flask) -> None:
    a_lot(certificates=["vietgap"])
    a_need()
    round_ = a_requested_round()
    solve.solve_next(going)
    db.session.refresh(round_)

    frozen = Frozen.read(round_.inputs, round_.inputs_hash)

    assert (len(frozen.lots), len(frozen.needs), frozen.day) == (1, 1, clock.today())
    assert frozen.stored()[1] == round_.inputs_hash
    with pytest.raises(Spoilt):
        Frozen.read(round_.inputs, "0" * 64)


def test_a_round_is_claimed_once(each_app: Flask) -> None:
    a_round(RoundState.QUEUED)

    assert solve.claim_round(clock.now()) is not None
    assert solve.claim_round(clock.now()) is None


def test_an_expired_lease_is_claimed_anew_and_the_old_token_is_worth_nothing(
    each_app: Flask,
) -> None:
    round_ = a_round(RoundState.QUEUED)
    now = clock.now()
    first = solve.claim_round(now)

    second = solve.claim_round(now + leases.LEASE + timedelta(seconds=1))

    assert second is not None
    assert second.token != first.token
    assert solve.WORK.renew(first, now) is False
    with pytest.raises(leases.Superseded):
        solve.freeze(first, world_of(current_reference()), clock.now())
    solve.WORK.fail(first, "too late", now)
    db.session.refresh(round_)
    assert (round_.state, round_.token) == (RoundState.SOLVING, second.token)


def test_who_takes_over_solves_what_the_first_one_saw(app: Flask) -> None:
    lot = a_lot()
    a_round(RoundState.QUEUED)
    now, world = clock.now(), world_of(current_reference())
    first = solve.claim_round(now)
    seen = solve.freeze(first, world, clock.now())
    a_lot()

    second = solve.claim_round(now + leases.LEASE + timedelta(seconds=1))

    assert solve.freeze(second, world, clock.now()) == seen
    assert [row.lot_id for row in db.session.scalars(select(RoundEntry))] == [lot.id]


def test_a_worker_that_is_told_to_stop_gives_the_round_back(app: Flask) -> None:
    a_lot(), a_need()
    round_ = a_requested_round()

    solve.solve_next(lambda: True)

    db.session.refresh(round_)
    assert (round_.state, round_.token) == (RoundState.QUEUED, None)
    assert solve.solve_next(going) is True
    db.session.refresh(round_)
    assert round_.state == RoundState.SOLVED


def test_an_engine_that_breaks_frees_the_slot(app: Flask, monkeypatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("no kilograms")

    monkeypatch.setattr(solve, "decide", broken)
    round_ = a_requested_round()

    solve.solve_next(going)

    db.session.refresh(round_)
    assert (round_.state, round_.slot) == (RoundState.FAILED, None)
    assert "no kilograms" in round_.failure
    assert a_requested_round().id > round_.id


def test_a_listing_that_contradicts_the_catalogue_is_named(app: Flask) -> None:
    a_lot(), a_need()
    wrong = a_lot(grade="loai-9")
    round_ = a_requested_round()

    solve.solve_next(going)

    db.session.refresh(round_)
    assert round_.state == RoundState.FAILED
    assert f"lot {wrong.id}: " in round_.failure


def test_a_round_that_kills_every_worker_fails_in_the_end(app: Flask) -> None:
    round_ = a_round(RoundState.QUEUED)
    now = clock.now()

    for _ in range(leases.ATTEMPTS + 1):
        solve.claim_round(now)
        now += leases.LEASE + timedelta(seconds=1)

    db.session.refresh(round_)
    assert (round_.state, round_.slot) == (RoundState.FAILED, None)


def test_a_lost_lease_stops_the_engine_before_it_records(app: Flask, monkeypatch) -> None:
    a_lot(), a_need()
    round_ = a_requested_round()
    real = solve.decide

    def overtaken(*args, **named):
        later = clock.now() + leases.LEASE + timedelta(seconds=1)
        assert solve.claim_round(later) is not None
        return real(*args, **named)

    monkeypatch.setattr(solve, "decide", overtaken)
    solve.solve_next(going)

    db.session.refresh(round_)
    assert round_.state == RoundState.SOLVING
    assert db.session.scalars(select(Match)).all() == []


def test_the_lease_is_renewed_while_the_engine_works(app: Flask, monkeypatch) -> None:
    round_ = a_requested_round()
    monkeypatch.setattr(leases, "RENEWAL", 0.05)
    renew, decide = leases.Work.renew, solve.decide
    renewed, until = threading.Event(), []

    def noted(*args) -> bool:
        held = renew(*args)
        renewed.set()
        return held

    def lease() -> datetime:
        with app.app_context():
            return db.session.scalar(select(MatchRound.lease_until))

    def slow(*args, **named):
        until.append(lease())
        for _ in range(2):  # the first may have been under way
            renewed.clear()
            assert renewed.wait(60)
        until.append(lease())
        return decide(*args, **named)

    monkeypatch.setattr(leases.Work, "renew", noted)
    monkeypatch.setattr(solve, "decide", slow)
    solve.solve_next(going)

    assert until[1] > until[0]
    db.session.refresh(round_)
    assert round_.state == RoundState.SOLVED


def test_two_coordinators_at_once_start_one_round(each_app: Flask) -> None:
    actors = [an_actor(Role.COORDINATOR) for _ in range(2)]
    ready = threading.Barrier(2)
    started: list[int] = []
    refused: list[rounds.RoundRunning] = []

    def start(actor) -> None:
        with each_app.app_context():
            ready.wait()
            try:
                round_ = rounds.request_round(actor=actor, now=clock.now(), today=clock.today())
                started.append(round_.id)
            except rounds.RoundRunning as running:
                refused.append(running)

    threads = [threading.Thread(target=start, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(db.session.scalars(select(MatchRound)).all()) == 1
    assert len(started) == len(refused) == 1
    assert refused[0].round_id == started[0]
    assert refused[0].params["who"] in {actor.name for actor in actors}


def test_two_workers_at_once_solve_a_round_once(each_app: Flask) -> None:
    a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    round_ = a_requested_round()
    ready = threading.Barrier(2)

    def work() -> None:
        with each_app.app_context():
            ready.wait()
            solve.solve_next(going)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.refresh(round_)
    assert (round_.state, round_.attempts) == (RoundState.SOLVED, 1)
    assert len(db.session.scalars(select(Match)).all()) == 1


def test_only_coordinators_start_a_round(app: Flask) -> None:
    with pytest.raises(Forbidden):
        rounds.request_round(actor=an_actor(Role.OFFICER), now=clock.now(), today=clock.today())


@pytest.mark.parametrize(
    ("figures", "rule"),
    [
        ({"price": 7_999}, "no_loss_seller"),
        ({"price": 11_600}, "no_loss_buyer"),
        ({"freight": 3_000_001}, "no_loss_buyer"),
    ],
)
def test_a_price_at_which_somebody_would_lose_cannot_be_stored(
    each_app: Flask, figures: dict, rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        a_match(**figures)


def test_an_organisation_does_not_trade_with_itself(app: Flask) -> None:
    trader = an_organisation()
    a_lot(quantity=15_000, organisation=trader)
    a_need(quantity=12_000, bid=14_000, organisation=trader)
    a_requested_round()

    solve.solve_next(going)

    assert db.session.scalars(select(Match)).all() == []


def test_a_department_brings_its_producers_and_its_buyers_together(app: Flask) -> None:
    department = an_organisation("department")
    for_others = {"organisation": department, "basis": "request"}
    lot = a_lot(quantity=15_000, producer="HTX Cầu Đúc", **for_others)
    need = a_need(quantity=12_000, bid=14_000, buyer="Bếp ăn Vị Thanh", **for_others)
    a_requested_round()

    solve.solve_next(going)

    match = db.session.scalars(select(Match)).one()
    assert (match.lot_id, match.need_id) == (lot.id, need.id)
