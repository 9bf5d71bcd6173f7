"""`flask worker`: solve rounds, watch deadlines, send messages, until told to stop."""

from __future__ import annotations

import signal
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from marketplace.jobs.worker import Worker


@click.command()
@with_appcontext
def worker() -> None:
    """Solve rounds, watch deadlines and send messages."""
    running = Worker(current_app._get_current_object())  # type: ignore[attr-defined]

    def stop(_number: int, _frame: FrameType | None) -> None:
        running.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running.run()
