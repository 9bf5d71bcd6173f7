"""What may be shown of several runs side by side."""

from __future__ import annotations

import random

import pytest

from marketplace.domain.tallies import Matched, enough, publishable_in_all


def a_tally(sellers: int, buyers: int, matched: int = 1_000) -> Matched:
    tally = Matched(matches=1, matched=matched)
    tally.sellers, tally.buyers = set(range(sellers)), set(range(buyers))
    return tally


def test_a_cell_of_too_few_in_one_run_is_hidden_in_all() -> None:
    before = {"HG": a_tally(5, 5), "ST": a_tally(4, 4), "CM": a_tally(6, 6, 9_000)}
    after = {"HG": a_tally(2, 5), "ST": a_tally(4, 4), "CM": a_tally(6, 6, 9_000)}

    assert publishable_in_all([before, after]) == {"CM"}


def test_enough_everywhere_hides_nothing() -> None:
    run = {"HG": a_tally(3, 3), "ST": a_tally(4, 4)}

    assert publishable_in_all([run, run]) == {"HG", "ST"}


@pytest.mark.parametrize("seed", range(200))
def test_what_is_hidden_has_enough_parties_in_every_run_or_nothing_is_shown(seed: int) -> None:
    dice = random.Random(seed)
    runs = [
        {n: a_tally(dice.randint(1, 5), dice.randint(1, 5), dice.randint(1, 99)) for n in "abcdef"}
        for _ in range(2)
    ]

    shown = publishable_in_all(runs)

    for run in runs:
        assert all(enough([run[name]]) for name in shown)
        hidden = [tally for name, tally in run.items() if name not in shown]
        assert not hidden or not shown or enough(hidden)
