"""The life of a price board."""

from __future__ import annotations

from enum import StrEnum


class BoardState(StrEnum):
    """Working until it is done, or failed when the worker gave up."""

    WORKING = "working"
    WAITING = "waiting"
    """Begun and given back: the next worker goes on."""
    DONE = "done"
    FAILED = "failed"
