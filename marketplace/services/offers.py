"""Open lots and needs as lists: searched, filtered, counted, ordered by landed price.

However many there are, a list takes the same number of statements: one for what the filters must
know of all, one for their certificates, and two for the rows of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.domain.actors import Actor
from marketplace.domain.browsing import Browsed, Filter, Kind, Narrowed, narrow
from marketplace.domain.places import Place
from marketplace.domain.searching import MOST_WORDS, is_found
from marketplace.domain.text import fold, words
from marketplace.models.admissions import ListedLot, admitted_among
from marketplace.models.base import db
from marketplace.models.certificates import papers_held, with_papers
from marketplace.models.lots import Lot
from marketplace.models.needs import Need, papers_asked
from marketplace.models.organisations import Organisation
from marketplace.models.reference import current_reference
from marketplace.solving.world import World, world_of
from marketplace.transport.atlas import NoRoute, Quote
from marketplace.transport.landed import Delivery, freight_of, per_unit


@dataclass(frozen=True)
class Shown:
    """A listing in a list. ``quote`` is the freight of its open quantity to the reader's place or
    from there; None where no place is known or no road leads there."""

    listing: Any
    quote: Quote | None = None
    freight: int | None = None
    """₫ per base unit."""
    landed: int | None = None
    """Ask + freight; of a need: bid − freight, what is left at the seller's gate."""
    kilograms: int = 0
    """What ``quote`` is for."""
    programme: bool = False
    """Whether the programme takes the lot."""


@dataclass(frozen=True)
class ListPage:
    """One page of a list with what stands around it."""

    shown: list[Shown]
    narrowed: Narrowed
    to: Place | None


def open_lots(wanted: Filter, *, today: date, named: bool = True) -> ListPage:
    """Lots on offer, as ``wanted`` asks. Unless ``named``, not by whom a department lists them for."""
    world = world_of(current_reference())
    conditions = [Lot.is_open(today), *_search(Lot, wanted.text, world)]
    query = (
        select(
            Lot.id,
            Lot.commodity_id,
            Lot.place_id,
            Lot.locality_id,
            Lot.open_quantity.label("quantity"),
            Lot.ask.label("price"),
            Lot.ready_on.label("first"),
            Lot.until,
            Lot.listed_at,
            Lot.producer.label("for_whom"),
            Lot.confidence.is_not(None).label("forward"),
            Lot.series_id,
            Lot.organisation_id,
            Organisation.name.label("organisation"),
        )
        .join(Lot.organisation)
        .where(*conditions)
    )
    papers = papers_held(db.session, select(Lot.id).where(*conditions), today)
    rows = _browsed(
        query, papers, world, wanted.text, named=named, taken=lambda found: _taken(found, today)
    )
    return _page(Lot, rows, wanted, world, today)


def open_needs(wanted: Filter, *, today: date, named: bool = True) -> ListPage:
    """Needs that are open, as ``wanted`` asks. A sealed bid is as good as none here."""
    world = world_of(current_reference())
    conditions = [Need.is_open(today), *_search(Need, wanted.text, world)]
    query = (
        select(
            Need.id,
            Need.commodity_id,
            Need.place_id,
            Need.locality_id,
            Need.open_quantity.label("quantity"),
            Need.bid.label("price"),
            Need.bid_sealed,
            Need.from_on.label("first"),
            Need.until,
            Need.listed_at,
            Need.buyer.label("for_whom"),
            Need.accepts_expected.label("forward"),
            Need.series_id,
            Organisation.name.label("organisation"),
        )
        .join(Need.organisation)
        .where(*conditions)
    )
    papers = papers_asked(db.session, select(Need.id).where(*conditions))
    rows = _browsed(query, papers, world, wanted.text, named=named)
    return _page(Need, rows, replace(wanted, selling=True), world, today)


def landed(lot: Lot, to: str) -> Shown:
    """The lot's landed price at a place. Raises `UnknownPlace`."""
    world = world_of(current_reference())
    return _shown(lot, world, world.gazetteer.get(to), from_reader=False, compare=True)


def net(need: Need, origin: str) -> Shown:
    """What a need's bid leaves at a place after freight. Raises `UnknownPlace`."""
    world = world_of(current_reference())
    return _shown(need, world, world.gazetteer.get(origin), from_reader=True, compare=True)


def wanted_now(commodity_id: str, *, today: date) -> tuple[int, int]:
    """How many open needs there are for these goods, and how much they want together."""
    return _sum(Need, commodity_id, today)


def offered_now(commodity_id: str, *, today: date) -> tuple[int, int]:
    """How many open lots there are of these goods, and how much they hold together."""
    return _sum(Lot, commodity_id, today)


def home_of(actor: Actor) -> Place | None:
    """The place of the actor's organisation, if it has named one."""
    place_id = db.session.scalar(
        select(Organisation.place_id).where(Organisation.id == actor.organisation_id)
    )
    return world_of(current_reference()).gazetteer.get(place_id) if place_id else None


def _sum(kind: Any, commodity_id: str, today: date) -> tuple[int, int]:
    query = select(func.count(), func.coalesce(func.sum(kind.open_quantity), 0)).where(
        kind.commodity_id == commodity_id, kind.is_open(today)
    )
    number, quantity = db.session.execute(query).one()
    return number, int(quantity)


def _search(kind: Any, text: str, world: World) -> list[ColumnElement[bool]]:
    """Every word typed must begin a word, or the text name a family of goods.

    `words` leaves letters and digits only, no wildcards. Marks are looked at afterwards: the column
    has none.
    """
    said = [kind.search.like(f"% {word}%") for word in words(text)[:MOST_WORDS]]
    if not said:
        return []
    return [or_(and_(*said), kind.commodity_id.in_(_family(text, world)))]


def _family(text: str, world: World) -> AbstractSet[str]:
    """Ids of the goods of a group, or that share the other name that was typed: "phân bón"."""
    alike = [good for good in world.catalogue.commodities if fold(text) in map(fold, good.also)]
    return {good.id for good in [*alike, *world.catalogue.of_group(text)]}


@dataclass(frozen=True)
class _Row:
    browsed: Browsed
    place: str


def _browsed(
    query: Any,
    papers: Mapping[int, AbstractSet[str]],
    world: World,
    text: str,
    *,
    named: bool,
    taken: Callable[[Sequence[Any]], AbstractSet[int]] = lambda found: frozenset(),
) -> list[_Row]:
    """Unless ``named``, it must be found without the name of those for whom it is listed.

    ``taken``: ids of the rows that the programme takes.
    """
    found = db.session.execute(query).all()
    programme = taken(found)
    rows = (
        _Row(
            replace(
                _one(row, frozenset(papers.get(row.id, ())), world, named=named),
                programme=row.id in programme,
            ),
            row.place_id,
        )
        for row in found
    )
    family = _family(text, world)
    return [
        row
        for row in rows
        if not text or row.browsed.commodity in family or is_found(text, row.browsed.names)
    ]


def _taken(found: Sequence[Any], today: date) -> AbstractSet[int]:
    """Ids of the lots that the programme takes."""
    lots = (
        ListedLot(
            row.id, row.commodity_id, row.locality_id, row.organisation_id, row.for_whom, row.first
        )
        for row in found
    )
    return admitted_among(db.session, lots, today)


def _one(row: Any, papers: frozenset[str], world: World, *, named: bool) -> Browsed:
    commodity = world.catalogue.commodity(row.commodity_id)
    goods = (commodity.name_vi, commodity.name_en, *commodity.also)
    place = world.gazetteer.label(world.gazetteer.get(row.place_id))
    return Browsed(
        id=row.id,
        commodity=commodity.id,
        group=commodity.group,
        locality=row.locality_id,
        quantity=row.quantity,
        kilograms=commodity.kilograms(row.quantity),
        price=None if getattr(row, "bid_sealed", False) else row.price,
        first=row.first,
        last=row.until,
        listed=row.listed_at.timestamp(),
        goods=goods,
        names=(*goods, place, row.organisation, *([row.for_whom] if named else ())),
        certificates=papers,
        unit=commodity.base_unit,
        kind=Kind.FORWARD if row.forward else Kind.SURE,
        series=row.series_id,
        goods_kind=commodity.kind,
    )


def _page(kind: Any, rows: Sequence[_Row], wanted: Filter, world: World, today: date) -> ListPage:
    to = world.gazetteer.get(wanted.to) if wanted.to else None
    browsed = [row.browsed for row in rows]
    if to is not None:
        browsed = _with_freight(rows, to, world, from_reader=wanted.selling)
    narrowed = narrow(browsed, wanted, today)
    listings = _listings(kind, narrowed.ids)
    shown = [
        replace(
            _shown(listings[n], world, to, from_reader=wanted.selling),
            programme=narrowed.rows[n].programme,
        )
        for n in narrowed.ids
        if n in listings
    ]
    return ListPage(shown, narrowed, to)


def _with_freight(
    rows: Sequence[_Row], to: Place, world: World, *, from_reader: bool
) -> list[Browsed]:
    deliveries = [
        Delivery(
            world.catalogue.commodity(row.browsed.commodity),
            row.browsed.quantity,
            *((to.id, row.place) if from_reader else (row.place, to.id)),
        )
        for row in rows
    ]
    return [
        replace(row.browsed, landed=_landed(row.browsed.price, unit, from_reader), freight=unit)
        for row, cost in zip(rows, freight_of(world.atlas, deliveries), strict=True)
        for unit in [None if cost is None else per_unit(cost, row.browsed.quantity)]
    ]


def _landed(price: int | None, freight: int | None, from_reader: bool) -> int | None:
    if price is None or freight is None:
        return None
    return price - freight if from_reader else price + freight


def _listings(kind: Any, ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(kind)
        .where(kind.id.in_(ids))
        .options(joinedload(kind.organisation), selectinload(kind.certifications))
        .options(*(with_papers() if kind is Lot else ()))
    )
    return {listing.id: listing for listing in db.session.scalars(query)}


def _shown(
    listing: Any, world: World, to: Place | None, *, from_reader: bool, compare: bool = False
) -> Shown:
    """``compare``: with what the other mode would cost."""
    commodity = world.catalogue.commodity(listing.commodity_id)
    quantity = listing.open_quantity or listing.quantity
    kilograms = commodity.kilograms(quantity)
    if to is None or not kilograms:
        return Shown(listing)
    start, end = (to.id, listing.place_id) if from_reader else (listing.place_id, to.id)
    try:
        quote = world.atlas.quote(start, end, commodity, kilograms, compare=compare)
    except NoRoute:
        return Shown(listing)
    unit = per_unit(quote.cost, quantity)
    sealed = getattr(listing, "bid_sealed", False)
    price = (None if sealed else listing.bid) if from_reader else listing.ask
    return Shown(listing, quote, unit, _landed(price, unit, from_reader), kilograms)
