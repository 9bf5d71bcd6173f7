"""The life of a match round."""

from __future__ import annotations

from enum import StrEnum


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
