"""The worker solves a what-if once, goes on where another died, and lets real rounds go first."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.rounds import RoundState
from marketplace.domain.scenarios import FuelChange, ScenarioKind, ScenarioState, ShutPlace
from marketplace.models import leases
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.models.scenarios import Scenario
from marketplace.services import rounds, scenario_runs, scenarios, solve
from marketplace.solving.deciding import decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.scenario_figures import digest
from marketplace.solving.world import world_of
from tests.factories import BINH_DIEN, a_lot, a_need, an_actor
from tests.round_factories import a_round
from tests.scenario_factories import a_scenario


def going() -> bool:
    return False


def read(scenario: Scenario) -> Scenario:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Scenario, scenario.id)


def a_queued(*changes: Any, kind: ScenarioKind = ScenarioKind.CHANGES) -> Scenario:
    actor = an_actor(Role.COORDINATOR)
    scenario = a_scenario(actor, *changes, kind=kind)
    scenarios.request_run(scenario.id, actor=actor, now=clock.now())
    return scenario


def a_week() -> None:
    for number in range(4):
        a_lot(quantity=15_000 + 500 * number, ask=7_000 + 200 * number)
        a_need(quantity=9_000 + 700 * number, bid=12_000 + 300 * number)


def test_a_what_if_is_solved_once_with_both_markets_kept(each_app: Flask) -> None:
    scenario = a_queued(FuelChange(20))

    assert scenario_runs.run_next(going) is True
    assert scenario_runs.run_next(going) is False

    done = read(scenario)
    assert (done.state, done.token, done.attempts) == (ScenarioState.DONE, None, 1)
    before, after = done.result["baseline"]["total"], done.result["scenario"]["total"]
    assert after["value"] < before["value"]
    assert after["freight"] > before["freight"]
    assert done.blocks_done <= done.blocks


def test_what_if_without_change_equals_the_round_bit_by_bit(app: Flask) -> None:
    a_week()
    scenario = a_queued(FuelChange(20))
    rounds.request_round(actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today())
    solve.solve_next(going)
    scenario_runs.run_next(going)

    baseline = read(scenario).result["baseline"]
    decided = {column.name for column in Match.__table__.columns} - {
        *("id", "origin", "round_id", "state", "created_at", "proposed_at", "answer_by"),
    }
    stored = db.session.scalars(select(Match).order_by(Match.lot_id, Match.need_id)).all()
    round_ = db.session.scalars(select(MatchRound)).one()
    assert len(stored) > 3
    assert baseline["total"]["matches"] == len(stored)
    assert baseline["total"]["value"] == round_.result["value_vnd"]
    assert baseline["bound"] == round_.result["bound_vnd"]
    assert baseline["digest"] == digest_of(stored, decided)


def digest_of(matches: Any, known: set[str]) -> str:
    """As the engine's own rows are named: by the columns that it decides."""
    round_ = db.session.get_one(MatchRound, matches[0].round_id)
    frozen = Frozen.read(round_.inputs, round_.inputs_hash)
    world = world_of(current_reference().under(frozen.state))
    columns = decide(frozen, world, lambda _done, _blocks: None).matches[0].keys()
    assert set(columns) <= known
    return digest({name: getattr(match, name) for name in columns} for match in matches)


def test_who_takes_over_goes_on_from_what_is_known(each_app: Flask, monkeypatch: Any) -> None:
    scenario = a_queued(FuelChange(20))
    real, solved = scenario_runs.decide, []

    def dies_at_the_second(*args: Any, **named: Any) -> Any:
        solved.append(args[1].reference.fingerprint)
        if len(solved) == 2:
            raise KeyboardInterrupt  # nothing below catches it, as nothing catches a kill
        return real(*args, **named)

    monkeypatch.setattr(scenario_runs, "decide", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        scenario_runs.run_next(going)
    half = read(scenario)
    assert (half.state, list(half.result)) == (ScenarioState.WORKING, ["baseline"])
    assert scenario_runs.run_next(going) is False, "the lease holds"

    with clock.standing_at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        assert scenario_runs.run_next(going) is True

    assert read(scenario).state == ScenarioState.DONE
    assert len(solved) == 3, "the baseline is solved once"
    assert read(scenario).attempts == 2


def test_who_was_taken_over_stores_nothing(each_app: Flask, monkeypatch: Any) -> None:
    scenario = a_queued(FuelChange(20))
    real = scenario_runs.decide

    def overtaken(*args: Any, **named: Any) -> Any:
        later = clock.now() + leases.LEASE + timedelta(seconds=1)
        assert scenario_runs.claim_scenario(later) is not None
        return real(*args, **named)

    monkeypatch.setattr(scenario_runs, "decide", overtaken)
    scenario_runs.run_next(going)

    assert (read(scenario).state, read(scenario).result) == (ScenarioState.WORKING, {})


def test_a_round_that_waits_goes_first(app: Flask) -> None:
    scenario = a_queued(FuelChange(20))
    a_round(RoundState.QUEUED)

    assert scenario_runs.run_next(going) is False
    assert read(scenario).state == ScenarioState.QUEUED
    solve.solve_next(going)
    assert scenario_runs.run_next(going) is True
    assert read(scenario).state == ScenarioState.DONE


def test_a_what_if_under_way_gives_way_and_is_no_attempt_worse_off(
    app: Flask, monkeypatch: Any
) -> None:
    scenario = a_queued(FuelChange(20))
    real = scenario_runs.decide

    def interrupted(*args: Any, **named: Any) -> Any:
        if db.session.scalar(select(MatchRound.id)) is None:
            a_round(RoundState.QUEUED)
        return real(*args, **named)

    monkeypatch.setattr(scenario_runs, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(scenario_runs, "decide", interrupted)
    scenario_runs.run_next(going)

    assert (read(scenario).state, read(scenario).attempts) == (ScenarioState.QUEUED, 0)
    solve.solve_next(going)
    scenario_runs.run_next(going)
    assert read(scenario).state == ScenarioState.DONE


def test_a_worker_that_is_told_to_stop_gives_it_back(app: Flask) -> None:
    scenario = a_queued(FuelChange(20))

    scenario_runs.run_next(lambda: True)

    assert (read(scenario).state, read(scenario).token) == (ScenarioState.QUEUED, None)


def test_one_that_kills_every_worker_is_given_up(app: Flask) -> None:
    scenario, now = a_queued(FuelChange(20)), clock.now()

    for _ in range(leases.ATTEMPTS + 1):
        scenario_runs.claim_scenario(now)
        now += leases.LEASE + timedelta(seconds=1)

    assert read(scenario).state == ScenarioState.FAILED


def test_an_engine_that_breaks_says_so_and_it_can_be_asked_for_again(
    app: Flask, monkeypatch: Any
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("no kilograms")

    scenario = a_queued(FuelChange(20))
    with monkeypatch.context() as patch:
        patch.setattr(scenario_runs, "decide", broken)
        scenario_runs.run_next(going)
    failed = read(scenario)
    assert failed.state == ScenarioState.FAILED
    assert "no kilograms" in failed.failure
    owner = an_actor(Role.COORDINATOR)
    failed.owner_id = owner.user_id
    db.session.commit()

    scenarios.request_run(scenario.id, actor=owner, now=clock.now())
    scenario_runs.run_next(going)

    assert (read(scenario).state, read(scenario).failure) == (ScenarioState.DONE, "")


def test_two_workers_at_once_solve_it_once(each_app: Flask) -> None:
    scenario, ready = a_queued(FuelChange(20)), threading.Barrier(2)

    def work() -> None:
        with each_app.app_context():
            ready.wait()
            scenario_runs.run_next(going)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (read(scenario).state, read(scenario).attempts) == (ScenarioState.DONE, 1)


def test_a_shut_market_is_felt_by_those_who_sold_there(app: Flask) -> None:
    a_week()
    scenario = a_queued(ShutPlace(BINH_DIEN))

    scenario_runs.run_next(going)

    result = read(scenario).result
    assert result["baseline"]["total"]["matched"] > 0
    assert result["scenario"]["total"]["matched"] == 0
    assert list(result["baseline"]["sellers"]) == ["HG"]


def test_links_are_valued_one_by_one_and_each_is_kept(app: Flask, monkeypatch: Any) -> None:
    a_week()
    scenario = a_queued(kind=ScenarioKind.LINKS)
    real, solved = scenario_runs.decide, []

    def stops_after_three(*args: Any, **named: Any) -> Any:
        solved.append(args[1].reference.fingerprint)
        if len(solved) == 4:
            raise leases.Stopped
        return real(*args, **named)

    monkeypatch.setattr(scenario_runs, "decide", stops_after_three)
    scenario_runs.run_next(going)
    assert len(read(scenario).result["links"]) == 2
    scenario_runs.run_next(going)

    done = read(scenario)
    assert done.state == ScenarioState.DONE
    links = done.result["links"]
    assert 3 <= len(links) <= 10
    assert len({(row["deed"], row["link"]) for row in links}) == len(links)
    assert len(solved) == 1 + len(links) + 1
    assert all(row["low"] <= min(row["value"], row["high"], 0) for row in links)
