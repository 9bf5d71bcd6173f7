"""The plan under the rules that no flow can bend: whole lots, no splits, smallest quantities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.deadline import NEVER, Deadline
from marketplace.matching.integer_program import best
from marketplace.matching.market import Flags, Integers
from marketplace.matching.plan import in_whole_units
from marketplace.matching.rules_program import HAIR, Flows, Pairs, Rules, program

_REPAIRS = 3
_SMALL = 300  # columns of a program that is chosen again as a whole


class Chosen(NamedTuple):
    made: Flags
    quantity: Integers


def choose(pairs: Pairs, flows: Flows, rules: Rules, deadline: Deadline = NEVER) -> Chosen:
    """Which of the pairs to make, and how much is to flow beside them.

    A mixed integer program: yes or no for each pair, and for each flow nothing or at least the
    need's smallest quantity, so that the value is greatest, no lot gives and no need takes more
    than there is, and what stays open of a need is nothing or at least its smallest quantity. That
    last rule and the one on flows are broken by few needs if nobody minds them: the program is
    solved without, and then again in the neighbourhood of those needs, with them
    (destroy and repair; Shaw, "Using constraint programming and local search methods to solve
    vehicle routing problems", 1998).

    What is chosen is good, and not proved the best; a smallest quantity may still be broken.
    Raises `OutOfTime`.
    """
    if max(pairs.rank.max(initial=0), flows.gain.max(initial=0)) <= 0:
        return Chosen(np.zeros(len(pairs), dtype=bool), np.zeros(len(flows), dtype=np.int64))
    chosen = _freely(pairs, flows, rules, deadline)
    if chosen is None:  # nothing within the limit: the biggest first
        return Chosen(np.ones(len(pairs), dtype=bool), np.zeros(len(flows), dtype=np.int64))
    for _ in range(_REPAIRS):
        broken = _broken(pairs, flows, rules, chosen)
        if not broken.any():
            break
        chosen = _repaired(pairs, flows, rules, chosen, broken, deadline)
    return chosen


def _freely(pairs: Pairs, flows: Flows, rules: Rules, deadline: Deadline) -> Chosen | None:
    nobody = np.zeros(len(rules.demand), dtype=bool)
    found = best(program(pairs, flows, rules, nobody), deadline)
    return None if found is None else _read(found, pairs, flows, rules)


def _read(found: NDArray[np.float64], pairs: Pairs, flows: Flows, rules: Rules) -> Chosen:
    """What the program's first columns mean, in whole units of which there are enough."""
    made, share = found[: len(pairs)] > 0.5, found[len(pairs) :][: len(flows)]
    beside = _beside(pairs.take(made), rules)
    return Chosen(made, in_whole_units(flows.lot, flows.need, share * flows.most, *beside))


def _beside(made: Pairs, rules: Rules) -> tuple[Integers, Integers]:
    """What the lots have and the needs want beside these pairs."""
    supply, demand = rules.supply.copy(), rules.demand.copy()
    np.subtract.at(supply, made.lot, made.quantity)
    np.subtract.at(demand, made.need, made.quantity)
    return supply, demand


def _broken(pairs: Pairs, flows: Flows, rules: Rules, chosen: Chosen) -> Flags:
    """The needs that would take, or be left with, less than their smallest quantity."""
    made, quantity = chosen
    _, left = _beside(pairs.take(made), rules)
    np.subtract.at(left, flows.need, quantity)
    hair = HAIR * rules.demand
    broken: Flags = (left > hair) & (left < rules.minimum - hair)
    short = quantity < (rules.minimum - hair)[flows.need]
    broken[flows.need[short & (quantity > hair[flows.need])]] = True
    return broken


def _repaired(
    pairs: Pairs, flows: Flows, rules: Rules, chosen: Chosen, broken: Flags, deadline: Deadline
) -> Chosen:
    """Choose again around the broken needs; the rest stays as it is.

    Every need that this touches is watched, so that none is mended at another's cost.
    """
    free = _around(pairs, flows, rules, chosen, broken)
    watched = np.zeros_like(broken)
    watched[np.concatenate([pairs.need, flows.need])[free]] = True
    whole = program(pairs, flows, rules, watched & (rules.minimum > 0))
    answer = np.zeros(len(whole))
    answer[: len(free)] = np.where(free, 0, np.append(chosen.made, chosen.quantity / flows.most))
    open_columns = np.append(free, np.ones(len(whole) - len(free), dtype=bool))
    found = best(whole.beside(open_columns, answer), deadline)
    if found is None:
        return chosen
    answer[open_columns] = found
    return _read(answer, pairs, flows, rules)


def _around(pairs: Pairs, flows: Flows, rules: Rules, chosen: Chosen, broken: Flags) -> Flags:
    """What the broken needs might take, and all else of the lots that give to them now.

    In a small program everything: there it costs nothing.
    """
    lot, need = np.concatenate([pairs.lot, flows.lot]), np.concatenate([pairs.need, flows.need])
    if len(lot) <= _SMALL:
        return np.ones(len(lot), dtype=bool)
    giving = np.zeros(len(rules.supply), dtype=bool)
    giving[lot[broken[need] & np.append(chosen.made, chosen.quantity > 0)]] = True
    free: Flags = giving[lot] | broken[need]
    return free
