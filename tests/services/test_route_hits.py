"""Both sides of a match are told once that its way is closed, and once that it is open again."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.conditions import ConditionDraft, Effect, Hindrance, RestrictionDraft
from marketplace.domain.matches import DropReason, MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import lot_certification
from marketplace.models.matches import Match
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.reference import current_reference
from marketplace.models.telling import with_parties
from marketplace.services import route_hits, route_news
from marketplace.services.publishing import publish
from marketplace.solving.world import world_of
from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, drafted

ROUTE = [
    {
        "from": "Phường Vị Thanh",
        "to": "Một Ngàn",
        "road": "QL61C",
        "km": 24.0,
        "hours": 0.6,
        "mode": "road",
        "links": ["C31321", VI_THANH_ROAD],
    }
]


def under_way(**columns: Any) -> Match:
    """A match whose way leads from Vị Thanh over the road to Một Ngàn."""
    return a_match(**{"route": ROUTE, "vehicles": "10t*1", **columns})


def sweep(days: int = 0) -> None:
    now = clock.now() + timedelta(days=days)
    with clock.standing_at(now):
        while route_news.sweep(now):
            pass


def kinds() -> list[str]:
    return list(db.session.scalars(select(Notice.kind).order_by(Notice.id)))


def lifted(row: Any) -> None:
    a_condition(first_id=row.id, version=2, withdrawn=True)


@pytest.mark.parametrize("state", [MatchState.PROPOSED, MatchState.CONFIRMED])
def test_both_sides_are_told_once_with_the_detour(each_app: Flask, state: MatchState) -> None:
    agreed = {"lot_accepted_at": clock.now(), "need_accepted_at": clock.now()}
    match = under_way(state=state, **(agreed if state is MatchState.CONFIRMED else {}))
    condition = a_condition(reason="Sửa cầu")

    sweep(), sweep()

    assert kinds() == ["match_route"] * 2
    notice = db.session.scalars(select(Notice)).first()
    [stop] = notice.details["stops"]
    assert (stop["scope"], stop["reason"]) == (condition.scope, "Sửa cầu")
    assert notice.details["detour"]["km"] > 0
    assert notice.match_id == match.id
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 2


def test_what_is_lifted_and_closed_again_is_told_each_time_once(each_app: Flask) -> None:
    under_way()
    condition = a_condition()
    sweep()

    lifted(condition)
    sweep(), sweep()
    a_condition(first_id=condition.id, version=3)
    sweep(), sweep()

    closed, opened = ["match_route"] * 2, ["match_route_open"] * 2
    assert kinds() == closed + opened + closed
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 6


def test_a_closure_that_was_a_limit_meanwhile_is_told_again(app: Flask) -> None:
    under_way()
    condition = a_condition()
    sweep()
    a_condition(first_id=condition.id, version=2, effect="load", most=20_000)
    sweep()
    a_condition(first_id=condition.id, version=3)
    sweep()

    assert kinds()[-1] == "match_route"
    a_condition(first_id=condition.id, version=4, withdrawn=True)
    sweep()
    assert kinds()[-1] == "match_route_open"
    assert len(kinds()) == 8


def test_live_goods_get_no_detour_that_they_do_not_survive(app: Flask) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    match = under_way(
        lot=a_lot(commodity="ca-tra", place="D966"),
        need=a_need(commodity="ca-tra", place="M_CATLAI", until=tomorrow + timedelta(days=9)),
        route=[{**ROUTE[0], "links": ["D966-D964"]}],
    )
    a_condition(mode="road", locality_id="CM")

    sweep()

    notice = db.session.scalars(select(Notice)).first()
    assert notice.details["detour"] is None
    assert notice.details["too_slow"]
    found = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    stopped = route_hits.stopped(found, today=clock.today())
    assert stopped is not None
    assert stopped.detour.too_slow


def test_a_closure_that_begins_later_is_told_on_its_day(app: Flask) -> None:
    under_way()
    a_condition(first=clock.today() + timedelta(days=2), last=clock.today() + timedelta(days=3))

    sweep()
    assert kinds() == []
    sweep(days=2)
    assert kinds() == ["match_route"] * 2
    sweep(days=4)
    assert kinds() == ["match_route"] * 2 + ["match_route_open"] * 2


@pytest.mark.parametrize(
    ("condition", "hit"),
    [
        ({"effect": "load", "most": 8_000}, True),
        ({"effect": "load", "most": 10_000}, False),
        ({"effect": "wait", "minutes": 30}, False),
        ({"link": "D946-D941"}, False),
        ({"mode": "road", "locality_id": "HG"}, True),
        ({"mode": "water", "locality_id": "HG"}, False),
        ({"mode": "road", "locality_id": "CM"}, False),
    ],
)
def test_only_what_stops_a_vehicle_of_the_match_is_told(app: Flask, condition, hit: bool) -> None:
    under_way()
    a_condition(**condition)

    sweep()

    assert bool(kinds()) is hit


def test_a_priority_lane_keeps_the_way_open(app: Flask) -> None:
    under_way()
    a_condition()
    a_condition(effect="lane", percent=110)

    sweep()

    assert kinds() == []


def test_matches_that_are_over_are_left_alone(app: Flask) -> None:
    under_way(state=MatchState.DECLINED)
    yesterday = clock.today() - timedelta(days=1)
    under_way(need=a_need(from_on=yesterday, until=yesterday))
    a_condition()

    sweep()

    assert kinds() == []


def test_before_saving_it_is_known_how_many_matches_it_stops(app: Flask) -> None:
    under_way(), under_way()
    a_match()
    closing = ConditionDraft(
        effect=Effect.CLOSED,
        link=VI_THANH_ROAD,
        first=clock.today(),
        last=None,
        reason="Sửa cầu",
        source="TB 1",
    )

    assert route_hits.would_hit(closing, today=clock.today()) == 2
    there = a_condition()
    assert route_hits.would_hit(closing, today=clock.today()) == 0
    assert route_hits.would_hit(closing, today=clock.today(), instead_of=there.id) == 2


def test_before_saving_it_is_known_what_has_no_way_left(app: Flask) -> None:
    under_way()
    closing = ConditionDraft(
        effect=Effect.CLOSED,
        mode="road",
        locality="HG",
        first=clock.today(),
        last=None,
        reason="Ngập sâu",
        source="TB 1",
    )
    one_road = dataclasses.replace(closing, mode=None, locality=None, link=VI_THANH_ROAD)

    found = route_hits.would_strand(closing, today=clock.today())

    assert found.matches == 1
    assert "Phường Vị Thanh" in found.places
    assert "TP Cà Mau" not in found.places
    assert route_hits.would_strand(one_road, today=clock.today()) == route_hits.Stranded(0, ())


def test_the_page_says_what_stops_it_and_how_else_to_go(app: Flask) -> None:
    match_id = under_way().id
    match = db.session.scalars(with_parties().where(Match.id == match_id)).one()
    assert route_hits.stopped(match, today=clock.today()) is None

    a_condition()

    found = route_hits.stopped(match, today=clock.today())
    assert found is not None
    assert [stop.scope.key for stop in found.stops] == [VI_THANH_ROAD]
    assert found.detour.possible


@pytest.mark.parametrize(("held", "count"), [((), 1), (("vietgap",), 0)])
def test_before_restricting_it_is_known_how_many_matches_lack_the_papers(
    app: Flask, held, count: int
) -> None:
    under_way(lot=a_lot(certificates=held))
    draft = RestrictionDraft(
        commodity="khom-cau-duc",
        place="C31321",
        direction="leaving",
        papers=("vietgap",),
        first=clock.today(),
        last=None,
        reason="Dịch hại",
        source="QĐ 5",
    )

    assert route_hits.would_restrict(draft, today=clock.today()) == count


@pytest.mark.parametrize("state", [MatchState.PROPOSED, MatchState.CONFIRMED])
def test_both_sides_are_told_once_which_paper_is_missing_and_once_that_it_is_lifted(
    each_app: Flask, state: MatchState
) -> None:
    agreed = {"lot_accepted_at": clock.now(), "need_accepted_at": clock.now()}
    match = under_way(state=state, **(agreed if state is MatchState.CONFIRMED else {}))
    restriction = a_restriction(papers=("vietgap",), reason="Rệp sáp hồng")

    sweep(), sweep()
    a_condition(link="D946-D941")  # of another road: nothing new of this
    sweep()

    assert kinds() == ["match_papers"] * 2
    notice = db.session.scalars(select(Notice)).first()
    [rule] = notice.details["restrictions"]
    assert (rule["number"], rule["papers_vi"], rule["reason"]) == (
        restriction.number,
        ["VietGAP"],
        "Rệp sáp hồng",
    )
    assert notice.match_id == match.id
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 2

    a_restriction(first_id=restriction.id, version=2, withdrawn=True)
    sweep(), sweep()
    assert kinds() == ["match_papers"] * 2 + ["match_papers_lifted"] * 2
    a_restriction(first_id=restriction.id, version=3)
    sweep()
    assert kinds()[4:] == ["match_papers"] * 2


@pytest.mark.parametrize(
    ("restriction", "held", "told"),
    [
        ({"papers": ("vietgap",)}, ("vietgap",), False),
        ({"papers": ()}, ("vietgap",), True),
        ({"direction": "entering"}, (), False),
        ({"commodity_id": "lua-st25"}, (), False),
        ({"first": clock.today() + timedelta(days=2)}, (), False),
    ],
)
def test_only_goods_that_lack_a_paper_are_told_of(app: Flask, restriction, held, told) -> None:
    under_way(lot=a_lot(certificates=held))
    a_restriction(**restriction)

    sweep()

    assert bool(kinds()) is told


def test_a_closed_way_and_a_missing_paper_are_told_and_lifted_each_on_its_own(app: Flask) -> None:
    under_way()
    condition = a_condition()
    a_restriction()
    sweep()
    assert sorted(kinds()) == ["match_papers"] * 2 + ["match_route"] * 2

    lifted(condition)
    sweep()

    assert kinds()[4:] == ["match_route_open"] * 2


def test_a_paper_that_comes_later_is_told_at_the_latest_the_next_day(app: Flask) -> None:
    lot = a_lot()
    under_way(lot=lot)
    a_restriction(papers=("vietgap",))
    sweep()

    names = {"lot_id": lot.id, "certification_id": "vietgap"}
    db.session.execute(insert(lot_certification).values(names))
    db.session.commit()
    sweep(days=1)

    assert kinds()[2:] == ["match_papers_lifted"] * 2


def at_home(match: Match) -> Match:
    """With the hours that its legs take while nothing lets them wait."""
    world = world_of(current_reference())
    way = [(link, "road") for link in match.route[0]["links"]]
    match.route = [{**match.route[0], "hours": round(world.atlas.lasts("10t", way) or 0, 2)}]
    db.session.commit()
    return match


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"effect": "wait", "minutes": 59}, False),
        ({"effect": "wait", "minutes": 61}, True),
        ({"effect": "hours", "opens": 6 * 60, "closes": 18 * 60}, True),  # 180 minutes on average
        ({"effect": "hours", "opens": 5 * 60, "closes": 23 * 60}, False),
        ({"effect": "wait", "minutes": 150, "mode": "road", "locality_id": "HG"}, True),
        ({"effect": "wait", "minutes": 90, "mode": "water", "locality_id": "HG"}, False),
        ({"effect": "wait", "minutes": 90, "link": "D946-D941"}, False),
    ],
)
def test_a_way_that_takes_an_hour_longer_is_told_once_and_its_end_too(
    app: Flask, condition: dict[str, Any], told: bool
) -> None:
    match = at_home(under_way())
    stated = a_condition(**condition)

    sweep(), sweep()

    assert kinds() == (["match_slow"] * 2 if told else [])
    found = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    hindered = route_hits.hindered([found], today=clock.today())
    assert hindered == ({match.id: Hindrance.SLOW} if told else {})
    if told:
        details = db.session.scalars(select(Notice)).first().details
        assert (details["late"], details["stops"][0]["reason"]) == (False, "Sửa cầu")
        assert details["hours_more"] >= 1
        a_condition(first_id=stated.id, version=2, withdrawn=True, **condition)
        sweep(), sweep()
        assert kinds()[2:] == ["match_slow_over"] * 2


def test_goods_that_would_come_too_late_are_told_with_the_way_that_is_left(app: Flask) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    match = at_home(under_way(need=a_need(until=tomorrow), collect_on=tomorrow))
    a_condition(effect="wait", minutes=1440)

    sweep()

    assert kinds() == ["match_slow"] * 2
    details = db.session.scalars(select(Notice)).first().details
    assert details["late"]
    assert details["detour"]["km"] > 0
    found = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    stopped = route_hits.stopped(found, today=clock.today())
    assert stopped is not None
    assert stopped.delay is not None
    assert stopped.delay.late
    assert stopped.detour.possible
    assert route_hits.hindered([found], today=clock.today()) == {match.id: Hindrance.LATE}


def test_a_wait_that_becomes_a_closure_is_told_as_such_and_back_again(app: Flask) -> None:
    at_home(under_way())
    wait = {"effect": "wait", "minutes": 90}
    condition = a_condition(**wait)
    sweep()
    a_condition(first_id=condition.id, version=2)
    sweep()
    assert kinds() == ["match_slow"] * 2 + ["match_route"] * 2

    a_condition(first_id=condition.id, version=3, **wait)
    sweep()
    assert kinds()[4:] == ["match_route_open"] * 2
    a_condition(first_id=condition.id, version=4, withdrawn=True)
    sweep()
    assert kinds()[6:] == ["match_slow_over"] * 2


def test_what_a_wait_had_cost_when_it_was_matched_is_no_news(app: Flask) -> None:
    condition = a_condition(effect="wait", minutes=90)
    at_home(under_way())

    sweep()
    assert kinds() == []

    a_condition(first_id=condition.id, version=2, effect="wait", minutes=180)
    sweep()
    assert kinds() == ["match_slow"] * 2


def test_before_saving_it_is_known_how_many_matches_a_wait_slows(app: Flask) -> None:
    at_home(under_way())
    waiting = ConditionDraft(
        effect=Effect.WAIT,
        link=VI_THANH_ROAD,
        minutes=90,
        first=clock.today(),
        last=None,
        reason="Chốt kiểm dịch",
        source="TB 1",
    )
    short = dataclasses.replace(waiting, minutes=20)

    assert route_hits.would_strand(waiting, today=clock.today()).slowed == 1
    assert route_hits.would_strand(short, today=clock.today()).slowed == 0


def published(round_id: int) -> Match:
    publish(
        round_id,
        actor=an_actor(Role.COORDINATOR),
        now=clock.now(),
        today=clock.today(),
        answer_hours=48,
    )
    db.session.expire_all()
    return db.session.scalars(select(Match)).one()


def test_publishing_drops_what_can_no_longer_be_driven(each_app: Flask) -> None:
    round_ = a_round(RoundState.SOLVED)
    drafted(round_, a_lot(), a_need(), route=ROUTE, vehicles="10t*1")
    a_condition()

    match = published(round_.id)

    assert (match.state, match.drop_reason) == (MatchState.DROPPED, DropReason.ROUTE_CLOSED)


@pytest.mark.parametrize(
    ("papers", "held", "reason"),
    [
        ((), (), DropReason.RESTRICTED),
        (("vietgap",), (), DropReason.RESTRICTED),
        (("vietgap",), ("vietgap",), ""),
    ],
)
def test_publishing_drops_goods_that_may_no_longer_move(app: Flask, papers, held, reason) -> None:
    round_ = a_round(RoundState.SOLVED)
    drafted(round_, a_lot(certificates=held), a_need(), route=ROUTE, vehicles="10t*1")
    a_restriction(papers=papers)

    assert published(round_.id).drop_reason == reason
