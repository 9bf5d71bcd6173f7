"""The life of a match round, and who may run one."""

from __future__ import annotations

from enum import StrEnum

from marketplace.domain.actors import Actor, Role


class RoundState(StrEnum):
    """Queued → solving → solved → published or discarded; failed when the engine gave up."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    FAILED = "failed"


ACTIVE = (RoundState.QUEUED, RoundState.SOLVING, RoundState.SOLVED)
"""States in which no other round may start."""

LEAST_PARTIES = 3
"""No figure with fewer parties than this on a side is public."""


def may_run(actor: Actor | None) -> bool:
    """Start a round, look at its outcome before anyone else, publish or discard it."""
    return actor is not None and actor.role == Role.COORDINATOR


def may_see(state: str, actor: Actor | None) -> bool:
    """A published round is public; before that only those who run rounds know of it."""
    return state == RoundState.PUBLISHED or may_run(actor)
