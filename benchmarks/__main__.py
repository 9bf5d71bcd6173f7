"""``python -m benchmarks``: what the engine reaches, and how long it takes.

    python -m benchmarks               everything, some minutes
    python -m benchmarks --seeds 3     fewer random weeks
    python -m benchmarks network       ways of two modes beside networkx and SciPy
    python -m benchmarks reasons       make each change that a reason names, solve again: docs/reasons.md

With the path of the OR-Library file assign100.txt in MARKETPLACE_ORLIB its published optimum,
305, is looked for as well.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks import TODAY
from benchmarks.orlib import print_orlib
from benchmarks.reasons import write_reasons
from benchmarks.shares import print_shares
from benchmarks.stages import print_crisis_weeks, print_growth
from marketplace.data.reader import read_reference
from marketplace.demo.market import board_of_2021, normal_week
from marketplace.demo.records import SampleMarket
from marketplace.solving.world import world_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["reasons", "network"], help="only this")
    parser.add_argument("--seeds", type=int, default=20, help="how many random weeks of each kind")
    arguments = parser.parse_args()
    world = world_of(read_reference())
    seeds = arguments.seeds
    if arguments.what == "reasons":
        write_reasons(world, range(seeds))
        return
    if arguments.what == "network":
        from benchmarks.network import print_network  # networkx is of the bench extra

        print_network(world)
        return
    print_shares(world, "A normal week", lambda seed: normal_week(TODAY, seed), seeds, 0.98)
    print_shares(world, "The board of 2021, lots divided by ten", _small_lots, seeds, 0.975)
    print_crisis_weeks(world)
    print_growth(world)
    if path := os.environ.get("MARKETPLACE_ORLIB"):
        print_orlib(Path(path))
    else:
        print("\nMARKETPLACE_ORLIB is not set: the OR-Library problem is left out.")


def _small_lots(seed: int) -> SampleMarket:
    return board_of_2021(TODAY, seed).with_lots_divided_by(10)


if __name__ == "__main__":
    main()
