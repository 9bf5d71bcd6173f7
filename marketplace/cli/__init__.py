"""Speaks to the shell; calls services only."""

from __future__ import annotations

from flask import Flask

from marketplace.cli.accounts import accounts
from marketplace.cli.data import data
from marketplace.cli.demo import demo
from marketplace.cli.lots import lots
from marketplace.cli.match import match
from marketplace.cli.needs import needs
from marketplace.cli.outbox import outbox
from marketplace.cli.people import people
from marketplace.cli.rounds import rounds
from marketplace.cli.route import route
from marketplace.cli.scenarios import scenarios
from marketplace.cli.serve import serve
from marketplace.cli.worker import worker


def register(app: Flask) -> None:
    """Add the project's commands to ``flask``."""
    app.cli.add_command(accounts)
    app.cli.add_command(data)
    app.cli.add_command(demo)
    app.cli.add_command(outbox)
    app.cli.add_command(people)
    app.cli.add_command(lots)
    app.cli.add_command(match)
    app.cli.add_command(needs)
    app.cli.add_command(route)
    app.cli.add_command(rounds)
    app.cli.add_command(scenarios)
    app.cli.add_command(serve)
    app.cli.add_command(worker)
