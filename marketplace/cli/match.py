"""``flask match``: the engine on files."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import NoReturn

import click

from marketplace import clock
from marketplace.data.reader import read_reference
from marketplace.matching import solve
from marketplace.solving import OpenLot, OpenNeed, assemble, read_outcome
from marketplace.solving.listing_files import BadFile, read_lots, read_needs
from marketplace.solving.result_files import report, write_matches
from marketplace.solving.world import World, world_of

BAD_INPUT = 2

_IN = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("match")
@click.argument("lots", type=_IN)
@click.argument("needs", type=_IN)
@click.option("--out", "matches", required=True, type=_OUT, help="CSV file for the matches.")
@click.option("--report", "report_file", required=True, type=_OUT, help="JSON file for the report.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="No day of collection lies before it; without it every day in the files is possible.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    help="About how long; commodities that there is no time for are hurried through.",
)
def match(
    lots: Path,
    needs: Path,
    matches: Path,
    report_file: Path,
    today: datetime | None,
    seconds: float | None,
) -> None:
    """Match the lots and needs of two CSV files. No database is needed.

    \b
    LOTS:  id, commodity, grade, quantity, ask, place, ready_on, until, certificates, whole
    NEEDS: id, commodity, min_grade, quantity, bid, place, from, until, certificates,
           min_quantity, splits

    Quantities are in base units and prices in VND per base unit; dates are ISO dates; certificates
    have ; between them; whole and splits are yes or no. An empty cell is none or the usual.

    Every cell that cannot be understood is named with file, line and column, and nothing is solved:
    the command ends with 2.
    """
    for file in (matches, report_file):
        if not file.parent.is_dir():
            _stop(f"there is no folder {file.parent} to write {file.name} in")
    world = world_of(read_reference())
    named = today.date() if today else None
    offered, wanted = _read(lots, needs, world, named or clock.today())
    days = [lot.ready_on for lot in offered] + [need.wanted_from for need in wanted]
    start = perf_counter()
    try:
        market, index = assemble(
            offered, wanted, world.atlas, world.catalogue, named or min(days, default=clock.today())
        )
        outcome = solve(market, seconds=seconds)
    except OverflowError as error:
        _stop(f"{lots.name}, {needs.name}: {error}")
    result = read_outcome(outcome, market, index, world.atlas, world.catalogue)
    write_matches(matches, result)
    told = report(result, perf_counter() - start)
    report_file.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    share = f", at least {_share(result.gap)} of anything possible" if result.matches else ""
    click.echo(
        f"{len(result.matches)} matches worth {result.value:,} ₫{share};"
        f" {len(result.left_out)} left out"
    )
    if result.hurried:
        click.echo(f"no time for: {', '.join(result.hurried)}; more is possible there")


def _share(gap: float) -> str:
    """Rounded down, so that no more is claimed than is proved."""
    return f"{math.floor(1000 * (1 - gap)) / 1000:.1%}"


def _read(
    lots: Path, needs: Path, world: World, today: date
) -> tuple[tuple[OpenLot, ...], tuple[OpenNeed, ...]]:
    """Both files, or the end of the command with everything that is wrong in either."""
    problems: list[str] = []
    offered: tuple[OpenLot, ...] = ()
    wanted: tuple[OpenNeed, ...] = ()
    try:
        offered = read_lots(lots, world.catalogue, world.gazetteer, today)
    except BadFile as error:
        problems.append(str(error))
    try:
        wanted = read_needs(needs, world.catalogue, world.gazetteer, today)
    except BadFile as error:
        problems.append(str(error))
    if problems:
        _stop("\n".join(problems))
    return offered, wanted


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(BAD_INPUT)
