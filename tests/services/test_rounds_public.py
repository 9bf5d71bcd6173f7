"""What of a round is public: nothing that tells of fewer than three parties on a side."""

from __future__ import annotations

import random

import pytest

from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.domain.tallies import enough, publishable
from marketplace.services.round_figures import Tally


def a_tally(matched: int, sellers: set[int], buyers: set[int]) -> Tally:
    return Tally(lots=1, matched=matched, matches=len(sellers), sellers=sellers, buyers=buyers)


MANY = {1, 2, 3}


def test_three_on_both_sides_are_shown() -> None:
    tallies = {"CT": a_tally(10, MANY, MANY), "HG": a_tally(20, MANY, MANY)}

    assert publishable(tallies.items()) == tallies


@pytest.mark.parametrize(("sellers", "buyers"), [({1, 2}, MANY), (MANY, {1, 2})])
def test_fewer_are_hidden_with_the_smallest_other_so_that_no_rest_tells(sellers, buyers) -> None:
    tallies = {
        "AG": a_tally(5, sellers, buyers),
        "CT": a_tally(10, {4, 5, 6}, {4, 5, 6}),
        "HG": a_tally(20, MANY, MANY),
    }

    shown = publishable(tallies.items())

    assert (shown["AG"], shown["CT"]) == (None, None)
    assert shown["HG"] is tallies["HG"]


def test_where_nothing_was_matched_there_is_nothing_to_hide() -> None:
    assert publishable([("CT", Tally(lots=3))]) == {"CT": Tally(lots=3)}


@pytest.mark.parametrize("seed", range(100))
def test_what_is_hidden_never_follows_from_what_is_shown(seed: int) -> None:
    draw = random.Random(seed)
    tallies = {
        name: a_tally(
            draw.randrange(1, 100),
            {draw.randrange(9) for _ in range(draw.randrange(1, 6))},
            {draw.randrange(9) for _ in range(draw.randrange(1, 6))},
        )
        for name in "ABCDEFG"
    }

    shown = publishable(tallies.items())

    hidden = [tally for name, tally in tallies.items() if shown[name] is None]
    assert all(enough([tally]) for tally in shown.values() if tally)
    assert not hidden or enough(hidden) or len(hidden) == len(tallies)
    assert LEAST_PARTIES == 3
