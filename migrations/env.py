"""Alembic's environment: the application's database and models, nothing of its own."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from marketplace.models.base import Moment
from marketplace.models.reference import Tuple

database = current_app.extensions["migrate"].db


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration outlives our code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Tuple):
        return "sa.JSON()"
    return False


def run_migrations() -> None:
    """All pending steps in one transaction: a step that fails leaves nothing behind."""
    options = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=as_plain_type,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
