"""What a round saw is read back as it was."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import date
from hashlib import sha256

from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Condition, Effect, Restriction
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import OpenNeed

DAY = date(2026, 11, 25)
NEED = OpenNeed(
    id=1,
    organisation=2,
    commodity="khom-cau-duc",
    quantity=500,
    place="D916",
    wanted_from=DAY,
    until=DAY,
    bid=9_000,
    sealed=True,
)


def test_what_is_stored_is_read_back() -> None:
    frozen = Frozen(DAY, "r1", (), (NEED,))

    assert Frozen.read(*frozen.stored()) == frozen


def test_a_round_from_before_bids_were_said_to_be_sealed_is_still_read() -> None:
    rows = json.loads(zlib.decompress(Frozen(DAY, "r1", (), (NEED,)).stored()[0]))
    del rows["needs"][0]["sealed"]
    text = json.dumps(rows).encode()

    [need] = Frozen.read(zlib.compress(text), sha256(text).hexdigest()).needs

    assert not need.sealed


def test_the_state_that_it_was_solved_under_is_read_back() -> None:
    files = read_reference().state
    state = replace(
        files,
        conditions=(
            Condition(
                7, Effect.HOURS, "A--B", None, None, None, 300, 1200, None, "", None, DAY, None
            ),
        ),
        restrictions=(
            Restriction(3, None, "trai_cay", "D916", None, "both", ("vietgap",), DAY, DAY),
        ),
    )

    frozen = Frozen(DAY, "r1", (), (NEED,), state=state)

    assert Frozen.read(*frozen.stored()) == frozen


def test_a_round_from_before_there_were_states_keeps_its_hash() -> None:
    stored = Frozen(DAY, "r1", (), (NEED,)).stored()

    assert b"state" not in zlib.decompress(stored[0])
    assert Frozen.read(*stored).state is None
