"""``python -m benchmarks``: what the engine reaches, and how long it takes.

    python -m benchmarks               everything, some minutes
    python -m benchmarks --seeds 3     fewer random weeks

With the path of the OR-Library file assign100.txt in MARKETPLACE_ORLIB its published optimum,
305, is looked for as well.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks.orlib import print_orlib
from benchmarks.shares import print_shares
from benchmarks.stages import print_stages
from benchmarks.week import CRISIS, NORMAL, SMALL_LOTS
from marketplace.data.reader import read_reference
from marketplace.solving.world import world_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many random weeks of each kind")
    arguments = parser.parse_args()
    world = world_of(read_reference())
    print_shares(world, "a normal week", NORMAL, arguments.seeds, target=0.98)
    print_shares(world, "the board of 2021", SMALL_LOTS, arguments.seeds, target=0.975)
    print_stages(world, "a crisis week", CRISIS)
    if path := os.environ.get("MARKETPLACE_ORLIB"):
        print_orlib(Path(path))
    else:
        print("\nMARKETPLACE_ORLIB is not set: the OR-Library problem is left out.")


if __name__ == "__main__":
    main()
