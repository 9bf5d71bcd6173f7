"""Answers to what rows of a sheet leave open; the rows concerned wait to be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import ImportState, RowStatus
from marketplace.models.base import transaction
from marketplace.models.import_access import import_to_decide, touch
from marketplace.models.imports import TO_LOOK_AT, SheetImport, SheetRow
from marketplace.models.leases import Database

LONGEST_ANSWER = 200


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
        row = import_to_decide(import_id, version, actor)
        _check_answers([*answers.values(), *own.values()])
        anew = any(key in row.choices for key in answers)
        concerned = None if anew else _rows_that_ask(session, row.id, answers, own)
        row.choices = {**row.choices, **answers}
        kept = {number: dict(said) for number, said in row.own.items()}
        for (number, field), said in own.items():
            kept.setdefault(str(number), {})[field] = said
        row.own = kept
        _read_anew(session, row, concerned)
        touch(row, actor, now)
    return row


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
