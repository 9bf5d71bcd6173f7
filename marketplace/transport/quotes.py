"""What a question about freight is answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.domain.errors import Rejected
from marketplace.domain.places import Place
from marketplace.domain.text_marks import N_
from marketplace.transport.network import Link


class NoRoute(Rejected):
    """No open way leads from one place to the other."""

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

    km: float  # rounded to 0.1 km
    hours: float
    nodes: tuple[str, ...]  # of the network on the way: road nodes, and quays
    links: tuple[Link, ...]  # an access leg has the place's id and no name


@dataclass(frozen=True)
class Leg:
    """The trips of a delivery that take one way."""

    mode: str  # truck, reefer, live truck, boat, live boat
    vehicle: str  # "boat80t*1+boat20t*1"
    trips: int
    payload: int  # kilograms of such goods that these trips carry at most
    cost: int  # VND, without handling
    route: Route


@dataclass(frozen=True)
class Quote:
    """What it costs to bring a quantity from one place to another, and how."""

    cost: int  # VND, handling at both ends included
    handling: int  # VND of it
    trips: int
    vehicle: str  # "28t*1+5t*1"
    mode: str  # of the leg that carries most, as are km and route
    km: float
    hours: float  # until all of it has arrived
    tariff: date  # from which day on its prices are valid
    confidence: str  # of the weakest price in it
    route: Route
    legs: tuple[Leg, ...]  # what carries most comes first
    alternative: Quote | None = None  # the cheapest that only uses the other mode, if any


def name_vehicles(vehicles: Sequence[str], trips: Sequence[int]) -> str:
    """The trips in words, largest vehicle first: ``28t*1+5t*1``."""
    used = [(vehicle, n) for vehicle, n in zip(vehicles, trips, strict=True) if n]
    return "+".join(f"{vehicle}*{n}" for vehicle, n in reversed(used))


def nominal_payload(vehicle: str) -> int:
    """Kilograms that a vehicle of that name carries of what is not bulky: "2.5t", "boat80t"."""
    return round(1000 * float(vehicle.removeprefix("boat").removesuffix("t")))
