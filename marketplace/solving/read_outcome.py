"""Turn the outcome of a market back into records of its listings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marketplace.domain.commodities import Catalogue
from marketplace.matching import LeftOut, Market, Outcome
from marketplace.matching.outcome import NOBODY
from marketplace.solving.assemble import Index
from marketplace.solving.change import change_for
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.results import LeftOutRecord, MatchRecord, RoundResult
from marketplace.transport.atlas import Atlas, name_vehicles


def read_outcome(
    outcome: Outcome, market: Market, index: Index, atlas: Atlas, catalogue: Catalogue
) -> RoundResult:
    """What `solve(market)` found, said of the listings that `assemble` was given."""
    lot_order = np.argsort(market.lots.listed).tolist()
    need_order = np.argsort(market.needs.listed).tolist()
    place = {("lot", row): n for n, row in enumerate(lot_order)}
    place |= {("need", row): n for n, row in enumerate(need_order)}
    return RoundResult(
        matches=tuple(
            _match(outcome, row, market, index, atlas, catalogue)
            for row in range(len(outcome.matches))
        ),
        left_out=tuple(
            _left_out(record, market, index, catalogue)
            for record in sorted(outcome.left_out, key=lambda r: (r.side, place[r.side, r.row]))
        ),
        value=outcome.value,
        bound=outcome.bound,
        credit_cost=outcome.credit.cost,
        credit_kilograms=outcome.credit.kilograms,
        blocks=outcome.blocks,
    )


def _match(
    outcome: Outcome,
    row: int,
    market: Market,
    index: Index,
    atlas: Atlas,
    catalogue: Catalogue,
) -> MatchRecord:
    found = {name: column[row] for name, column in vars(outcome.matches).items()}
    lot, need = index.lots[found["lot"]], index.needs[found["need"]]
    commodity = catalogue.commodity(lot.commodity)
    good = int(market.lots.commodity[found["lot"]])
    freight = market.freight_of(good)
    trips = found["trips"][: len(freight.vehicles)].tolist()
    route = atlas.route(lot.place, need.place)
    empty = bool(found["low"] > found["high"])
    second_need, second_lot = int(found["second_need"]), int(found["second_lot"])
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
        mode=catalogue.transport_needs[commodity.transport_need].mode,
        vehicle=name_vehicles(freight.vehicles, trips),
        trips=sum(trips),
        km=route.km,
        hours=round(route.hours, 2),
        nodes=route.nodes,
        links=tuple(link.id for link in route.links),
        second_need=None if second_need == NOBODY else index.needs[second_need].id,
        seller_advantage=None if second_need == NOBODY else int(found["seller_advantage"]),
        second_lot=None if second_lot == NOBODY else index.lots[second_lot].id,
        buyer_advantage=None if second_lot == NOBODY else int(found["buyer_advantage"]),
    )


def _left_out(record: LeftOut, market: Market, index: Index, catalogue: Catalogue) -> LeftOutRecord:
    mine: Sequence[OpenLot | OpenNeed] = index.lots if record.side == "lot" else index.needs
    other: Sequence[OpenLot | OpenNeed] = index.needs if record.side == "lot" else index.lots
    return LeftOutRecord(
        side="lot" if record.side == "lot" else "need",
        id=mine[record.row].id,
        quantity=record.quantity,
        matched=record.matched,
        reason=record.reason.value,
        because=record.because.value,
        counterpart=None if record.counterpart == NOBODY else other[record.counterpart].id,
        numbers=_numbers(record),
        change=change_for(record, market, index, catalogue),
    )


def _numbers(record: LeftOut) -> dict[str, int]:
    told = {
        "days": record.days,
        "minutes_left": record.minutes_left,
        "minutes_asked": record.minutes_asked,
        "per_unit": record.per_unit,
        "limit": record.limit,
    }
    return {name: number for name, number in told.items() if number}
