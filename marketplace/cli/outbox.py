"""Messages on their way."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.services.outbox import retry_failed

outbox = AppGroup("outbox", help="Messages on their way.")


@outbox.command()
def retry() -> None:
    """Let the worker try again what it had given up, after the mail server has been mended."""
    click.echo(f"{retry_failed(clock.now())} messages will be tried again.")
