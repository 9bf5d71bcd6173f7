"""Until when a round may be worked at: the only place of the engine that looks at a clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from typing import Self


class OutOfTime(Exception):
    """There is no time left for this commodity."""


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock, or never."""

    at: float = inf

    @classmethod
    def after(cls, seconds: float | None) -> Self:
        return cls() if seconds is None else cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then. Raises `OutOfTime` afterwards."""
        if self.at == inf:
            return inf
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise OutOfTime
        return seconds


NEVER = Deadline()
