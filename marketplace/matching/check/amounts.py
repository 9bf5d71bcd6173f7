"""Nobody sells more than there is, buys more than is wanted, or is divided against the rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]


def check_amounts(market: Market, outcome: Outcome) -> None:
    matches, lots, needs = outcome.matches, market.lots, market.needs
    _check_rows(matches.lot, len(lots), "lot")
    _check_rows(matches.need, len(needs), "need")
    if any(len(column) != len(matches.lot) for column in vars(matches).values()):
        raise Refuted("the columns of the matches differ in length")
    if len(set(zip(matches.lot.tolist(), matches.need.tolist(), strict=True))) != len(matches):
        raise Refuted("a lot and a need are matched twice")
    if (matches.quantity < 1).any():
        raise Refuted("a match moves nothing")
    sold, bought = sold_and_bought(market, outcome)
    if (sold > lots.quantity).any():
        raise Refuted(f"lot {int(np.argmax(sold > lots.quantity))} is oversold")
    if (bought > needs.quantity).any():
        raise Refuted(f"need {int(np.argmax(bought > needs.quantity))} gets more than it wants")
    _check_divisions(market, outcome, sold, bought)


def sold_and_bought(market: Market, outcome: Outcome) -> tuple[Integers, Integers]:
    sold = np.zeros(len(market.lots), dtype=np.int64)
    bought = np.zeros(len(market.needs), dtype=np.int64)
    np.add.at(sold, outcome.matches.lot, outcome.matches.quantity)
    np.add.at(bought, outcome.matches.need, outcome.matches.quantity)
    return sold, bought


def _check_rows(rows: NDArray[np.intp], size: int, name: str) -> None:
    if len(rows) and (rows.min() < 0 or rows.max() >= size):
        raise Refuted(f"a {name} is named that does not exist")


def _check_divisions(market: Market, outcome: Outcome, sold: Integers, bought: Integers) -> None:
    matches, lots, needs = outcome.matches, market.lots, market.needs
    divided = lots.whole[matches.lot] & (matches.quantity != lots.quantity[matches.lot])
    if divided.any():
        raise Refuted(f"lot {int(matches.lot[np.argmax(divided)])} is sold as one and was divided")
    split = ~needs.splits[matches.need] & (matches.quantity != needs.quantity[matches.need])
    if split.any():
        raise Refuted(f"need {int(matches.need[np.argmax(split)])} allows no splits and was split")
    if (matches.quantity < needs.minimum[matches.need]).any():
        raise Refuted("a match is below the need's smallest acceptable quantity")
    left = needs.quantity - bought
    if ((bought > 0) & (left > 0) & (left < needs.minimum)).any():
        raise Refuted("a need is left with less open than it accepts")


def check_left_out(market: Market, outcome: Outcome) -> None:
    """Whoever has something left is told why, once, with the right quantities."""
    sold, bought = sold_and_bought(market, outcome)
    told = {(record.side, record.row): record for record in outcome.left_out}
    if len(told) != len(outcome.left_out):
        raise Refuted("something left out is listed twice")
    owed = set()
    for side, total, gone in (
        ("lot", market.lots.quantity, sold),
        ("need", market.needs.quantity, bought),
    ):
        for row in np.flatnonzero((total > gone) | (total == 0)).tolist():
            owed.add((side, row))
            record = told.get((side, row))
            stated = record and (record.quantity, record.matched)
            if stated != (int(total[row] - gone[row]), int(gone[row])):
                raise Refuted(f"what is left of {side} {row} is stated wrongly")
    if owed != set(told):
        raise Refuted("a reason is given for something that has nothing left")
