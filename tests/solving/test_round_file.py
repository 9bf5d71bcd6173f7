"""The full file of a round: what is read is what was written, and nothing can be changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from marketplace.matching import Market, Outcome, solve
from marketplace.matching.check import STATEMENTS
from marketplace.solving import round_file
from marketplace.solving.full_file import read_full
from marketplace.solving.plain import NotPlain, plain, restored
from marketplace.solving.proving import Proof, Watch, prove
from marketplace.solving.public_file import public_file
from marketplace.solving.round_file import FULL, BadFile, OtherFile, RoundFile, read, unpacked
from tests.files_of_rounds import a_recorded_round, recorded
from tests.matching.markets import a_lot, a_market, a_need, random_market, with_boats


def text() -> str:
    return a_recorded_round().file.text()


def proof_of(file: RoundFile) -> Proof:
    return prove(read_full(file.text().encode()), Watch())


def changed(path: str, change: Callable[[Any], Any]) -> RoundFile:
    """A forgery whose hashes fit."""
    sections = json.loads(text())["sections"]
    *way, last = path.split(".")
    here = sections
    for step in way:
        here = here[int(step) if isinstance(here, list) else step]
    key = int(last) if isinstance(here, list) else last
    here[key] = change(here[key])
    return RoundFile(FULL, sections)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_read_is_what_was_written(seed: int) -> None:
    market = random_market(seed)
    written = recorded(with_boats(market, seed) if seed % 2 else market)

    found = read_full(unpacked(written.file.packed()))

    assert replace(found).file.text() == written.file.text()  # made anew from the arrays
    assert prove(found, Watch()).holds


@pytest.mark.parametrize(("lots", "needs"), [(0, 0), (0, 2), (2, 0)])
def test_a_round_with_nobody_on_one_side_has_a_file(lots: int, needs: int) -> None:
    market = a_market([a_lot()] * lots, [a_need()] * needs)

    found = read_full(recorded(market).file.text().encode())

    assert found.market.minutes[0].shape == market.minutes[0].shape
    assert prove(found, Watch()).holds


@pytest.mark.parametrize("seed", range(10))
def test_a_round_with_boats_is_solved_again_bit_by_bit(seed: int) -> None:
    written = recorded(with_boats(random_market(seed, most=20), seed))

    again = solve(read_full(written.file.text().encode()).market)

    assert plain(again, Outcome) == plain(written.outcome, Outcome)


def test_every_statement_is_proved_with_its_figures() -> None:
    proof = prove(a_recorded_round(), Watch())

    assert [statement.key for statement in proof.proved] == list(STATEMENTS)
    assert proof.proved[0].figures["matches"] == len(a_recorded_round().outcome.matches)
    assert proof.seconds > 0


def test_a_changed_digit_of_the_full_file_names_its_section() -> None:
    whole, random = text(), np.random.default_rng(1)
    places = [n for n, letter in enumerate(whole) if letter.isdigit()]
    for place in random.choice(places, 300, replace=False).tolist():
        digit = (int(whole[place]) + int(random.integers(1, 10))) % 10
        with pytest.raises(BadFile):
            read_full(f"{whole[:place]}{digit}{whole[place + 1 :]}".encode())


@pytest.mark.parametrize(
    ("path", "change", "statement"),
    [
        ("outcome.matches.quantity.0", lambda n: n + 10**6, "sold_once"),
        ("outcome.matches.freight.0", lambda n: n + 1, "freight"),
        ("outcome.passes.0.lot_price.0", lambda n: n + 1, "assignment"),
        ("outcome.bound", lambda n: n + 1, "bound"),
        ("outcome.matches.price.0", lambda n: n + 1, "prices"),
        ("outcome.blocks", lambda n: n + 1, "left_out"),
        ("outcome.matches.lot", lambda rows: rows[:-1], "sold_once"),
        ("outcome.lot_price", lambda rows: rows[:-1], "bound"),
        ("outcome.passes.0.lot_owner", lambda rows: rows[:-1], "assignment"),
    ],
)
def test_a_forgery_with_fitting_hashes_is_refuted_by_the_checker(
    path: str, change: Callable[[Any], Any], statement: str
) -> None:
    proof = proof_of(changed(path, change))

    assert proof.failed == statement
    assert proof.flaw


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("market.lots.quantity.0", lambda n: -n, "below what is possible"),
        ("market.lots.quantity.0", lambda n: 2**70, "market.lots.quantity"),
        ("market.lots.quantity.0", lambda n: "1", "market.lots.quantity"),
        ("market.lots.whole.0", lambda n: 1, "market.lots.whole"),
        ("market.lots.ask", lambda rows: rows[:-1], "differ in length"),
        ("market.lots", lambda lots: {**lots, "colour": []}, "“colour” is not known"),
        ("market.lots", lambda lots: {"ask": lots["ask"]}, "“quantity” is missing"),
        ("market.today", lambda n: None, "market.today"),
        ("market.freights.0.trip_cost.0", lambda rows: rows[:-1], "market"),
        ("market.minutes", lambda n: 3, "market.minutes"),
        ("outcome.left_out.0.hurdle.because", lambda n: "no mood", "no mood"),
        ("index.needs.sealed", lambda rows: rows[:-1], "index.needs"),
        ("index.lots.id", lambda rows: rows[:-1], "index.lots"),
        ("index", lambda names: {**names, "goods": {"id": []}}, "do not fit their names"),
        ("round.number", lambda n: True, "round.number"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    path: str, change: Callable[[Any], Any], said: str
) -> None:
    with pytest.raises(BadFile) as refused:
        read_full(changed(path, change).text().encode())

    assert said in str(refused.value)


def test_a_section_that_is_missing_is_named() -> None:
    sections = dict(a_recorded_round().file.sections)
    del sections["outcome"]

    with pytest.raises(BadFile, match="outcome"):
        read_full(RoundFile(FULL, sections).text().encode())


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"format": 1.5}', "1.5 is not a whole number"),
        (b"[1, 2]", "not the file of a round"),
        (b'{"format": "something"}', "not the file of a round"),
        (b'{"format": "agricultural-marketplace-round", "version": 2}', "version 2"),
        (b'{"format": "agricultural-marketplace-round", "version": 1}', "missing"),
    ],
)
def test_what_never_was_a_file_of_this_format_is_told_apart(found: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_full(found)

    assert said in str(refused.value)


def test_a_public_file_is_not_taken_for_the_full_one() -> None:
    with pytest.raises(OtherFile, match="public file"):
        read_full(public_file(a_recorded_round()).text().encode())


def test_a_file_beyond_all_size_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = a_recorded_round().file.packed()
    monkeypatch.setattr(round_file, "MOST_BYTES", 1000)

    for too_large in (unpacked(packed), b" " * 1001):
        with pytest.raises(OtherFile, match="larger"):
            read(too_large)
    assert len(unpacked(packed)) == 1001


@pytest.mark.parametrize("spoil", [lambda b: b[:-9], lambda b: b"x" + b, lambda b: b""])
def test_damaged_bytes_are_told(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadFile, match="damaged"):
        unpacked(spoil(a_recorded_round().file.packed()))


def test_a_changed_hash_of_the_whole_is_told() -> None:
    file = a_recorded_round().file

    with pytest.raises(BadFile, match="whole"):
        read(file.text().replace(file.hash, "0" * 64).encode())
    with pytest.raises(BadFile, match="stored with the round"):
        read_full(file.text().encode(), "0" * 64)


@dataclass(frozen=True)
class Old:
    numbers: NDArray[np.int64]
    name: str | None


New = make_dataclass(
    "New",
    [
        ("numbers", NDArray[np.int64]),
        ("name", str | None),
        ("share", float, field(default=0.5)),
    ],
    frozen=True,
)


def test_a_column_that_a_class_gains_is_written_and_may_be_missing_in_old_files() -> None:
    old = plain(Old(np.array([1, 2]), None), Old)

    assert restored(old, New).share == 0.5
    assert restored(plain(replace(restored(old, New), share=0.25), New), New).share == 0.25
    with pytest.raises(NotPlain, match="share"):
        restored(plain(restored(old, New), New), Old)


@pytest.mark.parametrize("kind", [Market, Outcome])
def test_everything_that_the_engine_states_can_be_written(kind: type) -> None:
    whole = a_recorded_round()
    value = whole.market if kind is Market else whole.outcome

    again = restored(json.loads(json.dumps(plain(value, kind))), kind)

    assert plain(again, kind) == plain(value, kind)
