"""The worker's second part of an import: list what is new, change what differs, each row exactly once.

A batch of rows and what they became are one transaction, so that whoever takes over after a kill finds
each row either saved or not. Rules are checked again: days pass between looking and saving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor
from marketplace.domain.drafts import draft_from_json
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.listings import differences
from marketplace.domain.lots import LotDraft, check_lister, check_lot, check_promised, may_edit_lot
from marketplace.models.base import db, transaction
from marketplace.models.entering import draft_of, enter_lots, lot_columns
from marketplace.models.imports import SheetImport, SheetRow, count_rows
from marketplace.models.leases import Hold, Superseded, Work
from marketplace.models.listing_pages import find
from marketplace.models.lots import Lot
from marketplace.models.organisations import lister
from marketplace.models.reference import current_reference
from marketplace.models.revising import revise
from marketplace.sheets.problems import Problem
from marketplace.sheets.told import problem_to_json
from marketplace.solving.world import World, world_of

BATCH = 25
TO_SAVE = (RowStatus.NEW, RowStatus.CHANGE)

WORK = Work(
    name="saving of an import",
    table=SheetImport,
    key=SheetImport.id,
    waiting=ImportState.TO_SAVE,
    working=ImportState.SAVING,
    failed=ImportState.FAILED,
)


def save_next(stopping: Callable[[], bool]) -> bool:
    """Save the import that has waited longest. False if there is none."""
    query = select(SheetImport.id).where(WORK.is_free(clock.now())).order_by(SheetImport.changed_at)
    import_id = db.session.scalar(query.limit(1))
    claim = None if import_id is None else WORK.take(import_id, clock.now())
    if claim is None:
        return False
    WORK.do(claim, _save, stopping)
    return True


def save_this(import_id: int) -> bool:
    """Save this one here. False if somebody else has it."""
    claim = WORK.take(import_id, clock.now())
    if claim is None:
        return False
    WORK.do(claim, _save, lambda: False)
    return True


@dataclass(frozen=True)
class _Saving:
    """Under which rows are saved."""

    actor: Actor
    world: World
    today: date
    now: datetime

    @property
    def names(self) -> Any:
        return self.world.gazetteer, self.world.catalogue


def _save(hold: Hold) -> None:
    row = db.session.get_one(SheetImport, hold.claim.key)
    saving = _Saving(
        lister(row.saved_by or 0, row.organisation_id),
        world_of(current_reference()),
        clock.today(),
        clock.now(),
    )
    all_rows = row.blocks
    while left := _save_batch(hold, saving):
        hold.progress(all_rows - left, all_rows)
    with transaction() as session:
        ended = {"state": ImportState.SAVED, "token": None, "lease_until": None, "content": None}
        counts = count_rows(session, hold.claim.key)
        if not WORK.change(session, hold.claim, **ended, saved_at=clock.now(), counts=counts):
            raise Superseded


def _save_batch(hold: Hold, saving: _Saving) -> int:
    """Save some rows; how many are left. Raises `Superseded`."""
    import_id = hold.claim.key
    unsaved = (
        (SheetRow.import_id == import_id)
        & SheetRow.status.in_(TO_SAVE)
        & SheetRow.saved_at.is_(None)
    )
    with transaction() as session:
        if not WORK.change(session, hold.claim, failure=""):  # nobody else goes on from here
            raise Superseded
        rows = session.scalars(
            select(SheetRow).where(unsaved).order_by(SheetRow.number).limit(BATCH)
        )
        batch = rows.all()
        new = [row for row in batch if row.status == RowStatus.NEW]
        _list([row for row in new if _is_lawful(row, saving)], import_id, saving)
        for row in batch:
            if row.status == RowStatus.CHANGE:
                _change(row, saving)
        session.flush()
        return session.scalar(select(func.count()).select_from(SheetRow).where(unsaved)) or 0


def _is_lawful(row: SheetRow, saving: _Saving) -> bool:
    try:
        _check(_draft(row), saving, new=True)
    except Rejected as error:
        _refuse(row, error)
        return False
    return True


def _list(rows: Sequence[SheetRow], import_id: int, saving: _Saving) -> None:
    if not rows:
        return
    lots = enter_lots(
        [_draft(row) for row in rows],
        saving.names,
        saving.actor.organisation_id,
        actor_id=saving.actor.user_id,
        now=saving.now,
        once=f"import:{import_id}:{rows[0].number}",
    )
    for row, lot in zip(rows, lots, strict=True):
        row.lot_id, row.saved_at = lot.id, saving.now


def _change(row: SheetRow, saving: _Saving) -> None:
    try:
        lot = _lot(row, saving)
        draft = _changed(lot, row)
        _check_change(lot, draft, saving)
    except Rejected as error:
        _refuse(row, error)
        return
    revise(
        lot,
        lot_columns(draft, saving.names, lot.organisation),
        draft.quantity,
        draft.certificates,
        actor_id=saving.actor.user_id,
        now=saving.now,
    )
    row.saved_at = saving.now


def _lot(row: SheetRow, saving: _Saving) -> Lot:
    lot = find(Lot, row.lot_id or 0, lock=True)
    if lot is None or not may_edit_lot(saving.actor, lot.organisation_id):
        raise Rejected("There is no such lot.")
    if lot.withdrawn_at is not None:
        raise Rejected("This lot has been withdrawn. List it again instead.")
    return lot


def _changed(lot: Lot, row: SheetRow) -> LotDraft:
    """The lot as it is now with what the row states otherwise than before; the rest stays."""
    draft = _draft(row)
    said = {name: getattr(draft, name) for name in row.differs}
    return replace(draft_of(lot), **said, price_confirmed=True)


def _check_change(lot: Lot, draft: LotDraft, saving: _Saving) -> None:
    good = saving.world.catalogue.commodity(lot.commodity_id)
    changed = differences(draft_of(lot), draft)
    check_all(
        lambda: _check(draft, saving, new="ready_on" in changed),
        lambda: check_promised(draft.quantity, lot.held + lot.sold, changed, good),
    )


def _check(draft: LotDraft, saving: _Saving, *, new: bool) -> None:
    world = saving.world
    check_all(
        lambda: check_lot(draft, world.catalogue, saving.today, new=new),
        lambda: check_lister(draft, world.gazetteer.get(draft.place), saving.actor),
    )


def _draft(row: SheetRow) -> LotDraft:
    return draft_from_json(row.draft or {})


def _refuse(row: SheetRow, error: Rejected) -> None:
    """What was right when it was looked at is not any more."""
    row.status = RowStatus.REFUSED
    row.problems = [
        problem_to_json(Problem(each.field or "", "row_against_rules", each))
        for each in error.each()
    ]
    row.draft = None
