"""A market is copied, changed and shared; nothing real is touched."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.scenarios import (
    Deed,
    FuelChange,
    LinkChange,
    ScenarioKind,
    ScenarioState,
    SealedOff,
)
from marketplace.models.base import db
from marketplace.models.movements import Movement
from marketplace.models.reference import DataLoad
from marketplace.models.scenarios import Scenario
from marketplace.services import scenario_outcomes, scenario_runs, scenarios
from marketplace.solving.frozen import Frozen
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, an_entry
from tests.scenario_factories import a_scenario


def read(scenario: Scenario) -> Scenario:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Scenario, scenario.id)


def test_the_open_market_is_copied_as_a_round_would_see_it(each_app: Flask) -> None:
    lot, need = a_lot(quantity=20_000), a_need(quantity=5_000)
    a_match(lot=lot, need=a_need(quantity=8_000), quantity=8_000)

    scenario = read(a_scenario())

    frozen = Frozen.read(scenario.inputs, scenario.inputs_hash)
    assert [one.quantity for one in frozen.lots] == [12_000]
    assert need.id in {one.id for one in frozen.needs}
    assert (scenario.lots, scenario.needs, scenario.state) == (1, 2, ScenarioState.DRAFT)


def test_proposals_without_an_answer_can_be_put_back_on_the_copy(app: Flask) -> None:
    lot, need = a_lot(quantity=20_000), a_need(quantity=8_000)
    round_ = a_round()
    for listing in (lot, need):
        an_entry(round_, listing)
    a_match(lot=lot, need=need, round_=round_, quantity=8_000)

    held, afresh = (read(a_scenario(afresh=afresh)) for afresh in (False, True))

    quantities = [
        Frozen.read(one.inputs, one.inputs_hash).lots[0].quantity for one in (held, afresh)
    ]
    assert quantities == [12_000, 20_000]


def test_what_comes_onto_the_market_later_is_not_in_the_copy(app: Flask) -> None:
    scenario = a_scenario()
    before = read(scenario).inputs_hash
    a_lot()

    assert read(scenario).inputs_hash == before


def test_an_empty_market_is_not_copied(app: Flask) -> None:
    with pytest.raises(Rejected, match="no market"):
        a_scenario(listings=False)


def test_changes_are_kept_in_order_and_taken_out_again(app: Flask) -> None:
    actor = an_actor(Role.COORDINATOR)
    scenario = a_scenario(actor, FuelChange(20), SealedOff("HG"))

    scenarios.remove_change(scenario.id, FuelChange(20), actor=actor)
    scenarios.remove_change(scenario.id, FuelChange(20), actor=actor)

    assert read(scenario).changes == (SealedOff("HG"),)


def test_a_change_that_makes_no_sense_changes_nothing(app: Flask) -> None:
    actor = an_actor(Role.COORDINATOR)
    scenario = a_scenario(actor, FuelChange(20))

    for change in (FuelChange(30), LinkChange(Deed.CLOSE, "NOWHERE")):
        with pytest.raises(Rejected):
            scenarios.add_change(scenario.id, change, actor=actor, today=clock.today())

    assert read(scenario).changes == (FuelChange(20),)


def test_a_copy_of_other_data_is_not_run_but_can_be_copied_anew(app: Flask) -> None:
    actor = an_actor(Role.COORDINATOR)
    scenario = a_scenario(actor, FuelChange(20))
    stored, digest = Frozen.read(scenario.inputs, scenario.inputs_hash), "0" * 64
    scenario = read(scenario)
    scenario.inputs, scenario.inputs_hash = replace(stored, reference=digest).stored()
    db.session.commit()

    with pytest.raises(Rejected, match="changed in the data"):
        scenarios.request_run(scenario.id, actor=actor, now=clock.now())
    fresh = scenarios.copy(
        scenario.id, "lại", fresh=True, actor=actor, now=clock.now(), today=clock.today()
    )
    scenarios.request_run(fresh.id, actor=actor, now=clock.now())

    assert read(fresh).state == ScenarioState.QUEUED
    assert read(fresh).changes == (FuelChange(20),)
    assert db.session.scalar(select(func.count(DataLoad.id))) == 1


def test_what_is_solved_stays_and_a_copy_is_a_new_draft(app: Flask) -> None:
    actor = an_actor(Role.COORDINATOR)
    scenario = a_scenario(actor, FuelChange(20), run=True)

    with pytest.raises(Rejected, match="Copy it"):
        scenarios.add_change(scenario.id, SealedOff("HG"), actor=actor, today=clock.today())
    with pytest.raises(Rejected, match="Copy it"):
        scenarios.request_run(scenario.id, actor=actor, now=clock.now())
    a_lot()
    copied = scenarios.copy(
        scenario.id, "bản sao", fresh=False, actor=actor, now=clock.now(), today=clock.today()
    )

    there, here = read(scenario), read(copied)
    assert here.inputs_hash == there.inputs_hash
    assert (here.state, here.result, here.changes) == (
        ScenarioState.DRAFT,
        {},
        (FuelChange(20),),
    )
    assert here.copied_from == there.id


def test_only_coordinators_make_them_and_only_their_owner_changes_them(app: Flask) -> None:
    owner, other = an_actor(Role.COORDINATOR), an_actor(Role.COORDINATOR)
    officer = an_actor(Role.OFFICER)
    scenario = a_scenario(owner)

    with pytest.raises(Forbidden):
        a_scenario(officer)
    for actor in (other, officer):
        with pytest.raises(NotFound):
            scenarios.show(scenario.id, actor=actor)
    scenarios.share(scenario.id, True, actor=owner)
    for actor in (other, officer):
        assert scenarios.show(scenario.id, actor=actor).id == scenario.id
        for deed in every_deed(scenario, actor):
            with pytest.raises(Forbidden):
                deed()
    scenarios.share(scenario.id, False, actor=owner)
    with pytest.raises(NotFound):
        scenarios.show(scenario.id, actor=officer)


def every_deed(scenario: Scenario, actor: Actor) -> list[Any]:
    return [
        lambda: scenarios.share(scenario.id, False, actor=actor),
        lambda: scenarios.archive(scenario.id, True, actor=actor, now=clock.now()),
        lambda: scenarios.delete(scenario.id, actor=actor),
        lambda: scenarios.rename(scenario.id, "x", "", actor=actor),
        lambda: scenarios.request_run(scenario.id, actor=actor, now=clock.now()),
        lambda: scenarios.remove_change(scenario.id, FuelChange(20), actor=actor),
    ]


def test_an_officer_copies_nothing_that_is_shared(app: Flask) -> None:
    owner, officer = an_actor(Role.COORDINATOR), an_actor(Role.OFFICER)
    scenario = a_scenario(owner, shared=True)

    with pytest.raises(Forbidden):
        scenarios.copy(
            scenario.id, "x", fresh=False, actor=officer, now=clock.now(), today=clock.today()
        )


def test_lists_hold_own_and_shared_ones_and_the_archive_ones_own(app: Flask) -> None:
    owner, officer = an_actor(Role.COORDINATOR), an_actor(Role.OFFICER)
    private, shared = a_scenario(owner), a_scenario(owner, shared=True)
    put_away = a_scenario(owner, shared=True)
    scenarios.archive(put_away.id, True, actor=owner, now=clock.now())

    def ids(actor: Actor, **asked: bool) -> list[int]:
        return [one.id for one in scenarios.listing(actor=actor, page=1, **asked)[0]]

    assert ids(owner) == [shared.id, private.id]
    assert ids(officer) == [shared.id]
    assert ids(owner, archived=True) == [put_away.id]
    assert ids(officer, archived=True) == []
    assert scenarios.show(put_away.id, actor=officer).id == put_away.id, "the link goes on"
    scenarios.archive(put_away.id, False, actor=owner, now=clock.now())
    assert put_away.id in ids(officer)


def test_deleting_leaves_copies_and_a_number_is_never_given_twice(each_app: Flask) -> None:
    owner = an_actor(Role.COORDINATOR)
    scenario = a_scenario(owner)
    copied = scenarios.copy(
        scenario.id, "bản sao", fresh=False, actor=owner, now=clock.now(), today=clock.today()
    )

    scenarios.delete(scenario.id, actor=owner)
    scenarios.delete(copied.id, actor=owner)

    assert db.session.scalar(select(func.count(Scenario.id))) == 0
    assert a_scenario(owner, listings=False, lot=True).id > copied.id


def test_nothing_real_is_written_by_a_whole_what_if(app: Flask) -> None:
    actor = an_actor(Role.COORDINATOR)
    a_lot(quantity=15_000), a_need(quantity=12_000, bid=14_000)
    books = db.session.scalar(select(func.count(Movement.id)))

    scenario = a_scenario(actor, SealedOff("HG"), listings=False)
    scenarios.request_run(scenario.id, actor=actor, now=clock.now())
    scenario_runs.run_next(lambda: False)

    assert read(scenario).state == ScenarioState.DONE
    assert db.session.scalar(select(func.count(Movement.id))) == books
    kinds = {ScenarioKind.CHANGES.value}
    assert {one.kind for one in db.session.scalars(select(Scenario))} == kinds


def test_sums_add_up_and_the_gain_is_told_less_what_is_replaced(app: Flask) -> None:
    """All that stands in the table is of all matches; only the common gain has what makes way off."""
    coordinator = an_actor(Role.COORDINATOR)
    for _ in range(4):
        a_lot(quantity=15_000)
        a_need(quantity=9_000, bid=13_000)
    scenario = a_scenario(coordinator, FuelChange(20), shared=True, run=True)
    runs = copy.deepcopy(scenario.result)
    runs["baseline"]["withdrawn"] = [2, 3_000, 500_000, 400_000]
    scenario.result = runs
    db.session.commit()

    exact = scenario_outcomes.outcome(scenario, actor=coordinator)
    told = scenario_outcomes.outcome(scenario, actor=an_actor(Role.OFFICER))

    for outcome, held in ((exact, 500_000), (told, 400_000)):
        assert outcome.total
        for side in (outcome.total.before, outcome.total.after):
            assert side.value == side.for_sellers + side.for_buyers
        assert sum(pair.before.matched for pair in exact.by_goods.pairs) == (
            outcome.total.before.matched
        )
        assert outcome.net == (outcome.total.before.value - held, outcome.total.after.value)
        assert outcome.replaced == (held, 0)
