"""What is stated stays as it was stated, and every question about today follows it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace import clock
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion, in_force, latest
from marketplace.models.reference import current_reference, reference_on
from marketplace.services import reference
from marketplace.solving.world import world_of
from tests.condition_factories import a_condition, a_restriction, a_tariff_row
from tests.factories import an_actor


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


NO_CONDITIONS: list[dict[str, Any]] = [
    {"link": None},
    {"link": "A--B", "locality_id": "HG"},
    {"effect": "load"},
    {"effect": "hours", "opens": 60},
    {"effect": "lane"},
    {"effect": "wait", "minutes": 0},
    {"most": 5_000},
    {"effect": "explode"},
    {"mode": "air", "link": None},
    {"reason": ""},
    {"source": ""},
    {"first": date(2026, 2, 1), "last": date(2026, 1, 1)},
    {"version": 2},
]
NO_RESTRICTIONS: list[dict[str, Any]] = [
    {"group_id": "trai_cay"},
    {"commodity_id": None},
    {"locality_id": "HG"},
    {"place_id": None},
    {"direction": "through"},
    {"source": ""},
]


def test_the_database_refuses_what_no_condition_and_no_restriction_can_be(each_app: Flask) -> None:
    actor = an_actor()
    for make, wrong in ((a_condition, NO_CONDITIONS), (a_restriction, NO_RESTRICTIONS)):
        for columns in wrong:
            with pytest.raises(IntegrityError):
                make(actor=actor, **columns)
            db.session.rollback()


def test_what_was_stated_is_never_changed_nor_deleted(each_app: Flask) -> None:
    a_condition(), a_restriction(), a_tariff_row()

    for table in ("condition", "restriction", "tariff_row"):
        for statement in (f"UPDATE {table} SET source = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="only ever added to"):
                db.session.execute(text(statement))
            db.session.rollback()


def test_two_changes_of_one_scope_have_different_numbers(each_app: Flask) -> None:
    a_condition(revision=1)

    with pytest.raises(IntegrityError):
        a_condition(revision=1)


def test_the_latest_version_counts_while_it_is_in_force(each_app: Flask) -> None:
    today, actor = clock.today(), an_actor()
    first = a_condition(actor=actor)
    a_condition(actor=actor, first=tomorrow())
    a_condition(actor=actor, last=today - timedelta(days=1), first=today - timedelta(days=9))
    changed = a_condition(actor=actor, first_id=first.id, version=2, last=tomorrow())

    assert in_force(ConditionVersion, today) == [changed]
    assert changed.record().id == first.id
    a_condition(actor=actor, first_id=first.id, version=3, withdrawn=True)
    assert in_force(ConditionVersion, today) == []
    assert len(db.session.scalars(latest(ConditionVersion)).all()) == 3


def test_todays_reference_follows_at_once_and_tomorrows_is_known(app: Flask) -> None:
    before = current_reference()
    assert before.fingerprint == before.data_fingerprint

    now, later = a_condition(), a_restriction(first=tomorrow())

    assert current_reference().conditions == (now.record(),)
    assert current_reference().restrictions == ()
    assert reference_on(tomorrow()).restrictions == (later.record(),)
    prints = {r.fingerprint for r in (before, current_reference(), reference_on(tomorrow()))}
    assert len(prints) == 3
    assert current_reference().data_fingerprint == before.fingerprint
    a_condition(first_id=now.id, version=2, withdrawn=True)
    assert current_reference().fingerprint == before.fingerprint


def test_worlds_of_two_days_share_places_and_goods(app: Flask) -> None:
    before = world_of(current_reference())
    a_condition()

    after = world_of(current_reference())

    assert after.gazetteer is before.gazetteer
    assert after.catalogue is before.catalogue
    assert after.atlas is not before.atlas


def test_a_link_that_has_left_the_files_binds_nobody(app: Flask) -> None:
    a_condition(link="GONE--GONE")

    assert current_reference().conditions == ()


def test_a_price_counts_from_its_day_and_survives_a_load(app: Flask) -> None:
    row = a_tariff_row(valid_from=tomorrow())

    def rates(day: date) -> dict[str, int]:
        return {rate.vehicle: rate.vnd_per_km for rate in reference_on(day).boat_rates}

    old = rates(clock.today())["boat80t"]
    assert old != row.vnd_per_km == rates(tomorrow())["boat80t"]
    db.session.execute(text("UPDATE data_load SET fingerprint = 'another'"))
    db.session.commit()
    reference.load()
    assert rates(tomorrow())["boat80t"] == row.vnd_per_km
    a_tariff_row(valid_from=tomorrow(), vnd_per_km=row.vnd_per_km + 1)
    assert rates(tomorrow())["boat80t"] == row.vnd_per_km + 1
