"""Web and worker under one parent: the end of either ends both, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Mailbox, Site, serving, wait_for


def processes_of(instance: Path) -> dict[int, str]:
    """Who runs for this installation: process id and command line."""
    mark = f"MARKETPLACE_INSTANCE={instance}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(folder.name)] = command
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
    return {pid: command for pid, command in found.items() if command}


def one_of(instance: Path, word: str) -> int:
    return next(pid for pid, command in processes_of(instance).items() if word in command)


def all_gone(instance: Path) -> bool:
    return not processes_of(instance)


@pytest.mark.parametrize("part", ["gunicorn", "worker"])
def test_the_end_of_either_ends_both(site: Site, part: str) -> None:
    os.kill(one_of(site.instance, part), signal.SIGKILL)

    assert site.process.wait(timeout=90) != 0
    wait_for(lambda: all_gone(site.instance), "everybody to have ended")


def test_ctrl_c_leaves_nothing_behind(site: Site) -> None:
    site.process.send_signal(signal.SIGINT)

    assert site.process.wait(timeout=90) == 0
    wait_for(lambda: all_gone(site.instance), "everybody to have ended")


def test_a_killed_parent_leaves_nothing_behind(site: Site) -> None:
    site.process.kill()

    site.process.wait(timeout=90)
    wait_for(lambda: all_gone(site.instance), "everybody to have ended")


def test_a_taken_port_is_named_and_nothing_is_started(
    sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "marketplace.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "MARKETPLACE_INSTANCE": str(tmp_path), "PORT": port}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_says_where_it_is_and_keeps_what_was_entered(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    with serving(tmp_path, mailbox, "--demo") as first:
        greeting = (tmp_path / "output").read_text()
        assert first.address in greeting
        assert "@demo.example" in greeting
        assert str(tmp_path / "marketplace.db") in greeting
        assert "Ctrl-C" in greeting
    (tmp_path / "entered").write_bytes((tmp_path / "marketplace.db").read_bytes())

    with serving(tmp_path, mailbox, "--demo"):
        count = "SELECT count(*), max(id) FROM lot"
        before, after = (rows(tmp_path / name, count) for name in ("entered", "marketplace.db"))

    assert after == before


def rows(path: Path, query: str) -> list[tuple[int, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
