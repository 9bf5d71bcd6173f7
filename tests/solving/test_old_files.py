"""Files that rounds wrote before vehicles had paces and movement was restricted are still proved."""

from __future__ import annotations

from pathlib import Path

from marketplace.matching import solve
from marketplace.solving.full_file import read_full
from marketplace.solving.plain import plain
from marketplace.solving.proving import Watch, prove
from marketplace.solving.public_file import public_file
from tests.files_of_rounds import run, script

OLD = Path(__file__).parent / "files_of_engine_2"


def test_the_full_file_is_read_and_proved() -> None:
    found = read_full((OLD / "full.json").read_bytes())

    assert prove(found, Watch()).holds
    assert not found.market.lots.leaving.any()
    assert not found.market.needs.entering.any()


def test_it_is_solved_again_bit_by_bit() -> None:
    found = read_full((OLD / "full.json").read_bytes())

    again = solve(found.market)

    assert plain(again, type(again)) == plain(found.outcome, type(again))


def test_the_printed_script_still_proves_the_public_file() -> None:
    said = run(script(0), OLD / "public.json")

    assert said.stdout.startswith("OK: round 7")


def test_a_public_file_made_of_it_now_is_proved_as_well(tmp_path: Path) -> None:
    made = tmp_path / "public.json"
    made.write_text(public_file(read_full((OLD / "full.json").read_bytes())).text())

    assert run(script(0), made).stdout.startswith("OK: round 7")
