"""The worker's part of a round: claim it, freeze what it sees, solve, record.

Each step is a short transaction that holds only while the claim's token is the round's. While the
engine works no transaction is open; a thread renews the lease. A worker that dies leaves a lease
that runs out, and the next one finishes the same round from the same frozen inputs.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, scoped_session, selectinload

from marketplace import clock
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db, transaction
from marketplace.models.lots import Lot
from marketplace.models.matches import Match, standing_on
from marketplace.models.needs import Need
from marketplace.models.reference import Commodity, current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.solving.deciding import Decided, decide
from marketplace.solving.filed import Filed, filed
from marketplace.solving.frozen import Frozen
from marketplace.solving.full_file import Recorded, head_of, names_of
from marketplace.solving.rows import lot_record, need_record, standing_record
from marketplace.solving.world import World, world_of

Database = Session | scoped_session[Session]

LEASE = timedelta(seconds=30)
RENEWAL = 8.0
"""Seconds between renewals, so that two may fail before the lease runs out."""
ATTEMPTS = 5
VERSION = "2"
"""Of what the engine decides from the same inputs: raise it when an answer can change."""
REPORT_SECONDS = 0.3
"""Progress is written no more often than a page asks for it."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """Whoever holds the token may work on the round; a new claim replaces it."""

    round_id: int
    token: str


class Superseded(Exception):
    """The lease ran out and somebody else has the round now."""


class Stopped(Exception):
    """The worker is to end; the round goes back into the queue."""


def solve_next(stopping: Callable[[], bool]) -> bool:
    """Solve the round that waits for it. False if there is none.

    ``stopping`` says between blocks whether to give the round back.
    """
    claim = claim_round(clock.now())
    if claim is None:
        return False
    log.info("round claimed", round=claim.round_id)
    try:
        with _lease_renewed(claim) as lease_holds:
            _solve(claim, stopping, lease_holds)
    except Superseded:
        log.warning("round taken over", round=claim.round_id)
    except (Stopped, SQLAlchemyError) as error:
        give_back(claim)
        if not isinstance(error, Stopped):
            raise
    except Exception as error:
        # Whatever broke the engine, the slot must not stay taken.
        log.error("round failed", round=claim.round_id, exc_info=error)
        fail(claim, f"{type(error).__name__}: {error}", clock.now())
    return True


def claim_round(now: datetime) -> Claim | None:
    """Take the round that is queued, or whose worker has let its lease run out."""
    waits = (MatchRound.state == RoundState.QUEUED) | (
        (MatchRound.state == RoundState.SOLVING) & (MatchRound.lease_until < now)
    )
    round_id = db.session.scalar(select(MatchRound.id).where(waits).limit(1))
    if round_id is None:  # usually: looking takes no lock
        return None
    token = secrets.token_hex(16)
    with transaction() as session:
        claimed = session.execute(
            update(MatchRound)
            .where(MatchRound.id == round_id, waits)
            .values(
                state=RoundState.SOLVING,
                token=token,
                lease_until=now + LEASE,
                attempts=MatchRound.attempts + 1,
            )
            .returning(MatchRound.attempts)
        ).scalar()
    if claimed is None:
        return None
    claim = Claim(round_id, token)
    if claimed > ATTEMPTS:
        fail(claim, f"no worker finished it in {ATTEMPTS} attempts", now)
        return None
    return claim


def freeze(claim: Claim, world: World, now: datetime) -> Frozen:
    """Store what the round sees, once: who takes over a round solves what the first one saw."""
    with transaction() as session:
        round_ = session.scalar(select(MatchRound).where(_held(claim)).with_for_update())
        if round_ is None:
            raise Superseded
        if round_.inputs is not None:
            return Frozen.read(round_.inputs, round_.inputs_hash)
        lots, needs = _open_lots(session, round_), _open_needs(session, round_)
        waited = _rounds_waited(session)
        frozen = Frozen(
            day=round_.day,
            reference=world.reference.fingerprint,
            lots=tuple(lot_record(lot, waited.get(lot.id, 0)) for lot in lots),
            needs=tuple(need_record(need) for need in needs),
            standing=tuple(
                standing_record(match, unanswered=unanswered)
                for match, unanswered in standing_on(lots, needs, now)
            ),
            move_gain=current_app.extensions["settings"].move_gain,
        )
        round_.inputs, round_.inputs_hash = frozen.stored()
        _enter(session, round_, lots, needs)
    return frozen


def renew(claim: Claim, now: datetime) -> bool:
    """Keep the claim for another lease. False if somebody else has the round."""
    with transaction() as session:
        return _change(session, claim, lease_until=now + LEASE)


def report(claim: Claim, done: int, blocks: int) -> None:
    """Say how far the round is."""
    with transaction() as session:
        _change(session, claim, blocks_done=done, blocks=blocks)


def give_back(claim: Claim) -> None:
    """Let the next worker begin at once instead of after the lease."""
    with transaction() as session:
        _change(session, claim, state=RoundState.QUEUED, token=None, lease_until=None)


def fail(claim: Claim, message: str, now: datetime) -> None:
    """End the round without an outcome; another one may start."""
    with transaction() as session:
        _change(
            session,
            claim,
            state=RoundState.FAILED,
            slot=None,
            token=None,
            lease_until=None,
            failure=message[:2000],
            decided_at=now,
        )


def _solve(claim: Claim, stopping: Callable[[], bool], lease_holds: Callable[[], bool]) -> None:
    world = world_of(current_reference())
    frozen = freeze(claim, world, clock.now())
    if frozen.reference != world.reference.fingerprint:
        raise LookupError("the reference data have changed since the round began: start another")
    db.session.rollback()  # no transaction is open while the engine works
    began = time.monotonic()
    last_report = 0.0

    def progress(done: int, blocks: int) -> None:
        nonlocal last_report
        if stopping():
            raise Stopped
        if not lease_holds():
            raise Superseded
        if time.monotonic() - last_report >= REPORT_SECONDS:
            report(claim, done, blocks)
            last_report = time.monotonic()

    limit = current_app.extensions["settings"].round_seconds
    decided = decide(frozen, world, progress, seconds=limit)
    seconds = time.monotonic() - began
    record(claim, decided, _filed(claim, frozen, decided), seconds=seconds, now=clock.now())


def _filed(claim: Claim, frozen: Frozen, decided: Decided) -> Filed:
    secret = secrets.token_hex(32)
    head = head_of(
        frozen, claim.round_id, engine=VERSION, secret=secret, papers=decided.index.papers
    )
    return filed(Recorded(head, names_of(decided.index), decided.market, decided.outcome))


@contextmanager
def _lease_renewed(claim: Claim) -> Iterator[Callable[[], bool]]:
    """Renew the lease in a thread; what is yielded says whether it still holds."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    done, lost = threading.Event(), threading.Event()

    def keep() -> None:
        while not done.wait(RENEWAL):
            with app.app_context():
                try:
                    if not renew(claim, clock.now()):
                        lost.set()
                        return
                except SQLAlchemyError as error:  # the next renewal may go better
                    log.warning("lease not renewed", round=claim.round_id, error=str(error))

    thread = threading.Thread(target=keep, name=f"lease of round {claim.round_id}", daemon=True)
    thread.start()
    try:
        yield lambda: not lost.is_set()
    finally:
        done.set()
        thread.join()


def _held(claim: Claim) -> ColumnElement[bool]:
    return (
        (MatchRound.id == claim.round_id)
        & (MatchRound.token == claim.token)
        & (MatchRound.state == RoundState.SOLVING)
    )


def _change(session: Database, claim: Claim, **values: Any) -> bool:
    changed = session.scalar(
        update(MatchRound).where(_held(claim)).values(**values).returning(MatchRound.id)
    )
    return changed is not None


def _open_lots(session: Database, round_: MatchRound) -> list[Lot]:
    """Lots with something left or held; goods of unknown weight cannot be priced for transport."""
    query = (
        select(Lot)
        .join(Lot.commodity)
        .where(Lot.withdrawn_at.is_(None), Lot.until >= round_.day, Lot.quantity > Lot.sold)
        .where(Commodity.milligrams.is_not(None))
        .options(selectinload(Lot.certifications), joinedload(Lot.commodity))
        .order_by(Lot.id)
    )
    return list(session.scalars(query))


def _rounds_waited(session: Database) -> dict[int, int]:
    """How many published rounds left some of each lot over."""
    query = (
        select(RoundEntry.lot_id, func.count())
        .join(MatchRound, MatchRound.id == RoundEntry.round_id)
        .where(MatchRound.state == RoundState.PUBLISHED)
        .where(RoundEntry.lot_id.is_not(None), RoundEntry.matched < RoundEntry.quantity)
        .group_by(RoundEntry.lot_id)
    )
    return {lot_id: count for lot_id, count in session.execute(query) if lot_id is not None}


def _open_needs(session: Database, round_: MatchRound) -> list[Need]:
    query = (
        select(Need)
        .join(Need.commodity)
        .where(Need.withdrawn_at.is_(None), Need.until >= round_.day, Need.quantity > Need.bought)
        .where(Commodity.milligrams.is_not(None))
        .options(selectinload(Need.certifications), joinedload(Need.commodity))
        .order_by(Need.id)
    )
    return list(session.scalars(query))


def _enter(session: Database, round_: MatchRound, lots: list[Lot], needs: list[Need]) -> None:
    entries = [
        {"lot_id": lot.id, "version": lot.version, "quantity": lot.open_quantity} for lot in lots
    ] + [
        {"need_id": need.id, "version": need.version, "quantity": need.open_quantity}
        for need in needs
    ]
    blank: dict[str, Any] = {
        "round_id": round_.id,
        "lot_id": None,
        "need_id": None,
        "matched": 0,
        "details": {},
    }
    if entries:
        session.execute(insert(RoundEntry), [{**blank, **entry} for entry in entries])


def record(claim: Claim, decided: Decided, file: Filed, *, seconds: float, now: datetime) -> None:
    """Store the outcome for the coordinator's eyes. Raises `Superseded` without the token."""
    with transaction() as session:
        solved = _change(
            session,
            claim,
            state=RoundState.SOLVED,
            token=None,
            lease_until=None,
            engine_version=VERSION,
            result={**decided.figures, "seconds": round(seconds, 2)},
            **vars(file),
            blocks_done=decided.figures["blocks"],
            blocks=decided.figures["blocks"],
            solved_at=now,
        )
        if not solved:
            raise Superseded
        common = {
            "origin": Origin.ROUND,
            "round_id": claim.round_id,
            "state": MatchState.DRAFT,
            "created_at": now,
        }
        if decided.matches:
            session.execute(insert(Match), [{**common, **row} for row in decided.matches])
        _note_in_entries(session, claim.round_id, decided)


def _note_in_entries(session: Database, round_id: int, decided: Decided) -> None:
    entries = session.scalars(select(RoundEntry).where(RoundEntry.round_id == round_id))
    for entry in entries:
        told = decided.lots if entry.lot_id is not None else decided.needs
        listing_id = entry.lot_id if entry.lot_id is not None else entry.need_id
        for name, value in told.get(listing_id or 0, {}).items():
            setattr(entry, name, value)
