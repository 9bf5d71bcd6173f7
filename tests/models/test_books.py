"""No kilogram is sold twice, whoever sends the statement, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from marketplace import clock
from marketplace.extensions import db
from marketplace.models.base import transaction
from marketplace.models.lots import Lot
from marketplace.models.movements import Movement
from tests.factories import a_lot, a_need

ENTRY = text(
    "INSERT INTO movement (key, lot_id, kind, quantity, reason, at) "
    "VALUES (:key, :lot, :kind, :quantity, '', :at)"
)


def enter(engine: Engine, lot: int, kind: str, quantity: int, key: str) -> None:
    with engine.begin() as connection:
        values = {"key": key, "lot": lot, "kind": kind, "quantity": quantity, "at": clock.now()}
        connection.execute(ENTRY, values)


def refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except DBAPIError:
        return True
    return False


@pytest.fixture
def engine(each_app: Flask) -> Engine:
    """Connections of a program that is not ours, in autocommit of its own transactions."""
    return create_engine(db.engine.url, poolclass=NullPool)


def counters(lot: Lot) -> tuple[int, int, int]:
    db.session.rollback()
    db.session.refresh(lot)
    return lot.quantity, lot.held, lot.sold


def test_entries_move_the_counters(engine: Engine) -> None:
    lot = a_lot(quantity=1_000)

    for number, (kind, quantity) in enumerate(
        [("hold", 600), ("release", 100), ("deliver", 300), ("correct", -200), ("return", 50)]
    ):
        enter(engine, lot.id, kind, quantity, f"step {number}")

    assert counters(lot) == (800, 200, 250)


@pytest.mark.parametrize(
    ("kind", "quantity"), [("hold", 1_001), ("release", 1), ("deliver", 1), ("correct", -1_001)]
)
def test_an_entry_that_the_lot_cannot_bear_is_refused(
    engine: Engine, kind: str, quantity: int
) -> None:
    lot = a_lot(quantity=1_000)

    assert refused(lambda: enter(engine, lot.id, kind, quantity, "too much"))
    assert counters(lot) == (1_000, 0, 0)


def test_the_same_event_is_entered_once(engine: Engine) -> None:
    lot = a_lot(quantity=1_000)
    enter(engine, lot.id, "hold", 300, "match:1:hold:lot")

    assert refused(lambda: enter(engine, lot.id, "hold", 300, "match:1:hold:lot"))
    assert counters(lot) == (1_000, 300, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lot SET held = held + 5000",
        "UPDATE lot SET held = 0, sold = 0",
        "UPDATE lot SET quantity = 1000000",
        "UPDATE need SET held = 0",
        "UPDATE movement SET quantity = 1",
        "DELETE FROM movement",
    ],
)
def test_a_statement_past_the_books_is_refused(engine: Engine, statement: str) -> None:
    lot, need = a_lot(quantity=1_000), a_need(quantity=1_000)
    enter(engine, lot.id, "hold", 300, "lot held")
    with transaction() as session:
        session.add(
            Movement(key="need held", need_id=need.id, kind="hold", quantity=300, at=clock.now())
        )

    def attempt() -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    assert refused(attempt)
    assert counters(lot) == (1_000, 300, 0)


def test_two_connections_at_once_cannot_oversell(engine: Engine) -> None:
    lot = a_lot(quantity=1_000)
    together = threading.Barrier(2)
    answers: list[bool] = []

    def sell(number: int) -> None:
        together.wait()
        answers.append(refused(lambda: enter(engine, lot.id, "hold", 600, f"rival {number}")))

    rivals = [threading.Thread(target=sell, args=(number,)) for number in range(2)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    assert sorted(answers) == [False, True]
    assert counters(lot) == (1_000, 600, 0)
