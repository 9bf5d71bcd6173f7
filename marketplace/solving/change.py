"""What would have had to be different: a field of the listing and the value that would have done."""

from __future__ import annotations

from datetime import timedelta

from marketplace.domain.commodities import Catalogue
from marketplace.matching import LeftOut, Market, Reason
from marketplace.solving.assemble import Index
from marketplace.solving.listings import OpenLot, OpenNeed

Change = dict[str, int | str | bool]


def change_for(record: LeftOut, market: Market, index: Index, catalogue: Catalogue) -> Change:
    """The change of the lot or need that ``record`` speaks of, by field of `OpenLot` or `OpenNeed`.

    Certificates are ids with ``;`` between them, days are ISO dates. Empty where nothing that its
    owner could change would have helped.
    """
    if record.counterpart < 0:
        return {}
    if record.side == "lot":
        lot, need = record.row, record.counterpart
        return _of_lot(record, market, lot, index.lots[lot], index.needs[need], catalogue)
    lot, need = record.counterpart, record.row
    bid = int(market.needs.bid[need])
    return _of_need(record, bid, index.lots[lot], index.needs[need], catalogue)


def _of_lot(
    record: LeftOut, market: Market, row: int, lot: OpenLot, need: OpenNeed, catalogue: Catalogue
) -> Change:
    ask, keeps = int(market.lots.ask[row]), int(market.lots.keeps[row])
    match record.because:
        case Reason.PRICE | Reason.FREIGHT | Reason.OUTBID if 0 < record.per_unit <= ask:
            return {"ask": ask - record.per_unit}
        case Reason.WINDOW if record.days > 0:
            return {"ready_on": (lot.ready_on - timedelta(record.days)).isoformat()}
        case Reason.WINDOW:
            return {"until": (lot.until - timedelta(record.days)).isoformat()}
        case Reason.FRESHNESS:
            return {"keeps_minutes": keeps + record.minutes_asked - record.minutes_left}
        case Reason.GRADE:
            return {"grade": _grade(record.limit, lot.commodity, catalogue)}
        case Reason.CERTIFICATE:
            return {"certificates": ";".join(sorted(lot.certificates | need.certificates))}
        case Reason.WHOLE if lot.whole and lot.quantity > record.limit:
            return {"whole": False}
        case Reason.WHOLE | Reason.MINIMUM:
            return {"quantity": record.limit}
    return {}


def _of_need(
    record: LeftOut, bid: int, lot: OpenLot, need: OpenNeed, catalogue: Catalogue
) -> Change:
    match record.because:
        case Reason.BID | Reason.FREIGHT if record.per_unit > 0:
            return {"bid": bid + record.per_unit}
        case Reason.WINDOW if record.days > 0:
            return {"until": (need.until + timedelta(record.days)).isoformat()}
        case Reason.WINDOW:
            return {"wanted_from": (need.wanted_from + timedelta(record.days)).isoformat()}
        case Reason.FRESHNESS if record.minutes_left > 0:
            return {"fresh_minutes": record.minutes_left}
        case Reason.GRADE:
            return {"min_grade": _grade(record.limit, need.commodity, catalogue)}
        case Reason.CERTIFICATE:
            return {"certificates": ";".join(sorted(need.certificates & lot.certificates))}
        case Reason.WHOLE if not need.splits and need.quantity > record.limit:
            return {"splits": True}
        case Reason.WHOLE:
            return {"quantity": record.limit}
        case Reason.MINIMUM:
            return {"min_quantity": min(record.quantity, lot.quantity)}
    return {}


def _grade(rank: int, commodity: str, catalogue: Catalogue) -> str:
    grades = catalogue.grades(catalogue.commodity(commodity).group)
    return next(grade.id for grade in grades if grade.rank == rank)
