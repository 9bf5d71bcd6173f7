"""The data files."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from marketplace.domain.errors import Rejected
from marketplace.services import reference

BAD_INPUT = 2

data = AppGroup("data", help="The data files: localities, places, ways, goods, tariffs.")

_from = click.option(
    "--from",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory whose CSV files take the place of the program's own of the same name.",
)


@data.command()
@_from
def check(directory: Path | None) -> None:
    """Say what is wrong with the data files, each flaw with file, line and column.

    Ends with 2 if anything is. Needs no database.
    """
    try:
        reference.check(directory)
    except reference.BadFiles as error:
        _refuse(error)
    click.echo("The data files are in order.")


@data.command()
@_from
def load(directory: Path | None) -> None:
    """Make the tables say what the data files say; any number of times.

    Files with flaws are refused as a whole: the tables stay as they were, and it ends with 2.
    """
    try:
        done = reference.load(directory)
    except Rejected as error:
        _refuse(error)
    for table, (new, changed, gone) in done.changes.items():
        click.echo(f"{table}: {new} new, {changed} changed, {gone} gone")
    if not done.changes:
        click.echo("The tables are up to date.")


def _refuse(error: Rejected) -> NoReturn:
    flaws = error.flaws if isinstance(error, reference.BadFiles) else ()
    for flaw in flaws:
        click.echo(str(flaw), err=True)
    count = "1 flaw" if len(flaws) == 1 else f"{len(flaws)} flaws"
    told = f"{count}: nothing was loaded." if flaws else f"Error: {error}"
    click.echo(told, err=True)
    raise click.exceptions.Exit(BAD_INPUT)
