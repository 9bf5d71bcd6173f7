"""Web and worker under one parent: the end of either ends both, and nothing is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from marketplace import logs
from marketplace.demo import seed
from marketplace.demo.accounts import ACCOUNTS, PASSWORD
from marketplace.services import reference

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that the web server may take until it answers."""
FAREWELL = 10.0
"""Seconds that a child may take to end when asked."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000)
@click.option("--workers", type=click.IntRange(1, 64), default=2, help="Web processes.")
@click.option("--demo", "with_demo", is_flag=True, help="Sample data and demo accounts.")
@with_appcontext
def serve(port: int, workers: int, with_demo: bool) -> None:
    """Bring the database up to date and start web and worker."""
    _refuse_taken_port(port)
    address = f"http://{HOST}:{port}"
    environment = {"MARKETPLACE_BASE_URL": address, **os.environ}
    if with_demo:
        environment["MARKETPLACE_DEMO"] = "yes"
        # The terminal is to end with where the demo is and who may enter, not with what it did.
        logs.configure(environment.setdefault("MARKETPLACE_LOG_LEVEL", "WARNING"))
    upgrade()
    reference.load(starting=True)
    if with_demo:
        seed.refresh()
    ended = 0  # as when asked to stop
    with _children(_commands(port, workers), environment) as running:
        if _answers(address, running):
            click.echo(_welcome(address, with_demo))
        ended = _first_to_end(running)
    sys.exit(ended)


def _commands(port: int, workers: int) -> list[list[str]]:
    python = Path(sys.executable)
    web = ["-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", str(workers)]
    quiet = ["--threads", "4", "--log-level", "warning", "--no-control-socket", "wsgi:app"]
    return [[str(python), *web, *quiet], [str(python), "-m", "flask", "--app", "wsgi", "worker"]]


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = f"Port {port} is in use. Choose another one: PORT=8123 make run"
            raise click.ClickException(message) from error


@contextmanager
def _children(
    commands: Sequence[Sequence[str]], environment: dict[str, str]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start the commands; whatever happens to us, end all of them."""
    # SIGINT too: who starts us in the background of a shell hands it over as ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            running.append(
                subprocess.Popen(  # noqa: S603  our own commands
                    command, env=environment, start_new_session=True, preexec_fn=_end_with_parent
                )
            )
        yield running
    except KeyboardInterrupt:
        click.echo("Stopping …", err=True)
    finally:
        _end(running)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent is killed without a chance to say so."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave anybody behind
    for child in running:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + FAREWELL
    for child in running:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _answers(address: str, running: Sequence[subprocess.Popen[bytes]]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and all(child.poll() is None for child in running):
        try:
            with urlopen(f"{address}/healthz", timeout=2):  # noqa: S310  our own address
                return True
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def _first_to_end(running: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until one child ends; an end that nobody asked for is a failure."""
    while True:
        for child in running:
            if child.poll() is not None:
                click.echo(f"Process {child.pid} ended with {child.returncode}", err=True)
                return child.returncode or 1
        time.sleep(0.2)


def _welcome(address: str, with_demo: bool) -> str:
    lines = ["", f"  {address}", ""]
    if with_demo:
        lines += [f"  Demo accounts (password {PASSWORD}):"]
        lines += [f"    {account.email:<32} {account.can}" for account in ACCOUNTS]
        lines += [""]
    database = current_app.config["SQLALCHEMY_DATABASE_URI"]
    place = database.removeprefix("sqlite:///") if database.startswith("sqlite") else "DATABASE_URL"
    if not (Path(current_app.static_folder or "") / "dist" / "manifest.json").exists():
        lines += ["  Pages have plain CSS: the assets are not built (make assets).", ""]
    return "\n".join([*lines, f"  Data: {place}", "  Stop: Ctrl-C", ""])
