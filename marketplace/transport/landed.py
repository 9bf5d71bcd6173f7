"""What it costs to bring listings somewhere: the freight that a landed price adds to the ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.domain.commodities import Commodity
from marketplace.transport.atlas import Atlas


@dataclass(frozen=True)
class Delivery:
    """A quantity of a commodity that is carried from one place to another."""

    commodity: Commodity
    quantity: int
    origin: str
    destination: str


def freight_of(atlas: Atlas, deliveries: Sequence[Delivery]) -> list[int | None]:
    """VND for each delivery, the very figure of `Atlas.quote`.

    None where there is no route or the weight is not known. Deliveries of one kind of goods are
    priced together.
    """
    costs: list[int | None] = [None] * len(deliveries)
    for kind, numbers in _by_kind(deliveries):
        chosen = [deliveries[n] for n in numbers]
        origins = sorted({d.origin for d in chosen})
        destinations = sorted({d.destination for d in chosen})
        freight = atlas.freight(*kind, origins, destinations)
        priced = freight.cost(
            [origins.index(d.origin) for d in chosen],
            [destinations.index(d.destination) for d in chosen],
            [d.commodity.kilograms(d.quantity) or 0 for d in chosen],
        )
        for n, cost in zip(numbers, priced.tolist(), strict=True):
            costs[n] = cost if cost >= 0 else None
    return costs


def per_unit(freight: int, quantity: int) -> int:
    """VND per base unit, rounded half up."""
    return (2 * freight + quantity) // (2 * quantity)


def _by_kind(deliveries: Iterable[Delivery]) -> Iterable[tuple[tuple[str, str], list[int]]]:
    kinds: dict[tuple[str, str], list[int]] = {}
    for n, delivery in enumerate(deliveries):
        if delivery.commodity.milligrams is not None and delivery.quantity > 0:
            kind = (delivery.commodity.transport_need, delivery.commodity.group)
            kinds.setdefault(kind, []).append(n)
    return kinds.items()
