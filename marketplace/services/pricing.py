"""The worker's part of the price board: find the market prices of what was published.

What is to be done is what the tables say: a published round without its board. One worker claims it
by a lease; who dies leaves a lease that runs out. Nothing is stored but all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db, transaction
from marketplace.models.leases import Claim, Superseded, Work
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.solving.frozen import Frozen
from marketplace.solving.price_rows import price_rows
from marketplace.solving.world import world_of

WORK = Work(
    name="price board",
    table=PriceBoard,
    key=PriceBoard.round_id,
    waiting=BoardState.WAITING,
    working=BoardState.WORKING,
    failed=BoardState.FAILED,
)


def price_next(stopping: Callable[[], bool]) -> bool:
    """Find the prices of the latest round that has no board yet. False if there is none.

    ``stopping`` says between commodities whether to leave the board to the next worker.
    """
    claim = claim_board(clock.now())
    if claim is None:
        return False
    WORK.do(claim, lambda hold: record(claim, _prices(claim, hold.progress), clock.now()), stopping)
    return True


def claim_board(now: datetime) -> Claim | None:
    """Take a published round without a board, or one whose worker has let its lease run out."""
    found = db.session.execute(
        select(MatchRound.id, PriceBoard.round_id)
        .outerjoin(PriceBoard, PriceBoard.round_id == MatchRound.id)
        .where(MatchRound.state == RoundState.PUBLISHED, MatchRound.inputs.is_not(None))
        .where(PriceBoard.round_id.is_(None) | WORK.is_free(now))
        .order_by(MatchRound.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    round_id, begun = found
    if begun is None and not _begin(round_id):
        return None
    return WORK.take(round_id, now)


def record(claim: Claim, rows: list[dict[str, Any]], now: datetime) -> None:
    """Store the board. Raises `Superseded` without the token, and stores nothing then."""
    ended = {"state": BoardState.DONE, "token": None, "lease_until": None, "done_at": now}
    with transaction() as session:
        if not WORK.change(session, claim, **ended):
            raise Superseded
        if rows:
            session.execute(insert(BoardPrice), [{"round_id": claim.key, **r} for r in rows])


def _prices(claim: Claim, progress: Callable[[int, int], None]) -> list[dict[str, Any]]:
    round_ = db.session.get_one(MatchRound, claim.key)
    moves = (round_.result or {}).get("moves", [])
    frozen = Frozen.read(round_.inputs or b"", round_.inputs_hash).with_back(
        {match_id for move in moves for match_id in move["withdrawn"]}
    )
    reference = current_reference()
    if frozen.reference != reference.data_fingerprint:
        raise LookupError("the reference data have changed since the round")
    world = world_of(reference.under(frozen.state))
    db.session.rollback()  # no transaction is open while the engine works
    return price_rows(frozen, world, progress)


def _begin(round_id: int) -> bool:
    """The row that a claim changes. False if another worker has written it at this moment."""
    try:
        with transaction() as session:
            session.add(PriceBoard(round_id=round_id, state=BoardState.WAITING))
    except IntegrityError:
        return False
    return True
