"""The reference data: from the files into the tables, and out again for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from marketplace.data.check import flaws_of
from marketplace.data.files import Files
from marketplace.data.flaws import Flaw
from marketplace.data.reader import read_files, read_reference
from marketplace.domain.errors import Rejected
from marketplace.domain.reference import Reference
from marketplace.models.base import transaction
from marketplace.models.recorded import Recorded
from marketplace.models.reference import TABLES, DataLoad, current_reference
from marketplace.solving.world import World, world_of


@dataclass(frozen=True)
class Load:
    """What a load did, by table: rows added, changed, taken out. Empty: nothing was new."""

    changes: dict[str, tuple[int, int, int]]


class BadFiles(Rejected):
    """Data files have flaws: all of them in ``flaws``."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("The data files have flaws.")
        self.flaws = tuple(flaws)


def check(directory: Path | None = None) -> None:
    """Raise `BadFiles` unless the files of a directory, with the program's own for those that it
    lacks, can be loaded."""
    if flaws := flaws_of(Files(directory)):
        raise BadFiles(flaws)


def load(directory: Path | None = None, *, starting: bool = False) -> Load:
    """Make the tables say what the data files say. Does nothing when they already do.

    ``directory`` has files that take the place of the program's own; when ``starting``, what was
    loaded from one stays. Raises `BadFiles`, or `Rejected` when something that is in use has
    vanished from the files; the tables stay as they were.
    """
    source = Files(directory)
    if directory is not None:
        check(directory)
    reference = read_reference() if directory is None else read_files(source)
    with transaction() as session:
        loaded = session.scalar(select(DataLoad))
        if loaded and (
            loaded.fingerprint == reference.fingerprint or (starting and loaded.foreign)
        ):
            return Load({})
        try:
            changes = _replace_all(session, reference)
        except IntegrityError as error:
            raise Rejected("The data files lack something that is in use.") from error
        session.merge(DataLoad(id=1, fingerprint=reference.fingerprint, foreign=source.foreign))
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
