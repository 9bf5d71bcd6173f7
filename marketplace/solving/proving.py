"""Prove a round again from its full file, statement by statement, with the figures proved."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from marketplace.matching import Refuted
from marketplace.matching.check import STATEMENTS, check
from marketplace.solving.full_file import Recorded

Figures = dict[str, int]


@dataclass(frozen=True)
class Statement:
    """What stands: its key (`check.STATEMENTS` and those of the services), figures, time taken."""

    key: str
    figures: Figures
    seconds: float


@dataclass
class Proof:
    """What was proved, and the first statement that could not be, with what is wrong."""

    proved: list[Statement] = field(default_factory=list)
    failed: str = ""
    flaw: str = ""
    file_hash: str = ""
    """Of the full file that was proved."""

    @property
    def holds(self) -> bool:
        return not self.failed

    @property
    def seconds(self) -> float:
        return sum(statement.seconds for statement in self.proved)


class Watch:
    """Collects statements and how long each took."""

    def __init__(self) -> None:
        self.proof = Proof()
        self._began = time.perf_counter()

    def proved(self, key: str, **figures: int) -> None:
        now = time.perf_counter()
        self.proof.proved.append(Statement(key, figures, now - self._began))
        self._began = now

    def refuted(self, key: str, flaw: str) -> Proof:
        self.proof.failed, self.proof.flaw = key, flaw
        return self.proof


def prove(recorded: Recorded, watch: Watch) -> Proof:
    """All that the checker proves of a round; what it finds wrong is in the answer, not raised."""
    figures = _figures(recorded)
    before = len(watch.proof.proved)

    def proved(key: str) -> None:
        watch.proved(key, **figures.get(key, {}))

    try:
        check(recorded.market, recorded.outcome, proved)
    except Refuted as flaw:
        return watch.refuted(_next(watch, before), str(flaw))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # The checker reads arrays that fit together; these do not.
        flaw_text = f"its arrays do not fit together ({type(error).__name__}: {error})"
        return watch.refuted(_next(watch, before), flaw_text)
    return watch.proof


def _next(watch: Watch, before: int) -> str:
    return STATEMENTS[len(watch.proof.proved) - before]


def _figures(recorded: Recorded) -> dict[str, Figures]:
    market, outcome = recorded.market, recorded.outcome
    matches = outcome.matches
    ranges = sum((matches.low <= matches.high).tolist())
    return {
        "sold_once": {
            "lots": len(market.lots),
            "needs": len(market.needs),
            "matches": len(matches),
        },
        "freight": {"trips": int(matches.trips.sum()), "freight": sum(matches.freight.tolist())},
        "allowed": {"matches": len(matches)},
        "assignment": {
            "loads": sum(len(done.lot_load) for done in outcome.passes),
            "settled": sum(matches.settled.tolist()),
        },
        "bound": {"value": outcome.value, "bound": outcome.bound},
        "prices": {"matches": len(matches), "ranges": ranges},
        "left_out": {"left_out": len(outcome.left_out)},
    }
