"""What-ifs from the shell: which there are, what came out, and one that is solved here and now."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.cli.complaints import told_plainly
from marketplace.domain.scenarios import ScenarioKind, to_json
from marketplace.models.scenarios import Scenario
from marketplace.services import scenario_outcomes, scenario_runs
from marketplace.services import scenarios as service

scenarios = AppGroup("scenarios", help="What-ifs: list them, run them, print what came out.")


@scenarios.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@told_plainly
def list_(as_json: bool) -> None:
    """Print every what-if that is not archived, the latest first."""
    found = service.all_of_them()
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        changes = len(one.changes)
        shared = "shared" if one.shared else "private"
        click.echo(f"{one.id:5} {one.state:8} {shared:8} {changes:2} changes  {one.name}")
    click.echo(f"{len(found)} what-ifs", err=True)


@scenarios.command()
@click.argument("number", type=click.IntRange(min=1))
@told_plainly
def run(number: int) -> None:
    """Solve what-if NUMBER here and now, past the worker, and print its figures as JSON.

    Exit 1 if it could not be solved.
    """
    service.queue(number, now=clock.now())
    if not scenario_runs.run_this(number):
        click.echo("A round is being solved, or a worker has this what-if: try again.", err=True)
        sys.exit(1)
    _print(number)


@scenarios.command()
@click.argument("number", type=click.IntRange(min=1))
@told_plainly
def show(number: int) -> None:
    """Print the figures of what-if NUMBER as JSON, exact, as coordinators see them."""
    _print(number)


def _print(number: int) -> None:
    scenario = service.by_number(number)
    told = _row(scenario)
    if scenario_outcomes.is_solved(scenario):
        told["figures"] = scenario_outcomes.exact_figures(scenario)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if scenario.failure:
        click.echo(scenario.failure, err=True)
        sys.exit(1)


def _row(scenario: Scenario) -> dict[str, object]:
    return {
        "id": scenario.id,
        "name": scenario.name,
        "kind": ScenarioKind(scenario.kind).value,
        "state": scenario.state,
        "market_of": scenario.day.isoformat(),
        "changes": [to_json(change) for change in scenario.changes],
        "shared": scenario.shared,
    }
