"""Places on the road network: how far, how long, over which links, for how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketplace.domain.commodities import Commodity, TransportNeed
from marketplace.domain.errors import Rejected
from marketplace.domain.network import RoadLink, RoadNode
from marketplace.domain.places import Place
from marketplace.domain.reference import (
    HandlingRate,
    Reference,
    TruckRate,
    weakest,
)
from marketplace.domain.text_marks import N_
from marketplace.transport.freight import NO_ROAD, Freight
from marketplace.transport.network import NO_WAY, Link, Network
from marketplace.transport.tariff import handling_on, rates_on, trip_price, vehicles_for

ACCESS_KMH = 28  # on the small roads between a commune and the seat of its former district

_Grid = NDArray[np.int64]


class NoRoute(Rejected):
    """No open road leads from one place to the other."""

    def __init__(self, origin: Place, destination: Place) -> None:
        super().__init__(
            N_("There is no open route from %(origin)s to %(destination)s."),
            origin=origin.name,
            destination=destination.name,
        )
        self.island = next((place.name for place in (destination, origin) if place.island), None)


@dataclass(frozen=True)
class Route:
    """The way between two places, access legs included."""

    km: float  # rounded to 0.1 km, as tariffs count it
    hours: float
    nodes: tuple[str, ...]  # road nodes on the way
    links: tuple[Link, ...]  # an access leg has the place's id and no road


@dataclass(frozen=True)
class Quote:
    """What it costs to bring a quantity from one place to another, and how."""

    cost: int  # VND, handling at both ends included
    trips: int
    vehicle: str  # "28t*1+5t*1"
    mode: str  # truck, reefer, live truck
    km: float
    hours: float
    tariff: date  # from which day on its prices are valid
    confidence: str  # of the weakest price in it
    route: Route


class Atlas:
    """Every answer about distances and freight, from one set of roads and one tariff.

    Distances are rounded once, to 0.1 km, before the tariff: each surface shows the same đồng.
    """

    def __init__(
        self,
        places: Iterable[Place],
        nodes: Sequence[RoadNode],
        links: Sequence[RoadLink],
        rates: Sequence[TruckRate],
        needs: Iterable[TransportNeed],
        handling: Sequence[HandlingRate],
        *,
        on: date | None = None,
    ) -> None:
        """``on``: the day whose tariff counts; the latest if none is named."""
        self._places = list(places)
        self._row = {place.id: n for n, place in enumerate(self._places)}
        self._network = Network(nodes, links)
        self._rates = rates_on(rates, on)
        self._needs = {need.id: need for need in needs}
        self._handling = {rate.group: rate for rate in handling_on(handling, on)}
        self._node = np.array([self._network.index[p.node] for p in self._places], dtype=np.intp)
        self._access = np.array([_access(p).metres for p in self._places], dtype=np.int64)
        self._access_time = np.array([_access(p).seconds for p in self._places], dtype=np.int64)
        self._island = np.array([p.island for p in self._places], dtype=bool)

    @classmethod
    def from_reference(cls, reference: Reference, *, on: date | None = None) -> Atlas:
        return cls(
            reference.places,
            reference.road_nodes,
            reference.road_links,
            reference.truck_rates,
            reference.transport_needs,
            reference.handling,
            on=on,
        )

    def distance(
        self, origin_ids: Sequence[str], destination_ids: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Kilometres and hours, (A, B) each, infinite where there is no way. 0 within one place."""
        a, b = self._rows(origin_ids), self._rows(destination_ids)
        hectometres, seconds = self._hectometres(a, b), self._seconds(a, b)
        no_way = hectometres == NO_WAY
        km = np.where(no_way, np.inf, hectometres / 10)
        return km, np.where(no_way, np.inf, seconds / 3600)

    def route(self, origin_id: str, destination_id: str) -> Route:
        """The shortest way. Raises `NoRoute`."""
        [a], [b] = self._rows([origin_id]), self._rows([destination_id])
        km, hours = self.distance([origin_id], [destination_id])
        if not np.isfinite(km[0, 0]):
            raise NoRoute(self._places[a], self._places[b])
        links = () if a == b else self._legs(self._places[a], self._places[b])
        nodes = [leg.start for leg in links] + [leg.end for leg in links[-1:]]
        on_roads = tuple(node for node in nodes if node in self._network.index)
        return Route(float(km[0, 0]), float(hours[0, 0]), on_roads, links)

    def freight(
        self,
        transport_need: str,
        group: str,
        origin_ids: Sequence[str],
        destination_ids: Sequence[str],
    ) -> Freight:
        """The tariff for goods of a group with that transport need between these places."""
        need = self._needs[transport_need]
        rates = vehicles_for(need, self._rates)
        distance = self._hectometres(self._rows(origin_ids), self._rows(destination_ids))
        prices = [trip_price(rate, need.price_percent, distance) for rate in rates]
        return Freight(
            vehicles=tuple(rate.vehicle for rate in rates),
            payload=np.array([r.payload * need.payload_percent // 100 for r in rates], np.int64),
            trip_cost=np.where(distance == NO_WAY, NO_ROAD, np.stack(prices)),
            handling=self._handling_of(group).vnd_per_kg,
        )

    def quote(
        self, origin_id: str, destination_id: str, commodity: Commodity, kilograms: int
    ) -> Quote:
        """The cheapest way to bring so many kilograms there. Raises `NoRoute`."""
        route = self.route(origin_id, destination_id)
        need = commodity.transport_need
        freight = self.freight(need, commodity.group, [origin_id], [destination_id])
        trips = freight.trips(0, 0, kilograms).tolist()
        used = {v for v, n in zip(freight.vehicles, trips, strict=True) if n}
        prices: list[TruckRate | HandlingRate] = [self._handling_of(commodity.group)]
        prices += [rate for rate in self._rates if rate.vehicle in used]
        return Quote(
            cost=int(freight.cost(0, 0, kilograms)),
            trips=sum(trips),
            vehicle=name_vehicles(freight.vehicles, trips),
            mode=self._needs[need].mode,
            km=route.km,
            hours=route.hours,
            tariff=max(price.valid_from for price in prices),
            confidence=weakest(price.confidence for price in prices),
            route=route,
        )

    def _handling_of(self, group: str) -> HandlingRate:
        return self._handling.get(group, self._handling["*"])

    def _rows(self, ids: Sequence[str]) -> NDArray[np.intp]:
        return np.array([self._row[i] for i in ids], dtype=np.intp)

    def _hectometres(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> _Grid:
        metres = self._between(self._network.metres, self._access, a, b)
        return np.where(metres == NO_WAY, NO_WAY, (metres + 50) // 100)

    def _seconds(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> _Grid:
        return self._between(self._network.seconds, self._access_time, a, b)

    def _between(
        self, road: _Grid, access: _Grid, a: NDArray[np.intp], b: NDArray[np.intp]
    ) -> _Grid:
        """Access leg, road, access leg, (A, B); nothing within one place; `NO_WAY` to an island."""
        middle = road[np.ix_(self._node[a], self._node[b])]
        whole = access[a, None] + middle + access[b]
        closed = (middle == NO_WAY) | self._island[a, None] | self._island[b]
        return np.where(a[:, None] == b, 0, np.where(closed, NO_WAY, whole))

    def _legs(self, origin: Place, destination: Place) -> tuple[Link, ...]:
        out, back = _access(origin), _access(destination)
        road = self._network.path(origin.node, destination.node)
        arrive = Link(back.id, back.road, back.end, back.start, back.metres, back.seconds)
        return tuple(leg for leg in (out, *road, arrive) if leg.metres)


def name_vehicles(vehicles: Sequence[str], trips: Sequence[int]) -> str:
    """The trips in words, largest vehicle first: ``28t*1+5t*1``."""
    used = [(vehicle, n) for vehicle, n in zip(vehicles, trips, strict=True) if n]
    return "+".join(f"{vehicle}*{n}" for vehicle, n in reversed(used))


def _access(place: Place) -> Link:
    """The way from a place to its road node; without length where the place is the node."""
    metres = round(place.access_km * 1000)
    seconds = round(place.access_km * 3600 / ACCESS_KMH)
    return Link(place.id, "", place.id, place.node, metres, seconds)
