"""Public sums of what was proposed and agreed to."""

from datetime import timedelta

from flask import Flask

from marketplace import clock
from marketplace.domain.matches import MatchState
from marketplace.services.agreements import Agreements, since
from tests.services.test_home import a_match_of, a_published_round


def lately() -> Agreements | None:
    return since(clock.now() - timedelta(days=30))


def test_what_was_agreed_in_one_round_stays_when_the_next_is_published(app: Flask):
    first, second = a_published_round(), a_published_round()
    for _ in range(3):
        a_match_of(first, MatchState.CONFIRMED, quantity=2_000)
        a_match_of(second, quantity=5_000)

    assert lately() == Agreements(proposed=21_000, agreed=6_000)


def test_fewer_than_three_who_agreed_are_not_told_of(app: Flask):
    round_ = a_published_round()
    for state in (MatchState.CONFIRMED, MatchState.CONFIRMED, MatchState.PROPOSED):
        a_match_of(round_, state)

    assert lately() == Agreements(proposed=3_000, agreed=None)


def test_fewer_than_three_to_whom_something_was_proposed_neither(app: Flask):
    a_match_of(a_published_round(), MatchState.CONFIRMED)

    assert lately() is None


def test_nobody_having_agreed_tells_of_nobody(app: Flask):
    round_ = a_published_round()
    for _ in range(3):
        a_match_of(round_, MatchState.DECLINED)

    assert lately() == Agreements(proposed=3_000, agreed=0)
