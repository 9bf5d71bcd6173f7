"""Stating what holds: who may, who was first, and what a round makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.conditions import ConditionDraft, Effect, RestrictionDraft
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion, RestrictionVersion
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.models.stating import StatedMeanwhile
from marketplace.services import conditions, restrictions, solve
from marketplace.solving.frozen import Frozen
from marketplace.solving.world import world_of
from tests.condition_factories import VI_THANH_ROAD, a_condition
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_round, at_once

CLOSED = ConditionDraft(
    effect=Effect.CLOSED,
    link=VI_THANH_ROAD,
    first=clock.today(),
    last=None,
    reason="Sửa cầu",
    source="Thông báo 12",
)
SICK = RestrictionDraft(
    commodity="khom-cau-duc",
    place="C31321",
    direction="leaving",
    first=clock.today(),
    last=None,
    reason="Dịch hại",
    source="Quyết định 5",
)


def state(draft=CLOSED, seen=0, actor=None):
    actor = actor or an_actor(Role.OFFICER)
    return conditions.state(draft, seen, actor=actor, now=clock.now(), today=clock.today())


def test_of_two_at_the_same_moment_one_is_told_of_the_other(each_app: Flask) -> None:
    one, other = an_actor(Role.OFFICER), an_actor(Role.COORDINATOR)

    came_to = at_once(each_app, lambda: state(actor=one), lambda: state(actor=other))

    assert sorted(type(each).__name__ for each in came_to) == [
        "ConditionVersion",
        "StatedMeanwhile",
    ]
    assert len(db.session.scalars(select(ConditionVersion)).all()) == 1


def test_restrictions_of_the_same_goods_there_are_kept_apart_too(each_app: Flask) -> None:
    actors = [an_actor(Role.OFFICER), an_actor(Role.COORDINATOR)]

    came_to = at_once(
        each_app,
        *(
            lambda actor=actor: restrictions.restrict(
                SICK, 0, actor=actor, now=clock.now(), today=clock.today()
            )
            for actor in actors
        ),
    )

    kinds = sorted(type(each).__name__ for each in came_to)
    assert kinds == ["RestrictionVersion", "StatedMeanwhile"]
    assert len(db.session.scalars(select(RestrictionVersion)).all()) == 1


def test_two_at_different_links_are_not_in_each_others_way(each_app: Flask) -> None:
    one, other = an_actor(Role.COORDINATOR), an_actor(Role.COORDINATOR)
    elsewhere = replace(CLOSED, link="D946-D941")

    came_to = at_once(each_app, lambda: state(actor=one), lambda: state(elsewhere, actor=other))

    assert [type(each) for each in came_to] == [ConditionVersion] * 2
    assert len(current_reference().conditions) == 2


def test_a_version_that_is_not_the_last_cannot_be_changed(app: Flask) -> None:
    actor = an_actor(Role.OFFICER)
    number = state(actor=actor).number
    later = replace(CLOSED, reason="Kéo dài thêm")
    known = {"actor": actor, "now": clock.now(), "today": clock.today()}

    conditions.change(number, later, 1, **known)

    with pytest.raises(StatedMeanwhile):
        conditions.change(number, later, 1, **known)
    with pytest.raises(StatedMeanwhile):
        conditions.withdraw(number, "Xong rồi", "Đội", 1, actor=actor, now=clock.now())
    with pytest.raises(Rejected):
        conditions.change(number, replace(later, link="D933-D931"), 2, **known)
    with pytest.raises(NotFound):
        conditions.change(999, later, 2, **known)


def test_what_is_over_cannot_be_restored(app: Flask) -> None:
    actor, today = an_actor(Role.COORDINATOR), clock.today()
    first, last = today - timedelta(days=5), today - timedelta(days=1)
    row = a_condition(withdrawn=True, first=first, last=last)

    with pytest.raises(Rejected):
        conditions.restore(row.id, "Lại đóng", "Đội", 1, actor=actor, now=clock.now(), today=today)


@pytest.mark.parametrize("role", [Role.SELLER, Role.BUYER, Role.READER, Role.ADMINISTRATOR])
def test_others_state_nothing(app: Flask, role: Role) -> None:
    with pytest.raises(Forbidden):
        state(actor=an_actor(role))


def test_a_change_while_a_round_is_being_solved_does_not_touch_it(app: Flask) -> None:
    a_lot(place="C31321"), a_need(place="D916")
    round_ = a_round(RoundState.QUEUED)
    claim = solve.claim_round(clock.now())
    assert claim is not None
    solve.freeze(claim, world_of(current_reference()), clock.now())
    solve.WORK.give_back(claim)
    state()

    solve.solve_next(lambda: False)

    db.session.expire_all()
    solved = db.session.get_one(MatchRound, round_.id)
    frozen = Frozen.read(solved.inputs or b"", solved.inputs_hash)
    assert solved.state == RoundState.SOLVED
    assert frozen.state is not None
    assert frozen.state.conditions == ()
    match = db.session.scalars(select(Match)).one()
    assert any("QL61C" in leg["road"] for leg in match.route)


def test_a_round_says_that_movement_is_restricted(app: Flask) -> None:
    a_lot(place="C31321"), a_need(place="D916")
    officer = an_actor(Role.OFFICER)
    restrictions.restrict(SICK, 0, actor=officer, now=clock.now(), today=clock.today())
    round_ = a_round(RoundState.QUEUED)

    solve.solve_next(lambda: False)

    assert db.session.scalars(select(Match)).all() == []
    db.session.expire_all()
    assert db.session.get_one(MatchRound, round_.id).state == RoundState.SOLVED


def test_prices_to_a_place_follow_at_once_and_come_back(app: Flask) -> None:
    def quote():
        world = world_of(current_reference())
        good = world.catalogue.commodity("khom-cau-duc")
        return world.atlas.quote("C31321", "D916", good, 5_000)

    before = quote()
    actor = an_actor(Role.OFFICER)
    number = state(actor=actor).number

    during = quote()

    assert VI_THANH_ROAD in {link.id for link in before.route.links}
    assert VI_THANH_ROAD not in {link.id for link in during.route.links}
    assert during.cost >= before.cost
    conditions.withdraw(number, "Sửa xong", "Đội", 1, actor=actor, now=clock.now())
    assert quote() == before


def test_the_next_round_goes_by_what_is_stated(app: Flask) -> None:
    a_lot(place="C31321"), a_need(place="D916")
    state()
    a_round(RoundState.QUEUED)

    solve.solve_next(lambda: False)

    match = db.session.scalars(select(Match)).one()
    assert not any("Một Ngàn – Vị Thanh" in leg["road"] for leg in match.route)
