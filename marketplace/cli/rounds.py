"""`flask rounds`: prove match rounds and solve them again, from the shell."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from marketplace.domain.errors import MarketplaceError
from marketplace.services import proofs, replay, solve
from marketplace.solving.frozen import Spoilt
from marketplace.solving.proving import Proof
from marketplace.solving.round_file import MOST_BYTES

HELD, DIFFERS, CANNOT = 0, 1, 2

WORDS = {
    "file": "file         every hash fits, {bytes:,} bytes",
    "shown": "shown        {matches:,} matches and all figures are shown as filed",
    "sold_once": "sold once    no kilogram of {lots:,} lots and {needs:,} needs twice, {matches:,} matches",
    "freight": "freight      {trips:,} trips carry it for {freight:,} VND, no other trips for less,"
    " nobody loses",
    "allowed": "allowed      {matches:,} of {matches:,} matches fit in goods, days, freshness and route",
    "assignment": "assignment   proved optimal for these loads: {loads:,} pairs"
    " ({settled:,} matches settled before)",
    "bound": "bound        value {value:,}, nothing possible exceeds {bound:,} VND: within {gap:.2%}",
    "prices": "prices       {matches:,} proposals and {ranges:,} ranges are where the rules put them",
    "left_out": "left out     {left_out:,} reasons, one for each that has something left",
}
"""What stands, by the key of a statement."""

rounds = AppGroup("rounds", help="Prove match rounds and solve them again.")


@rounds.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A full file that was downloaded; no database is asked.",
)
def verify(number: int | None, path: Path | None) -> None:
    """Prove round NUMBER again from its file, without solving.

    Exit 1 if a statement does not hold, 2 if there is nothing to prove.
    """
    if (number is None) == (path is None):
        raise click.UsageError("Name a round or a file.")
    began = time.perf_counter()
    try:
        proof = proofs.verify_stored(number) if number else _proof_of(path)
    except MarketplaceError as error:
        _give_up(error)
    for statement in proof.proved:
        click.echo(f"{_words(statement.key, statement.figures)}  [{statement.seconds:.3f} s]")
    seconds = time.perf_counter() - began
    if not proof.holds:
        click.echo(f"DOES NOT HOLD: {proof.failed.replace('_', ' ')}: {proof.flaw}")
        sys.exit(DIFFERS)
    click.echo(f"{len(proof.proved)} statements proved in {seconds:.2f} s: file {proof.file_hash}")


@rounds.command(name="replay")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--store", is_flag=True, help="Store the file of a round that has none.")
def replay_(number: int, store: bool) -> None:
    """Solve round NUMBER again from what it saw; exit 1 if anything stored differs."""
    try:
        done = replay.replay(number)
        for line in done.differences:
            click.echo(line)
        if not done.same and done.round.engine_version != solve.VERSION:
            click.echo(
                f"solved by version {done.round.engine_version} of the engine;"
                f" this is {solve.VERSION}",
                err=True,
            )
        if store:
            click.echo(f"stored as file {replay.keep_file(done)}")
    except (MarketplaceError, Spoilt) as error:
        _give_up(error)
    compared = "bit by bit" if done.has_file else "without a file of its own"
    click.echo(f"round {number}: {len(done.differences)} differences ({compared})", err=True)
    sys.exit(HELD if done.same else DIFFERS)


def _proof_of(path: Path | None) -> Proof:
    if path is None:
        raise click.UsageError("Name a round or a file.")
    with path.open("rb") as file:
        return proofs.verify_file(file.read(MOST_BYTES + 1))


def _words(key: str, figures: dict[str, int]) -> str:
    told: dict[str, float] = dict(figures)
    if key == "bound":
        told["gap"] = (told["bound"] - told["value"]) / told["bound"] if told["bound"] else 0.0
    return WORDS[key].format(**told)


def _give_up(error: Exception) -> NoReturn:
    click.echo(str(error), err=True)
    sys.exit(CANNOT)
