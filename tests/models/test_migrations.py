"""What the migrations build is exactly what the models describe, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from marketplace.extensions import db
from marketplace.models import conditions, movements, plans, programme
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from tests.round_factories import a_match


def test_migrations_build_what_the_models_describe(each_app: Flask) -> None:
    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})

    assert compare_metadata(context, db.metadata) == []


def test_migrations_build_the_triggers_that_the_models_describe(app: Flask) -> None:
    stored = db.session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))

    built = {_squeeze(statement) for statement in stored}

    assert built == {_squeeze(statement) for statement in _triggers("sqlite")}


def test_migrations_build_the_same_triggers_on_postgresql(postgresql_app: Flask) -> None:
    stored = db.session.scalars(
        text("SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    )

    built = {_squeeze(body) for body in stored}

    described = [statement for statement in _triggers("postgresql") if "$$" in statement]
    assert built == {_squeeze(statement.split("$$")[1]) for statement in described}


def test_rows_survive_every_step_after_the_first(each_app: Flask) -> None:
    match_id = a_match(quantity=400).id
    db.session.remove()

    downgrade(revision="0002")
    upgrade()

    assert db.session.get_one(Match, match_id).quantity == 400
    assert db.session.scalars(select(Lot.held)).one() == 400


def _triggers(dialect: str) -> list[str]:
    return [
        *movements.triggers(dialect),
        *conditions.triggers(dialect),
        *plans.triggers(dialect),
        *programme.triggers(dialect),
    ]


def _squeeze(statement: str) -> str:
    return " ".join(statement.split())
