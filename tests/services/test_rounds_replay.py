"""A stored round can be solved again, and no stored number of it can be changed unnoticed."""

from __future__ import annotations

import dataclasses
import json
import zlib
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.models.base import db
from marketplace.models.rounds import MatchRound
from marketplace.services import publishing, replay, rounds, solve
from marketplace.solving.frozen import Spoilt
from tests.condition_factories import a_condition, a_tariff_row
from tests.factories import a_lot, a_need, an_actor

NUMBERS = [
    "quantity",
    "price",
    "price_low",
    "price_high",
    "market_price",
    "freight",
    "kilometres",
    "hours",
    "ask",
    "bid",
]


@pytest.fixture
def solved(app: Flask) -> MatchRound:
    """Two lots, two needs, runners-up on both sides, and one of each left over in part."""
    a_lot(quantity=15_000), a_lot(quantity=9_000, ask=8_300)
    a_need(quantity=12_000, bid=14_000), a_need(quantity=20_000, bid=13_000)
    coordinator = an_actor(Role.COORDINATOR)
    round_ = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today())
    solve.solve_next(lambda: False)
    db.session.refresh(round_)
    return round_


def change(statement: str) -> None:
    """What only somebody past all rules could write."""
    db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    changed = db.session.execute(text(statement))
    assert changed.rowcount
    db.session.commit()
    db.session.expire_all()


def test_a_round_replays_as_it_was(solved: MatchRound) -> None:
    assert replay.replay(solved.id).differences == []


def test_a_round_that_ran_out_of_time_says_so_and_replays(app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(settings, round_seconds=0)
    a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    coordinator = an_actor(Role.COORDINATOR)
    round_ = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today())

    solve.solve_next(lambda: False)

    db.session.refresh(round_)
    [goods] = round_.result["hurried"]
    assert {"id", "vi", "en"} == goods.keys()
    assert replay.replay(round_.id).same


def test_publishing_changes_nothing_of_it(solved: MatchRound) -> None:
    publishing.publish(
        solved.id,
        actor=an_actor(Role.COORDINATOR),
        now=clock.now(),
        today=clock.today(),
        answer_hours=48,
    )

    assert replay.replay(solved.id).differences == []


@pytest.mark.parametrize("column", NUMBERS)
def test_every_number_of_a_match_is_compared(solved: MatchRound, column: str) -> None:
    change(f"UPDATE match SET {column} = {column} + 1 WHERE id = (SELECT MIN(id) FROM match)")

    assert any(f": {column} is stored" in line for line in replay.replay(solved.id).differences)


@pytest.mark.parametrize("column", ["seller_next", "buyer_next"])
def test_every_runner_up_is_compared(solved: MatchRound, column: str) -> None:
    change(f"UPDATE match SET {column} = '{{}}' WHERE id = (SELECT MIN(id) FROM match)")

    assert replay.replay(solved.id).differences


@pytest.mark.parametrize("column", ["quantity", "matched"])
def test_every_number_of_an_entry_is_compared(solved: MatchRound, column: str) -> None:
    change(f"UPDATE round_entry SET {column} = {column} + 1 WHERE id = 1")

    assert any(f": {column} is stored" in line for line in replay.replay(solved.id).differences)


def test_every_figure_of_the_round_is_compared(solved: MatchRound) -> None:
    figures = dict(solved.result)
    for name in sorted(figures.keys() - replay.NOT_COMPARED):
        solved.result = {**figures, name: figures[name] + 1}
        db.session.commit()

        assert [line.split(" is ")[0] for line in replay.replay(solved.id).differences] == [
            f"round: {name}"
        ]


def test_a_match_more_or_less_is_noticed(solved: MatchRound) -> None:
    change("UPDATE match SET round_id = NULL, origin = 'direct' WHERE id = 1")

    assert any("not stored" in line for line in replay.replay(solved.id).differences)


def test_changed_inputs_are_refused(solved: MatchRound) -> None:
    solved.inputs_hash = "0" * 64
    db.session.commit()

    with pytest.raises(Spoilt):
        replay.replay(solved.id)


def test_what_was_never_solved_is_refused(app: Flask) -> None:
    with pytest.raises(NotFound):
        replay.replay(1)
    round_ = rounds.request_round(
        actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today()
    )
    with pytest.raises(Rejected):
        replay.replay(round_.id)


def test_the_shell_says_what_differs(app: Flask, solved: MatchRound) -> None:
    runner = app.test_cli_runner()

    same = runner.invoke(args=["rounds", "replay", str(solved.id)])
    change("UPDATE match SET price = price + 1 WHERE id = 1")
    other = runner.invoke(args=["rounds", "replay", str(solved.id)])
    none = runner.invoke(args=["rounds", "replay", "999"])

    assert (same.exit_code, other.exit_code, none.exit_code) == (0, 1, 2)
    assert "price is stored" in other.output


def test_a_round_replays_under_its_own_state(solved: MatchRound) -> None:
    """What is closed or priced later is not what it was solved from."""
    (
        a_condition(link="CT_CR--HG_VT"),
        a_tariff_row(kind="handling", subject="trai_cay", vnd_per_kg=9),
    )

    assert replay.replay(solved.id).differences == []


def test_a_round_from_before_there_were_states_replays(solved: MatchRound) -> None:
    values = json.loads(zlib.decompress(solved.inputs or b""))
    del values["state"]
    text_ = json.dumps(values).encode()
    solved.inputs, solved.inputs_hash = zlib.compress(text_), sha256(text_).hexdigest()
    solved.file = None
    db.session.commit()
    a_condition(), a_tariff_row(kind="handling", subject="trai_cay", vnd_per_kg=9)

    assert replay.replay(solved.id).differences == []
