"""Plans of production: entered as a season, nobody overwritten, beside what is offered and sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound
from marketplace.domain.listings import MovementKind
from marketplace.domain.matches import MatchState
from marketplace.domain.plans import SeasonDraft, monday, weeks_from
from marketplace.models.base import db
from marketplace.models.listings import book
from marketplace.models.plans import PlanEntry, ProductionPlan
from marketplace.services import plans
from marketplace.services.plans import Figures, SeasonStale
from tests.factories import PINEAPPLE, a_lot, a_need, an_actor
from tests.round_factories import a_match

TODAY, NOW = clock.today(), clock.now()
WEEKS = weeks_from(TODAY, 4)


def save(actor, weeks, versions=None, **said):
    draft = SeasonDraft(locality="HG", commodity=PINEAPPLE, weeks=weeks, **said)
    return plans.save_season(draft, versions or {}, actor=actor, today=TODAY, now=NOW)


def agreed(lot, quantity):
    """A match that both sides have agreed on."""
    both = {"lot_accepted_at": NOW, "need_accepted_at": NOW}
    need = a_need(quantity=quantity)
    return a_match(lot=lot, need=need, state=MatchState.CONFIRMED, quantity=quantity, **both)


def planned() -> dict:
    found = plans.season("HG", PINEAPPLE, TODAY, 4)
    return {week: plan.quantity for week, plan in found.plans.items()}


@pytest.fixture
def officer(app):
    return an_actor(Role.OFFICER)


@pytest.fixture
def each_officer(each_app):
    return an_actor(Role.OFFICER)


def test_a_season_is_entered_at_once(officer) -> None:
    changed = save(officer, {WEEKS[0]: 12_000, WEEKS[1]: 0, WEEKS[2]: None}, source="KH 214")

    assert changed == 2
    assert planned() == {WEEKS[0]: 12_000, WEEKS[1]: 0}
    [first, second] = db.session.scalars(select(PlanEntry).order_by(PlanEntry.week))
    assert (first.quantity, first.before, first.source) == (12_000, None, "KH 214")
    assert (first.made_by, first.organisation_id) == (officer.user_id, officer.organisation_id)
    assert second.quantity == 0


def test_only_what_differs_is_entered_and_every_version_is_kept(officer) -> None:
    save(officer, {WEEKS[0]: 12_000, WEEKS[1]: 8_000})

    changed = save(officer, {WEEKS[0]: 12_000, WEEKS[1]: 9_000}, {WEEKS[0]: 1, WEEKS[1]: 1})
    again = save(officer, {WEEKS[0]: 12_000, WEEKS[1]: 9_000})

    assert (changed, again) == (1, 0)
    entries, pages = plans.history("HG", PINEAPPLE, 1)
    assert pages == 1
    assert [(e.week, e.version, e.before, e.quantity) for e in entries][:1] == [
        (WEEKS[1], 2, 8_000, 9_000)
    ]
    assert len(entries) == 3


def test_of_two_officers_the_second_is_told_and_nothing_of_hers_is_half_entered(
    each_officer,
) -> None:
    save(each_officer, {WEEKS[0]: 12_000})

    with pytest.raises(SeasonStale) as caught:
        save(an_actor(Role.OFFICER), {WEEKS[0]: 5_000, WEEKS[1]: 7_000})

    assert caught.value.weeks == (WEEKS[0],)
    assert planned() == {WEEKS[0]: 12_000}
    assert save(an_actor(Role.OFFICER), {WEEKS[0]: 12_000, WEEKS[1]: 7_000}) == 1


def test_a_plan_is_taken_back_and_its_history_stays(officer) -> None:
    save(officer, {WEEKS[0]: 12_000})

    save(officer, {WEEKS[0]: None}, {WEEKS[0]: 1})

    assert planned() == {WEEKS[0]: None}
    assert plans.overview(TODAY, 4) == []
    assert len(plans.history("HG", PINEAPPLE, 1)[0]) == 2


def test_nobody_plans_for_another_locality(officer) -> None:
    draft = SeasonDraft(locality="CT", commodity=PINEAPPLE, weeks={WEEKS[0]: 1})

    for actor in (officer, an_actor(Role.SELLER), an_actor(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            plans.save_season(draft, {}, actor=actor, today=TODAY, now=NOW)
    assert db.session.scalars(select(ProductionPlan)).all() == []


def test_the_history_is_only_added_to(each_officer) -> None:
    save(each_officer, {WEEKS[0]: 12_000})

    for statement in ("UPDATE plan_entry SET quantity = 1", "DELETE FROM plan_entry"):
        with pytest.raises(DatabaseError, match="only ever added"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_planned_offered_and_sold_stand_beside_each_other_by_week(each_officer) -> None:
    save(each_officer, {WEEKS[0]: 12_000, WEEKS[1]: 8_000})
    later = {"ready_on": WEEKS[1], "until": WEEKS[1] + timedelta(days=9)}
    lot = a_lot(quantity=3_000, ready_on=WEEKS[0], until=TODAY + timedelta(days=7))
    a_lot(quantity=5_000, confidence=70, **later)
    a_lot(quantity=700, place="D916", **later)
    agreed(lot, 1_000)
    a_match(lot=lot, need=a_need(quantity=400), quantity=400)  # nobody has agreed to it yet

    [row] = plans.overview(TODAY, 4)

    assert (row.locality, row.commodity.id) == ("HG", PINEAPPLE)
    assert row.weeks[WEEKS[0]] == Figures(12_000, 3_000, 0, 1_000)
    assert row.weeks[WEEKS[1]] == Figures(8_000, 5_000, 5_000, 0)
    assert row.total == Figures(20_000, 8_000, 5_000, 1_000)
    every = plans.overview(TODAY, 4, unplanned=True)
    assert [(r.locality, r.total.planned) for r in every] == [("HG", 20_000), ("CT", None)]


def test_what_is_delivered_counts_once(officer) -> None:
    lot = a_lot(quantity=3_000, ready_on=WEEKS[0], until=TODAY + timedelta(days=7))
    agreed(lot, 1_000)
    book(lot, MovementKind.DELIVER, 600, event="delivered", actor_id=officer.user_id, at=NOW)
    db.session.commit()

    found = plans.season("HG", PINEAPPLE, TODAY, 1)

    assert found.row.total.sold == 1_000


def test_a_season_has_every_week_and_unknown_ones_have_none(officer) -> None:
    found = plans.season("HG", PINEAPPLE, TODAY, 16)

    assert list(found.row.weeks) == list(weeks_from(monday(TODAY), 16))
    assert found.row.total == Figures(None, 0, 0, 0)
    for locality, commodity in (("XX", PINEAPPLE), ("HG", "nothing")):
        with pytest.raises(NotFound):
            plans.season(locality, commodity, TODAY, 1)


def test_several_goods_are_entered_together_or_not_at_all(officer) -> None:
    pineapple = SeasonDraft(locality="HG", commodity=PINEAPPLE, weeks={WEEKS[0]: 12_000})
    soursop = SeasonDraft(locality="HG", commodity="mang-cau-xiem", weeks={WEEKS[0]: 3_000})
    when = {"actor": officer, "today": TODAY, "now": NOW}

    assert plans.save_seasons([pineapple, soursop], {}, **when) == 2
    changed = [replace(each, weeks={WEEKS[0]: 1}) for each in (pineapple, soursop)]
    with pytest.raises(SeasonStale):
        plans.save_seasons(changed, {PINEAPPLE: {WEEKS[0]: 1}}, **when)

    assert planned() == {WEEKS[0]: 12_000}
