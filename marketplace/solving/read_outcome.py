"""Turn the outcome of a market back into records of its listings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marketplace.domain.commodities import Catalogue
from marketplace.matching import Hurdle, LeftOut, Market, Nearby, Outcome
from marketplace.matching.outcome import CREDITS, NOBODY
from marketplace.solving.assemble import Index
from marketplace.solving.change import change_for
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.results import (
    CreditRecord,
    HurdleRecord,
    LeftOutRecord,
    MatchRecord,
    NearbyRecord,
    RoundResult,
)
from marketplace.solving.runners_up import RunnersUp, runners_up
from marketplace.transport.atlas import Atlas, name_vehicles


def read_outcome(
    outcome: Outcome, market: Market, index: Index, atlas: Atlas, catalogue: Catalogue
) -> RoundResult:
    """What `solve(market)` found, said of the listings that `assemble` was given."""
    lot_order = np.argsort(market.lots.listed).tolist()
    need_order = np.argsort(market.needs.listed).tolist()
    place = {("lot", row): n for n, row in enumerate(lot_order)}
    place |= {("need", row): n for n, row in enumerate(need_order)}
    reasons = _Reasons(market, index, atlas, catalogue)
    seconds = runners_up(market, outcome)
    return RoundResult(
        matches=tuple(
            _match(outcome, row, market, index, atlas, catalogue, seconds)
            for row in range(len(outcome.matches))
        ),
        left_out=tuple(
            reasons.of(record)
            for record in sorted(outcome.left_out, key=lambda r: (r.side, place[r.side, r.row]))
        ),
        value=outcome.value,
        bound=outcome.bound,
        credit_cost=outcome.credit.cost,
        credit_kilograms=outcome.credit.kilograms,
        credits=tuple(
            CreditRecord(name, effect.cost, effect.kilograms)
            for name, effect in zip(CREDITS, outcome.credits, strict=True)
        ),
        blocks=outcome.blocks,
        hurried=tuple(index.goods[row].id for row in outcome.hurried),
    )


def _match(
    outcome: Outcome,
    row: int,
    market: Market,
    index: Index,
    atlas: Atlas,
    catalogue: Catalogue,
    seconds: RunnersUp,
) -> MatchRecord:
    found = {name: column[row] for name, column in vars(outcome.matches).items()}
    lot, need = index.lots[found["lot"]], index.needs[found["need"]]
    commodity = catalogue.commodity(lot.commodity)
    good = int(market.lots.commodity[found["lot"]])
    freight = market.freight_of(good)
    trips = found["trips"][: len(freight.vehicles)].tolist()
    used = {name: n for name, n in zip(freight.vehicles, trips, strict=True) if n}
    legs = atlas.legs(lot.place, need.place, commodity.transport_need, used)
    empty = bool(found["low"] > found["high"])
    second_need, second_lot = int(seconds.need[row]), int(seconds.lot[row])
    return MatchRecord(
        lot=lot.id,
        need=need.id,
        quantity=int(found["quantity"]),
        kilograms=int(market.kilograms(good, found["quantity"])),
        freight=int(found["freight"]),
        price=int(found["price"]),
        price_low=None if empty else int(found["low"]),
        price_high=None if empty else int(found["high"]),
        market_price=int(market.lots.ask[found["lot"]] + outcome.lot_price[found["lot"]]),
        mode=legs[0].mode,
        vehicle=name_vehicles(freight.vehicles, trips),
        trips=sum(trips),
        km=legs[0].route.km,
        hours=round(max(leg.route.hours for leg in legs), 2),
        nodes=legs[0].route.nodes,
        links=tuple(link.id for link in legs[0].route.links),
        legs=legs,
        second_need=None if second_need == NOBODY else index.needs[second_need].id,
        seller_advantage=None
        if second_need == NOBODY
        else int(found["price"] - seconds.at_need[row]),
        second_lot=None if second_lot == NOBODY else index.lots[second_lot].id,
        buyer_advantage=None if second_lot == NOBODY else int(seconds.at_lot[row] - found["price"]),
    )


class _Reasons:
    """What is left out, in the listings' own ids; ways are looked up once for all."""

    def __init__(self, market: Market, index: Index, atlas: Atlas, catalogue: Catalogue) -> None:
        self._market, self._index, self._catalogue = market, index, catalogue
        origins = sorted({lot.place for lot in index.lots})
        destinations = sorted({need.place for need in index.needs})
        self._km, _hours = atlas.distance(origins, destinations)
        self._origin = {place: n for n, place in enumerate(origins)}
        self._destination = {place: n for n, place in enumerate(destinations)}

    def of(self, record: LeftOut) -> LeftOutRecord:
        mine: Sequence[OpenLot | OpenNeed] = (
            self._index.lots if record.side == "lot" else self._index.needs
        )
        return LeftOutRecord(
            side="lot" if record.side == "lot" else "need",
            id=mine[record.row].id,
            quantity=record.quantity,
            matched=record.matched,
            reason=record.reason.value,
            because=record.because.value,
            numbers=_numbers(record.hurdle),
            nearest=tuple(self._nearby(record, near) for near in record.nearest),
        )

    def _nearby(self, record: LeftOut, near: Nearby) -> NearbyRecord:
        of_lot = record.side == "lot"
        rows = (record.row, near.counterpart) if of_lot else (near.counterpart, record.row)
        lot, need = self._index.lots[rows[0]], self._index.needs[rows[1]]
        km = self._km[self._origin[lot.place], self._destination[need.place]]
        return NearbyRecord(
            counterpart=need.id if of_lot else lot.id,
            hurdles=tuple(HurdleRecord(h.because.value, _numbers(h)) for h in near.hurdles),
            change=change_for(record, near, self._market, self._index, self._catalogue),
            km=float(km) if np.isfinite(km) else None,
        )


def _numbers(hurdle: Hurdle) -> dict[str, int]:
    told = {
        "days": hurdle.days,
        "minutes_left": hurdle.minutes_left,
        "minutes_asked": hurdle.minutes_asked,
        "per_unit": hurdle.per_unit,
        "limit": hurdle.limit,
    }
    return {name: number for name, number in told.items() if number}
