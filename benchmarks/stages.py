"""Where the time of one large round goes, and how it grows with the market."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import TODAY
from benchmarks.stopwatch import STAGES, stopwatch
from marketplace.demo.market import Week, crisis_week, draw_week
from marketplace.demo.records import SampleMarket
from marketplace.matching import solve
from marketplace.matching.check import check
from marketplace.solving import assemble, read_outcome
from marketplace.solving.world import World

SIZES = (1_000, 2_000, 5_000, 10_000)
"""Lots of the markets on which growth is measured; half as many needs."""


@dataclass(frozen=True)
class Large:
    """A large market solved: seconds of the clock for the whole, of one processor for the parts
    of ``solve``, which run in two threads."""

    name: str
    matches: int
    share: float
    clock: dict[str, float]
    parts: dict[str, float]

    @property
    def decided_in(self) -> float:
        """From the listings to matches, prices and reasons, all proved."""
        return self.clock["assemble"] + self.clock["solve"]


@dataclass(frozen=True)
class Growth:
    """Seconds of one stage by size of the market, and the exponent of their growth."""

    stage: str
    seconds: Sequence[float]

    @property
    def exponent(self) -> float:
        """The slope of the line through the logarithms."""
        points = [log(max(number, 1e-4)) for number in self.seconds]
        return float(np.polyfit([log(size) for size in SIZES], points, 1)[0])


def crisis_weeks(world: World) -> Iterator[Large]:
    """4,000 lots and 2,000 needs, with all rules and with everything divisible."""
    sample = crisis_week(TODAY)
    yield _solved(world, "A crisis week with all rules", sample)
    yield _solved(world, "The same with everything divisible", sample.with_everything_divisible())


def growth(world: World) -> list[Growth]:
    """Each stage on crisis weeks of `SIZES`, with all rules."""
    weeks = [_of_size(world, lots) for lots in SIZES]
    stages = ["assemble", *STAGES, "read", "check"]
    return [
        Growth(stage, [(week.clock | week.parts).get(stage, 0.0) for week in weeks])
        for stage in stages
    ]


def print_crisis_weeks(world: World) -> None:
    for week in crisis_weeks(world):
        print(f"\n{week.name}: {week.matches} matches, {week.share:.2%} of the bound, seconds")
        for stage, seconds in week.clock.items():
            print(f"  {seconds:6.2f} s  {stage}")
            if stage == "solve":
                for part, of_one in week.parts.items():
                    print(f"          {of_one:6.2f} s  {part}")
        print(f"  {week.decided_in:6.2f} s  assemble and solve together")


def print_growth(world: World) -> None:
    print("\nGrowth, crisis weeks with half as many needs: seconds of one processor")
    print("  " + "".join(f"{lots:>9,}" for lots in SIZES) + "   exponent")
    for row in growth(world):
        numbers = "".join(f"{number:9.2f}" for number in row.seconds)
        print(f"  {numbers}   {row.exponent:8.2f}  {row.stage}")


def _of_size(world: World, lots: int) -> Large:
    week = Week(lots, lots // 2, lots // 4, lots // 30, ask_level=0.85, bid_level=1.0)
    return _solved(world, f"{lots:,} lots", draw_week(week, TODAY, seed=0))


def _solved(world: World, name: str, sample: SampleMarket) -> Large:
    week = sample.open_lots(), sample.open_needs()
    (market, index), assembled = _timed(
        lambda: assemble(*week, world.atlas, world.catalogue, sample.today)
    )
    with stopwatch() as parts:
        outcome, solved = _timed(lambda: solve(market))
    result, read = _timed(
        lambda: read_outcome(outcome, market, index, world.atlas, world.catalogue)
    )
    _, checked = _timed(lambda: check(market, outcome))
    return Large(
        name,
        matches=len(result.matches),
        share=outcome.value / outcome.bound,
        clock={"assemble": assembled, "solve": solved, "read": read, "check": checked},
        parts={stage: parts[stage] for stage in STAGES},
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    return work(), perf_counter() - start
