"""How the parties of a sample round have answered until now: some yes, some no, many not yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from marketplace.demo import memory
from marketplace.domain.actors import Actor
from marketplace.domain.matches import DeclineReason
from marketplace.services.answers import accept, decline

ANSWERED = 120
"""So many matches at most have been looked at; the others are open."""
_HABITS = ("open", "both", "seller", "both", "decline", "open", "buyer", "both")
_REASONS = (DeclineReason.PRICE, DeclineReason.SOLD, DeclineReason.DATE, DeclineReason.GOODS)


def answer_some(round_id: int, *, spared: Collection[int], at: datetime) -> None:
    """Answer for the sample organisations; most matches of those ``spared`` stay open."""
    people = memory.colleagues()
    matches = memory.matches_of(round_id)
    for number, (match_id, seller, buyer) in enumerate(matches[:ANSWERED]):
        habit = _HABITS[number % len(_HABITS)]
        if {seller, buyer} & set(spared) and number % 4:
            habit = "open"
        moment = at + timedelta(minutes=5 * number)
        _answer(match_id, habit, people[seller], people[buyer], number, moment)


def _answer(
    match_id: int, habit: str, seller: Actor, buyer: Actor, number: int, at: datetime
) -> None:
    if habit in ("both", "seller"):
        accept(match_id, actor=seller, now=at)
    if habit in ("both", "buyer"):
        accept(match_id, actor=buyer, now=at)
    if habit == "decline":
        reason = _REASONS[number % len(_REASONS)]
        decline(match_id, reason, "", actor=(seller, buyer)[number % 2], now=at)
