"""Weight of goods and the least that any trips can carry it for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.market import Market
from marketplace.matching.outcome import Outcome
from marketplace.matching.refuted import Refuted

Integers = NDArray[np.int64]

NO_ROAD = -1
_CELLS = 2_000_000  # of a table held at once
_NEVER = 2**44


def weight(market: Market, commodity: int, quantity: Integers) -> Integers:
    """Kilograms, rounded up."""
    return -(-quantity * int(market.goods.milligrams[commodity]) // 1_000_000)


def least_cost(
    market: Market, commodity: int, origin: Integers, destination: Integers, kilograms: Integers
) -> Integers:
    """VND for the cheapest trips that carry so much, handling included; `NO_ROAD` without a way."""
    freight = market.freights[int(market.goods.carriage[commodity])]
    origin, destination, kilograms = np.broadcast_arrays(origin, destination, kilograms)
    granule = np.gcd.reduce(freight.payload)
    size = freight.payload // granule
    way = origin.ravel() * freight.trip_cost.shape[2] + destination.ravel()
    wanted = -(-kilograms.ravel() // granule)
    ways, index = np.unique(way, return_inverse=True)
    trip = freight.trip_cost.reshape(len(size), -1)[:, ways]
    trip = np.where(trip == NO_ROAD, _NEVER, trip)
    cost = _least_trips(size, trip, index, wanted) + freight.handling * kilograms.ravel()
    closed = (trip == _NEVER).all(axis=0)[index]
    return np.where(closed, NO_ROAD, cost).reshape(kilograms.shape)


def _least_trips(
    size: Integers, trip: Integers, way: NDArray[np.intp], wanted: Integers
) -> Integers:
    """Any B trips hold some whose granules add up to a multiple of B, so trips of the class that is
    cheapest per granule, which carries B, can take their place: of the others fewer than B are
    needed, and whatever exceeds B times the largest vehicle goes by that class."""
    every = np.arange(trip.shape[1])
    best = np.zeros(len(every), dtype=np.intp)
    for k in range(1, len(size)):
        best = np.where(trip[k] * size[best] <= trip[best, every] * size[k], k, best)
    carries, price = size[best][way], trip[best, every][way]
    full = np.maximum(0, -(-(wanted - carries * size.max()) // carries))
    rest = np.maximum(0, wanted - full * carries)
    cost = np.zeros(len(wanted), dtype=np.int64)
    width = max(1, _CELLS // (int(rest.max(initial=0)) + 1))
    for first in range(0, trip.shape[1], width):
        here = np.flatnonzero((way >= first) & (way < first + width))
        if len(here):
            table = _table(size, trip[:, first : first + width], int(rest[here].max()))
            cost[here] = table[rest[here], way[here] - first]
    least: Integers = cost + full * price
    return least


def _table(size: Integers, trip: Integers, most: int) -> Integers:
    table = np.zeros((most + 1, trip.shape[1]), dtype=np.int64)
    for granules in range(1, most + 1):
        table[granules] = (trip + table[np.maximum(0, granules - size)]).min(axis=0)
    capped: Integers = np.minimum(table, _NEVER)
    return capped


def check_freight(market: Market, outcome: Outcome) -> None:
    """The trips carry the weight at the stated cost, nothing does for less, and nobody loses."""
    matches, lots, needs = outcome.matches, market.lots, market.needs
    gain = (needs.bid[matches.need] - lots.ask[matches.lot]) * matches.quantity - matches.freight
    kinds = lots.commodity[matches.lot]
    for commodity in np.unique(kinds).tolist():
        _check_trips(market, outcome, commodity, np.flatnonzero(kinds == commodity))
    if (gain < 0).any():
        raise Refuted(f"match {int(np.argmax(gain < 0))} trades at a loss")
    if sum(gain.tolist()) != outcome.value:
        raise Refuted("the stated value is not what the matches gain")


def _check_trips(market: Market, outcome: Outcome, commodity: int, rows: NDArray[np.intp]) -> None:
    matches = outcome.matches
    freight = market.freights[int(market.goods.carriage[commodity])]
    origin = market.lots.place[matches.lot[rows]]
    destination = market.needs.place[matches.need[rows]]
    kilograms = weight(market, commodity, matches.quantity[rows])
    vehicles = len(freight.payload)
    trips, beyond = matches.trips[rows][:, :vehicles], matches.trips[rows][:, vehicles:]
    one = freight.trip_cost[:, origin, destination].T
    if (trips < 0).any() or beyond.any() or ((trips > 0) & (one < 0)).any():
        raise Refuted("a match goes by trips that nobody can make")
    short = (trips * freight.payload).sum(axis=1) < kilograms
    if short.any():
        raise Refuted(f"the trips of match {int(rows[np.argmax(short)])} do not carry its weight")
    cost = (trips * one).sum(axis=1) + freight.handling * kilograms
    least = least_cost(market, commodity, origin, destination, kilograms)
    wrong = (cost != least) | (cost != matches.freight[rows])
    if wrong.any():
        raise Refuted(f"the freight of match {int(rows[np.argmax(wrong)])} is another")
