"""Sheets with lots or needs: looked at and decided on. How they are read and saved stands elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.imports import ImportState, Known, RowStatus
from marketplace.domain.listings import Side
from marketplace.models.base import db, transaction
from marketplace.models.import_access import check_may_import, import_to_decide, own_import, touch
from marketplace.models.importing import SIDES
from marketplace.models.imports import TO_LOOK_AT, SheetImport, SheetRow
from marketplace.models.known_rows import known_listings
from marketplace.models.leases import Database
from marketplace.models.organisations import first_lister

PAGE = 25
SHOWN = 20
"""Questions on a page; others follow when these are answered."""


def lister_of(organisation_id: int, side: Side = "lot") -> Actor:
    """Who has listed for an organisation longest, for sheets that come from the shell. Raises `NotFound`."""
    actor = first_lister(organisation_id, side)
    if actor is None:
        raise NotFound("There is no such organisation, or nobody in it may list goods.")
    return actor


def known_in(
    organisation_id: int, keys: set[str], *, today: date, side: Side = "lot"
) -> Mapping[str, list[Known]]:
    """Lots or needs that rows with these keys are about."""
    return known_listings(SIDES[side], organisation_id, keys, today)


def request_save(import_id: int, version: int, *, actor: Actor, now: datetime) -> SheetImport:
    """Let the worker put what is new on the market and change what differs."""
    with transaction():
        row = import_to_decide(import_id, version, actor)
        if not to_save(row):
            raise Rejected("There is no row to save.")
        row.state, row.saved_by = ImportState.TO_SAVE, actor.user_id
        row.attempts, row.blocks_done, row.blocks = 0, 0, to_save(row)
        touch(row, actor, now)
    return row


def discard(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Drop the file and its rows. Nothing was saved, nothing is."""
    with transaction() as session:
        row = own_import(import_id, actor, lock=True)
        if row.state not in (ImportState.OPEN, ImportState.WAITING, ImportState.FAILED):
            raise Rejected("This import has been decided on already.")
        if _has_saved(session, row.id):
            raise Rejected("Part of this import has been saved already.")
        session.execute(SheetRow.__table__.delete().where(SheetRow.import_id == row.id))  # type: ignore[attr-defined]
        row.state, row.content = ImportState.DISCARDED, None
        row.choices, row.own, row.counts = {}, {}, {}
        touch(row, actor, now)


def to_save(row: SheetImport) -> int:
    """How many lots saving would list or change."""
    return row.counts.get(RowStatus.NEW, 0) + row.counts.get(RowStatus.CHANGE, 0)


def show(import_id: int, *, actor: Actor) -> SheetImport:
    """The import. Raises `NotFound` if it is somebody else's."""
    return own_import(import_id, actor)


def listing(*, actor: Actor, side: Side, limit: int = 20) -> Sequence[SheetImport]:
    """The organisation's imports of lots or of needs that were not discarded, the latest first."""
    check_may_import(actor, side)
    query = (
        select(SheetImport)
        .where(SheetImport.organisation_id == actor.organisation_id)
        .where(SheetImport.state != ImportState.DISCARDED, SheetImport.side == side)
        .options(joinedload(SheetImport.author))
        .order_by(SheetImport.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()


def rows(
    row: SheetImport, statuses: Sequence[RowStatus], *, page: int = 1, size: int = PAGE
) -> tuple[Sequence[SheetRow], int]:
    """Rows of these statuses, all if none is named, a page of them, and how many pages there are."""
    chosen = SheetRow.import_id == row.id
    if statuses:
        chosen &= SheetRow.status.in_(statuses)
    count = db.session.scalar(select(func.count()).select_from(SheetRow).where(chosen)) or 0
    query = select(SheetRow).where(chosen).order_by(SheetRow.number)
    found = db.session.scalars(query.offset((page - 1) * size).limit(size)).all()
    return found, max(1, -(-count // size))


def refused(row: SheetImport) -> Sequence[SheetRow]:
    """Rows that have to be mended in the sheet, or that nobody has answered."""
    query = select(SheetRow).where(SheetRow.import_id == row.id, SheetRow.status.in_(TO_LOOK_AT))
    return db.session.scalars(query.order_by(SheetRow.number)).all()


@dataclass(frozen=True)
class Asking:
    """A row that asks: as it stands in the sheet, and the answers that fit this row."""

    number: int
    raw: Mapping[str, str]
    problem: dict[str, Any]


@dataclass
class Question:
    """One question, for all rows that say the same or for one: ``key`` or ``number`` and ``field``.

    ``said`` is what somebody has answered that does not serve.
    """

    asking: list[Asking]
    understood: Mapping[str, Any]
    said: str = ""

    @property
    def problem(self) -> dict[str, Any]:
        return self.asking[0].problem

    @property
    def raw(self) -> Mapping[str, str]:
        return self.asking[0].raw

    @property
    def rows(self) -> list[int]:
        return [each.number for each in self.asking]

    @property
    def key(self) -> str | None:
        kept: str | None = self.problem["key"]
        return kept


def questions(row: SheetImport) -> list[Question]:
    """What is open, once for all rows that say the same, those that most rows ask first."""
    query = select(SheetRow).where(SheetRow.import_id == row.id, SheetRow.status == RowStatus.ASKED)
    found: dict[object, Question] = {}
    for line in db.session.scalars(query.order_by(SheetRow.number)):
        for problem in line.problems:
            same = problem["key"] or (line.number, problem["field"])
            asking = Asking(line.number, line.raw, problem)
            if same in found:
                found[same].asking.append(asking)
            else:
                said = _said(row, line.number, problem)
                found[same] = Question([asking], line.understood or {}, said)
    return sorted(found.values(), key=lambda each: (-len(each.asking), each.rows[0]))


def _said(row: SheetImport, number: int, problem: Mapping[str, Any]) -> str:
    if problem["key"]:
        return row.choices.get(problem["key"], "")
    return row.own.get(str(number), {}).get(problem["field"], "")


def passed_over(row: SheetImport) -> dict[str, int]:
    """How many lines were passed over, by why."""
    query = (
        select(SheetRow.why, func.count())
        .where(SheetRow.import_id == row.id, SheetRow.status == RowStatus.PASSED)
        .group_by(SheetRow.why)
    )
    return {row.why: row[1] for row in db.session.execute(query)}


def _has_saved(session: Database, import_id: int) -> bool:
    query = select(SheetRow.id).where(
        SheetRow.import_id == import_id, SheetRow.saved_at.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None
