"""Markets with published answers, turned around: the most gain is the least cost."""

from __future__ import annotations

import numpy as np
import pytest

from marketplace.matching import assign, certify, solve
from marketplace.matching.check import check
from marketplace.matching.plan import plan

from .markets import a_freight, a_lot, a_market, a_need

# G. B. Dantzig, Linear Programming and Extensions (1963), chapter 3.3: Seattle and San Diego ship
# cases to New York, Chicago and Topeka; thousands of miles at 90 $ per case and thousand miles.
DANTZIG = (
    [350, 600],
    [325, 300, 275],
    [[225, 153, 162], [225, 162, 126]],  # thousandths of $1,000 times 1/1000: 153.675 is 153675
    153_675,
)
# R. Fourer, D. M. Gay, B. W. Kernighan, AMPL (2003), figure 3-1: steel from three mills to seven
# customers.
STEEL = (
    [1400, 2600, 2900],
    [900, 1200, 600, 400, 1700, 1100, 1000],
    [
        [39, 14, 11, 14, 16, 82, 8],
        [27, 9, 12, 9, 26, 95, 17],
        [24, 14, 17, 13, 28, 99, 20],
    ],
    196_200,
)
DEAR = 10_000


@pytest.mark.parametrize(("supply", "demand", "cost", "published"), [DANTZIG, STEEL])
def test_a_whole_round_finds_the_published_optimum(
    supply: list[int], demand: list[int], cost: list[list[int]], published: int
) -> None:
    market = a_market(
        [a_lot(quantity=q, ask=0, place=k) for k, q in enumerate(supply)],
        [a_need(quantity=r, bid=DEAR, place=k) for k, r in enumerate(demand)],
        a_freight([cost], payload=(1,)),
    )

    outcome = solve(market)

    check(market, outcome)
    assert outcome.value == outcome.bound == DEAR * sum(demand) - published
    assert outcome.matches.freight.sum() == published


@pytest.mark.parametrize(("supply", "demand", "cost", "published"), [DANTZIG, STEEL])
def test_the_plan_finds_the_published_optimum(
    supply: list[int], demand: list[int], cost: list[list[int]], published: int
) -> None:
    gain = DEAR - np.array(cost)

    flows = plan(gain, np.array(supply), np.array(demand))

    assert int((np.array(cost)[flows.lot, flows.need] * flows.quantity).sum()) == published
    duals = flows.lot_price @ np.array(supply) + flows.need_price @ np.array(demand)
    assert duals == pytest.approx(DEAR * sum(demand) - published)


def test_units_of_a_transportation_problem_can_be_assigned_one_by_one() -> None:
    supply, demand, cost, published = DANTZIG
    fiftieths = np.array(supply) // 25, np.array(demand) // 25
    gain = DEAR - np.repeat(np.repeat(np.array(cost), fiftieths[0], axis=0), fiftieths[1], axis=1)

    assignment = assign(gain)

    certify(gain, assignment)
    assert DEAR * len(assignment.lot) - assignment.value == published // 25
