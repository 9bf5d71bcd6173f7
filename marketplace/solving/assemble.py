"""Turn listings into the arrays of a market."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.bands import rounded_down, rounded_up
from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_
from marketplace.matching import Goods, Lots, Market, Needs
from marketplace.matching.market import MINUTES_A_DAY, NO_LIMIT
from marketplace.solving.credits import MOVED, left_over, spoils_soon
from marketplace.solving.listings import ListingId, OpenLot, OpenNeed
from marketplace.solving.movement import ENTERING, LEAVING, Movement
from marketplace.transport.atlas import Atlas

Carriage = tuple[str, str]  # transport need and group: what goes by one tariff


@dataclass(frozen=True, eq=False)
class Index:
    """What the rows of a market stand for."""

    lots: tuple[OpenLot, ...]
    needs: tuple[OpenNeed, ...]
    goods: tuple[Commodity, ...]
    papers: tuple[str, ...]  # certificates in the order of their bits


def assemble(
    lots: Iterable[OpenLot],
    needs: Iterable[OpenNeed],
    atlas: Atlas,
    catalogue: Catalogue,
    today: date,
    *,
    movement: Movement | None = None,
    credit: int = MOVED,
) -> tuple[Market, Index]:
    """The market that these listings make on that day, and what its rows stand for.

    ``movement``: which papers goods need to leave or enter a place; nothing is restricted without.

    Goods whose weight nobody knows are in it and not eligible. Raises `Rejected` for a grade or
    certificate that is not in the catalogue, `ValueError` for what contradicts itself,
    `OverflowError` for money that would not be exact.
    """
    offered, wanted = tuple(lots), tuple(needs)
    listings: tuple[OpenLot | OpenNeed, ...] = (*offered, *wanted)
    goods = _goods(catalogue, listings)
    index = Index(offered, wanted, goods, tuple(sorted(catalogue.certifications)))
    organisation = _codes(listing.organisation for listing in listings)
    carriages = sorted({_carriage(commodity) for commodity in goods})
    origins = {c: _places(c, offered, goods) for c in carriages}
    destinations = {c: _places(c, wanted, goods) for c in carriages}
    bound = movement or Movement((), {})
    market = Market(
        lots=_lots(index, catalogue, organisation, origins, today, bound),
        needs=_needs(index, catalogue, organisation, destinations, bound),
        goods=Goods(
            milligrams=_column(goods, lambda c: c.milligrams or 1),
            carriage=_column(goods, lambda c: carriages.index(_carriage(c))),
            minutes=_column(goods, lambda c: _longest_journey(catalogue, c)),
        ),
        freights=tuple(atlas.freight(*c, origins[c], destinations[c]) for c in carriages),
        minutes=tuple(atlas.minutes(c[0], origins[c], destinations[c]) for c in carriages),
        today=today.toordinal(),
        credit=credit,
    )
    return market, index


def _goods(catalogue: Catalogue, listings: Sequence[OpenLot | OpenNeed]) -> tuple[Commodity, ...]:
    ids = sorted({listing.commodity for listing in listings})
    return tuple(catalogue.commodity(i) for i in ids)


def _carriage(commodity: Commodity) -> Carriage:
    return commodity.transport_need, commodity.group


def _places(
    carriage: Carriage, listings: Sequence[OpenLot | OpenNeed], goods: Sequence[Commodity]
) -> list[str]:
    carried = {commodity.id for commodity in goods if _carriage(commodity) == carriage}
    return sorted({listing.place for listing in listings if listing.commodity in carried})


def _codes(organisations: Iterable[ListingId]) -> dict[ListingId, int]:
    return {organisation: code for code, organisation in enumerate(dict.fromkeys(organisations))}


def _column(rows: Sequence[Any], number: Callable[[Any], int]) -> NDArray[np.int64]:
    return np.array([number(row) for row in rows], dtype=np.int64)


def _longest_journey(catalogue: Catalogue, commodity: Commodity) -> int:
    hours = catalogue.transport_needs[commodity.transport_need].hours_limit
    return NO_LIMIT if hours is None else hours * 60


def _lots(
    index: Index,
    catalogue: Catalogue,
    organisation: dict[ListingId, int],
    origins: dict[Carriage, list[str]],
    today: date,
    movement: Movement,
) -> Lots:
    lots, goods = index.lots, {commodity.id: commodity for commodity in index.goods}
    row = {commodity.id: n for n, commodity in enumerate(index.goods)}
    keeps = [_keeps(lot, goods[lot.commodity]) for lot in lots]
    # What keeps less than a day counts its hours from collection, on any day of the window.
    waits = [
        goods[lot.commodity].waits or minutes < MINUTES_A_DAY
        for lot, minutes in zip(lots, keeps, strict=True)
    ]
    soon = [
        spoils_soon(lot, minutes, wait, today)
        for lot, minutes, wait in zip(lots, keeps, waits, strict=True)
    ]
    return Lots(
        commodity=_column(lots, lambda lot: row[lot.commodity]),
        quantity=_column(lots, lambda lot: lot.quantity),
        ask=_column(lots, lambda lot: _price(lot.ask, goods[lot.commodity])),
        place=_column(lots, lambda lot: origins[_carriage(goods[lot.commodity])].index(lot.place)),
        grade=_column(lots, lambda lot: _grade(lot, goods[lot.commodity], catalogue)),
        certificates=_column(lots, lambda lot: _bits(lot.certificates, index.papers)),
        ready=_column(lots, lambda lot: lot.ready_on.toordinal()),
        until=_column(lots, lambda lot: lot.until.toordinal()),
        keeps=np.array(keeps, dtype=np.int64),
        waits=np.array(waits, dtype=bool),
        whole=_flags(lots, lambda lot: lot.whole),
        organisation=_column(lots, lambda lot: organisation[lot.organisation]),
        listed=_order(lots),
        reference=_flags(lots, lambda lot: lot.ask is None),
        held=_column(lots, lambda lot: lot.held),
        eligible=_flags(lots, lambda lot: lot.eligible and _weighed(goods[lot.commodity])),
        soon=np.array(soon, dtype=np.int64),
        waited=_column(lots, left_over),
        leaving=_column(
            lots,
            lambda lot: movement.bits(LEAVING, goods[lot.commodity], lot.place, index.papers),
        ),
        expected=_flags(lots, lambda lot: lot.expected),
    )


def _needs(
    index: Index,
    catalogue: Catalogue,
    organisation: dict[ListingId, int],
    destinations: dict[Carriage, list[str]],
    movement: Movement,
) -> Needs:
    needs, goods = index.needs, {commodity.id: commodity for commodity in index.goods}
    row = {commodity.id: n for n, commodity in enumerate(index.goods)}
    return Needs(
        commodity=_column(needs, lambda need: row[need.commodity]),
        quantity=_column(needs, lambda need: need.quantity),
        bid=_column(needs, lambda need: _price(need.bid, goods[need.commodity])),
        place=_column(
            needs, lambda need: destinations[_carriage(goods[need.commodity])].index(need.place)
        ),
        grade=_column(needs, lambda need: _worst_grade(need, goods[need.commodity], catalogue)),
        certificates=_column(needs, lambda need: _bits(need.certificates, index.papers)),
        first=_column(needs, lambda need: need.wanted_from.toordinal()),
        until=_column(needs, lambda need: need.until.toordinal()),
        # Who has less open than the smallest quantity takes all of it or nothing.
        minimum=_column(needs, lambda need: min(need.min_quantity, need.quantity)),
        splits=_flags(needs, lambda need: need.splits),
        fresh=_column(needs, lambda need: need.fresh_minutes),
        organisation=_column(needs, lambda need: organisation[need.organisation]),
        listed=_order(needs),
        reference=_flags(needs, lambda need: need.bid is None),
        held=_column(needs, lambda need: need.held),
        eligible=_flags(needs, lambda need: need.eligible and _weighed(goods[need.commodity])),
        told_low=_column(needs, lambda need: _told(need, goods[need.commodity], rounded_down)),
        told_high=_column(needs, lambda need: _told(need, goods[need.commodity], rounded_up)),
        entering=_column(
            needs,
            lambda need: movement.bits(ENTERING, goods[need.commodity], need.place, index.papers),
        ),
        takes_expected=_flags(needs, lambda need: need.takes_expected),
    )


def _flags(rows: Sequence[Any], flag: Callable[[Any], bool]) -> NDArray[np.bool_]:
    return np.array([flag(row) for row in rows], dtype=bool)


def _weighed(commodity: Commodity) -> bool:
    return commodity.milligrams is not None


def _price(named: int | None, commodity: Commodity) -> int:
    return commodity.usual_ask if named is None else named


def _told(need: OpenNeed, commodity: Commodity, step: Callable[[int, int], int]) -> int:
    """What others may know of the bid: that nobody named one is no secret."""
    bid = _price(need.bid, commodity)
    if not need.sealed or need.bid is None:
        return bid
    return step(bid, commodity.usual_ask)


def _keeps(lot: OpenLot, commodity: Commodity) -> int:
    if lot.keeps_minutes is not None:
        return max(1, lot.keeps_minutes)  # 0 minutes are spoilt goods, not NO_LIMIT
    return round(commodity.shelf_hours * 60)


def _grade(lot: OpenLot, commodity: Commodity, catalogue: Catalogue) -> int:
    if lot.grade is None:
        return catalogue.default_grade(commodity.group).rank
    return catalogue.grade(commodity.group, lot.grade).rank


def _worst_grade(need: OpenNeed, commodity: Commodity, catalogue: Catalogue) -> int:
    if need.min_grade is None:
        return catalogue.grades(commodity.group)[-1].rank
    return catalogue.grade(commodity.group, need.min_grade).rank


def _bits(certificates: Iterable[str], papers: Sequence[str]) -> int:
    bits = 0
    for certificate in certificates:
        if certificate not in papers:
            raise Rejected(
                N_("There is no certificate “%(typed)s”."), field="certificates", typed=certificate
            )
        bits |= 1 << papers.index(certificate)
    return bits


def _order(listings: Sequence[OpenLot | OpenNeed]) -> NDArray[np.int64]:
    """The place of each in the order of listing: by time, then by id."""
    keys = [(listing.listed, isinstance(listing.id, str), listing.id) for listing in listings]
    if len(set(keys)) != len(keys):
        raise ValueError("two listings have the same id")
    place = np.empty(len(keys), dtype=np.int64)
    place[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return place
