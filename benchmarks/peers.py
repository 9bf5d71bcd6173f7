"""``python -m benchmarks.peers``: our engine beside its peers, into docs/benchmarks.md.

Every contestant solves the same tables, commodity by commodity, in a process of its own. Where the
problem is the same the value must be too, to the đồng: if ours is not, nothing is written; of others
the table says so. A contestant that took longer than `_PATIENCE` is not asked again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from statistics import median

import numpy as np

from benchmarks import divisible, one_to_one
from benchmarks.markets import SIZES, Size, Tables, market_of, tables
from benchmarks.measure import Measured, measured
from benchmarks.report import write
from benchmarks.stages import crisis_weeks, growth
from marketplace.data.reader import read_reference
from marketplace.solving.world import World, world_of

_PATIENCE = 30.0  # seconds
_ROUNDED = 2e-9  # share by which solvers that count in floating point may be off

Work = Callable[[list[Tables]], int]


@dataclass
class Row:
    """One contestant on one size of market: a measurement for each seed."""

    problem: str
    size: str
    contestant: str
    runs: list[Measured] = field(default_factory=list)
    missed: int = 0
    """Seeds for which it found less than others did."""

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def megabytes(self) -> float:
        return max(run.megabytes for run in self.runs)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="markets of each size")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many, smallest first")
    arguments = parser.parse_args()
    world = world_of(read_reference())
    _import_everything()
    rows: list[Row] = []
    for size in SIZES[: arguments.sizes]:
        rows += _rows_of(size, arguments.seeds, world)
    write(rows, arguments.seeds, list(crisis_weeks(world)), growth(world))


def _import_everything() -> None:
    """Before anybody's clock runs."""
    one = np.ones(1, dtype=np.int64)
    for _, _, work in _contestants():
        work([Tables(value=one[:, None], gain=one[:, None], supply=one, demand=one)])


def _rows_of(size: Size, seeds: int, world: World) -> list[Row]:
    rows = {(problem, name): Row(problem, size.name, name) for problem, name, _ in _contestants()}
    for seed in range(seeds):
        problems = list(tables(market_of(size.draw(seed), world)))
        for problem, name, work in _contestants():
            row = rows[problem, name]
            if row.runs and row.runs[-1].seconds > _PATIENCE:
                continue
            row.runs.append(measured(partial(work, problems)))
            print(f"{size.name:24} {seed} {problem:12} {name:42} {row.runs[-1].seconds:9.3f} s")
        _expect_equal(rows, seed)
    return list(rows.values())


def _contestants() -> Iterator[tuple[str, str, Work]]:
    for name, pair in one_to_one.CONTESTANTS.items():
        yield "one to one", name, partial(_paired, pair)
    for name, ship in divisible.CONTESTANTS.items():
        yield "divisible", name, partial(_shipped, ship)


def _paired(pair: one_to_one.Contestant, problems: list[Tables]) -> int:
    return pair([problem.value for problem in problems])


def _shipped(ship: Callable[..., int], problems: list[Tables]) -> int:
    return sum(ship(problem.gain, problem.supply, problem.demand) for problem in problems)


def _expect_equal(rows: dict[tuple[str, str], Row], seed: int) -> None:
    for problem in ("one to one", "divisible"):
        found = {
            name: row.runs[seed].value
            for (kind, name), row in rows.items()
            if kind == problem and len(row.runs) > seed
        }
        best = max(found.values())
        for name, value in found.items():
            off = _ROUNDED if "HiGHS" in name or "POT" in name else 0.0
            if best - value > off * best:
                if name.startswith("ours"):
                    raise AssertionError(f"{problem}, seed {seed}: {value}, not {best}")
                rows[problem, name].missed += 1


if __name__ == "__main__":
    main()
