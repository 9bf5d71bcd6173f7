"""Whether this installation can do its work."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.models.base import db


@dataclass(frozen=True)
class Readiness:
    """``checks`` maps each part to "ok" or to what is wrong with it."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """All parts work."""
        return set(self.checks.values()) == {"ok"}


def readiness() -> Readiness:
    """Ask every part that a request or a round depends on."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Readiness({"database": "unreachable"})
    return Readiness({"database": "ok", "migrations": _migrations()})


def _migrations() -> str:
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    applied = MigrationContext.configure(db.session.connection()).get_current_revision()
    return "ok" if applied == wanted else f"at {applied}, needs {wanted}"
