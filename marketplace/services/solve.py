"""The worker's part of a round: claim it, freeze what it sees, solve, record.

Each step is a short transaction that holds only while the claim's token is the round's
(`marketplace.models.leases`). While the engine works no transaction is open. A worker that dies leaves
a lease that runs out, and the next one finishes the same round from the same frozen inputs.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import current_app
from sqlalchemy import insert, select

from marketplace import clock
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.reference import State
from marketplace.domain.rounds import RoundState
from marketplace.models.admissions import left_outside
from marketplace.models.base import db, transaction
from marketplace.models.leases import Claim, Database, Hold, Superseded, Work
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.open_market import open_market
from marketplace.models.reference import current_reference
from marketplace.models.rounds import OUTSIDE, MatchRound, RoundEntry
from marketplace.solving.deciding import Decided, decide
from marketplace.solving.filed import Filed, filed
from marketplace.solving.frozen import Frozen
from marketplace.solving.full_file import Recorded, head_of, names_of
from marketplace.solving.rows import frozen_market
from marketplace.solving.world import World, world_of

VERSION = "6"
"""Of what the engine decides from the same inputs: raise it when an answer can change."""

WORK = Work(
    name="round",
    table=MatchRound,
    key=MatchRound.id,
    waiting=RoundState.QUEUED,
    working=RoundState.SOLVING,
    failed=RoundState.FAILED,
    on_failure=lambda now: {"slot": None, "decided_at": now},
)


def solve_next(stopping: Callable[[], bool]) -> bool:
    """Solve the round that waits for it. False if there is none.

    ``stopping`` says between blocks whether to give the round back.
    """
    claim = claim_round(clock.now())
    if claim is None:
        return False
    WORK.do(claim, _solve, stopping)
    return True


def claim_round(now: datetime) -> Claim | None:
    """Take the round that is queued, or whose worker has let its lease run out."""
    round_id = db.session.scalar(select(MatchRound.id).where(WORK.is_free(now)).limit(1))
    return None if round_id is None else WORK.take(round_id, now)  # looking takes no lock


def freeze(claim: Claim, world: World, now: datetime) -> Frozen:
    """Store what the round sees, once: who takes over a round solves what the first one saw."""
    with transaction() as session:
        round_ = session.scalar(select(MatchRound).where(WORK.held(claim)).with_for_update())
        if round_ is None:
            raise Superseded
        if round_.inputs is not None:
            return Frozen.read(round_.inputs, round_.inputs_hash)
        market = open_market(session, round_.day, now)
        barred = left_outside(session, market.lots, round_.day) if round_.programme else {}
        frozen = frozen_market(
            market,
            round_.day,
            world.reference,
            current_app.extensions["settings"].move_gain,
            barred,
        )
        round_.inputs, round_.inputs_hash = frozen.stored()
        _enter(session, round_, market.lots, market.needs, barred)
    return frozen


def _solve(hold: Hold) -> None:
    reference = current_reference()
    frozen = freeze(hold.claim, world_of(reference), clock.now())
    if frozen.reference != reference.data_fingerprint:
        raise LookupError("the reference data have changed since the round began: start another")
    world = world_of(reference.under(frozen.state))  # what is stated later is for the next round
    db.session.rollback()  # no transaction is open while the engine works
    began = time.monotonic()
    limit = current_app.extensions["settings"].round_seconds
    decided = decide(frozen, world, hold.progress, seconds=limit)
    seconds = time.monotonic() - began
    file = _filed(hold.claim, frozen, decided)
    under = stated_by(frozen.state)
    record(hold.claim, decided, file, seconds=seconds, now=clock.now(), under=under)


def _filed(claim: Claim, frozen: Frozen, decided: Decided) -> Filed:
    secret = secrets.token_hex(32)
    head = head_of(frozen, claim.key, engine=VERSION, secret=secret, papers=decided.index.papers)
    return filed(Recorded(head, names_of(decided.index), decided.market, decided.outcome))


def _enter(
    session: Database,
    round_: MatchRound,
    lots: Sequence[Lot],
    needs: Sequence[Need],
    barred: Mapping[int, dict[str, Any]],
) -> None:
    entries: list[dict[str, Any]] = [
        {
            "lot_id": lot.id,
            "version": lot.version,
            "quantity": lot.open_quantity,
            "details": {OUTSIDE: barred[lot.id]} if lot.id in barred else {},
        }
        for lot in lots
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


def stated_by(state: State | None) -> dict[str, Any]:
    """What pages say of the state that a round was solved under: its tariff, how much is stated."""
    if state is None:
        return {}
    days = [rate.valid_from for rate in state.rates]
    return {
        "tariff": max(days).isoformat() if days else None,
        "conditions": len(state.conditions),
        "restrictions": len(state.restrictions),
    }


def record(
    claim: Claim,
    decided: Decided,
    file: Filed,
    *,
    seconds: float,
    now: datetime,
    under: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Store the outcome for the coordinator's eyes. Raises `Superseded` without the token.

    ``under``: what is to be said of its state (`stated_by`).
    """
    with transaction() as session:
        solved = WORK.change(
            session,
            claim,
            state=RoundState.SOLVED,
            token=None,
            lease_until=None,
            engine_version=VERSION,
            result={**decided.figures, **under, "seconds": round(seconds, 2)},
            **vars(file),
            blocks_done=decided.figures["blocks"],
            blocks=decided.figures["blocks"],
            solved_at=now,
        )
        if not solved:
            raise Superseded
        common = {
            "origin": Origin.ROUND,
            "round_id": claim.key,
            "state": MatchState.DRAFT,
            "created_at": now,
        }
        if decided.matches:
            session.execute(insert(Match), [{**common, **row} for row in decided.matches])
        _note_in_entries(session, claim.key, decided)


def _note_in_entries(session: Database, round_id: int, decided: Decided) -> None:
    entries = session.scalars(select(RoundEntry).where(RoundEntry.round_id == round_id))
    for entry in entries:
        told = decided.lots if entry.lot_id is not None else decided.needs
        listing_id = entry.lot_id if entry.lot_id is not None else entry.need_id
        for name, value in told.get(listing_id or 0, {}).items():
            # What was found out when the round began stays beside what the engine says.
            setattr(entry, name, {**entry.details, **value} if name == "details" else value)
