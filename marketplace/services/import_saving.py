"""The worker's second part of an import: list what is new, change what differs, each row exactly once.

A batch of rows and what they became are one transaction, so that whoever takes over after a kill finds
each row either saved or not. Rules are checked again: days pass between looking and saving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.domain.series import RECURS, stated_recurrence
from marketplace.models.base import db, transaction
from marketplace.models.importing import (
    SIDES,
    Listings,
    Saving,
    change_listing,
    check_row,
    enter_rows,
    locked,
)
from marketplace.models.imports import SheetImport, SheetRow, count_rows
from marketplace.models.leases import Hold, Superseded, Work
from marketplace.models.organisations import lister
from marketplace.models.reference import current_reference
from marketplace.models.sheet_series import begin_series
from marketplace.sheets.problems import Problem
from marketplace.sheets.told import problem_to_json
from marketplace.solving.world import world_of

BATCH = 100
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


def _save(hold: Hold) -> None:
    row = db.session.get_one(SheetImport, hold.claim.key)
    world = world_of(current_reference())
    actor = lister(row.saved_by or 0, row.organisation_id, row.side)
    saving = Saving(actor, (world.gazetteer, world.catalogue), clock.today(), clock.now())
    side, all_rows = SIDES[row.side], row.blocks
    while left := _save_batch(hold, side, saving):
        hold.progress(all_rows - left, all_rows)
    with transaction() as session:
        ended = {"state": ImportState.SAVED, "token": None, "lease_until": None, "content": None}
        counts = count_rows(session, hold.claim.key)
        if not WORK.change(session, hold.claim, **ended, saved_at=clock.now(), counts=counts):
            raise Superseded


def _save_batch(hold: Hold, side: Listings, saving: Saving) -> int:
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
        _enter([row for row in batch if row.status == RowStatus.NEW], import_id, side, saving)
        _change([row for row in batch if row.status == RowStatus.CHANGE], side, saving)
        session.flush()
        return session.scalar(select(func.count()).select_from(SheetRow).where(unsaved)) or 0


def _enter(rows: Sequence[SheetRow], import_id: int, side: Listings, saving: Saving) -> None:
    """Put rows on the market that are not there; those that break a rule by now are refused."""
    regular = [row for row in rows if RECURS in row.stated]
    _begin(regular, side, saving)
    lawful = [row for row in rows if row not in regular and _is_lawful(row, side, saving)]
    if not lawful:
        return
    drafts = [side.read(row.draft or {}) for row in lawful]
    once = f"import:{import_id}:{lawful[0].number}"
    for row, listing in zip(lawful, enter_rows(side, drafts, saving, once=once), strict=True):
        setattr(row, side.column, listing.id)
        row.saved_at = saving.now


def _begin(rows: Sequence[SheetRow], side: Listings, saving: Saving) -> None:
    """Begin the series that these rows are."""
    for row in rows:
        draft = side.read(row.draft or {})
        recurs = stated_recurrence(row.stated, draft)
        try:
            if recurs is not None:
                begin_series(row, draft, recurs, saving)
        except Rejected as error:
            _refuse(row, error)


def _is_lawful(row: SheetRow, side: Listings, saving: Saving) -> bool:
    try:
        check_row(side, side.read(row.draft or {}), saving, new=True)
    except Rejected as error:
        _refuse(row, error)
        return False
    return True


def _change(rows: Sequence[SheetRow], side: Listings, saving: Saving) -> None:
    """Change what is there; no two rows of a sheet change the same listing (`imports.compare`)."""
    listings = locked(side, [getattr(row, side.column) for row in rows])
    for row in rows:
        draft = side.read(row.draft or {})
        said = {name: getattr(draft, name) for name in row.differs}
        try:
            change_listing(side, listings.get(getattr(row, side.column)), said, saving)
        except Rejected as error:
            _refuse(row, error)
        else:
            row.saved_at = saving.now


def _refuse(row: SheetRow, error: Rejected) -> None:
    """What was right when it was looked at is not any more."""
    row.status = RowStatus.REFUSED
    row.problems = [
        problem_to_json(Problem(each.field or "", "row_against_rules", each))
        for each in error.each()
    ]
    row.draft = None
