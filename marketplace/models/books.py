"""Entries in the books that a match makes. The key names the event, so it is entered once."""

from __future__ import annotations

from datetime import datetime

from marketplace.domain.listings import MovementKind
from marketplace.models.matches import Match
from marketplace.models.movements import Movement


def holds(match: Match, at: datetime, actor_id: int | None) -> list[Movement]:
    """Keep the match's quantity for it, on the lot and on the need."""
    return _both(match, MovementKind.HOLD, at, actor_id, "")


def releases(match: Match, at: datetime, actor_id: int | None, reason: str) -> list[Movement]:
    """Give back what `holds` kept."""
    return _both(match, MovementKind.RELEASE, at, actor_id, reason)


def _both(
    match: Match, kind: MovementKind, at: datetime, actor_id: int | None, reason: str
) -> list[Movement]:
    return [
        Movement(
            key=f"match:{match.id}:{kind}:{side}",
            lot_id=lot_id,
            need_id=need_id,
            match_id=match.id,
            kind=kind,
            quantity=match.quantity,
            actor_id=actor_id,
            reason=reason,
            at=at,
        )
        for side, lot_id, need_id in (("lot", match.lot_id, None), ("need", None, match.need_id))
    ]
