"""`flask rounds verify` and `replay`: what they print and how they end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from marketplace import clock
from marketplace.cli.rounds import CANNOT, DIFFERS, HELD, WORDS
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.rounds import MatchRound
from marketplace.services import rounds, solve
from marketplace.solving.full_file import read_full
from marketplace.solving.public_file import public_file
from marketplace.solving.round_file import unpacked
from tests.factories import a_lot, a_need, an_actor

Flask_ = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """The command `flask`."""
    return lambda *words: app.test_cli_runner().invoke(args=list(map(str, words)))


@pytest.fixture
def number(app: Flask) -> int:
    """A solved round."""
    a_lot(quantity=15_000), a_lot(quantity=9_000, ask=8_300)
    a_need(quantity=12_000, bid=14_000), a_need(quantity=20_000, bid=13_000)
    actor = an_actor(Role.COORDINATOR)
    number = rounds.request_round(actor=actor, now=clock.now(), today=clock.today()).id
    solve.solve_next(lambda: False)
    return number


def change(statement: str) -> None:
    db.session.execute(text(statement))
    db.session.commit()
    db.session.expire_all()


def full_text(number: int) -> bytes:
    stored = db.session.get(MatchRound, number)
    assert stored is not None
    assert stored.file is not None
    return unpacked(stored.file)


def test_a_round_is_proved_from_what_is_stored(flask: Flask_, number: int) -> None:
    done = flask("rounds", "verify", number)

    assert done.exit_code == HELD
    assert len(done.output.splitlines()) == len(WORDS) + 1
    assert "9 statements proved in " in done.output
    assert db.session.get(MatchRound, number).file_hash in done.output
    assert ": within " in done.output


def test_a_downloaded_file_is_proved_without_the_database(
    flask: Flask_, number: int, tmp_path: Path
) -> None:
    path = tmp_path / "full.json"
    path.write_bytes(full_text(number))
    fine = flask("rounds", "verify", "--file", path)
    path.write_bytes(full_text(number).replace(b'"quantity":[15000', b'"quantity":[15001'))
    changed = flask("rounds", "verify", "--file", path)

    assert (fine.exit_code, changed.exit_code) == (HELD, DIFFERS)
    assert "8 statements proved" in fine.output
    assert "DOES NOT HOLD: file: Section “market” was changed" in changed.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"format":"agricultural-marketplace-round","version":9}', "version 9"),
        (b"[]", "not the file of a round"),
        (b"", "not the file of a round"),
        (b"\x89PNG\r\n\x1a\n\0\xff", "not the file of a round"),
        (b"id,commodity\r\n1,khom\r\n", "not the file of a round"),
    ],
)
def test_other_files_are_told_apart(
    flask: Flask_, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content)

    done = flask("rounds", "verify", "--file", path)

    assert done.exit_code == CANNOT
    assert said in done.output
    assert "DOES NOT HOLD" not in done.output


def test_half_a_file_does_not_hold(flask: Flask_, number: int, tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_bytes(full_text(number)[:2_000])

    done = flask("rounds", "verify", "--file", path)

    assert done.exit_code == DIFFERS
    assert "DOES NOT HOLD: file: The file is damaged" in done.output


def test_what_cannot_be_proved_is_said_in_a_line(
    flask: Flask_, number: int, tmp_path: Path
) -> None:
    path = tmp_path / "public.json"
    path.write_text(public_file(read_full(full_text(number))).text(), encoding="utf-8")
    change(
        "INSERT INTO match_round (id, state, slot, day, requested_by, requested_at, attempts,"
        " blocks, blocks_done, engine_version, inputs_hash, failure)"
        " SELECT 9, 'failed', NULL, day, requested_by, requested_at, 0, 0, 0, '', '', ''"
        " FROM match_round"
    )

    answers = {
        "public file": flask("rounds", "verify", "--file", path),
        "no such round": flask("rounds", "verify", 99),
        "not been solved": flask("rounds", "verify", 9),
        "Name a round or a file": flask("rounds", "verify"),
        "does not exist": flask("rounds", "verify", "--file", tmp_path / "none.json"),
    }

    for said, done in answers.items():
        assert done.exit_code == CANNOT, said
        assert said in done.output


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("UPDATE match SET freight = freight + 1 WHERE id = 1", "shown: freight of the match"),
        ("UPDATE match_round SET file_hash = 'x'", "file: This is not the file whose hash"),
        ("UPDATE match_round SET file = x'00'", "file: The stored file is damaged"),
    ],
)
def test_a_flaw_is_named(flask: Flask_, number: int, statement: str, flaw: str) -> None:
    change(statement)

    done = flask("rounds", "verify", number)

    assert done.exit_code == DIFFERS
    assert f"DOES NOT HOLD: {flaw}" in done.output


def test_a_round_from_before_files_is_given_one_by_replaying_it(flask: Flask_, number: int) -> None:
    change("UPDATE match_round SET file = NULL, file_hash = '', public_hash = ''")

    before = flask("rounds", "verify", number)
    looked = flask("rounds", "replay", number)
    kept = flask("rounds", "replay", number, "--store")
    after = flask("rounds", "verify", number)
    again = flask("rounds", "replay", number, "--store")

    assert (before.exit_code, looked.exit_code, kept.exit_code) == (CANNOT, HELD, HELD)
    assert "before rounds had files" in before.output
    assert "without a file of its own" in looked.output
    assert after.exit_code == HELD
    assert again.exit_code == CANNOT


def test_replay_says_what_differs_array_by_array(flask: Flask_, number: int) -> None:
    same = flask("rounds", "replay", number)
    change("UPDATE match_round SET engine_version = '0'")
    other = flask("rounds", "replay", number)

    assert same.exit_code == HELD
    assert "0 differences (bit by bit)" in same.output
    assert other.exit_code == DIFFERS
    assert "round.engine: '1' is stored, '0' solved" in other.output.replace(solve.VERSION, "1")
    assert "solved by version 0 of the engine" in other.output
