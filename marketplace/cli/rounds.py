"""`flask rounds`: look at match rounds from the shell."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from marketplace.domain.errors import MarketplaceError
from marketplace.services import replay
from marketplace.solving.frozen import Spoilt

rounds = AppGroup("rounds", help="Look at match rounds.")


@rounds.command()
@click.argument("number", type=click.IntRange(min=1))
def check(number: int) -> None:
    """Solve round NUMBER again from what it saw; exit 1 if anything stored differs."""
    try:
        found = replay.differences(number)
    except (MarketplaceError, Spoilt) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    for line in found:
        click.echo(line)
    click.echo(f"round {number}: {len(found)} differences", err=True)
    sys.exit(1 if found else 0)
