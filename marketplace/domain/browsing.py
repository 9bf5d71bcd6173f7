"""Narrowing a list of open lots or needs down: search words, filters, counts, order, pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from marketplace.domain.kinds import GoodsKind
from marketplace.domain.searching import is_phrase_of

PAGE = 20


class Sort(StrEnum):
    """In which order a list stands."""

    NEW = "new"
    PRICE = "price"
    DAYS = "days"
    LANDED = "landed"


class Kind(StrEnum):
    """Whether the goods are sure, or a harvest that is expected."""

    FORWARD = "forward"
    SURE = "sure"


class Size(StrEnum):
    """Sizes of listings as a buyer thinks of them: a pick-up, a truck, more."""

    SMALL = "small"
    TRUCK = "truck"
    LARGE = "large"


SMALL_KILOGRAMS = 2_000
TRUCK_KILOGRAMS = 15_000
WITHIN_DAYS = (3, 7, 30)


@dataclass(frozen=True, kw_only=True)
class Browsed:
    """What a list must know of each open lot or need to filter, count and order it.

    ``price`` is None where none is named or the reader may not know it; ``landed`` where there is no
    price, no route or nobody said where to. ``goods`` are the names of what it is of, ``names`` all by
    which it is found.
    """

    id: int
    commodity: str
    group: str
    locality: str | None
    quantity: int
    kilograms: int | None
    price: int | None
    first: date
    last: date
    listed: float
    goods: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    certificates: frozenset[str] = frozenset()
    unit: str = "kg"
    """Which price and freight are for one of."""
    landed: int | None = None
    freight: int | None = None
    kind: Kind = Kind.SURE
    series: int | None = None
    """Of which series it is an instalment."""
    goods_kind: str = GoodsKind.PRODUCE
    programme: bool = False
    """Whether the programme takes it."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a reader asks of a list. Empty sets and None ask nothing.

    Sellers look through needs: then the dearest come first, and ``price_limit`` is the least.
    """

    text: str = ""
    groups: frozenset[str] = frozenset()
    commodities: frozenset[str] = frozenset()
    localities: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    sizes: frozenset[Size] = frozenset()
    kind: Kind | None = None
    goods: frozenset[GoodsKind] = frozenset()
    """Kinds of goods. Farm inputs have a section of their own: who does not ask for them sees none."""
    programme: bool = False
    """Only what the programme takes."""
    within: int | None = None
    from_on: date | None = None
    until: date | None = None
    price_limit: int | None = None
    to: str | None = None
    selling: bool = False
    sort: Sort = Sort.NEW
    page: int = 1
    size: int = PAGE
    """Rows of a page."""
    each_instalment: bool = False
    """Every instalment of a series by itself; else the first one stands for those that follow."""

    @property
    def chosen(self) -> int:
        """How many filters narrow the list, search words and order apart."""
        sets = (
            self.groups,
            self.commodities,
            self.localities,
            self.certificates,
            self.sizes,
            self.goods,
        )
        single = (self.within, self.from_on, self.until, self.price_limit, self.kind)
        count = sum(len(s) for s in sets) + sum(value is not None for value in single)
        return count + self.programme


@dataclass(frozen=True)
class Narrowed:
    """One page of a list, in order, and what the whole of it holds.

    ``counts`` says for each facet how many listings each of its values would show beside the other
    filters that are chosen.
    """

    ids: list[int]
    total: int
    kilograms: int
    page: int
    pages: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    rows: dict[int, Browsed] = field(default_factory=dict)
    more: dict[int, int] = field(default_factory=dict)
    """How many instalments follow the one that stands for its series."""


def size_of(row: Browsed) -> Size | None:
    """None where the weight of the goods is not known."""
    if row.kilograms is None:
        return None
    if row.kilograms < SMALL_KILOGRAMS:
        return Size.SMALL
    return Size.TRUCK if row.kilograms <= TRUCK_KILOGRAMS else Size.LARGE


def narrow(rows: Sequence[Browsed], wanted: Filter, today: date) -> Narrowed:
    """What ``wanted`` leaves of ``rows``, counted, ordered and cut into pages."""
    tests = _tests(wanted, today)
    kept = [row for row in rows if all(test(row) for test in tests.values())]
    followers = {} if wanted.each_instalment else _followers(kept)
    single = [row for row in kept if wanted.each_instalment or row.series is None]
    listed = [*single, *(first for first, _ in followers.values())]
    ordered = sorted(listed, key=_order(wanted))
    pages = max(1, -(-len(ordered) // wanted.size))
    page = min(max(1, wanted.page), pages)
    shown = ordered[(page - 1) * wanted.size : page * wanted.size]
    return Narrowed(
        ids=[row.id for row in shown],
        total=len(listed),
        kilograms=sum(row.kilograms or 0 for row in kept),
        page=page,
        pages=pages,
        counts=_counts(rows, tests, today, apart=wanted.each_instalment),
        rows={row.id: row for row in shown},
        more={first.id: number for first, number in followers.values() if number},
    )


def _followers(rows: Iterable[Browsed]) -> dict[int, tuple[Browsed, int]]:
    """By series, its first instalment and how many follow."""
    found: dict[int, list[Browsed]] = {}
    for row in rows:
        if row.series is not None:
            found.setdefault(row.series, []).append(row)
    first = {
        series: min(same, key=lambda row: (row.first, row.id)) for series, same in found.items()
    }
    return {series: (first[series], len(same) - 1) for series, same in found.items()}


Test = Callable[[Browsed], bool]


def _tests(wanted: Filter, today: date) -> dict[str, Test]:
    """One test per facet, so that a facet's counts can leave its own test out."""
    return {
        "group": lambda row: not wanted.groups or row.group in wanted.groups,
        "commodity": lambda row: not wanted.commodities or row.commodity in wanted.commodities,
        "locality": lambda row: not wanted.localities or row.locality in wanted.localities,
        "certificate": lambda row: wanted.certificates <= row.certificates,
        "size": lambda row: not wanted.sizes or size_of(row) in wanted.sizes,
        "kind": lambda row: wanted.kind in (None, row.kind),
        "goods": lambda row: _of_kind(row, wanted),
        "programme": lambda row: row.programme or not wanted.programme,
        "within": lambda row: wanted.within is None or _starts_within(row, wanted.within, today),
        "window": lambda row: _meets(row, wanted.from_on, wanted.until),
        "price": lambda row: _priced_right(row, wanted),
    }


def _of_kind(row: Browsed, wanted: Filter) -> bool:
    if wanted.goods:
        return row.goods_kind in wanted.goods
    named = bool(wanted.text or wanted.groups or wanted.commodities)
    return named or row.goods_kind != GoodsKind.INPUT


def _starts_within(row: Browsed, days: int, today: date) -> bool:
    return row.first <= today + timedelta(days=days)


def _meets(row: Browsed, first: date | None, last: date | None) -> bool:
    return (first is None or row.last >= first) and (last is None or row.first <= last)


def _priced_right(row: Browsed, wanted: Filter) -> bool:
    if wanted.price_limit is None:
        return True
    price = row.landed if wanted.to else row.price
    if price is None:
        return False
    return price >= wanted.price_limit if wanted.selling else price <= wanted.price_limit


_VALUES: Mapping[str, Callable[[Browsed], Iterable[str | None]]] = {
    "group": lambda row: (row.group,),
    "commodity": lambda row: (row.commodity,),
    "locality": lambda row: (row.locality,),
    "certificate": lambda row: row.certificates,
    "size": lambda row: (size_of(row),),
    "kind": lambda row: (row.kind,),
    "goods": lambda row: (row.goods_kind,),
    "programme": lambda row: ("yes",) if row.programme else (),
}


def _counts(
    rows: Sequence[Browsed], tests: Mapping[str, Test], today: date, *, apart: bool
) -> dict[str, Counter[str]]:
    """Unless ``apart``, instalments of one series count once for each value."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*_VALUES, "within")}
    counted: set[tuple[str, str, int]] = set()

    def count(name: str, value: str, row: Browsed) -> None:
        if row.series is not None and not apart:
            if (name, value, row.series) in counted:
                return
            counted.add((name, value, row.series))
        counts[name][value] += 1

    for row in rows:
        failed = [name for name, test in tests.items() if not test(row)]
        if len(failed) > 1:
            continue
        for name, values in _VALUES.items():
            if failed in ([], [name]):
                for value in values(row):
                    if value is not None:
                        count(name, value, row)
        if failed in ([], ["within"]):
            for days in WITHIN_DAYS:
                if _starts_within(row, days, today):
                    count("within", str(days), row)
    return counts


def _order(wanted: Filter) -> Callable[[Browsed], tuple[object, ...]]:
    """Goods that are called what was typed come first, then what has it in another name."""

    sign = -1 if wanted.selling else 1

    def unlike(row: Browsed) -> int:
        if not wanted.text or is_phrase_of(wanted.text, row.goods):
            return 0
        return 1 if is_phrase_of(wanted.text, row.names) else 2

    def by(price: int | None, row: Browsed) -> tuple[object, ...]:
        """Prices per kilogram and per piece cannot be compared: one unit after the other."""
        return (price is None, row.unit != "kg", row.unit, sign * (price or 0), -row.listed)

    keys: dict[Sort, Callable[[Browsed], tuple[object, ...]]] = {
        Sort.NEW: lambda row: (-row.listed,),
        Sort.PRICE: lambda row: by(row.price, row),
        Sort.DAYS: lambda row: (row.last, -row.listed),
        Sort.LANDED: lambda row: by(row.landed, row),
    }
    return lambda row: (unlike(row), *keys[wanted.sort](row), -row.id)
