"""The figures of `benchmarks.peers` as a page and a picture of the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.peers import Row
    from benchmarks.stages import Growth, Large

DOCS = Path(__file__).parent.parent / "docs"
_PAGE = DOCS / "benchmarks.md"
_PICTURE = DOCS / "pictures" / "benchmarks.svg"
_PROBLEMS = {
    "one to one": "The assignment: each lot to at most one need",
    "divisible": "The plan: any quantity from anybody to anybody",
}
_OURS = {"one to one": "ours, with proof", "divisible": "ours"}


def write(
    rows: Sequence[Row], seeds: int, weeks: Sequence[Large], stages: Sequence[Growth]
) -> None:
    """Replace page and picture."""
    lines = [*_lines(rows, seeds), *_week_lines(weeks), *_growth_lines(stages)]
    _PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _draw(rows)
    print(f"written: {_PAGE.relative_to(DOCS.parent)}, {_PICTURE.relative_to(DOCS.parent)}")


_INTRODUCTION = """\
# The engine beside its peers

Written by `make bench-peers`; do not edit. Every contestant solves the same generated markets, commodity by commodity,
seeds 0 to {last}, one after the other, in a process of its own. Seconds are the median over the seeds, of the second
run where the first took less than a second (that one also gets its memory from the system); memory is the most that was
needed on top of the tables. The ratio says how many times as long as ours it took: above 1 it is slower. Ours found the
best value to the đồng on every market, or this page is not written, and so did the others (to the ninth digit where
they count in floating point), except where a run is marked as missed. Who took more than 30 s on a market is not asked
again; the figure is that one's. "Two threads": two commodities at a time, as a round works; all others in one.

{cores} cores, {machine}, Python {python}, {packages}.

![Two charts, seconds by size of market: one line for each solver, ours the thickest](pictures/benchmarks.svg)
"""


def _lines(rows: Sequence[Row], seeds: int) -> Iterator[str]:
    yield _INTRODUCTION.format(
        last=seeds - 1,
        cores=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        packages=_versions(),
    ).rstrip()
    for problem, title in _PROBLEMS.items():
        yield from ("", f"## {title}", "")
        yield from _table([row for row in rows if row.problem == problem], _OURS[problem])


def _week_lines(weeks: Sequence[Large]) -> Iterator[str]:
    yield from ("", "## A crisis week with everything: 4,000 lots × 2,000 needs", "")
    yield "Seconds of the clock; the parts of `solve` run in two threads, theirs are of one processor."
    yield from ("", "| | " + " | ".join(week.name for week in weeks) + " |")
    yield "|---|" + "---:|" * len(weeks)
    for stage in weeks[0].clock:
        yield f"| {stage} | " + " | ".join(f"{week.clock[stage]:.2f}" for week in weeks) + " |"
        if stage == "solve":
            for part in weeks[0].parts:
                yield f"| – {part} | " + " | ".join(f"{w.parts[part]:.2f}" for w in weeks) + " |"
    decided = " | ".join(f"**{week.decided_in:.2f}**" for week in weeks)
    yield f"| **assemble and solve** | {decided} |"
    yield "| value of the bound | " + " | ".join(f"{week.share:.2%}" for week in weeks) + " |"


def _growth_lines(stages: Sequence[Growth]) -> Iterator[str]:
    from benchmarks.stages import SIZES

    yield from ("", "## How each stage grows", "")
    yield "Crisis weeks with all rules, half as many needs as lots: seconds ~ lots to the power of the exponent."
    yield from ("", "| stage | " + " | ".join(f"{lots:,}" for lots in SIZES) + " | exponent |")
    yield "|---|" + "---:|" * (len(SIZES) + 1)
    for row in stages:
        seconds = " | ".join(f"{number:.2f}" for number in row.seconds)
        yield f"| {row.stage} | {seconds} | {row.exponent:.2f} |"


def _versions() -> str:
    packages = ("numpy", "scipy", "highspy", "lapx", "ortools", "POT")
    return ", ".join(f"{name} {version(name)}" for name in packages)


def _table(rows: Sequence[Row], ours: str) -> Iterator[str]:
    yield "| market | contestant | seconds | ratio | MB | runs |"
    yield "|---|---|---:|---:|---:|---:|"
    for size, group in groupby(rows, key=lambda row: row.size):
        of_size = list(group)
        own = next(row.seconds for row in of_size if row.contestant == ours)
        for row in of_size:
            yield (
                f"| {size} | {row.contestant} | {row.seconds:.3f} | {row.seconds / own:.2f}"
                f" | {row.megabytes:.0f} | {_runs(row)} |"
            )


def _runs(row: Row) -> str:
    return f"{len(row.runs)}, {row.missed} missed" if row.missed else str(len(row.runs))


def _draw(rows: Sequence[Row]) -> None:
    from matplotlib import pyplot, rcParams

    rcParams["svg.hashsalt"] = "benchmarks"  # the same figures give the same file
    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4.5), sharey=True)
    for axis, (problem, title) in zip(axes, _PROBLEMS.items(), strict=True):
        _draw_problem(axis, [row for row in rows if row.problem == problem])
        axis.set_title(title, fontsize=10)
    axes[0].set_ylabel("seconds")
    figure.tight_layout()
    figure.savefig(_PICTURE, metadata={"Date": None})


def _draw_problem(axis: Any, rows: Sequence[Row]) -> None:
    by_name = sorted(rows, key=lambda row: row.contestant)
    for name, group in groupby(by_name, key=lambda row: row.contestant):
        of_name = list(group)
        axis.plot(
            [row.size for row in of_name],
            [row.seconds for row in of_name],
            marker="o",
            linewidth=2.5 if name.startswith("ours") else 1,
            label=name,
        )
    axis.set_yscale("log")
    axis.tick_params(axis="x", labelsize=7)
    axis.grid(axis="y", alpha=0.3)
    axis.legend(fontsize=7)
