"""A person's data, for whoever answers their request."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.cli.complaints import told_plainly
from marketplace.services import people as service

people = AppGroup("people", help="A person's data: hand it out or take it away.")


@people.command()
@click.argument("who")
@told_plainly
def export(who: str) -> None:
    """Print everything that is stored about WHO (address, number or id) as JSON."""
    click.echo(json.dumps(service.export(who), ensure_ascii=False, indent=2))


@people.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@told_plainly
def erase(who: str, yes: bool) -> None:
    """Take name, address, number and password of WHO away. Books and matches stay."""
    if not yes:
        click.confirm(f"Erase {who}? This cannot be undone.", abort=True)
    click.echo(f"Person {service.erase(who, now=clock.now())} is erased.")
