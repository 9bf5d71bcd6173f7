"""The worker says that it is alive; whoever watches the server reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from marketplace.models.base import transaction
from marketplace.models.notices import WorkerBeat


def beat(name: str, now: datetime) -> None:
    """Note that this worker was alive at ``now``."""
    try:
        _write(name, now)
    except IntegrityError:  # another worker has written its first beat at the same moment
        _write(name, now)


def _write(name: str, now: datetime) -> None:
    with transaction() as session:
        session.merge(WorkerBeat(name=name, at=now))
