"""Places on roads and waterways: how far, how long, over which links, for how much."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.commodities import Commodity, TransportNeed
from marketplace.domain.conditions import Effect
from marketplace.domain.reference import HandlingRate, Reference, weakest
from marketplace.transport.combinations import NO_ROAD
from marketplace.transport.conditions import Conditions
from marketplace.transport.freight import Freight
from marketplace.transport.network import FAR, Keys, Link, seconds, weights
from marketplace.transport.quotes import Leg, NoRoute, Quote, Route, name_vehicles
from marketplace.transport.tariff import handling_on, rates_on
from marketplace.transport.vehicles import BoatClass, TruckClass, VehicleClass, classes_for
from marketplace.transport.ways import Rows, Ways, durations, passage_of

__all__ = ["Atlas", "Leg", "NoRoute", "Quote", "Route", "name_vehicles"]


class Atlas:
    """Every answer about distances and freight, from one network, one tariff and one day's conditions.

    Distances are rounded once, to 0.1 km, before the tariff: each surface shows the same đồng.
    """

    def __init__(self, reference: Reference, *, on: date | None = None) -> None:
        """``on``: the day whose tariff counts; the latest if none is named."""
        self._reference = reference
        self._places = list(reference.places)
        self._row = {place.id: n for n, place in enumerate(self._places)}
        self._nodes = [node.id for node in reference.road_nodes]
        self._nodes += [node.id for node in reference.water_nodes]
        self._known = frozenset(self._nodes)
        self._trucks = rates_on(reference.truck_rates, on)
        self._boats = rates_on(reference.boat_rates, on)
        self._needs = {need.id: need for need in reference.transport_needs}
        self._handling = {rate.group: rate for rate in handling_on(reference.handling, on)}
        self._conditions = Conditions(reference.conditions)
        self._limits = _limits(reference)
        self._ways: dict[tuple[object, ...], Ways] = {}
        self._fitting: dict[str, list[VehicleClass]] = {}
        self._durations: dict[tuple[object, ...], dict[tuple[str, str], int]] = {}

    @classmethod
    def from_reference(cls, reference: Reference, *, on: date | None = None) -> Atlas:
        return cls(reference, on=on)

    def distance(
        self, origin_ids: Sequence[str], destination_ids: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Kilometres and hours on the roads, (A, B) each, infinite where there is no way.

        0 within one place.
        """
        keys = self._by_road.keys(self._rows(origin_ids), self._rows(destination_ids))
        no_way = keys >= FAR
        km = np.where(no_way, np.inf, _hectometres(keys) / 10)
        return km, np.where(no_way, np.inf, seconds(keys) / 3600)

    def route(self, origin_id: str, destination_id: str, vehicle: str | None = None) -> Route:
        """The way of least weight for a class of vehicle, by road if none is named.

        Raises `NoRoute`.
        """
        one = None if vehicle is None else self._class_named(vehicle)
        return self._route(origin_id, destination_id, one)

    def freight(
        self,
        transport_need: str,
        group: str,
        origin_ids: Sequence[str],
        destination_ids: Sequence[str],
    ) -> Freight:
        """The tariff for goods of a group with that transport need between these places."""
        return self._carriage(transport_need, group, origin_ids, destination_ids)[0]

    def minutes(
        self, transport_need: str, origin_ids: Sequence[str], destination_ids: Sequence[str]
    ) -> NDArray[np.int64]:
        """How long the classes of `freight` take, (G, A, B), rounded up; -1 where none gets there.

        Row ``freight.pace[k]`` is that of class k.
        """
        return self._carriage(transport_need, "*", origin_ids, destination_ids)[1]

    def quote(
        self,
        origin_id: str,
        destination_id: str,
        commodity: Commodity,
        kilograms: int,
        only: Collection[str] | None = None,
        *,
        compare: bool = True,
    ) -> Quote:
        """The cheapest way to bring so many kilograms there, with ``only`` these vehicles if named.

        ``compare``: with the other mode, for `Quote.alternative`. Raises `NoRoute`.
        """
        classes = self._classes(commodity.transport_need)
        open_ = [one for one in classes if only is None or one.name in only]
        best = self._quote(origin_id, destination_id, commodity, kilograms, open_)
        if best is None:
            raise NoRoute(*(self._places[self._row[end]] for end in (origin_id, destination_id)))
        others = [one for one in classes if compare and one.mode != best.mode]
        other = self._quote(origin_id, destination_id, commodity, kilograms, others)
        limit = self._needs[commodity.transport_need].hours_limit
        if other is None or (limit is not None and best.hours <= limit < other.hours):
            return best
        return replace(best, alternative=other)

    def lasts(self, vehicle: str, way: Iterable[tuple[str, str]]) -> float | None:
        """Hours over these links (id and mode; of an access leg the place's id), as they are now.

        None where a class of vehicle, named as tariffs do, may not pass one of them, or is in no tariff.
        """
        try:
            one = self._class_named(vehicle)
        except KeyError:
            return None
        key = self._ways_key(one)
        if key not in self._durations:
            self._durations[key] = durations(passage_of(one, self._reference, self._conditions))
        known = self._durations[key]
        seconds = [known.get(link) for link in way]
        passed = [each for each in seconds if each is not None]
        return sum(passed) / 3600 if len(passed) == len(seconds) else None

    def legs(
        self, origin_id: str, destination_id: str, transport_need: str, trips: Mapping[str, int]
    ) -> tuple[Leg, ...]:
        """How trips of vehicles (by name) run, by mode and way; what carries most comes first.

        Raises `NoRoute`.
        """
        need = self._needs[transport_need]
        together: dict[tuple[str, ...], list[tuple[VehicleClass, int, Route]]] = {}
        for one in self._classes(transport_need):
            if one.name in trips:
                route = self._route(origin_id, destination_id, one)
                way = (one.mode, *(link.id for link in route.links))
                together.setdefault(way, []).append((one, trips[one.name], route))
        legs = []
        for used in together.values():
            names, counts = [one.name for one, _, _ in used], [n for _, n, _ in used]
            carry = sum(n * _payload(one, need) for one, n, _ in used)
            cost = sum(n * self._price(one, need, origin_id, destination_id) for one, n, _ in used)
            legs.append(
                Leg(
                    mode=used[0][0].mode,
                    vehicle=name_vehicles(names, counts),
                    trips=sum(counts),
                    payload=carry,
                    cost=cost,
                    route=used[0][2],
                )
            )
        return tuple(sorted(legs, key=lambda leg: -leg.payload))

    def _quote(
        self,
        origin_id: str,
        destination_id: str,
        commodity: Commodity,
        kilograms: int,
        classes: Sequence[VehicleClass],
    ) -> Quote | None:
        """The cheapest with these classes only; None if none of them gets there."""
        a, b = self._row[origin_id], self._row[destination_id]
        classes = [one for one in classes if self._ways_of(one).key(a, b) < FAR]
        if not classes:
            return None
        need, handling = commodity.transport_need, self._handling_of(commodity.group)
        ends = self._rows([origin_id]), self._rows([destination_id])
        freight = self._freight_of(classes, need, commodity.group, *ends)
        trips = freight.trips(0, 0, kilograms).tolist()
        used = [(one, n) for one, n in zip(classes, trips, strict=True) if n] or [(classes[0], 0)]
        legs = self.legs(origin_id, destination_id, need, {one.name: n for one, n in used})
        prices = [handling, *(one.rate for one, _ in used)]
        return Quote(
            cost=int(freight.cost(0, 0, kilograms)),
            handling=handling.vnd_per_kg * kilograms,
            trips=sum(trips),
            vehicle=name_vehicles(freight.vehicles, trips),
            mode=legs[0].mode,
            km=legs[0].route.km,
            hours=max(leg.route.hours for leg in legs),
            tariff=max(price.valid_from for price in prices),
            confidence=weakest(price.confidence for price in prices),
            route=legs[0].route,
            legs=legs,
        )

    def _route(self, origin_id: str, destination_id: str, one: VehicleClass | None) -> Route:
        """By road if no class is named. Raises `NoRoute`."""
        a, b = self._row[origin_id], self._row[destination_id]
        ways = self._by_road if one is None else self._ways_of(one)
        try:
            links = ways.path(a, b)
        except ValueError:
            raise NoRoute(self._places[a], self._places[b]) from None
        return self._route_over(links)

    def _price(
        self, one: VehicleClass, need: TransportNeed, origin_id: str, destination_id: str
    ) -> int:
        """VND for a trip."""
        key = self._ways_of(one).key(self._row[origin_id], self._row[destination_id])
        return int(one.price(need.price_percent, _hectometres(np.array([key])))[0])

    def _carriage(
        self,
        transport_need: str,
        group: str,
        origin_ids: Sequence[str],
        destination_ids: Sequence[str],
    ) -> tuple[Freight, NDArray[np.int64]]:
        a, b = self._rows(origin_ids), self._rows(destination_ids)
        classes = self._classes(transport_need)
        classes = [
            one
            for one in classes
            if isinstance(one, TruckClass) or (self._ways_of(one).keys(a, b) < FAR).any()
        ]
        rows = [_minutes(self._ways_of(one).keys(a, b)) for one in classes]
        pace, minutes = _distinct(rows)
        freight = self._freight_of(classes, transport_need, group, a, b)
        return replace(freight, pace=pace), minutes

    def _freight_of(
        self, classes: Sequence[VehicleClass], transport_need: str, group: str, a: Rows, b: Rows
    ) -> Freight:
        need = self._needs[transport_need]
        keys = [self._ways_of(one).keys(a, b) for one in classes]
        prices = [
            one.price(need.price_percent, _hectometres(key))
            for one, key in zip(classes, keys, strict=True)
        ]
        by_road = np.array([isinstance(one, TruckClass) for one in classes])
        alive = _alive(np.stack([_minutes(key) for key in keys]), need.hours_limit, by_road)
        return Freight(
            vehicles=tuple(one.name for one in classes),
            payload=np.array([_payload(one, need) for one in classes], dtype=np.int64),
            trip_cost=np.where(alive, np.stack(prices), NO_ROAD),
            handling=self._handling_of(group).vnd_per_kg,
        )

    def _classes(self, transport_need: str) -> list[VehicleClass]:
        if transport_need not in self._fitting:
            need = self._needs[transport_need]
            self._fitting[transport_need] = classes_for(need, self._trucks, self._boats)
        return self._fitting[transport_need]

    def _class_named(self, vehicle: str) -> VehicleClass:
        """Raises `KeyError` for a vehicle that no tariff knows."""
        for rate in self._trucks:
            if rate.vehicle == vehicle:
                return TruckClass(rate, "truck")
        largest = max(self._trucks, key=lambda rate: rate.payload)
        for boat in self._boats:
            if boat.vehicle == vehicle:
                return BoatClass(boat, "boat", largest)
        raise KeyError(vehicle)

    @property
    def _by_road(self) -> Ways:
        smallest = min(self._trucks, key=lambda rate: rate.payload)
        return self._ways_of(TruckClass(smallest, "truck"))

    def _ways_of(self, one: VehicleClass) -> Ways:
        """Classes that may go the same ways share them."""
        key = self._ways_key(one)
        if key not in self._ways:
            passage = passage_of(one, self._reference, self._conditions)
            self._ways[key] = Ways(self._nodes, passage)
        return self._ways[key]

    def _ways_key(self, one: VehicleClass) -> tuple[object, ...]:
        sort = (one.name, one.feeder.vehicle) if isinstance(one, BoatClass) else ()
        return (*sort, bisect_left(self._limits, one.road_payload))

    def _handling_of(self, group: str) -> HandlingRate:
        return self._handling.get(group, self._handling["*"])

    def _rows(self, ids: Sequence[str]) -> Rows:
        return np.array([self._row[i] for i in ids], dtype=np.intp)

    def _route_over(self, links: tuple[Link, ...]) -> Route:
        nodes = [link.start for link in links] + [link.end for link in links[-1:]]
        return Route(
            km=(sum(link.metres for link in links) + 50) // 100 / 10,
            hours=sum(link.seconds for link in links) / 3600,
            nodes=tuple(node for node in nodes if node in self._known),
            links=links,
        )


def _payload(one: VehicleClass, need: TransportNeed) -> int:
    """Kilograms of such goods that a trip carries."""
    return one.payload * need.payload_percent // 100


def _limits(reference: Reference) -> list[int]:
    """The loads at which some link closes: vehicles between two of them may go the same ways."""
    loads = {c.most for c in reference.conditions if c.effect is Effect.LOAD}
    return sorted(load for load in loads if load is not None)


def _hectometres(keys: Keys) -> NDArray[np.int64]:
    return np.where(keys >= FAR, 0, (weights(keys) + 50) // 100)


def _minutes(keys: Keys) -> NDArray[np.int64]:
    return np.where(keys >= FAR, -1, -(-seconds(keys) // 60))


def _alive(
    minutes: NDArray[np.int64], hours_limit: int | None, by_road: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where each class has a way that the goods survive, (K, A, B).

    Where they survive none: any way of a truck, so that a closed road makes nothing cheaper by leaving
    a slow boat as the only choice; any way at all if trucks have none.
    """
    there = minutes >= 0
    if hours_limit is None:
        return there
    alive = there & (minutes <= hours_limit * 60)
    trucks = there & by_road[:, None, None]
    slow = np.where(trucks.any(axis=0), trucks, there)
    return np.where(alive.any(axis=0), alive, slow)


def _distinct(rows: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the distinct rows each is, and these, (G, A, B)."""
    kept: dict[bytes, int] = {}
    pace = [kept.setdefault(row.tobytes(), len(kept)) for row in rows]
    return np.array(pace, dtype=np.int64), np.stack([rows[pace.index(g)] for g in range(len(kept))])
