"""What-ifs as the service makes them, with defaults for what a test does not mention."""

from __future__ import annotations

from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.scenarios import Change, ScenarioKind
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.scenarios import Scenario
from marketplace.services import scenario_runs, scenarios
from tests.factories import a_lot, a_need, an_actor


def a_scenario(
    actor: Actor | None = None,
    *changes: Change,
    kind: ScenarioKind = ScenarioKind.CHANGES,
    afresh: bool = False,
    shared: bool = False,
    run: bool = False,
    lot: bool = False,
    listings: bool = True,
    name: str = "Đường Vị Thanh đóng",
) -> Scenario:
    """A copy of the market; of a lot and a need of pineapples if nothing else is open."""
    actor = actor or an_actor(Role.COORDINATOR)
    if lot or (listings and db.session.scalar(select(Lot.id).limit(1)) is None):
        a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    scenario = scenarios.create(
        name, "", kind=kind, afresh=afresh, actor=actor, now=clock.now(), today=clock.today()
    )
    for change in changes:
        scenarios.add_change(scenario.id, change, actor=actor, today=clock.today())
    if shared:
        scenarios.share(scenario.id, True, actor=actor)
    if run:
        scenarios.request_run(scenario.id, actor=actor, now=clock.now())
        scenario_runs.run_next(lambda: False)
    return scenario
