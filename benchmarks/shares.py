"""Value as a share of the bound, with everything divisible and with all rules beside it."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from marketplace.demo.records import SampleMarket
from marketplace.matching import Outcome, solve
from marketplace.matching.check import check
from marketplace.solving import assemble
from marketplace.solving.world import World


def print_shares(
    world: World, name: str, draw: Callable[[int], SampleMarket], seeds: int, target: float
) -> None:
    """Solve and check the weeks of the first ``seeds`` seeds, once as drawn, once divisible."""
    sample = draw(0)
    print(f"\n{name}: {len(sample.lots)} lots × {len(sample.needs)} needs, every outcome checked")
    print("  seed  value bn ₫  of the bound  matches  processor s  | with all rules: of the bound")
    plain: list[float] = []
    ruled: list[float] = []
    for seed in range(seeds):
        week = draw(seed)
        outcome, seconds = _solved(world, week.with_everything_divisible())
        limited, _ = _solved(world, week)
        plain.append(outcome.value / outcome.bound)
        ruled.append(limited.value / limited.bound)
        print(
            f"  {seed:4}  {outcome.value / 1e9:10.2f}  {plain[-1]:12.2%}"
            f"  {len(outcome.matches):7}  {seconds:11.2f}  | {ruled[-1]:28.2%}"
        )
    verdict = "reached" if min(plain) >= target else "MISSED"
    print(
        f"  least {min(plain):.2%} (to reach {target:.1%}: {verdict}); with rules {min(ruled):.2%}"
    )


def _solved(world: World, week: SampleMarket) -> tuple[Outcome, float]:
    market, _ = assemble(
        week.open_lots(), week.open_needs(), world.atlas, world.catalogue, week.today
    )
    start = process_time()
    outcome = solve(market)
    seconds = process_time() - start
    check(market, outcome)
    return outcome, seconds
