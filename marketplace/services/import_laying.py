"""Sheets laid out: uploaded or pasted, or read another way. Their rows then wait to be understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.listings import Basis, Side, check_basis, lists_for_others
from marketplace.models.base import db, transaction
from marketplace.models.import_access import check_may_import, import_to_decide, touch
from marketplace.models.imports import SheetImport, SheetMapping, SheetRow
from marketplace.models.leases import Database
from marketplace.models.reference import current_reference
from marketplace.sheets import columns
from marketplace.sheets.answers import goods_in, is_remembered
from marketplace.sheets.files import read_file, sheets_of
from marketplace.sheets.goods import marks_would_tell
from marketplace.sheets.intake import passed_lines
from marketplace.sheets.layout import Sheet, lay_out
from marketplace.sheets.message import read_message
from marketplace.sheets.table import Table, letter
from marketplace.sheets.told import record_to_json
from marketplace.sheets.vocabulary import KnownWords
from marketplace.solving.world import world_of

MOST_LINES = 20_000
LOOKED_BACK = 20
"""Sheets whose answers are remembered."""


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
    side: Side = "lot",
) -> SheetImport:
    """Lay a sheet out and keep it until it is decided on; its rows wait to be read.

    No ``name``: it was pasted. ``side`` says what its rows are. Of the very same file what was answered
    before counts again. Raises `Rejected` for what is no sheet with rows.
    """
    check_may_import(actor, side)
    check_basis(basis, for_others=lists_for_others(actor))
    digest = sha256(content).hexdigest()
    before = _same_before(actor.organisation_id, digest, side)
    made = SheetImport(
        organisation_id=actor.organisation_id,
        side=side,
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
        choices=(dict(before.choices) if before else _answered_before(actor.organisation_id, side)),
        own=dict(before.own) if before else {},
    )
    laid_out, names = _laid_out(made)
    with transaction() as session:
        session.add(made)
        session.flush()
        _keep_rows(session, made, laid_out, names)
    return made


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
        row = import_to_decide(import_id, version, actor)
        if sheet != row.sheet:
            mapping = {}
        row.encoding, row.sheet = encoding, sheet
        row.mapping = {**row.mapping, **mapping} if mapping else {}
        laid_out, names = _laid_out(row)
        session.execute(SheetRow.__table__.delete().where(SheetRow.import_id == row.id))  # type: ignore[attr-defined]
        _keep_rows(session, row, laid_out, names)
        if mapping and laid_out.header is not None:
            _remember(session, row, laid_out)
        touch(row, actor, now)
    return row


def _same_before(organisation_id: int, digest: str, side: Side) -> SheetImport | None:
    query = select(SheetImport).where(
        SheetImport.organisation_id == organisation_id,
        SheetImport.content_hash == digest,
        SheetImport.side == side,
        SheetImport.state != ImportState.DISCARDED,
    )
    return db.session.scalar(query.order_by(SheetImport.id.desc()).limit(1))


def _answered_before(organisation_id: int, side: Side) -> dict[str, str]:
    """What the organisation has answered to the same words in its latest sheets.

    Goods, places and units only: amounts, prices and days are asked of each sheet, and so is what "dua"
    means, which next week may be another fruit.
    """
    query = select(SheetImport.choices).where(
        SheetImport.organisation_id == organisation_id,
        SheetImport.side == side,
        SheetImport.state.in_((ImportState.OPEN, ImportState.SAVED)),
    )
    latest = db.session.scalars(query.order_by(SheetImport.id.desc()).limit(LOOKED_BACK)).all()
    catalogue = world_of(current_reference()).catalogue
    return {
        key: said
        for choices in reversed(latest)
        for key, said in choices.items()
        if is_remembered(key) and not marks_would_tell(goods_in(key), catalogue)
    }


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
        world = world_of(current_reference())
        known = KnownWords(world.gazetteer, world.catalogue)
        return read_message(content.decode("utf-8"), encoding=encoding, known=known), ()
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
                "hidden": column.hidden,
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
