"""The worker's part of the price board: find the market prices of what was published.

What is to be done is what the tables say: a published round without its board. One worker claims it
by a lease; who dies leaves a lease that runs out. Nothing is stored but all of it at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from marketplace import clock
from marketplace.domain.price_board import BoardState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db, transaction
from marketplace.models.price_board import BoardPrice, PriceBoard
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.solving.frozen import Frozen
from marketplace.solving.price_rows import price_rows
from marketplace.solving.world import world_of

LEASE = timedelta(minutes=5)
"""Renewed after each commodity, if RENEWAL has passed: the greatest took seconds."""
RENEWAL = timedelta(seconds=5)
ATTEMPTS = 5

log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """Whoever holds the token may work on the board of this round."""

    round_id: int
    token: str


class Superseded(Exception):
    """The lease ran out and somebody else has the board now."""


class Stopped(Exception):
    """The worker is to end; the board waits for the next one."""


def price_next(stopping: Callable[[], bool]) -> bool:
    """Find the prices of the latest round that has no board yet. False if there is none.

    ``stopping`` says between commodities whether to leave the board to the next worker.
    """
    claim = claim_board(clock.now())
    if claim is None:
        return False
    log.info("price board claimed", round=claim.round_id)
    try:
        record(claim, _prices(claim, stopping), clock.now())
    except Superseded:
        log.warning("price board taken over", round=claim.round_id)
    except (Stopped, SQLAlchemyError) as error:
        _change(claim, state=BoardState.WAITING, token=None, lease_until=None)
        if not isinstance(error, Stopped):
            raise
    except Exception as error:
        log.error("price board failed", round=claim.round_id, exc_info=error)
        _fail(claim, f"{type(error).__name__}: {error}")
    return True


def claim_board(now: datetime) -> Claim | None:
    """Take a published round without a board, or one whose worker has let its lease run out."""
    open_board = (PriceBoard.state == BoardState.WAITING) | (
        (PriceBoard.state == BoardState.WORKING) & (PriceBoard.lease_until < now)
    )
    found = db.session.execute(
        select(MatchRound.id, PriceBoard.round_id)
        .outerjoin(PriceBoard, PriceBoard.round_id == MatchRound.id)
        .where(MatchRound.state == RoundState.PUBLISHED, MatchRound.inputs.is_not(None))
        .where(PriceBoard.round_id.is_(None) | open_board)
        .order_by(MatchRound.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    claim = Claim(found[0], secrets.token_hex(16))
    if found[1] is None and not _begin(claim):
        return None
    return claim if _take(claim, open_board, now) else None


def record(claim: Claim, rows: list[dict[str, Any]], now: datetime) -> None:
    """Store the board. Raises `Superseded` without the token, and stores nothing then."""
    with transaction() as session:
        done = session.scalar(
            update(PriceBoard)
            .where(_held(claim))
            .values(state=BoardState.DONE, token=None, lease_until=None, done_at=now)
            .returning(PriceBoard.round_id)
        )
        if done is None:
            raise Superseded
        if rows:
            session.execute(insert(BoardPrice), [{"round_id": claim.round_id, **r} for r in rows])


def _prices(claim: Claim, stopping: Callable[[], bool]) -> list[dict[str, Any]]:
    round_ = db.session.get_one(MatchRound, claim.round_id)
    moves = (round_.result or {}).get("moves", [])
    frozen = Frozen.read(round_.inputs or b"", round_.inputs_hash).with_back(
        {match_id for move in moves for match_id in move["withdrawn"]}
    )
    world = world_of(current_reference())
    if frozen.reference != world.reference.fingerprint:
        raise LookupError("the reference data have changed since the round")
    db.session.rollback()  # no transaction is open while the engine works
    renewed = clock.now()

    def progress(done: int, blocks: int) -> None:
        nonlocal renewed
        if stopping():
            raise Stopped
        now = clock.now()
        if now - renewed >= RENEWAL:
            renewed = now
            if not _change(claim, lease_until=now + LEASE, blocks_done=done, blocks=blocks):
                raise Superseded

    return price_rows(frozen, world, progress)


def _begin(claim: Claim) -> bool:
    """The row that a claim changes. False if another worker has written it at this moment."""
    try:
        with transaction() as session:
            session.add(PriceBoard(round_id=claim.round_id, state=BoardState.WAITING))
    except IntegrityError:
        return False
    return True


def _take(claim: Claim, open_board: ColumnElement[bool], now: datetime) -> bool:
    with transaction() as session:
        attempts = session.scalar(
            update(PriceBoard)
            .where(PriceBoard.round_id == claim.round_id, open_board)
            .values(
                state=BoardState.WORKING,
                token=claim.token,
                lease_until=now + LEASE,
                attempts=PriceBoard.attempts + 1,
            )
            .returning(PriceBoard.attempts)
        )
    if attempts is not None and attempts > ATTEMPTS:
        _fail(claim, f"no worker finished it in {ATTEMPTS} attempts")
        return False
    return attempts is not None


def _fail(claim: Claim, message: str) -> None:
    _change(claim, state=BoardState.FAILED, token=None, lease_until=None, failure=message[:2000])


def _held(claim: Claim) -> ColumnElement[bool]:
    return (
        (PriceBoard.round_id == claim.round_id)
        & (PriceBoard.token == claim.token)
        & (PriceBoard.state == BoardState.WORKING)
    )


def _change(claim: Claim, **values: Any) -> bool:
    with transaction() as session:
        changed = session.scalar(
            update(PriceBoard).where(_held(claim)).values(**values).returning(PriceBoard.round_id)
        )
    return changed is not None
