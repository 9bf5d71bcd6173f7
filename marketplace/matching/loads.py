"""Cut what lots offer and needs want into what one vehicle carries, along the flows of a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.market import Indices, Integers
from marketplace.matching.plan import Plan


@dataclass(frozen=True, eq=False)
class Loads:
    """Parts of lots or of needs: whose, and how many base units."""

    owner: Indices
    quantity: Integers

    def __len__(self) -> int:
        return len(self.owner)


def loads(
    flows: Plan, supply: Integers, demand: Integers, minimum: Integers, size: int
) -> tuple[Loads, Loads]:
    """The loads of the lots and those of the needs, by owner; together all of supply and demand.

    Each flow is cut on both sides alike into full largest vehicles (``size`` base units) and a
    rest, so that the plan's own pairing is one way to pair the loads; what the plan leaves over
    is cut likewise. No load of a need is below its ``minimum``: a need whose loads are each
    served in full, or but for at least the minimum, or not at all, ends with nothing open or at
    least the minimum.
    """
    lot, need, quantity = _above_minimum(flows, demand, minimum)
    flow, part = _cut(quantity, np.maximum(size, minimum[need]), minimum[need])
    lot_rest = supply - _total(lot, quantity, len(supply))
    need_rest = demand - _total(need, quantity, len(demand))
    spare, spare_part = _cut(lot_rest, size, 0)
    open_, open_part = _cut(need_rest, np.maximum(size, minimum), minimum)
    return (
        _by_owner(np.concatenate([lot[flow], spare]), np.concatenate([part, spare_part])),
        _by_owner(np.concatenate([need[flow], open_]), np.concatenate([part, open_part])),
    )


def _cut(
    quantity: Integers, size: Integers | int, minimum: Integers | int
) -> tuple[Indices, Integers]:
    """Index and quantity of the parts: of ``size`` each, the last one what is left.

    A rest below ``minimum`` stays with the part before it.
    """
    full = quantity // size
    rest = quantity - full * size
    count = np.where(quantity > 0, np.maximum(1, full + ((rest > 0) & (rest >= minimum))), 0)
    index = np.repeat(np.arange(len(quantity)), count)
    part = np.broadcast_to(size, quantity.shape)[index].astype(np.int64)
    last = np.cumsum(count)[count > 0] - 1
    part[last] = (quantity - (count - 1) * size)[count > 0]
    return index, part


def _above_minimum(
    flows: Plan, demand: Integers, minimum: Integers
) -> tuple[Indices, Indices, Integers]:
    """Flows of at least the need's minimum, which leave open nothing or at least the minimum."""
    quantity = np.where(flows.quantity >= minimum[flows.need], flows.quantity, 0)
    rest = demand - _total(flows.need, quantity, len(demand))
    for need in np.flatnonzero((rest > 0) & (rest < minimum)):
        into = np.flatnonzero((flows.need == need) & (quantity > 0))
        missing = minimum[need] - rest[need]
        shorter = into[quantity[into] - missing >= minimum[need]]
        if len(shorter):
            quantity[shorter[np.argmax(quantity[shorter])]] -= missing
        else:
            quantity[into[np.argmin(quantity[into])]] = 0
    made = quantity > 0
    return flows.lot[made], flows.need[made], quantity[made]


def _total(owner: Indices, quantity: Integers, size: int) -> Integers:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, owner, quantity)
    return total


def _by_owner(owner: Indices, quantity: Integers) -> Loads:
    """Large loads first within each owner."""
    order = np.lexsort((-quantity, owner))
    return Loads(owner[order], quantity[order])
