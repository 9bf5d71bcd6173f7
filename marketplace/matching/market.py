"""Everything that a round is decided on: plain arrays to be stored, hashed and replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # the checker reads markets and knows nothing of how freight is counted
    from marketplace.transport.freight import Freight

Integers = NDArray[np.int64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

MOST_UNITS = 2**34  # of a lot or need; post-larvae are counted in milliards
EXACT = 2**53  # money beyond this is refused: SciPy's solvers count in float64
BANNED = 2**62  # stands among papers for one that nobody can hold
NO_LIMIT = 0  # of goods that do not spoil, and of goods that may travel for any time
MINUTES_A_DAY = 1440
MILLIGRAMS_A_KILOGRAM = 10**6


class _Rows:
    """Columns of equal length, made read-only and of one type each when the table is made."""

    def __post_init__(self) -> None:
        lengths: set[int] = set()
        for name, kind in self._columns():
            column: NDArray[Any] = _frozen(getattr(self, name), kind)
            object.__setattr__(self, name, column)
            lengths.add(len(column))
        if len(lengths) > 1:
            raise ValueError(f"the columns of {type(self).__name__} differ in length")

    def take(self, rows: Indices) -> Self:
        """The same table with these rows, in this order."""
        return type(self)(**{name: getattr(self, name)[rows] for name, _ in self._columns()})

    @classmethod
    def _columns(cls) -> Iterator[tuple[str, type]]:
        kinds: dict[str, type] = {"Flags": np.bool_, "Indices": np.intp}
        for column in fields(cls):  # type: ignore[arg-type]
            yield column.name, kinds.get(str(column.type), np.int64)


def _frozen(numbers: Any, kind: type) -> NDArray[Any]:
    given = np.asarray(numbers)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iub"):
        raise TypeError("a column must be a list of whole numbers or of yes and no")
    column: NDArray[Any] = given.astype(kind)
    column.flags.writeable = False
    return column


def _not_said() -> Integers:
    """Stands for a column until the table is made."""
    return np.zeros(0, dtype=np.int64)


def _no() -> Flags:
    """Stands for a column of yes and no until the table is made."""
    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Lots(_Rows):
    """What is on offer, one row per lot. Money is VND per base unit, days are numbered in a row."""

    commodity: Indices  # row of Goods
    quantity: Integers  # base units that are free
    ask: Integers  # least that the seller takes at the gate
    place: Indices  # origin of the commodity's freight
    grade: Integers  # rank, 1 is the best
    certificates: Integers  # one bit for each that is held
    ready: Integers  # day from which it can be collected
    until: Integers  # last day on which it can be collected
    keeps: Integers  # minutes that it stays fresh, or NO_LIMIT
    waits: Flags  # freshness counts from collection (fish in the pond), not from `ready`
    whole: Flags  # sold to one buyer or not at all
    organisation: Integers
    listed: Integers  # lower comes first where all else is equal; no two alike
    reference: Flags  # nobody named `ask`: it is the middle of the catalogue's band
    held: Integers  # base units that an accepted match holds; told to explain, never sold
    eligible: Flags
    soon: Integers = field(default_factory=_not_said)  # credit because it spoils soon, VND per kg
    waited: Integers = field(default_factory=_not_said)  # credit because rounds left it over
    leaving: Integers = field(default_factory=_not_said)  # papers without which it may not leave
    expected: Flags = field(default_factory=_no)  # a harvest to come that nobody has confirmed yet

    def __post_init__(self) -> None:
        for name in ("soon", "waited", "leaving"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(len(self.quantity), dtype=np.int64))
        if not len(self.expected):
            object.__setattr__(self, "expected", np.zeros(len(self.quantity), dtype=np.bool_))
        super().__post_init__()

    def __len__(self) -> int:
        return len(self.quantity)


@dataclass(frozen=True, eq=False)
class Needs(_Rows):
    """What is wanted, one row per need.

    ``told_low`` and ``told_high`` enclose ``bid``. Nothing that others are told may depend on a
    sealed bid but through these two; an open bid, and one that is not said to be sealed, is both
    of them itself.
    """

    commodity: Indices  # row of Goods
    quantity: Integers  # base units still wanted
    bid: Integers  # most that the buyer pays, delivered
    place: Indices  # destination of the commodity's freight
    grade: Integers  # worst rank that is taken
    certificates: Integers  # one bit for each that is asked for
    first: Integers  # first day on which goods are taken in
    until: Integers  # last day
    minimum: Integers  # no match is smaller, and what stays open is nothing or at least this
    splits: Flags  # may be served by several lots
    fresh: Integers  # minutes of freshness that must be left on arrival; more than zero always
    organisation: Integers
    listed: Integers
    reference: Flags
    held: Integers
    eligible: Flags
    told_low: Integers = field(default_factory=_not_said)
    told_high: Integers = field(default_factory=_not_said)
    entering: Integers = field(
        default_factory=_not_said
    )  # papers without which nothing may come in
    takes_expected: Flags = field(default_factory=_no)  # also a harvest that is not confirmed

    def __post_init__(self) -> None:
        if not len(self.entering):
            object.__setattr__(self, "entering", np.zeros(len(self.quantity), dtype=np.int64))
        if not len(self.takes_expected):
            object.__setattr__(self, "takes_expected", np.zeros(len(self.quantity), dtype=np.bool_))
        for name in ("told_low", "told_high"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, self.bid)
        super().__post_init__()
        if (self.told_low > self.bid).any() or (self.bid > self.told_high).any():
            raise ValueError("what is told of a bid does not enclose it")

    def __len__(self) -> int:
        return len(self.quantity)

    def at(self, bid: Integers) -> Needs:
        """The same needs with these bids, none of them sealed."""
        return replace(self, bid=bid, told_low=bid, told_high=bid)


@dataclass(frozen=True, eq=False)
class Goods(_Rows):
    """The commodities of the market, one row each."""

    milligrams: Integers  # weight of a base unit
    carriage: Indices  # which of the market's freights carries it
    minutes: Integers  # longest journey that it survives, or NO_LIMIT

    def __len__(self) -> int:
        return len(self.milligrams)


@dataclass(frozen=True, eq=False)
class Market:
    """Open lots, open needs and what it takes to bring one to the other.

    freights : tariffs; ``Goods.carriage`` says which one a commodity goes by
    minutes : for each freight the (G, A, B) minutes of travel by pace (`Freight.pace`), -1 where
        there is no way; (A, B) is read as that of a single pace
    today : no day before it is a day of collection
    credit : VND that a kilogram moved adds to the rank of a pair (DESIGN: trades at zero margin
        happen); a price that nobody named takes a quarter of it. It never counts as value.

    Raises `ValueError` for what contradicts itself and `OverflowError` for money that would not
    be exact.
    """

    lots: Lots
    needs: Needs
    goods: Goods
    freights: tuple[Freight, ...]
    minutes: tuple[Integers, ...]
    today: int
    credit: int = 20

    def __post_init__(self) -> None:
        object.__setattr__(self, "minutes", tuple(map(_by_pace, self.minutes)))
        _check_sizes(self)
        for side in (self.lots, self.needs):
            _check_side(side, self)
        if (self.needs.minimum > self.needs.quantity).any():
            raise ValueError("a need's smallest acceptable quantity exceeds what is wanted")
        _refuse_inexact_money(self)

    def weight_of_unit(self, commodity: int) -> tuple[int, int]:
        """Kilograms of a base unit as a fraction in lowest terms."""
        milligrams = int(self.goods.milligrams[commodity])
        common = gcd(milligrams, MILLIGRAMS_A_KILOGRAM)
        return milligrams // common, MILLIGRAMS_A_KILOGRAM // common

    def kilograms(self, commodity: int, quantity: Integers) -> Integers:
        """Weight of so many base units, rounded up to whole kilograms."""
        numerator, denominator = self.weight_of_unit(commodity)
        return -(-quantity * numerator // denominator)

    def freight_of(self, commodity: int) -> Freight:
        return self.freights[int(self.goods.carriage[commodity])]

    def paces(self, commodity: int) -> int:
        """How many paces its vehicles keep to."""
        return len(self.minutes[int(self.goods.carriage[commodity])])

    @cached_property
    def open_minutes(self) -> tuple[Integers, ...]:
        """`minutes`, and -1 as well where no vehicle that keeps to the pace makes trips."""
        return tuple(
            _where_trips_are_made(freight, minutes)
            for freight, minutes in zip(self.freights, self.minutes, strict=True)
        )

    def in_order(self) -> tuple[Market, Indices, Indices]:
        """The same market by order of listing, and the rows of lots and needs in that order."""
        lot_rows = np.argsort(self.lots.listed)
        need_rows = np.argsort(self.needs.listed)
        ordered = Market(
            self.lots.take(lot_rows),
            self.needs.take(need_rows),
            self.goods,
            self.freights,
            self.minutes,
            self.today,
            self.credit,
        )
        return ordered, lot_rows, need_rows


def _by_pace(minutes: Integers) -> Integers:
    return minutes if minutes.ndim == 3 else minutes[None]


def _where_trips_are_made(freight: Freight, minutes: Integers) -> Integers:
    made = np.zeros(minutes.shape, dtype=bool)
    for pace, trip_cost in zip(freight.pace.tolist(), freight.trip_cost, strict=True):
        made[pace] |= trip_cost >= 0
    return np.where(made, minutes, -1)


def _check_sizes(market: Market) -> None:
    goods = market.goods
    if len(market.freights) != len(market.minutes):
        raise ValueError("each freight has its own table of minutes")
    for freight, minutes in zip(market.freights, market.minutes, strict=True):
        if minutes.ndim != 3 or minutes.shape[1:] != freight.trip_cost.shape[1:]:
            raise ValueError("minutes must be (paces, origins, destinations) as in the freight")
        if freight.pace.max() >= len(minutes):
            raise ValueError("vehicles keep to a pace that has no minutes")
    if len(goods) and goods.carriage.max() >= len(market.freights):
        raise ValueError("a commodity goes by a freight that is not there")
    if (goods.milligrams < 1).any() or (goods.minutes < 0).any() or (goods.carriage < 0).any():
        raise ValueError("goods weigh something and travel forwards in time")
    if market.credit < 0 or (market.lots.soon < 0).any() or (market.lots.waited < 0).any():
        raise ValueError("the credit ranks pairs up, never down")


def _check_side(side: Lots | Needs, market: Market) -> None:
    name = "lot" if isinstance(side, Lots) else "need"
    price = side.ask if isinstance(side, Lots) else side.bid
    if not len(side):
        return
    if side.commodity.min() < 0 or side.commodity.max() >= len(market.goods):
        raise ValueError(f"a {name} is of a commodity that is not there")
    axis = 1 if isinstance(side, Lots) else 2
    ends = np.array([freight.trip_cost.shape[axis] for freight in market.freights])
    if (side.place < 0).any() or (side.place >= ends[market.goods.carriage[side.commodity]]).any():
        raise ValueError(f"a {name} is at a place that its freight does not know")
    told, papers = (
        (side.ask, side.leaving) if isinstance(side, Lots) else (side.told_low, side.entering)
    )
    least = (side.quantity, price, told, side.held, side.certificates, papers, side.grade - 1)
    for column in least:
        if column.min() < 0:
            raise ValueError(f"a {name} has a number below what is possible")
    if side.certificates.max() >= BANNED:
        raise ValueError(f"a {name} has a paper that nobody can hold")
    if len(np.unique(side.listed)) != len(side):
        raise ValueError(f"two {name}s have the same place in the order of listing")
    if side.quantity.max() >= MOST_UNITS:
        raise OverflowError(f"a {name} is of more base units than are counted exactly (2**34)")
    if (side.quantity.astype(float) * market.goods.milligrams[side.commodity] >= 2**62).any():
        raise OverflowError(f"a {name} weighs more than what is counted exactly")


def _refuse_inexact_money(market: Market) -> None:
    # No outcome is worth more than all needs' bids, so that every sum stays below this one.
    needs = market.needs
    paid = float((needs.quantity.astype(float) * needs.told_high).sum())
    ranked = float((market.goods.milligrams[needs.commodity] * needs.quantity.astype(float)).sum())
    most = market.credit + float((market.lots.soon + market.lots.waited).max(initial=0))
    if paid + ranked / MILLIGRAMS_A_KILOGRAM * most >= EXACT:
        raise OverflowError("all that is bid together is beyond what is counted exactly (2**53)")
    lots = market.lots
    dearest = float(max(needs.told_high.max(initial=0), lots.ask.max(initial=0)))
    if dearest * float(lots.quantity.max(initial=0)) >= 2**61:
        raise OverflowError("a lot at the dearest price is beyond what is counted exactly")
