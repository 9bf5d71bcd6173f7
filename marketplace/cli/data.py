"""The data files."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from marketplace.services import reference

data = AppGroup("data", help="The data files: localities, places, roads, goods, tariffs.")


@data.command()
def load() -> None:
    """Make the tables say what the data files say; any number of times."""
    done = reference.load()
    for table, (new, changed, gone) in done.changes.items():
        click.echo(f"{table}: {new} new, {changed} changed, {gone} gone")
    if not done.changes:
        click.echo("The tables are up to date.")
