"""Sample data."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from marketplace.cli.complaints import told_plainly
from marketplace.demo import seed as sample
from marketplace.demo.seed import SCENARIOS

demo = AppGroup("demo", help="Sample data: a market that never was.")
scenario = click.option(
    "--scenario", type=click.Choice(list(SCENARIOS)), help="Which market; else what is set."
)


@demo.command()
@scenario
@told_plainly
def seed(scenario: str | None) -> None:
    """Put a sample market in, if there is none or it is old."""
    _say(sample.refresh(scenario or ""))


@demo.command()
@scenario
@told_plainly
def refresh(scenario: str | None) -> None:
    """Replace the sample market by one of today. What people entered stays."""
    _say(sample.refresh(scenario or "", force=True))


def _say(done: sample.Seeded | None) -> None:
    if done is None:
        click.echo("The sample market is fresh.")
        return
    round_ = f"round {done.round_id} published" if done.round_id else "your round is in the way"
    click.echo(f"{done.scenario}: {done.lots} lots, {done.needs} needs, {round_}.")
