"""Which matches under way a closed or limited link stops, and how else their goods could go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from marketplace.domain.commodities import Catalogue, Commodity
from marketplace.domain.conditions import Condition, Effect, Restriction
from marketplace.domain.links import Scope, links_of, stopping
from marketplace.domain.network import ROAD, TRANSFER
from marketplace.domain.reference import Reference
from marketplace.domain.stretches import Stretch, holding_on
from marketplace.solving.movement import Movement
from marketplace.solving.world import World, world_of
from marketplace.transport.atlas import NoRoute

MINUTES_A_DAY = 24 * 60
MUCH_LONGER = 1.0
"""Hours that a way must take more than it did for its match to be told of."""
ROUNDED = 0.1
"""Hours: matches store those of each leg to two places."""


@dataclass(frozen=True)
class UnderWay:
    """A match whose goods have not arrived: what goes from where to where, and how."""

    match: int
    commodity: str
    kilograms: int
    origin: str
    destination: str
    links: tuple[str, ...]
    vehicles: tuple[str, ...]  # classes: "28t", "boat80t"
    km: float
    hours: float
    freight: int
    others: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Links and classes of what takes another way."""


@dataclass(frozen=True)
class Detour:
    """How the goods could go today; all None where there is no other way in time."""

    km: float | None = None
    hours: float | None = None
    cost: int | None = None
    more_km: float | None = None
    more_cost: int | None = None
    mode: str = ""
    vehicle: str = ""
    too_slow: bool = False
    """There is a way, but by it the goods would die, spoil or come after the need's last day."""

    @property
    def possible(self) -> bool:
        return self.km is not None


@dataclass(frozen=True)
class Stop:
    """A condition that stops vehicles, and of what it is stated."""

    condition: Condition
    scope: Scope
    link: Stretch | None


class Stops:
    """What is in force, asked for one match after the other."""

    def __init__(self, reference: Reference, conditions: Iterable[Condition]) -> None:
        self._conditions = tuple(conditions)
        self._links = links_of(reference)
        self._payload = {rate.vehicle: rate.payload for rate in reference.truck_rates}
        self._payload |= {rate.vehicle: rate.payload for rate in reference.boat_rates}
        needs = {need.id: need for need in reference.transport_needs}
        self._feeder = {
            good.id: max(
                rate.payload
                for rate in reference.truck_rates
                if rate.payload <= needs[good.transport_need].largest_truck
            )
            for good in reference.commodities
        }

    def of(self, way: UnderWay) -> tuple[Condition, ...]:
        """The conditions that stop one of its vehicles somewhere, in the order of their numbers."""
        found = {
            condition.id: condition
            for links, vehicles in ((way.links, way.vehicles), *way.others)
            for link in links
            if link in self._links
            for vehicle in vehicles
            for condition in stopping(
                self._conditions, self._links[link], self._load(vehicle, self._links[link], way)
            )
        }
        return tuple(found[number] for number in sorted(found))

    def named(self, conditions: Iterable[Condition]) -> tuple[Stop, ...]:
        """With what they are stated of."""
        return tuple(
            Stop(one, Scope(one.link, one.mode, one.locality), self._links.get(one.link or ""))
            for one in conditions
        )

    def _load(self, vehicle: str, link: Stretch, way: UnderWay) -> int:
        """Nominal payload of what drives there: a boat's goods come to the quay by truck."""
        payload = self._payload.get(vehicle, 0)
        by_boat = vehicle.startswith("boat")
        return self._feeder[way.commodity] if by_boat and link.mode == ROAD else payload


def under_way(match: Any, world: World) -> UnderWay:
    """A match with its lot and need, as far as its route is concerned."""
    commodity = world.catalogue.commodity(match.lot.commodity_id)
    first = match.route[0] if match.route else {}
    return UnderWay(
        match=match.id,
        commodity=commodity.id,
        kilograms=commodity.kilograms(match.quantity) or 0,
        origin=match.lot.place_id,
        destination=match.need.place_id,
        links=tuple(link for leg in match.route for link in leg.get("links", ())),
        vehicles=_classes(first.get("vehicle", match.vehicles)),
        km=match.kilometres,
        hours=match.hours,
        freight=match.freight,
        others=tuple((tuple(o["links"]), _classes(o["vehicle"])) for o in first.get("also", ())),
    )


def _classes(trips: str) -> tuple[str, ...]:
    """Of "28t*1+5t*1"."""
    return tuple(part.partition("*")[0] for part in trips.split("+") if part)


def minutes_to_go(match: Any, world: World) -> int:
    """How long its goods may be on their way: alive, as fresh as asked, inside the need's days.

    Needs the match with its lot, commodity and need.
    """
    commodity = world.catalogue.commodity(match.lot.commodity_id)
    alive = world.catalogue.transport_needs[commodity.transport_need].hours_limit
    first, _last = match.collection_days
    limits: list[int] = [((match.need.until - first).days + 1) * MINUTES_A_DAY - 1]
    if alive is not None:
        limits.append(alive * 60)
    if match.keeps_hours:
        waited = 0 if match.keeps_waiting else (first - match.lot.ready_on).days * 24
        limits.append(round((match.keeps_hours - waited - match.need.fresh_hours) * 60))
    return max(0, min(limits))


def detour(world: World, way: UnderWay, within: int | None = None) -> Detour:
    """The cheapest way under what is in force in ``world``, of vehicles there ``within`` minutes.

    What it is longer or dearer is never less than nothing: a closed link is no gain.
    """
    commodity = world.catalogue.commodity(way.commodity)
    ends = [way.origin], [way.destination]
    freight = world.atlas.freight(commodity.transport_need, commodity.group, *ends)
    minutes = world.atlas.minutes(commodity.transport_need, *ends)[freight.pace, 0, 0].tolist()
    there = {v: m for v, m in zip(freight.vehicles, minutes, strict=True) if m >= 0}
    in_time = [v for v, m in there.items() if within is None or m <= within]
    if not in_time:
        return Detour(too_slow=bool(there))
    quote = world.atlas.quote(
        way.origin, way.destination, commodity, way.kilograms, in_time, compare=False
    )
    return Detour(
        km=quote.km,
        hours=quote.hours,
        cost=quote.cost,
        more_km=max(0.0, round(quote.km - way.km, 1)),
        more_cost=max(0, quote.cost - way.freight),
        mode=quote.mode,
        vehicle=quote.vehicle,
    )


@dataclass(frozen=True)
class Delay:
    """How much longer a match's own way takes than when it was matched."""

    conditions: tuple[Condition, ...]
    """Waits and hours of opening on it."""
    hours: float
    more: float
    late: bool
    """Too long: the goods would not arrive alive, fresh and in time."""


def delay(match: Any, world: World) -> Delay | None:
    """None unless what lets vehicles wait makes the way `MUCH_LONGER`, or too long for the goods.

    Of a delivery that takes several ways: of the one that most goes by.
    """
    slow = [c for c in world.reference.conditions if c.effect in (Effect.WAIT, Effect.HOURS)]
    vehicles = under_way(match, world).vehicles
    way = _whole_way(match)
    hours = world.atlas.lasts(vehicles[0], way) if slow and vehicles else None
    if hours is None:
        return None
    more = hours - sum(leg["hours"] for leg in match.route)
    late = more > ROUNDED and hours * 60 > minutes_to_go(match, world)
    met = tuple(one for one in slow if _on_way(one, way, world))
    if not met or not (late or more >= MUCH_LONGER):
        return None
    return Delay(met, round(hours, 2), round(more, 2), late)


def _whole_way(match: Any) -> list[tuple[str, str]]:
    """Its links with their modes, and the ways between the network and both places.

    Those are stored only where they have a length, but one may wait on them all the same.
    """
    way = [(link, leg.get("mode", ROAD)) for leg in match.route for link in leg.get("links", ())]
    if not way:
        return []
    (first, leaves), (last, arrives) = way[0], way[-1]
    if first != match.lot.place_id:
        way.insert(0, (match.lot.place_id, ROAD if leaves == TRANSFER else leaves))
    if last != match.need.place_id:
        way.append((match.need.place_id, ROAD if arrives == TRANSFER else arrives))
    return way


def way_round(match: Any, world: World, delay: Delay | None) -> Detour:
    """The cheapest way in time: as `detour`, but past what makes its own too long.

    A way is chosen by what it costs; a wait costs nothing, so that has to be taken for closed.
    """
    way, within = under_way(match, world), minutes_to_go(match, world)
    if delay is None:
        return detour(world, way, within)
    waits = {one.id for one in delay.conditions}
    shut = tuple(
        replace(one, effect=Effect.CLOSED) if one.id in waits else one
        for one in world.reference.conditions
    )
    state = replace(world.reference.state, conditions=shut)
    return detour(world_of(world.reference.under(state)), way, within)


def _on_way(condition: Condition, way: Iterable[tuple[str, str]], world: World) -> bool:
    for link, mode in way:
        if link in world.links:
            if holding_on(world.links[link], (condition,)):
                return True
        elif condition.mode == mode:
            here = world.gazetteer.get(link).locality
            if condition.locality in (None, here):
                return True
    return False


def hindering(
    world: World, origin: str, destination: str, commodity: Commodity, kilograms: int
) -> tuple[Stop, ...]:
    """What stops the way that would be the cheapest if nothing held today."""
    reference = world.reference
    if not reference.conditions:
        return ()
    free = world_of(reference.under(replace(reference.state, conditions=())))
    try:
        quote = free.atlas.quote(origin, destination, commodity, kilograms, compare=False)
    except NoRoute:
        return ()
    first, *others = [
        (tuple(link.id for link in leg.route.links), _classes(leg.vehicle)) for leg in quote.legs
    ]
    way = UnderWay(
        match=0,
        commodity=commodity.id,
        kilograms=kilograms,
        origin=origin,
        destination=destination,
        links=first[0],
        vehicles=first[1],
        km=quote.km,
        hours=quote.hours,
        freight=quote.cost,
        others=tuple(others),
    )
    stops = Stops(reference, reference.conditions)
    return stops.named(stops.of(way))


def lacks_papers(
    match: Any, held: Collection[str], catalogue: Catalogue, movement: Movement
) -> bool:
    """Whether its goods may not leave or not enter; ``held``: the lot's certifications."""
    return bool(unmet(match, held, catalogue, movement))


def unmet(
    match: Any, held: Collection[str], catalogue: Catalogue, movement: Movement
) -> tuple[Restriction, ...]:
    """The restrictions whose papers its lot lacks."""
    good = catalogue.commodity(match.lot.commodity_id)
    binding = movement.between(good, match.lot.place_id, match.need.place_id)
    return tuple(one for one in binding if not one.met_by(held))
