"""Where the time of one large round goes, and how it grows with the market."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import TODAY
from benchmarks.stopwatch import STAGES, stopwatch
from marketplace.demo.market import Week, draw_week
from marketplace.demo.records import SampleMarket
from marketplace.matching import solve
from marketplace.matching.check import check
from marketplace.solving import assemble, read_outcome
from marketplace.solving.world import World

_SIZES = (1_000, 2_000, 5_000, 10_000)  # lots; half as many needs


def print_stages(world: World, name: str, sample: SampleMarket) -> None:
    """Seconds of the clock, and of one processor for the parts, which run in two threads."""
    print(f"\n{name}: {len(sample.lots)} lots × {len(sample.needs)} needs, seconds")
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
    share = outcome.value / outcome.bound
    print(f"  value {outcome.value / 1e9:.2f} bn ₫, {share:.2%} of the bound")
    print(f"  {assembled:6.2f} s  assemble: arrays, routes and tariffs")
    print(f"  {solved:6.2f} s  solve, {len(result.matches)} matches; of one processor:")
    for stage in STAGES:
        print(f"          {parts[stage]:6.2f} s  {stage}")
    print(f"  {read:6.2f} s  read the outcome back into records with routes")
    print(f"  {checked:6.2f} s  check: all of it again without the solver")
    print(f"  {assembled + solved:6.2f} s  assemble and solve together")


def print_growth(world: World) -> None:
    """Each stage on markets of the same kind: seconds ≈ lots to the power of the last column."""
    print("\nGrowth, crisis weeks with all rules and half as many needs: seconds of one processor")
    columns = [_parts(world, lots) for lots in _SIZES]
    print("  " + "".join(f"{lots:>9,}" for lots in _SIZES) + "   exponent")
    for stage in columns[0]:
        seconds = [column[stage] for column in columns]
        numbers = "".join(f"{number:9.2f}" for number in seconds)
        print(f"  {numbers}   {_exponent(seconds):8.2f}  {stage}")


def _parts(world: World, lots: int) -> dict[str, float]:
    week = Week(lots, lots // 2, lots // 4, lots // 30, ask_level=0.85, bid_level=1.0)
    sample = draw_week(week, TODAY, seed=0)
    (market, _), assembled = _timed(
        lambda: assemble(
            sample.open_lots(), sample.open_needs(), world.atlas, world.catalogue, TODAY
        )
    )
    with stopwatch() as parts:
        outcome = solve(market)
    _, checked = _timed(lambda: check(market, outcome))
    return {
        "assemble": assembled,
        **{stage: parts[stage] for stage in STAGES},
        "check": checked,
    }


def _exponent(seconds: Sequence[float]) -> float:
    """The slope of the line through the logarithms."""
    points = [max(number, 1e-4) for number in seconds]
    slope = np.polyfit([log(size) for size in _SIZES], [log(y) for y in points], 1)[0]
    return float(slope)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    return work(), perf_counter() - start
