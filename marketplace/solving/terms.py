"""What a lot and a need would trade on, where one side asks the other without a round.

The same rules as in a round stand between them, and the same freight; the price is the asker's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from marketplace.domain.bands import band
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import spell_quantity
from marketplace.domain.text_marks import N_
from marketplace.matching import journeys
from marketplace.matching.obstacles import MONEY, Obstacle
from marketplace.matching.pairs import pairs
from marketplace.solving.assemble import assemble
from marketplace.solving.deciding import collection_day
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.world import World
from marketplace.transport.atlas import Quote

OBSTACLES = {
    Obstacle.SAME_ORGANISATION: N_("Lot and need belong to the same organisation."),
    Obstacle.NOT_ELIGIBLE: N_("The weight of these goods is not known, so freight is not either."),
    Obstacle.GRADE: N_("The lot's grade is lower than the need accepts."),
    Obstacle.CERTIFICATE: N_("The need asks for a certificate that the lot does not hold."),
    Obstacle.NO_ROUTE: N_("No open route leads from the lot to the place of delivery."),
    Obstacle.MOVEMENT: N_(
        "Movement of these goods is restricted here because of a disease; a paper is missing."
    ),
    Obstacle.EXPECTED: N_("This is an expected harvest; the need takes sure goods only."),
    Obstacle.WINDOW: N_("On no day are the goods ready and arrive while they are wanted."),
    Obstacle.FRESHNESS: N_("The goods would not arrive as fresh as the need asks."),
}
"""In the order in which a person is told."""


@dataclass(frozen=True)
class Terms:
    """What both would agree to. Prices are ₫ per base unit, ``price`` at the lot's gate."""

    quantity: int
    ask: int
    bid: int
    price: int
    quote: Quote
    collect_on: date

    @property
    def delivered(self) -> int:
        """₫ for goods and freight together."""
        return self.price * self.quantity + self.quote.cost


def terms_of(
    lot: OpenLot, need: OpenNeed, quantity: int, *, by_buyer: bool, world: World, today: date
) -> Terms:
    """Raises `Rejected` for what stands between the two.

    An ask that nobody named is what the bid leaves after freight, a bid that nobody named what the
    ask costs delivered; one of them must be there. ``by_buyer``: the buyer asks, so that what he
    may read of a price is not sealed.
    """
    if lot.commodity != need.commodity:
        raise Rejected(N_("Lot and need are of different goods."))
    if lot.ask is None and need.bid is None:
        raise Rejected(N_("Enter a price: the other side has named none."), field="price")
    check_amounts(lot, need, quantity, world.catalogue.commodity(lot.commodity))
    in_time = _fitting(lot, need, quantity, world, today)
    quote = _quote(lot, need, quantity, world, in_time)
    bid = (
        need.bid
        if need.bid is not None
        else -(-((lot.ask or 0) * quantity + quote.cost) // quantity)
    )
    ask = lot.ask if lot.ask is not None else (bid * quantity - quote.cost) // quantity
    _check_no_loss(ask, bid, quantity, quote.cost, by_buyer=by_buyer)
    day = collection_day(lot, need, quote.hours, today)
    return Terms(quantity, ask, bid, ask, quote, day)


def check_amounts(lot: OpenLot, need: OpenNeed, quantity: int, good: Commodity) -> None:
    """Raise `Rejected` unless both have so much, and part of it where they allow parts."""
    offered, wanted = (spell_quantity(side.quantity, good) for side in (lot, need))
    if quantity > lot.quantity:
        raise Rejected(N_("Only %(open)s of this lot are free."), field="quantity", open=offered)
    if quantity > need.quantity:
        raise Rejected(N_("Only %(open)s of this need are open."), field="quantity", open=wanted)
    if lot.whole and quantity != lot.quantity:
        raise Rejected(N_("This lot is sold as one: %(open)s."), field="quantity", open=offered)
    if not need.splits and quantity != need.quantity:
        raise Rejected(
            N_("This need takes all of it from one seller: %(open)s."),
            field="quantity",
            open=wanted,
        )
    least = min(need.min_quantity, need.quantity)
    if quantity < least:
        raise Rejected(
            N_("This need takes %(least)s or more."),
            field="quantity",
            least=spell_quantity(least, good),
        )


def _fitting(
    lot: OpenLot, need: OpenNeed, quantity: int, world: World, today: date
) -> tuple[str, ...]:
    """The vehicles that the engine would use. Raises `Rejected` for all that stands between the two
    but money."""
    only_lot = replace(lot, quantity=quantity, whole=False, ask=1)
    only_need = replace(need, quantity=quantity, splits=True, min_quantity=1, bid=2)
    market, _ = assemble(
        [only_lot],
        [only_need],
        world.atlas,
        world.catalogue,
        today,
        movement=world.movement,
    )
    [block] = pairs(market)
    present = Obstacle(int(block.obstacles[0, 0])) & ~MONEY
    for obstacle, words in OBSTACLES.items():
        if present & obstacle:
            raise Rejected(words)
    row, weight = np.zeros(1, dtype=np.intp), market.kilograms(0, market.lots.quantity)
    [trips] = journeys.trips(market, 0, row, row, weight)
    vehicles = market.freight_of(0).vehicles
    return tuple(name for name, n in zip(vehicles, trips.tolist(), strict=True) if n)


def _quote(
    lot: OpenLot, need: OpenNeed, quantity: int, world: World, vehicles: Sequence[str]
) -> Quote:
    commodity = world.catalogue.commodity(lot.commodity)
    kilograms = commodity.kilograms(quantity) or 0
    return world.atlas.quote(lot.place, need.place, commodity, kilograms, vehicles)


def _check_no_loss(ask: int, bid: int, quantity: int, freight: int, *, by_buyer: bool) -> None:
    missing = ask * quantity + freight - bid * quantity
    if missing <= 0 and ask > 0:
        return
    if by_buyer:
        raise Rejected(
            N_("Asked %(ask)s and freight %(freight)s per unit are more than the %(bid)s offered."),
            field="price",
            ask=ask,
            freight=-(-freight // quantity),
            bid=bid,
        )
    low, high = band(-(-missing // quantity))
    raise Rejected(
        N_("Your price and the freight are about %(low)s – %(high)s ₫ per unit too high here."),
        field="price",
        low=low,
        high=high,
    )
