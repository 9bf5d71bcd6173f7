"""The worker finds the prices of a published round once, whatever dies; nothing is half stored."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.price_board import BoardState
from marketplace.models import leases
from marketplace.models.base import db
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.rounds import MatchRound
from marketplace.services import pricing, publishing, rounds, solve
from tests.factories import a_lot, a_need, an_actor


def going() -> bool:
    return False


def a_published_round(sellers: int = 3, buyers: int = 3) -> MatchRound:
    """Pineapples of so many cooperatives, wanted by so many buyers."""
    for _ in range(sellers):
        a_lot(quantity=5_000)
    for number in range(buyers):
        a_need(quantity=6_000, bid=14_000 + 500 * number)
    actor = an_actor(Role.COORDINATOR)
    round_ = rounds.request_round(actor=actor, now=clock.now(), today=clock.today())
    solve.solve_next(going)
    publishing.publish(
        round_.id, actor=actor, now=clock.now(), today=clock.today(), answer_hours=24
    )
    return round_


def board_of(round_: MatchRound) -> PriceBoard:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(PriceBoard, round_.id)


def test_the_prices_of_a_published_round_are_found_once(each_app: Flask) -> None:
    round_ = a_published_round()

    assert pricing.price_next(going) is True
    assert pricing.price_next(going) is False

    assert board_of(round_).state == BoardState.DONE
    price = db.session.scalars(select(BoardPrice)).one()
    assert (price.locality_id, price.commodity_id, price.grade) == ("HG", "khom-cau-duc", "loai-1")
    assert (price.lots, price.needs, price.sellers, price.buyers) == (3, 3, 3, 3)
    assert price.kilograms == 15_000
    assert 8_000 <= price.low <= price.high


def test_fewer_than_three_parties_leave_the_board_empty(app: Flask) -> None:
    round_ = a_published_round(buyers=2)

    pricing.price_next(going)

    assert board_of(round_).state == BoardState.DONE
    assert db.session.scalar(select(func.count(BoardPrice.id))) == 0


def test_only_published_rounds_have_a_board(app: Flask) -> None:
    a_lot()
    rounds.request_round(actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today())
    solve.solve_next(going)

    assert pricing.price_next(going) is False


def test_what_a_dead_worker_left_is_taken_over_and_the_dead_one_stores_nothing(
    each_app: Flask,
) -> None:
    round_ = a_published_round()
    dead = pricing.claim_board(clock.now())
    assert dead
    assert pricing.price_next(going) is False

    later = clock.now() + leases.LEASE + timedelta(seconds=1)
    with clock.standing_at(later):
        assert pricing.price_next(going) is True

    with pytest.raises(leases.Superseded):
        pricing.record(dead, [], clock.now())
    assert board_of(round_).attempts == 2
    assert db.session.scalar(select(func.count(BoardPrice.id))) == 1


def test_a_worker_that_is_stopped_leaves_the_board_to_the_next(app: Flask) -> None:
    round_ = a_published_round()

    pricing.price_next(lambda: True)
    assert board_of(round_).state == BoardState.WAITING

    assert pricing.price_next(going) is True
    assert board_of(round_).state == BoardState.DONE


def test_a_board_that_cannot_be_made_is_given_up_and_holds_nobody_up(app: Flask) -> None:
    round_ = a_published_round()
    round_.inputs_hash = "0" * 64
    db.session.commit()

    assert pricing.price_next(going) is True

    assert board_of(round_).state == BoardState.FAILED
    assert "hash" in board_of(round_).failure
    assert pricing.price_next(going) is False


def test_after_some_attempts_it_is_given_up(app: Flask) -> None:
    round_ = a_published_round()
    at = clock.now()
    for _ in range(leases.ATTEMPTS):
        assert pricing.claim_board(at)
        at += leases.LEASE + timedelta(seconds=1)

    assert pricing.claim_board(at) is None
    assert board_of(round_).state == BoardState.FAILED


def test_two_workers_make_one_board(each_app: Flask) -> None:
    round_ = a_published_round()
    claims = []
    gate = threading.Barrier(2)

    def claim() -> None:
        with each_app.app_context():
            gate.wait()
            claims.append(pricing.claim_board(clock.now()))

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(claim is not None for claim in claims) == 1
    assert board_of(round_).attempts == 1


@pytest.mark.parametrize(
    "wrong", [{"sellers": 2}, {"buyers": 2}, {"low": 9_001}, {"low": -1}, {"lots": 2}]
)
def test_the_database_refuses_what_may_not_be_published(each_app: Flask, wrong: dict) -> None:
    round_ = a_published_round(buyers=2)
    pricing.price_next(going)
    row = {
        "round_id": round_.id, "locality_id": "HG", "commodity_id": "khom-cau-duc",
        "grade": "loai-1", "low": 8_000, "high": 9_000, "kilograms": 1, "lots": 3, "needs": 3,
        "sellers": 3, "buyers": 3,
    }  # fmt: skip

    with pytest.raises(IntegrityError):
        db.session.execute(insert(BoardPrice), [row | wrong])
    db.session.rollback()
