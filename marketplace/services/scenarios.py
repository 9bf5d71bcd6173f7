"""What-ifs: copying the open market, changing the copy, asking for its outcome, who sees it.

Nothing here touches a lot, a need or a match. The worker's part is `services/scenario_runs.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from marketplace.domain import scenarios as rules
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.scenarios import Change, Known, ScenarioKind, ScenarioState
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.leases import Database
from marketplace.models.open_market import open_market
from marketplace.models.reference import current_reference
from marketplace.models.scenarios import Scenario
from marketplace.solving.frozen import Frozen
from marketplace.solving.rows import frozen_market
from marketplace.solving.scenarios import reference_of
from marketplace.solving.world import world_of

PAGE = 25


def create(
    name: str,
    note: str,
    *,
    kind: ScenarioKind,
    afresh: bool = False,
    actor: Actor,
    now: datetime,
    today: date,
) -> Scenario:
    """Copy the market as it is now under a name.

    ``afresh`` puts proposals that nobody has answered yet back on it; otherwise the copy is what a
    round started now would see. Raises `Rejected` for a name that does not fit, or where nothing is open.
    """
    if not rules.may_make(actor):
        raise Forbidden(N_("Only coordinators copy the market."))
    rules.check_naming(name, note)
    with transaction() as session:
        frozen = _market(session, now, today, afresh=afresh)
        scenario = Scenario(
            kind=kind,
            afresh=afresh,
            name=name,
            note=note,
            owner_id=actor.user_id,
            organisation_id=actor.organisation_id,
            created_at=now,
            kept=[],
            **_copied(frozen),
        )
        session.add(scenario)
    return scenario


def copy(
    scenario_id: int, name: str, *, fresh: bool, actor: Actor, now: datetime, today: date
) -> Scenario:
    """The same changes as a new draft of one's own: on the same copy, or on the market as it is now."""
    there = _seen(scenario_id, actor)
    if not rules.may_make(actor):
        raise Forbidden(N_("Only coordinators copy the market."))
    rules.check_naming(name, there.note)
    with transaction() as session:
        found = session.scalars(
            select(Scenario).where(Scenario.id == scenario_id).options(undefer(Scenario.inputs))
        ).one()
        frozen = _market(session, now, today, afresh=found.afresh) if fresh else None
        copied = _copied(frozen) if frozen else {n: getattr(found, n) for n in COPIED}
        scenario = Scenario(
            kind=found.kind,
            afresh=found.afresh,
            name=name,
            note=found.note,
            owner_id=actor.user_id,
            organisation_id=actor.organisation_id,
            created_at=now,
            copied_from=found.id,
            kept=list(found.kept),
            **copied,
        )
        session.add(scenario)
    return scenario


COPIED = ("day", "inputs", "inputs_hash", "lots", "needs")


def add_change(scenario_id: int, change: Change, *, actor: Actor, today: date) -> None:
    """Raises `Rejected` for a change that the data do not know, a second one like it, or one too many."""
    with transaction() as session:
        scenario = _own_draft(session, scenario_id, actor)
        rules.check_change(change, known(), min(scenario.day, today))
        rules.check_another(scenario.changes, change)
        scenario.kept = [*scenario.kept, rules.to_json(change)]


def remove_change(scenario_id: int, change: Change, *, actor: Actor) -> None:
    """Take it out again; nothing happens where it is not there any more."""
    with transaction() as session:
        scenario = _own_draft(session, scenario_id, actor)
        kept = rules.to_json(change)
        if kept in scenario.kept:
            rest = list(scenario.kept)
            rest.remove(kept)
            scenario.kept = rest


def rename(scenario_id: int, name: str, note: str, *, actor: Actor) -> None:
    """Another name and note, at any time."""
    rules.check_naming(name, note)
    with transaction() as session:
        scenario = _own(session, scenario_id, actor)
        scenario.name, scenario.note = name, note


def request_run(scenario_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the worker solve it. Raises `Rejected` where there is nothing to compare or too late to."""
    with transaction() as session:
        _queue(_own(session, scenario_id, actor), now)


def queue(scenario_id: int, *, now: datetime) -> None:
    """As `request_run`, for whoever has the machine at hand."""
    with transaction() as session:
        query = select(Scenario).where(Scenario.id == scenario_id).options(undefer(Scenario.inputs))
        scenario = session.scalar(query.with_for_update())
        if scenario is None:
            raise NotFound(N_("There is no such scenario."))
        _queue(scenario, now)


def share(scenario_id: int, shared: bool, *, actor: Actor) -> None:
    """With every coordinator and department, or with nobody."""
    with transaction() as session:
        _own(session, scenario_id, actor).shared = shared


def archive(scenario_id: int, archived: bool, *, actor: Actor, now: datetime) -> None:
    """Out of the lists, or back into them; the link goes on leading there."""
    with transaction() as session:
        _own(session, scenario_id, actor).archived_at = now if archived else None


def delete(scenario_id: int, *, actor: Actor) -> None:
    """For good; copies that were made of it stay."""
    with transaction() as session:
        scenario = _own(session, scenario_id, actor)
        for copied in session.scalars(select(Scenario).where(Scenario.copied_from == scenario_id)):
            copied.copied_from = None
        session.flush()
        session.delete(scenario)


def show(scenario_id: int, *, actor: Actor) -> Scenario:
    """Raises `NotFound` also for one that this person may not know of."""
    return _seen(scenario_id, actor)


def listing(*, actor: Actor, page: int, archived: bool = False) -> tuple[list[Scenario], int]:
    """Own ones and those that are shared, the latest first, and how many pages; or own archived ones."""
    mine = Scenario.owner_id == actor.user_id
    query = select(Scenario).where(
        mine & Scenario.archived_at.is_not(None)
        if archived
        else (mine | Scenario.shared) & Scenario.archived_at.is_(None)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.options(joinedload(Scenario.owner), joinedload(Scenario.organisation))
    query = query.order_by(Scenario.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(query)), -(-total // PAGE)


def all_of_them() -> list[Scenario]:
    """Everybody's that are not archived, the latest first: for whoever has the machine at hand."""
    query = select(Scenario).where(Scenario.archived_at.is_(None)).order_by(Scenario.id.desc())
    return list(db.session.scalars(query))


def by_number(scenario_id: int) -> Scenario:
    """Anybody's. Raises `NotFound`."""
    scenario = db.session.get(Scenario, scenario_id, populate_existing=True)
    if scenario is None:
        raise NotFound(N_("There is no such scenario."))
    return scenario


def known() -> Known:
    """What changes may speak of."""
    reference = current_reference()
    return Known(
        links=reference.links.keys(),
        localities={locality.id for locality in reference.localities},
        places={place.id for place in reference.places},
        catalogue=world_of(reference).catalogue,
    )


def _queue(scenario: Scenario, now: datetime) -> None:
    if scenario.state in (ScenarioState.QUEUED, ScenarioState.WORKING):
        return
    if scenario.state == ScenarioState.DONE:
        raise Rejected(N_("It is solved or being solved. Copy it to change something."))
    reference_of(Frozen.read(scenario.inputs, scenario.inputs_hash), current_reference())
    scenario.state, scenario.queued_at = ScenarioState.QUEUED, now
    scenario.attempts, scenario.failure = 0, ""


def _market(session: Database, now: datetime, today: date, *, afresh: bool) -> Frozen:
    market = open_market(session, today, now)
    if not market.lots and not market.needs:
        raise Rejected(
            N_("Nothing is on offer and nothing is wanted now: there is no market to copy.")
        )
    move_gain = current_app.extensions["settings"].move_gain
    frozen = frozen_market(market, today, current_reference(), move_gain)
    open_ones = {match.match for match in frozen.standing if match.open}
    return frozen.with_back(open_ones) if afresh else frozen


def _copied(frozen: Frozen) -> dict[str, Any]:
    inputs, inputs_hash = frozen.stored()
    listings: Sequence[Any] = frozen.lots, frozen.needs
    lots, needs = (len(each) for each in listings)
    return dict(zip(COPIED, (frozen.day, inputs, inputs_hash, lots, needs), strict=True))


def _seen(scenario_id: int, actor: Actor) -> Scenario:
    scenario = db.session.scalar(
        select(Scenario)
        .where(Scenario.id == scenario_id)
        .options(joinedload(Scenario.owner), joinedload(Scenario.organisation))
    )
    if scenario is None or not rules.may_see(scenario.owner_id, scenario.shared, actor):
        raise NotFound(N_("There is no such scenario."))
    return scenario


def _own(session: Database, scenario_id: int, actor: Actor) -> Scenario:
    """The row with its inputs, locked, for its owner only."""
    query = select(Scenario).where(Scenario.id == scenario_id).options(undefer(Scenario.inputs))
    scenario = session.scalar(query.with_for_update())
    if scenario is None or not rules.may_see(scenario.owner_id, scenario.shared, actor):
        raise NotFound(N_("There is no such scenario."))
    if not rules.may_change(scenario.owner_id, actor):
        raise Forbidden(N_("Only who made it may change it. Copy it instead."))
    return scenario


def _own_draft(session: Database, scenario_id: int, actor: Actor) -> Scenario:
    scenario = _own(session, scenario_id, actor)
    if scenario.state not in (ScenarioState.DRAFT, ScenarioState.FAILED):
        raise Rejected(N_("It is solved or being solved. Copy it to change something."))
    scenario.state, scenario.result = ScenarioState.DRAFT, {}
    return scenario
