"""The worker's first part of an import: understand the rows, then say which are new, changes or repeats.

Rows are kept in batches; whoever takes over reads what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update

from marketplace import clock
from marketplace.domain.drafts import draft_to_json
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import (
    Found,
    ImportState,
    Known,
    Row,
    RowStatus,
    compare,
    is_mended,
)
from marketplace.domain.listings import Basis
from marketplace.domain.lots import LotDraft
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.import_papers import Shelf, papers_behind, shelf_of
from marketplace.models.importing import SIDES, Listings
from marketplace.models.imports import MENDED, SheetImport, SheetRow, count_rows
from marketplace.models.known_rows import known_listings
from marketplace.models.leases import Claim, Hold, Superseded, Work
from marketplace.models.organisations import lister
from marketplace.models.reference import current_reference
from marketplace.models.sheet_series import known_series
from marketplace.sheets.drafting import Drafted, Terms
from marketplace.sheets.drafts import draft_row
from marketplace.sheets.problems import Problem
from marketplace.sheets.told import (
    problem_to_json,
    record_from_json,
    understood_to_json,
)
from marketplace.solving.world import world_of

BATCH = 100
AT_ONCE = 300
"""So many rows are read while the person waits; more are left to the worker."""
KNOWN_SERIES = N_("These goods are listed regularly already. Change that on its page.")
COULD_BE_LISTED = (RowStatus.NEW, RowStatus.CHANGE, RowStatus.REPEAT)

WORK = Work(
    name="reading of an import",
    table=SheetImport,
    key=SheetImport.id,
    waiting=ImportState.WAITING,
    working=ImportState.READING,
    failed=ImportState.FAILED,
)


def read_next(stopping: Callable[[], bool]) -> bool:
    """Read the import that has waited longest. False if there is none."""
    query = select(SheetImport.id).where(WORK.is_free(clock.now())).order_by(SheetImport.changed_at)
    import_id = db.session.scalar(query.limit(1))
    claim = None if import_id is None else WORK.take(import_id, clock.now())
    if claim is None:
        return False
    WORK.do(claim, _read, stopping)
    return True


def read_if_small(import_id: int) -> None:
    """Read it here and now unless it is long, or a worker has it."""
    waiting = (
        select(func.count())
        .select_from(SheetRow)
        .where(SheetRow.import_id == import_id, SheetRow.status == RowStatus.UNREAD)
    )
    if (db.session.scalar(waiting) or 0) <= AT_ONCE:
        read_this(import_id)


def read_this(import_id: int) -> None:
    """Read it here and now, unless a worker has it."""
    claim = WORK.take(import_id, clock.now())
    if claim is not None:
        WORK.do(claim, _read, lambda: False)


def _read(hold: Hold) -> None:
    row = db.session.get_one(SheetImport, hold.claim.key)
    terms, all_rows = _terms(row), row.blocks
    shelf = shelf_of(row.organisation_id) if row.side == "lot" else {}
    for batch in _unread(row.id):
        read = [
            {"id": line.id, **_told(line, _backed(_drafted(line, terms), terms, shelf))}
            for line in batch
        ]
        left = _keep(hold.claim, read)
        hold.progress(all_rows - left, all_rows)
    _compare(hold.claim, row)


def _terms(row: SheetImport) -> Terms:
    world = world_of(current_reference())
    return Terms(
        gazetteer=world.gazetteer,
        catalogue=world.catalogue,
        today=row.day,
        headers=row.found["headers"],
        actor=lister(row.changed_by, row.organisation_id, row.side),
        basis=Basis(row.basis),
        choices=dict(row.choices),
        own={int(number): said for number, said in row.own.items()},
        side=row.side,
    )


@dataclass(frozen=True)
class _Line:
    """What is asked of a row to read it."""

    id: int
    number: int
    raw: Mapping[str, str]
    cells: dict[str, Any]


def _unread(import_id: int) -> Iterator[Sequence[_Line]]:
    query = (
        select(SheetRow.id, SheetRow.number, SheetRow.raw, SheetRow.cells)
        .where(SheetRow.import_id == import_id, SheetRow.status == RowStatus.UNREAD)
        .order_by(SheetRow.number)
        .limit(BATCH)
    )
    while batch := db.session.execute(query).all():
        db.session.rollback()  # nothing stays open while words are looked up
        yield [_Line(line.id, line.number, line.raw, line.cells or {}) for line in batch]


def _drafted(line: _Line, terms: Terms) -> Drafted:
    return draft_row(record_from_json(line.number, line.cells, line.raw), terms)


def _backed(drafted: Drafted, terms: Terms, shelf: Shelf) -> Drafted:
    """With the certificates behind it that it names by number and that are kept here."""
    told = [(p.certification, p.number) for p in drafted.understood.papers if p.number]
    if not told or not isinstance(drafted.draft, LotDraft):
        return drafted
    try:
        papers = papers_behind(drafted.draft, told, shelf, terms.today)
    except Rejected as error:
        problem = Problem("certificates", "certificate_against_rules", error)
        return Drafted(drafted.understood, (*drafted.problems, problem))
    if not papers:
        return drafted
    draft = replace(drafted.draft, papers=frozenset(papers.values()))
    return replace(drafted, draft=draft, backed=frozenset(papers))


def _why(line: _Line, drafted: Drafted) -> str:
    """Why it is passed over; or marks a row that has been mended: see `known_listings`."""
    if drafted.why:
        return drafted.why
    own = line.cells.get("cells", {}).get("id", [""])
    return MENDED if is_mended(own[0]) else ""


def _keep(claim: Claim, read: list[dict[str, Any]]) -> int:
    """Store a batch; how many rows are left. Raises `Superseded`."""
    with transaction() as session:
        if not WORK.change(session, claim, failure=""):
            raise Superseded
        session.execute(update(SheetRow), read)
        left = (
            select(func.count())
            .select_from(SheetRow)
            .where(SheetRow.import_id == claim.key, SheetRow.status == RowStatus.UNREAD)
        )
        return session.scalar(left) or 0


def _told(line: _Line, drafted: Drafted) -> dict[str, Any]:
    return {
        "why": _why(line, drafted),
        "status": drafted.status,
        "understood": understood_to_json(drafted.understood) | {"backed": sorted(drafted.backed)},
        "problems": [problem_to_json(problem) for problem in drafted.problems],
        "key": drafted.key,
        "stated": dict(drafted.stated),
        "draft": draft_to_json(drafted.draft) if drafted.draft else None,
        "differs": [],
        "before": {},
        "lot_id": None,
        "need_id": None,
    }


def _compare(claim: Claim, row: SheetImport) -> None:
    """Say of every row that could be listed what it is, and open the import. Raises `Superseded`."""
    side = SIDES[row.side]
    with transaction() as session:
        query = select(SheetRow.id, SheetRow.number, SheetRow.key, SheetRow.stated).where(
            SheetRow.import_id == row.id, SheetRow.status.in_(COULD_BE_LISTED)
        )
        lines = session.execute(query.order_by(SheetRow.number)).all()
        keys = {line.key for line in lines}
        known = known_listings(side, row.organisation_id, keys, row.day)
        found = compare([Row(line.number, line.key, line.stated) for line in lines], known)
        kept = known_series(row.organisation_id, keys, row.day)
        for line in lines:
            if line.key in kept:
                found[line.number] = kept[line.key].found(line.stated) or found[line.number]
        before = {one.listing_id: one for listings in known.values() for one in listings}
        if lines:
            session.execute(
                update(SheetRow),
                [
                    {"id": line.id, **_as_columns(found[line.number], before, side)}
                    for line in lines
                ],
            )
        others = [n.id for n in lines if found[n.number].status == RowStatus.REFUSED]
        problem = problem_to_json(Problem("", "series_known", Rejected(KNOWN_SERIES)))
        refused = update(SheetRow).where(SheetRow.id.in_(others))
        session.execute(refused.values(problems=[problem], draft=None))
        opened = {"state": ImportState.OPEN, "token": None, "lease_until": None}
        counts = count_rows(session, row.id)
        if not WORK.change(session, claim, **opened, counts=counts):
            raise Superseded


def _as_columns(found: Found, known: dict[int, Known], side: Listings) -> dict[str, Any]:
    stated = known[found.listing_id].stated if found.listing_id else {}
    return {
        "status": found.status,
        side.column: found.listing_id,
        "differs": sorted(found.differs),
        "before": {name: stated.get(name) for name in sorted(found.differs)},
    }
