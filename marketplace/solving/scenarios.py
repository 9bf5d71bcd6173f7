"""A copied market with changes: the frozen records and the state of the roads, nothing else.

Pure: the same copy, data and changes give the same market, and no change gives the copy itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.errors import Rejected
from marketplace.domain.network import (
    ROAD,
    SEA,
    WATER,
    WATER_CLASSES,
    BoatRate,
    RoadLink,
    Transfer,
    WaterLink,
)
from marketplace.domain.reference import Reference, State, TruckRate
from marketplace.domain.scenarios import (
    Change,
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    SealedOff,
    ShutPlace,
)
from marketplace.domain.text_marks import N_
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.world import World
from marketplace.transport.atlas import Atlas

FUEL_IN_TRUCKS, FUEL_IN_BOATS = 35, 50
"""Percent of a trip's price that is fuel. Own estimates: docs/decisions/0018-what-if.md."""

LIMITS = (Effect.LOAD, Effect.HOURS, Effect.WAIT)
"""Effects that widening a link takes away."""


def reference_of(frozen: Frozen, reference: Reference) -> Reference:
    """The data under the state that the copy was made in.

    Raises `Rejected` where the places, goods or roads are no longer those of the copy.
    """
    if frozen.reference != reference.data_fingerprint:
        raise Rejected(
            N_(
                "Places, goods or roads have changed in the data since this market was copied."
                " Copy the scenario on the market as it is now."
            )
        )
    return reference.under(frozen.state)


def apply(
    frozen: Frozen, reference: Reference, changes: Sequence[Change]
) -> tuple[Frozen, Reference]:
    """The market and the data as they would be."""
    for change in changes:
        if isinstance(change, ShutPlace):
            frozen = _shut(frozen, change.place)
        elif isinstance(change, MoreSupply):
            frozen = _more_supply(frozen, change)
        elif isinstance(change, MoreDemand):
            frozen = _more_demand(frozen, change)
        else:
            reference = reference.under(_changed(reference, change, frozen))
            if isinstance(change, LinkChange) and change.deed is Deed.WIDEN:
                reference = _wider(reference, change.link)
    return frozen, reference


def _changed(
    reference: Reference, change: LinkChange | FuelChange | SealedOff, frozen: Frozen
) -> State:
    state = reference.state
    if isinstance(change, FuelChange):
        return _with_fuel(state, change.percent)
    if isinstance(change, SealedOff):
        for link in crossing(reference, change.locality):
            state = _closed(state, link, frozen)
        return state
    if change.deed is Deed.CLOSE:
        return _closed(state, change.link, frozen)
    gone = LIMITS if change.deed is Deed.WIDEN else (Effect.CLOSED,)
    return _without(state, reference, change.link, gone)


def _closed(state: State, link: str, frozen: Frozen) -> State:
    """Closed for everybody: a lane would let some through."""
    kept = [c for c in state.conditions if not (c.link == link and c.effect is Effect.LANE)]
    closure = condition(-1 - len(kept), Effect.CLOSED, link, frozen)
    return replace(state, conditions=(*kept, closure))


def condition(number: int, effect: Effect, link: str, frozen: Frozen) -> Condition:
    """In force on the market's day, with no end."""
    return Condition(
        id=number,
        effect=effect,
        link=link,
        mode=None,
        locality=None,
        most=None,
        opens=None,
        closes=None,
        percent=None,
        paper="",
        minutes=None,
        first=frozen.day,
        last=None,
    )


def _without(state: State, reference: Reference, link: str, effects: Iterable[Effect]) -> State:
    """Those effects taken from one link.

    What is said of a whole mode stays true of all its other links, so it is said of each of them.
    """
    gone, rows = set(effects), reference.links
    kept: list[Condition] = []
    for one in state.conditions:
        if one.effect not in gone or not is_about(one, rows[link]):
            kept.append(one)
        elif one.link is None:
            kept += [
                replace(one, link=other, mode=None, locality=None)
                for other, row in rows.items()
                if other != link and is_about(one, row)
            ]
    return replace(state, conditions=tuple(kept))


def is_about(one: Condition, link: RoadLink | WaterLink | Transfer) -> bool:
    """Whether the condition binds vehicles on that link."""
    if one.link is not None:
        return one.link == link.id
    mode = ROAD if isinstance(link, RoadLink) else WATER if isinstance(link, WaterLink) else ""
    return one.mode == mode and (one.locality is None or one.locality in link.localities)


def _wider(reference: Reference, link: str) -> Reference:
    """A canal one class wider, deep enough for the boats of that class; of roads the same.

    The data are other ones then, so they have another name.
    """
    canals = tuple(
        wider(row, reference.boat_rates) if row.id == link else row for row in reference.water_links
    )
    if canals == reference.water_links:
        return reference
    data = sha256(f"{reference.data_fingerprint}{link}".encode()).hexdigest()
    state = sha256(f"{reference.fingerprint}{link}".encode()).hexdigest()
    return replace(
        reference,
        water_links=canals,
        data_fingerprint=data,
        fingerprint=state,
        files=reference.files or reference.state,
    )


def wider(canal: WaterLink, boats: Sequence[BoatRate]) -> WaterLink:
    """The same where it is open sea, or where it takes every boat already."""
    if canal.water_class == SEA:
        return canal
    rank = WATER_CLASSES.index
    if all(
        rank(canal.water_class) <= rank(boat.water_class)
        and boat.payload <= 1000 * canal.largest_vessel
        for boat in boats
    ):
        return canal
    class_ = WATER_CLASSES[max(0, rank(canal.water_class) - 1)]
    fitting = [boat.payload // 1000 for boat in boats if rank(class_) <= rank(boat.water_class)]
    return replace(canal, water_class=class_, largest_vessel=max([canal.largest_vessel, *fitting]))


def world_with(world: World, reference: Reference) -> World:
    """The same places and goods on other roads; not kept, for nobody asks for it again."""
    if reference == world.reference:
        return world
    return replace(world, reference=reference, atlas=Atlas.from_reference(reference))


def crossing(reference: Reference, locality: str) -> list[str]:
    """Links with one end inside the locality and the other outside."""
    inside = _inside(reference, locality)
    return [link for link, start, end in _ends(reference) if (start in inside) != (end in inside)]


def _ends(reference: Reference) -> list[tuple[str, str, str]]:
    return [
        *((link.id, link.start, link.end) for link in reference.road_links),
        *((link.id, link.start, link.end) for link in reference.water_links),
        *((link.id, link.quay, link.node) for link in reference.transfers),
    ]


def _inside(reference: Reference, locality: str) -> set[str]:
    """Nodes of the locality: its seats, and where all links that meet are partly in it."""
    seats = {place.id: place.locality for place in reference.places}
    localities = {link: row.localities for link, row in reference.links.items()}
    meet: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for link, *nodes in _ends(reference):
        for node in nodes:
            meet[node] += 1
            within[node] += locality in localities[link]
    return {
        node
        for node, count in meet.items()
        if (seats[node] == locality if seats.get(node) else within[node] == count)
    }


def _with_fuel(state: State, percent: int) -> State:
    return replace(
        state,
        truck_rates=tuple(
            _truck_with(rate, percent * FUEL_IN_TRUCKS) for rate in state.truck_rates
        ),
        boat_rates=tuple(_boat_with(rate, percent * FUEL_IN_BOATS) for rate in state.boat_rates),
    )


def _truck_with(rate: TruckRate, myriads: int) -> TruckRate:
    per_km = tuple((km, _scaled(price, myriads)) for km, price in rate.per_km)
    return replace(rate, fixed=_scaled(rate.fixed, myriads), per_km=per_km, confidence="estimate")


def _boat_with(rate: BoatRate, myriads: int) -> BoatRate:
    return replace(
        rate,
        fixed=_scaled(rate.fixed, myriads),
        vnd_per_km=_scaled(rate.vnd_per_km, myriads),
        confidence="estimate",
    )


def _scaled(price: int, myriads: int) -> int:
    """More by so many parts of ten thousand, rounded up."""
    return -(-price * (10_000 + myriads) // 10_000)


def _shut(frozen: Frozen, place: str) -> Frozen:
    """Without what is sold from there or wanted there, and without the matches of such."""
    lots = {lot.id for lot in frozen.lots if lot.place == place}
    needs = {need.id for need in frozen.needs if need.place == place}
    return replace(
        frozen,
        lots=tuple(lot for lot in frozen.lots if lot.id not in lots),
        needs=tuple(need for need in frozen.needs if need.id not in needs),
        standing=tuple(m for m in frozen.standing if m.lot not in lots and m.need not in needs),
    )


def _more_supply(frozen: Frozen, change: MoreSupply) -> Frozen:
    new = _fresh(frozen, change.sellers)
    lots = tuple(
        OpenLot(
            id=id_,
            organisation=party,
            commodity=change.commodity,
            quantity=change.quantity,
            place=change.place,
            ready_on=change.first,
            until=change.until,
            ask=change.ask,
            listed=listed,
        )
        for id_, party, listed in new
    )
    return replace(frozen, lots=(*frozen.lots, *lots))


def _more_demand(frozen: Frozen, change: MoreDemand) -> Frozen:
    new = _fresh(frozen, change.buyers)
    needs = tuple(
        OpenNeed(
            id=id_,
            organisation=party,
            commodity=change.commodity,
            quantity=change.quantity,
            place=change.place,
            wanted_from=change.first,
            until=change.until,
            bid=change.bid,
            listed=listed,
        )
        for id_, party, listed in new
    )
    return replace(frozen, needs=(*frozen.needs, *needs))


def _fresh(frozen: Frozen, count: int) -> list[tuple[int, int, int]]:
    """Ids, parties below 0 and times of listing that nothing in the market has, the latest of all."""
    listings: tuple[OpenLot | OpenNeed, ...] = (*frozen.lots, *frozen.needs)

    def most(number: Callable[[OpenLot | OpenNeed], object]) -> int:
        return max((n for n in map(number, listings) if isinstance(n, int)), default=0)

    first_id, listed = most(lambda one: one.id) + 1, most(lambda one: one.listed) + 1
    party = min(
        (one.organisation for one in listings if isinstance(one.organisation, int)), default=0
    )
    return [(first_id + n, min(party, 0) - 1 - n, listed + n) for n in range(count)]
