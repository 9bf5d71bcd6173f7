"""Value as a share of the bound, with everything divisible and with all rules beside it."""

from __future__ import annotations

from time import perf_counter

from benchmarks.week import TODAY, Size, Week, draw_week, with_rules
from marketplace.matching import Outcome, solve
from marketplace.matching.check import check
from marketplace.solving import assemble
from marketplace.solving.world import World


def print_shares(world: World, name: str, size: Size, seeds: int, target: float) -> None:
    print(f"\n{name}: {size.lots} lots × {size.needs} needs, every outcome checked")
    print("  seed   value bn ₫   of the bound  matches  seconds   with rules: of the bound")
    plain: list[float] = []
    ruled: list[float] = []
    for seed in range(seeds):
        week = draw_week(world, seed, size)
        outcome, seconds = _solved(world, week)
        limited, _ = _solved(world, with_rules(week, seed))
        plain.append(outcome.value / outcome.bound)
        ruled.append(limited.value / limited.bound)
        print(
            f"  {seed:4}   {outcome.value / 1e9:10.2f}   {plain[-1]:12.2%}"
            f"  {len(outcome.matches):7}  {seconds:7.2f}   {ruled[-1]:24.2%}"
        )
    verdict = "reached" if min(plain) >= target else "MISSED"
    print(
        f"  least {min(plain):.2%} (to reach: {target:.1%}, {verdict}); with rules {min(ruled):.2%}"
    )


def _solved(world: World, week: Week) -> tuple[Outcome, float]:
    market, _ = assemble(*week, world.atlas, world.catalogue, TODAY)
    start = perf_counter()
    outcome = solve(market)
    seconds = perf_counter() - start
    check(market, outcome)
    return outcome, seconds
