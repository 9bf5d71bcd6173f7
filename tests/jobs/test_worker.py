"""The real worker as a process of its own: killed, stopped, two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.lots import LotDraft
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.domain.scenarios import FuelChange, ScenarioState
from marketplace.domain.series import Recurrence
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.notices import MessageState, OutboxMessage, WorkerBeat
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.services import instalments, publishing, rounds, scenarios, series
from tests.factories import PINEAPPLE, VI_THANH, a_lot, a_need, an_actor
from tests.round_factories import a_match
from tests.scenario_factories import a_scenario

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = ["-m", "flask", "--app", "wsgi", "worker"]
DYING_WORKER = ["-m", "tests.jobs.dying_worker"]


@contextmanager
def process(app: Flask, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the application's database; never left behind."""
    environment = {
        **os.environ,
        "MARKETPLACE_INSTANCE": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    started = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def until(happens: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for something that another process writes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        db.session.rollback()
        db.session.expire_all()
        if happens():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


def a_requested_round() -> MatchRound:
    return rounds.request_round(
        actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today()
    )


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_worker_killed_while_solving_leaves_nothing_half_and_the_next_one_finishes(
    each_app: Flask,
) -> None:
    a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    round_ = a_requested_round()
    with process(each_app, DYING_WORKER) as worker:
        until(lambda: round_.state == RoundState.SOLVING and count(RoundEntry) == 2)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    assert (round_.state, round_.slot, round_.result) == (RoundState.SOLVING, 1, None)
    assert count(Match) == 0

    with process(each_app, WORKER):
        until(lambda: round_.state == RoundState.SOLVED)

    assert round_.attempts == 2
    assert (count(Match), count(RoundEntry)) == (1, 2)
    assert db.session.scalar(select(Lot.held)) == 0


def test_a_what_if_that_killed_its_worker_is_finished_by_the_next_one(app: Flask) -> None:
    scenario = a_scenario(actor := an_actor(Role.COORDINATOR), FuelChange(20))
    scenarios.request_run(scenario.id, actor=actor, now=clock.now())
    with process(app, DYING_WORKER) as worker:
        until(lambda: scenario.state == ScenarioState.WORKING)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert scenario.result == {}

    with process(app, WORKER):
        until(lambda: scenario.state == ScenarioState.DONE)

    assert scenario.attempts == 2
    assert scenario.result["scenario"]["total"]["value"] > 0
    assert count(Match) == 0


def test_the_worker_ends_soon_and_cleanly_when_told(app: Flask) -> None:
    with process(app, WORKER) as worker:
        until(lambda: db.session.get(WorkerBeat, "worker") is not None)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert b"worker stopped" in said
    assert b"Traceback" not in said


def test_a_whole_round_runs_through_two_workers_at_once(each_app: Flask) -> None:
    for _ in range(3):
        a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    overdue = a_match(answer_by=clock.now() - timedelta(hours=1))
    coordinator, round_ = an_actor(Role.COORDINATOR), a_requested_round()
    with process(each_app, WORKER), process(each_app, WORKER):
        until(lambda: round_.state == RoundState.SOLVED and overdue.state == MatchState.EXPIRED)
        drafts = count(Match) - 1
        publishing.publish(
            round_.id,
            actor=coordinator,
            now=clock.now(),
            today=clock.today(),
            answer_hours=48,
        )
        until(lambda: set(db.session.scalars(select(OutboxMessage.state))) == {MessageState.SENT})

    letters = list((Path(each_app.instance_path) / "mail").glob("*.eml"))
    assert round_.attempts == 1
    assert drafts >= 3
    assert len(letters) == count(OutboxMessage) == 2 * drafts + 2


def test_a_worker_killed_among_instalments_leaves_none_and_the_next_one_puts_each_once(
    each_app: Flask,
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    draft = LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=500,
        ask=8_000,
        place=VI_THANH,
        ready_on=yesterday,
        until=yesterday,
    )
    recurs = Recurrence(first=yesterday, last=yesterday + timedelta(days=40))
    known = {"actor": an_actor(Role.SELLER), "today": yesterday, "now": clock.now(), "ahead": 3}
    series.start(draft, recurs, **known)
    assert count(Lot) == 4
    db.session.remove()
    db.engine.dispose()

    with process(each_app, ["-m", "tests.jobs.dying_on_series"]) as worker:
        assert any(line == b"entered\n" for line in worker.stderr)
        worker.kill()
        worker.wait()

    assert count(Lot) == 4
    assert instalments.put_next(clock.today(), clock.now(), 3)
    assert not instalments.put_next(clock.today(), clock.now(), 3)
    days = db.session.scalars(select(Lot.series_day).order_by(Lot.series_day)).all()
    assert days == [yesterday + timedelta(days=n) for n in range(5)]
