"""Alembic's environment: the application's database and models, nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from marketplace.models.base import Moment, Tuple

database = current_app.extensions["migrate"].db


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration outlives our code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Tuple):
        return "sa.JSON()"
    return False


@contextmanager
def references_unguarded(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which rows that refer to it would forbid.

    The switch works outside a transaction only; what refers to nothing is looked for at the end.
    """
    guard = connection.connection.dbapi_connection if _is_sqlite(connection) else None
    if guard is not None:
        guard.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if guard is not None:
            guard.execute("PRAGMA foreign_keys=ON")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def run_migrations() -> None:
    """All pending steps in one transaction: a step that fails leaves nothing behind."""
    options = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection, references_unguarded(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=as_plain_type,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
            if _is_sqlite(connection):
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise LookupError(f"rows that refer to nothing: {broken[:5]}")


run_migrations()
