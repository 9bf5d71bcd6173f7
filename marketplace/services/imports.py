"""Sheets with lots: uploaded, looked at, asked about, and decided on. Reading and saving go on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import joinedload, undefer

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.imports import ImportState, Known, RowStatus
from marketplace.domain.listings import Basis, Side, check_basis, lists_for_others
from marketplace.domain.lots import may_list_lot
from marketplace.models.base import db, transaction
from marketplace.models.importing import SIDES
from marketplace.models.imports import SheetImport, SheetMapping, SheetRow
from marketplace.models.known_rows import known_listings
from marketplace.models.leases import Database
from marketplace.models.organisations import User, first_lister
from marketplace.sheets import columns
from marketplace.sheets.files import read_file, sheets_of
from marketplace.sheets.intake import passed_lines
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.message import read_message
from marketplace.sheets.table import Table, letter
from marketplace.sheets.told import record_to_json

MOST_LINES = 20_000
PAGE = 25
SHOWN = 20
"""Questions on a page; others follow when these are answered."""
LONGEST_ANSWER = 200
DECIDED = frozenset({ImportState.SAVED, ImportState.DISCARDED})
TO_LOOK_AT = (RowStatus.REFUSED, RowStatus.ASKED)


def begin(
    name: str,
    content: bytes,
    *,
    basis: Basis,
    actor: Actor,
    today: date,
    now: datetime,
    sheet: str | None = None,
    encoding: str | None = None,
) -> SheetImport:
    """Lay a sheet out and keep it until it is decided on; its rows wait to be read.

    No ``name``: it was pasted. Of the very same file what was answered before counts again. Raises
    `Rejected` for what is no sheet with rows.
    """
    _may_import(actor)
    check_basis(basis, for_others=lists_for_others(actor))
    digest = sha256(content).hexdigest()
    before = _same_before(actor.organisation_id, digest)
    made = SheetImport(
        organisation_id=actor.organisation_id,
        created_by=actor.user_id,
        created_at=now,
        changed_by=actor.user_id,
        changed_at=now,
        basis=basis,
        day=today,
        name=name[-200:],
        content=content,
        content_hash=digest,
        sheet=sheet or (before.sheet if before else None),
        encoding=encoding or (before.encoding if before else None),
        mapping=dict(before.mapping) if before else {},
        choices=dict(before.choices) if before else {},
        own=dict(before.own) if before else {},
    )
    laid_out, names = _laid_out(made)
    with transaction() as session:
        session.add(made)
        session.flush()
        _keep_rows(session, made, laid_out, names)
    return made


def lister_of(organisation_id: int) -> Actor:
    """Who has listed for an organisation longest, for sheets that come from the shell. Raises `NotFound`."""
    actor = first_lister(organisation_id)
    if actor is None:
        raise NotFound("There is no such organisation, or nobody in it may list goods.")
    return actor


def known_in(
    organisation_id: int, keys: set[str], *, today: date, side: Side = "lot"
) -> Mapping[str, list[Known]]:
    """Lots or needs that rows with these keys are about."""
    return known_listings(SIDES[side], organisation_id, keys, today)


def lay_out_again(
    import_id: int,
    version: int,
    *,
    actor: Actor,
    now: datetime,
    encoding: str | None,
    sheet: str | None,
    mapping: Mapping[str, str],
) -> SheetImport:
    """Read the file another way: other letters, another sheet, columns that mean something else.

    What a person says of columns is remembered for sheets with the same headers.
    """
    with transaction() as session:
        row = _to_decide(import_id, version, actor)
        if sheet != row.sheet:
            mapping = {}
        row.encoding, row.sheet = encoding, sheet
        row.mapping = {**row.mapping, **mapping} if mapping else {}
        laid_out, names = _laid_out(row)
        session.execute(SheetRow.__table__.delete().where(SheetRow.import_id == row.id))  # type: ignore[attr-defined]
        _keep_rows(session, row, laid_out, names)
        if mapping and laid_out.header is not None:
            _remember(session, row, laid_out)
        _touch(row, actor, now)
    return row


def answer(
    import_id: int,
    version: int,
    answers: Mapping[str, str],
    own: Mapping[tuple[int, str], str],
    *,
    actor: Actor,
    now: datetime,
) -> SheetImport:
    """Take answers, by key for all rows and by row and field for one; the rows concerned wait to be read."""
    with transaction() as session:
        row = _to_decide(import_id, version, actor)
        _check_answers([*answers.values(), *own.values()])
        anew = any(key in row.choices for key in answers)
        concerned = None if anew else _rows_that_ask(session, row.id, answers, own)
        row.choices = {**row.choices, **answers}
        kept = {number: dict(said) for number, said in row.own.items()}
        for (number, field), said in own.items():
            kept.setdefault(str(number), {})[field] = said
        row.own = kept
        _read_anew(session, row, concerned)
        _touch(row, actor, now)
    return row


def request_save(import_id: int, version: int, *, actor: Actor, now: datetime) -> SheetImport:
    """Let the worker put what is new on the market and change what differs."""
    with transaction():
        row = _to_decide(import_id, version, actor)
        if not to_save(row):
            raise Rejected("There is no row to save.")
        row.state, row.saved_by = ImportState.TO_SAVE, actor.user_id
        row.attempts, row.blocks_done, row.blocks = 0, 0, to_save(row)
        _touch(row, actor, now)
    return row


def discard(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Drop the file and its rows. Nothing was saved, nothing is."""
    with transaction() as session:
        row = _own(import_id, actor, lock=True)
        if row.state not in (ImportState.OPEN, ImportState.WAITING, ImportState.FAILED):
            raise Rejected("This import has been decided on already.")
        if _has_saved(session, row.id):
            raise Rejected("Part of this import has been saved already.")
        session.execute(SheetRow.__table__.delete().where(SheetRow.import_id == row.id))  # type: ignore[attr-defined]
        row.state, row.content = ImportState.DISCARDED, None
        row.choices, row.own, row.counts = {}, {}, {}
        _touch(row, actor, now)


def to_save(row: SheetImport) -> int:
    """How many lots saving would list or change."""
    return row.counts.get(RowStatus.NEW, 0) + row.counts.get(RowStatus.CHANGE, 0)


def show(import_id: int, *, actor: Actor) -> SheetImport:
    """The import. Raises `NotFound` if it is somebody else's."""
    return _own(import_id, actor)


def listing(*, actor: Actor, limit: int = 20) -> Sequence[SheetImport]:
    """The organisation's imports that were not discarded, the latest first."""
    _may_import(actor)
    query = (
        select(SheetImport)
        .where(SheetImport.organisation_id == actor.organisation_id)
        .where(SheetImport.state != ImportState.DISCARDED)
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


@dataclass
class Question:
    """One question, for all rows that say the same or for one: ``key`` or ``number`` and ``field``."""

    problem: dict[str, Any]
    rows: list[int]
    raw: Mapping[str, str]
    understood: Mapping[str, Any]

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
            if same in found:
                found[same].rows.append(line.number)
            else:
                found[same] = Question(problem, [line.number], line.raw, line.understood or {})
    return sorted(found.values(), key=lambda each: (-len(each.rows), each.rows[0]))


def passed_over(row: SheetImport) -> dict[str, int]:
    """How many lines were passed over, by why."""
    query = (
        select(SheetRow.why, func.count())
        .where(SheetRow.import_id == row.id, SheetRow.status == RowStatus.PASSED)
        .group_by(SheetRow.why)
    )
    return {row.why: row[1] for row in db.session.execute(query)}


# What several of them do


def _may_import(actor: Actor) -> None:
    if not may_list_lot(actor):
        raise Forbidden("Your account may not list goods for sale.")


def _own(import_id: int, actor: Actor, *, lock: bool = False) -> SheetImport:
    _may_import(actor)
    query = select(SheetImport).where(SheetImport.id == import_id)
    if lock:
        query = query.with_for_update(of=SheetImport).options(undefer(SheetImport.content))
    row = db.session.scalar(query)
    if (
        row is None
        or row.organisation_id != actor.organisation_id
        or row.state == ImportState.DISCARDED
    ):
        raise NotFound("There is no such import.")
    return row


def _to_decide(import_id: int, version: int, actor: Actor) -> SheetImport:
    """The import, locked, if it is open and nobody has decided anything since ``version``."""
    row = _own(import_id, actor, lock=True)
    if row.version != version:
        who = db.session.get(User, row.changed_by)
        raise Stale(
            "%(who)s answered at %(time)s. Below is how it stands now.",
            who=who.name if who else "?",
            time=row.changed_at,
        )
    if row.state != ImportState.OPEN:
        raise Rejected("This import is being worked on. Wait a moment.")
    return row


def _touch(row: SheetImport, actor: Actor, now: datetime) -> None:
    row.version += 1
    row.changed_by, row.changed_at = actor.user_id, now


def _same_before(organisation_id: int, digest: str) -> SheetImport | None:
    query = select(SheetImport).where(
        SheetImport.organisation_id == organisation_id,
        SheetImport.content_hash == digest,
        SheetImport.state != ImportState.DISCARDED,
    )
    return db.session.scalar(query.order_by(SheetImport.id.desc()).limit(1))


def _laid_out(row: SheetImport) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet, with columns as they are remembered where nobody says otherwise, and all sheets' names."""
    table, names = _table(row.name, row.content or b"", row.encoding, row.sheet)
    if len(table.lines) > MOST_LINES:
        raise Rejected(
            "At most %(most)s rows at once (now %(n)s). Divide the sheet.",
            most=MOST_LINES,
            n=len(table.lines),
        )
    sheet = lay_out(table, mapping=row.mapping)
    if not row.mapping and (remembered := _remembered(row.organisation_id, sheet)):
        sheet = lay_out(table, mapping=remembered)
    if not sheet.records:
        raise Rejected("No row with goods was found in this sheet.", field="file")
    return sheet, names


def _table(
    name: str, content: bytes, encoding: str | None, sheet: str | None
) -> tuple[Table, tuple[str, ...]]:
    if not name:
        return read_message(content.decode("utf-8"), encoding=encoding), ()
    return read_file(name, content, encoding=encoding, sheet=sheet), sheets_of(name, content)


def _keep_rows(session: Database, row: SheetImport, sheet: Sheet, names: tuple[str, ...]) -> None:
    """Store every line of the sheet; those with goods wait to be read."""
    row.found = {
        "kind": sheet.table.kind,
        "encoding": sheet.table.encoding,
        "sheet": sheet.table.sheet,
        "sheets": list(names),
        "header": sheet.header,
        "headers": dict(sheet.headers),
        "columns": [
            {
                "letter": letter(column.index),
                "header": column.header,
                "meaning": column.meaning,
                "sample": column.sample,
                "guessed": column.guessed,
            }
            for column in sheet.columns
        ],
    }
    same = {"import_id": row.id, "organisation_id": row.organisation_id}
    kept: list[dict[str, Any]] = [
        {**same, "number": p.number, "status": RowStatus.PASSED, "why": p.why, "raw": dict(p.raw)}
        for p in passed_lines(sheet)
        if p.number > 0
    ]
    kept += [
        {
            **same,
            "number": record.number,
            "status": RowStatus.UNREAD,
            "why": "",
            "raw": {head: text for head, text in record.raw.items() if text},
            "cells": record_to_json(record),
        }
        for record in sheet.records
    ]
    _insert(session, kept)
    row.state, row.attempts, row.failure = ImportState.WAITING, 0, ""
    row.blocks_done, row.blocks = 0, len(sheet.records)
    row.counts = {}


def _insert(session: Database, kept: list[dict[str, Any]]) -> None:
    usual: dict[str, Any] = {
        "cells": None,
        "understood": None,
        "problems": [],
        "key": "",
        "stated": {},
    }
    usual |= {"draft": None, "differs": [], "before": {}}
    if kept:
        session.execute(insert(SheetRow), [{**usual, **each} for each in kept])


def _read_anew(session: Database, row: SheetImport, numbers: set[int] | None) -> None:
    """Let these rows wait to be read, or all."""
    concerned = (SheetRow.import_id == row.id) & SheetRow.cells.is_not(None)
    if numbers is not None:
        concerned &= SheetRow.number.in_(numbers)
    count = session.scalar(select(func.count()).select_from(SheetRow).where(concerned)) or 0
    session.execute(update(SheetRow).where(concerned).values(status=RowStatus.UNREAD))
    row.state, row.attempts = ImportState.WAITING, 0
    row.blocks_done, row.blocks = 0, count


def _rows_that_ask(
    session: Database,
    import_id: int,
    answers: Mapping[str, str],
    own: Mapping[tuple[int, str], str],
) -> set[int]:
    query = select(SheetRow.number, SheetRow.problems).where(
        SheetRow.import_id == import_id, SheetRow.status.in_(TO_LOOK_AT)
    )
    asking = {
        number
        for number, problems in session.execute(query)
        if any(problem["key"] in answers for problem in problems)
    }
    return asking | {number for number, _ in own}


def _check_answers(answers: Sequence[str]) -> None:
    if not answers:
        raise Rejected("Choose an answer first.")
    if any(len(each) > LONGEST_ANSWER for each in answers):
        raise Rejected("An answer is longer than %(most)s characters.", most=LONGEST_ANSWER)


def _has_saved(session: Database, import_id: int) -> bool:
    query = select(SheetRow.id).where(
        SheetRow.import_id == import_id, SheetRow.saved_at.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def _headers_key(sheet: Sheet) -> str:
    heads = sorted(columns.key(column.header) for column in sheet.columns)
    return sha256("\x1f".join(heads).encode()).hexdigest()


def _remembered(organisation_id: int, sheet: Sheet) -> dict[str, str]:
    if sheet.header is None:
        return {}
    row = db.session.get(SheetMapping, (organisation_id, _headers_key(sheet)))
    return dict(row.mapping) if row else {}


def _remember(session: Database, row: SheetImport, sheet: Sheet) -> None:
    session.merge(
        SheetMapping(
            organisation_id=row.organisation_id,
            headers=_headers_key(sheet),
            mapping=dict(row.mapping),
        )
    )
