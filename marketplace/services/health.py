"""Whether this installation can do its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.models.base import db
from marketplace.models.notices import WorkerBeat

STALE_SECONDS = 60
"""A worker beats every ten seconds."""


@dataclass(frozen=True)
class Readiness:
    """``checks`` maps each part to "ok" or to what is wrong with it."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """All parts work."""
        return set(self.checks.values()) == {"ok"}


def readiness(now: datetime) -> Readiness:
    """Ask every part that a request or a round depends on."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Readiness({"database": "unreachable"})
    migrations = _migrations()
    worker = _worker(now) if migrations == "ok" else "unknown"
    return Readiness({"database": "ok", "migrations": migrations, "worker": worker})


def _worker(now: datetime) -> str:
    """Rounds, deadlines and messages wait for the worker, so without it we are not ready."""
    last = db.session.scalar(select(func.max(WorkerBeat.at)))
    if last is None:
        return "never"
    age = int((now - last).total_seconds())
    return "ok" if age <= STALE_SECONDS else f"silent for {age} seconds"


def _migrations() -> str:
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    applied = MigrationContext.configure(db.session.connection()).get_current_revision()
    return "ok" if applied == wanted else f"at {applied}, needs {wanted}"
