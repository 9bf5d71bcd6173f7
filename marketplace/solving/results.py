"""What a solved round says, in the listings' own ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from marketplace.solving.listings import ListingId
from marketplace.transport.quotes import Leg

Side = Literal["lot", "need"]


@dataclass(frozen=True, kw_only=True)
class MatchRecord:
    """A lot and a need that are to trade.

    Prices are VND per base unit at the lot's gate. ``price_low`` and ``price_high`` are None
    where whole vehicles leave the range empty. ``vehicle`` reads ``28t*1+5t*1``. ``second_need``
    is the need that came second for the seller, where ``seller_advantage`` VND per base unit less
    would have been left; ``second_lot`` and ``buyer_advantage`` say the same of the buyer's next
    lot. Second and advantage count with told figures only (`marketplace.solving.runners_up`).
    """

    lot: ListingId
    need: ListingId
    quantity: int
    kilograms: int
    freight: int
    price: int
    price_low: int | None
    price_high: int | None
    market_price: int
    mode: str
    vehicle: str
    trips: int
    km: float
    hours: float
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    legs: tuple[Leg, ...]
    second_need: ListingId | None = None
    seller_advantage: int | None = None
    second_lot: ListingId | None = None
    buyer_advantage: int | None = None


Change = dict[str, int | str | bool]


@dataclass(frozen=True)
class HurdleRecord:
    """One thing that stands between: a key of the ``reason.*`` texts, and what fills the text
    (days, minutes_left, per_unit …)."""

    because: str
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NearbyRecord:
    """A counterpart that was not far from a match, ``km`` away by road (None: no way leads there).

    ``change`` names all that would have had to be different: fields of the listing with the value
    that would have done. It is empty where nothing that its owner could change would have.
    """

    counterpart: ListingId
    hurdles: tuple[HurdleRecord, ...]
    change: Change
    km: float | None


@dataclass(frozen=True, kw_only=True)
class LeftOutRecord:
    """Why ``quantity`` of a lot or a need found no partner.

    ``reason`` is a key of the ``reason.*`` texts; where it is "partly", ``because`` is the reason
    for the rest. ``nearest`` are up to three counterparts, the one least far from a match first:
    the reason is its first hurdle, ``numbers`` and ``change`` are of that one.
    """

    side: Side
    id: ListingId
    quantity: int
    matched: int
    reason: str
    because: str
    numbers: dict[str, int] = field(default_factory=dict)
    nearest: tuple[NearbyRecord, ...] = ()

    @property
    def counterpart(self) -> ListingId | None:
        return self.nearest[0].counterpart if self.nearest else None

    @property
    def change(self) -> Change:
        return self.nearest[0].change if self.nearest else {}


@dataclass(frozen=True)
class CreditRecord:
    """What one credit (`matching.outcome.CREDITS`) gave up and moved."""

    name: str
    cost: int  # VND of value
    kilograms: int


@dataclass(frozen=True, kw_only=True)
class RoundResult:
    """Value, bound and gap stand on every round; ``matches`` and ``left_out`` in order of listing."""

    matches: tuple[MatchRecord, ...]
    left_out: tuple[LeftOutRecord, ...]
    value: int
    bound: int
    credit_cost: int  # VND of value that the credit gave up
    credit_kilograms: int  # that it moved besides
    credits: tuple[CreditRecord, ...]  # the same of each credit beside the others
    blocks: int
    hurried: tuple[str, ...] = ()  # ids of commodities that there was no time for

    @property
    def gap(self) -> float:
        """The share of ``bound`` that is not proved to be reached."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0
