"""The reference data: from the files into the tables, and out again for pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from marketplace.data.reader import read_reference
from marketplace.domain.errors import Rejected
from marketplace.domain.reference import Reference
from marketplace.models.base import transaction
from marketplace.models.reference import TABLES, DataLoad, Recorded, current_reference
from marketplace.solving.world import World, world_of


@dataclass(frozen=True)
class Load:
    """What a load did, by table: rows added, changed, taken out. Empty: nothing was new."""

    changes: dict[str, tuple[int, int, int]]


def load() -> Load:
    """Make the tables say what the data files say. Does nothing when they already do.

    Raises `Rejected` when something that is in use has vanished from the files.
    """
    reference = read_reference()
    with transaction() as session:
        loaded = session.scalar(select(DataLoad))
        if loaded and loaded.fingerprint == reference.fingerprint:
            return Load({})
        try:
            changes = _replace_all(session, reference)
        except IntegrityError as error:
            raise Rejected("The data files lack something that is in use.") from error
        session.merge(DataLoad(id=1, fingerprint=reference.fingerprint))
    return Load(changes)


def current_world() -> World:
    """Places, goods and routes as pages look them up."""
    return world_of(current_reference())


def _replace_all(session: Any, reference: Reference) -> dict[str, tuple[int, int, int]]:
    changes, vanished = {}, []
    for name, table in TABLES.items():
        there = {_key(row): row for row in session.scalars(select(table))}
        new, changed = 0, 0
        for position, record in enumerate(getattr(reference, name)):
            row = table.of(record, position)
            old = there.pop(_key(row), None)
            new += old is None
            changed += old is not None and old.record() != record
            session.merge(row)
        vanished.append(there.values())
        changes[name] = (new, changed, len(there))
        session.flush()
    for rows in reversed(vanished):
        for row in rows:
            session.delete(row)
        session.flush()
    return changes


def _key(row: Recorded) -> tuple[Any, ...]:
    return tuple(inspect(type(row)).primary_key_from_instance(row))
