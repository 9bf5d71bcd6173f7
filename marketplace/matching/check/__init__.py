"""Prove an outcome again from nothing but the market's arrays.

Everything is computed anew in whole numbers, with NumPy alone, by code that the solver does not
share: it reads the plain columns of `Market`, payloads and costs of single trips, and the outcome.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marketplace.matching.check.amounts import check_amounts, check_left_out
from marketplace.matching.check.assignments import check_passes
from marketplace.matching.check.carriage import check_freight
from marketplace.matching.check.market_prices import Reach, check_bound, reach
from marketplace.matching.check.proposals import check_proposals
from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

NOT_LOAD_BEARING = frozenset(
    {
        # Explanations: what they say follows from the rest, and nothing else follows from them.
        "left_out.nearest.counterpart",
        *(
            f"left_out.{hurdle}.{number}"
            for hurdle in ("hurdle", "nearest.hurdles")
            for number in ("days", "minutes_left", "minutes_asked", "per_unit", "limit")
        ),
        # A comparison with an assignment that is not stored.
        "credit.cost",
        "credit.kilograms",
        "credits.cost",
        "credits.kilograms",
        # How the round came about; whatever it says, the rest holds.
        "hurried",
    }
)

STATEMENTS = ("sold_once", "freight", "allowed", "assignment", "bound", "prices", "left_out")
"""What `check` proves, in that order."""


def check(
    market: Market, outcome: Outcome, proved: Callable[[str], None] = lambda statement: None
) -> None:
    """Raise `Refuted`, naming the first flaw, unless everything that ``outcome`` states holds.

    Nobody oversold; every match allowed, none below the smallest acceptable quantity, none at a
    loss; the trips carry the weight and cost what is stated, and no trips carry it for less; each
    assignment of loads is optimal (duals); value and bound as stated; each price, range and
    runner-up where the rules put it. `NOT_LOAD_BEARING` lists the few numbers that this does not
    reach. ``proved`` is told each of `STATEMENTS` as soon as it stands.
    """
    check_amounts(market, outcome)
    proved("sold_once")
    check_freight(market, outcome)
    proved("freight")
    parts = [reach(market, commodity) for commodity in _traded(market)]
    _check_pairs(outcome, parts)
    proved("allowed")
    check_passes(market, outcome, parts)
    proved("assignment")
    check_bound(market, outcome, parts)
    proved("bound")
    check_proposals(market, outcome, parts)
    proved("prices")
    check_left_out(market, outcome)
    if outcome.blocks != len(parts):
        raise Refuted("the number of commodities that are both offered and wanted is another")
    proved("left_out")


def _traded(market: Market) -> list[int]:
    offered = set(market.lots.commodity[market.lots.quantity > 0].tolist())
    wanted = set(market.needs.commodity[market.needs.quantity > 0].tolist())
    return sorted(offered & wanted)


def _check_pairs(outcome: Outcome, parts: list[Reach]) -> None:
    allowed = {
        (lot, need)
        for part in parts
        for lot, need in zip(*(x.tolist() for x in part.allowed_pairs()), strict=True)
    }
    made = zip(outcome.matches.lot.tolist(), outcome.matches.need.tolist(), strict=True)
    for lot, need in made:
        if (lot, need) not in allowed:
            raise Refuted(f"lot {lot} and need {need} may not trade with each other")
    if not np.isin(outcome.matches.settled, (0, 1)).all():
        raise Refuted("a match is marked as settled by something else than yes or no")
