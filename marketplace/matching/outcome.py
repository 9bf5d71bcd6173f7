"""What a solved market says, as arrays that can be stored and checked without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from marketplace.matching.market import Indices, Integers

NOBODY = -1  # where there is no runner-up


@dataclass(frozen=True, eq=False)
class Matches:
    """Who trades with whom, one row per lot and need, by lot and then by need (rows of the market).

    quantity : base units
    freight : VND for all of it
    trips : (M, K) trips of each vehicle of the commodity's freight, 0 in columns beyond these
    low, high : the range of prices, VND per base unit at the lot's gate; low > high: it is empty
    price : the proposal
    settled : taken before the plan because it could not be divided
    second_need : who came second for the seller, or `NOBODY`
    seller_advantage : VND per base unit that the seller would have had less there
    second_lot, buyer_advantage : the same for the buyer
    """

    lot: Indices
    need: Indices
    quantity: Integers
    freight: Integers
    trips: Integers
    low: Integers
    high: Integers
    price: Integers
    settled: Integers
    second_need: Integers
    seller_advantage: Integers
    second_lot: Integers
    buyer_advantage: Integers

    def __len__(self) -> int:
        return len(self.lot)


@dataclass(frozen=True, eq=False)
class Pass:
    """One assignment of loads, of all commodities, and the prices that prove it the best.

    lot_owner, lot_quantity : whose load it is and how many base units, by owner
    need_owner, need_quantity : the same of the needs
    lot_load, need_load : the pairs, indices of loads
    lot_price, need_price : a price for each load; they prove and are shown to nobody
    value : VND gained, without the credit
    """

    lot_owner: Indices
    lot_quantity: Integers
    need_owner: Indices
    need_quantity: Integers
    lot_load: Indices
    need_load: Indices
    lot_price: Integers
    need_price: Integers
    value: int


class Reason(StrEnum):
    """Why something found no partner: the keys of the texts."""

    NO_COUNTERPART = "no_counterpart"
    GRADE = "grade"
    CERTIFICATE = "certificate"
    NOT_ELIGIBLE = "not_eligible"
    WINDOW = "window"
    FRESHNESS = "freshness"
    NO_ROUTE = "no_route"
    MOVEMENT = "movement"
    EXPECTED = "expected"
    FREIGHT = "freight"
    PRICE = "price"
    BID = "bid"
    OUTBID = "outbid"
    MINIMUM = "minimum"
    WHOLE = "whole"
    RESERVED = "reserved"
    PARTLY = "partly"


@dataclass(frozen=True)
class Hurdle:
    """One thing that stands between a lot and a need. Which numbers are set depends on it:

    WINDOW : ``days`` the goods would come too late, negative: too early
    FRESHNESS : ``minutes_left`` on arrival, ``minutes_asked``; ``days``, negative, where a need for
        which goods spoil while they wait would have to begin earlier
    PRICE, FREIGHT, BID, OUTBID : ``per_unit`` VND by which ask or bid would have had to change; 0
        where what cannot be divided went first and no price would have been enough
    MINIMUM, WHOLE : ``limit`` base units, the least or the most that the counterpart takes or gives
    GRADE : ``limit`` is the rank that would do
    CERTIFICATE, MOVEMENT : ``limit`` has the bits of papers that are missing; 0: nobody may move them
    RESERVED : ``limit`` base units are held
    """

    because: Reason
    days: int = 0
    minutes_left: int = 0
    minutes_asked: int = 0
    per_unit: int = 0
    limit: int = 0


@dataclass(frozen=True)
class Nearby:
    """A counterpart (row of the need or lot) and all that stands between, gravest first."""

    counterpart: int
    hurdles: tuple[Hurdle, ...]


@dataclass(frozen=True)
class LeftOut:
    """Why ``quantity`` base units of a lot or a need were not matched.

    ``hurdle`` is the reason; `reason` says "partly" where some was matched. ``nearest`` are up to
    three counterparts, the one least far from a match first; its first hurdle is ``hurdle``.
    """

    side: str
    row: int
    quantity: int
    matched: int
    hurdle: Hurdle
    nearest: tuple[Nearby, ...] = ()

    @property
    def because(self) -> Reason:
        return self.hurdle.because

    @property
    def reason(self) -> Reason:
        return Reason.PARTLY if self.matched else self.because

    @property
    def counterpart(self) -> int:
        return self.nearest[0].counterpart if self.nearest else NOBODY


CREDITS = ("moved", "soon", "waited")
"""For every kilogram (`Market.credit`), and those of `Lots` that bear their names."""


@dataclass(frozen=True)
class CreditEffect:
    """What credits did to the assignments: the same loads, ranked without them."""

    cost: int  # VND of value that it gave up
    kilograms: int  # that it moved besides


@dataclass(frozen=True, eq=False)
class Outcome:
    """A solved market.

    ``value`` is what all matches gain, ``bound`` what no outcome could exceed; both leave the
    credit out. ``lot_price`` (all lots) and ``need_price`` (all needs) are the duals of the
    divisible market in VND per base unit: ask + lot_price is a lot's market price. ``credit`` is
    what all credits did together, ``credits`` what each of `CREDITS` did beside the others. ``hurried`` are
    the commodities (rows of `Goods`) that there was no time for: what is said of them holds, with
    prices that bound and are nobody's duals, and their matches are not the best that there are.
    """

    matches: Matches
    passes: tuple[Pass, ...]
    lot_price: Integers
    need_price: Integers
    value: int
    bound: int
    credit: CreditEffect
    credits: tuple[CreditEffect, ...]
    left_out: tuple[LeftOut, ...]
    blocks: int
    hurried: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether there was time for all commodities."""
        return not self.hurried

    @property
    def gap(self) -> float:
        """The share of the bound that is not proved to be reached."""
        return (self.bound - self.value) / self.bound if self.bound else 0.0
