"""Where the time of one large round goes."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from time import process_time
from typing import Any

from marketplace.demo.records import SampleMarket
from marketplace.matching import solve
from marketplace.matching.check import check
from marketplace.solving import assemble, read_outcome
from marketplace.solving.world import World

# Functions of the engine by the stage that they are; each is called once or more per commodity.
STAGES = {
    "pairs and margins": "pairs",
    "plan (two linear programs)": "plan",
    "whole lots first": "settle",
    "loads": "loads",
    "values of loads": "load_values",
    "assignment and its proof": "assign",
    "prices": "prices",
    "reasons": "reasons",
}


def print_stages(world: World, name: str, sample: SampleMarket) -> None:
    """Seconds of one processor: other work on the machine does not count."""
    print(f"\n{name}: {len(sample.lots)} lots × {len(sample.needs)} needs, seconds of processor")
    week = sample.open_lots(), sample.open_needs()
    (market, index), assembled = _timed(
        lambda: assemble(*week, world.atlas, world.catalogue, sample.today)
    )
    outcome, solved = _timed(lambda: solve(market))
    result, read = _timed(
        lambda: read_outcome(outcome, market, index, world.atlas, world.catalogue)
    )
    _, checked = _timed(lambda: check(market, outcome))
    print(
        f"  value {outcome.value / 1e9:.2f} bn ₫, {outcome.value / outcome.bound:.2%} of the bound"
    )
    print(f"  {assembled:6.2f} s  assemble: arrays, routes and tariffs")
    print(f"  {solved:6.2f} s  solve, {len(result.matches)} matches; of this, measured apart:")
    profile = cProfile.Profile(process_time)
    profile.runcall(solve, market)
    for stage, seconds in _of_stages(profile).items():
        print(f"          {seconds:6.2f} s  {stage}")
    print(f"  {read:6.2f} s  read the outcome back into records with routes")
    print(f"  {checked:6.2f} s  check: all of it again without the solver")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = process_time()
    return work(), process_time() - start


def _of_stages(profile: cProfile.Profile) -> dict[str, float]:
    seconds = {
        name: cumulative
        for (file, _, name), (_, _, _, cumulative, _) in pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
        if "matching" in file
    }
    return {stage: seconds.get(name, 0.0) for stage, name in STAGES.items()}
