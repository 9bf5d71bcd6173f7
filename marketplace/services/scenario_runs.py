"""The worker's part of a what-if: solve the copy as it is and changed, keep what each comes to.

One market at a time; what is known is kept after each, so that whoever takes over goes on from there. A
real round goes first: between two commodities the what-if gives way to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import undefer

from marketplace import clock
from marketplace.domain.rounds import RoundState
from marketplace.domain.scenarios import Change, ScenarioKind, ScenarioState
from marketplace.models.base import db, transaction
from marketplace.models.leases import Claim, Hold, Superseded, Work
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.models.scenarios import Scenario
from marketplace.solving.deciding import decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.link_worth import links_that_matter, worth_of
from marketplace.solving.scenario_figures import figures_of
from marketplace.solving.scenarios import apply, reference_of, world_with
from marketplace.solving.world import World, world_of

LOOK_SECONDS = 0.3
"""Between two looks at whether a round waits."""

WORK = Work(
    name="what-if",
    table=Scenario,
    key=Scenario.id,
    waiting=ScenarioState.QUEUED,
    working=ScenarioState.WORKING,
    failed=ScenarioState.FAILED,
)


def run_next(stopping: Callable[[], bool]) -> bool:
    """Solve the what-if that has waited longest, unless a round waits. False if there is none.

    ``stopping`` says between commodities whether to leave the rest to the next worker.
    """
    if round_waits():
        return False
    claim = claim_scenario(clock.now())
    if claim is None:
        return False
    WORK.do(claim, _run, _gives_way(stopping))
    return True


def run_this(scenario_id: int) -> bool:
    """Solve this one here. False while a round is solved, or somebody else has it."""
    claim = None if round_waits() else WORK.take(scenario_id, clock.now())
    if claim is None:
        return False
    WORK.do(claim, _run, _gives_way(lambda: False))
    return True


def claim_scenario(now: datetime) -> Claim | None:
    """Take the one that was asked for first, or whose worker has let its lease run out."""
    query = select(Scenario.id).where(WORK.is_free(now)).order_by(Scenario.queued_at, Scenario.id)
    scenario_id = db.session.scalar(query.limit(1))
    return None if scenario_id is None else WORK.take(scenario_id, now)


def round_waits() -> bool:
    """Whether a round is queued or being solved."""
    busy = MatchRound.state.in_((RoundState.QUEUED, RoundState.SOLVING))
    found = db.session.scalar(select(MatchRound.id).where(busy).limit(1))
    db.session.rollback()  # nothing stays open while the engine works
    return found is not None


def _gives_way(stopping: Callable[[], bool]) -> Callable[[], bool]:
    looked = 0.0

    def to_stop() -> bool:
        nonlocal looked
        if stopping():
            return True
        if time.monotonic() - looked < LOOK_SECONDS:
            return False
        looked = time.monotonic()
        return round_waits()

    return to_stop


@dataclass
class _Run:
    """A what-if under way: its market, and what is known of it by now."""

    hold: Hold
    frozen: Frozen
    world: World
    changes: tuple[Change, ...]
    result: dict[str, Any]
    markets: int
    """To be solved in all."""

    def solved(self, number: int, changes: tuple[Change, ...]) -> dict[str, Any]:
        """The figures of the ``number``-th market: the copy with these changes."""
        frozen, reference = apply(self.frozen, self.world.reference, changes)
        world = world_with(self.world, reference)
        began = time.monotonic()

        def progress(done: int, blocks: int) -> None:
            self.hold.progress(number * blocks + done, self.markets * blocks)

        decided = decide(frozen, world, progress, seconds=_limit())
        seconds = round(time.monotonic() - began, 2)
        return {**figures_of(frozen, world, decided), "seconds": seconds}

    def keep(self, **known: Any) -> None:
        """Store what is known. Raises `Superseded` without the token."""
        self.result |= known
        with transaction() as session:
            if not WORK.change(session, self.hold.claim, result=self.result):
                raise Superseded


def _limit() -> float | None:
    seconds: float | None = current_app.extensions["settings"].round_seconds
    return seconds


def _run(hold: Hold) -> None:
    query = select(Scenario).where(Scenario.id == hold.claim.key).options(undefer(Scenario.inputs))
    scenario = db.session.scalars(query).one()
    frozen = Frozen.read(scenario.inputs, scenario.inputs_hash)
    run = _Run(
        hold=hold,
        frozen=frozen,
        world=world_of(reference_of(frozen, current_reference())),
        changes=scenario.changes,
        result=dict(scenario.result),
        markets=2,
    )
    kind = scenario.kind
    db.session.rollback()  # no transaction is open while the engine works
    if kind == ScenarioKind.LINKS:
        _value_links(run)
    else:
        _compare(run)
    with transaction() as session:
        ended = {"state": ScenarioState.DONE, "token": None, "lease_until": None}
        if not WORK.change(session, hold.claim, **ended, done_at=clock.now()):
            raise Superseded


def _compare(run: _Run) -> None:
    if "baseline" not in run.result:
        run.keep(baseline=run.solved(0, ()))
    if "scenario" not in run.result:
        run.keep(scenario=run.solved(1, run.changes))


def _value_links(run: _Run) -> None:
    """Each link's market beside the copy with the scenario's own changes."""
    run.markets = 11
    if "baseline" not in run.result:
        run.keep(baseline=run.solved(0, run.changes), links=[])
    base, done = run.result["baseline"], list(run.result["links"])
    reference = apply(run.frozen, run.world.reference, run.changes)[1]
    chosen = links_that_matter(reference, base["flows"], base.get("flow_values", {}))
    run.markets = 1 + len(chosen)
    for number, change in enumerate(chosen[len(done) :], start=1 + len(done)):
        done.append(worth_of(change, base, run.solved(number, (*run.changes, change))))
        run.keep(links=done)
