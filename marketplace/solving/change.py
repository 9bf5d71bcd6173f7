"""What would have had to be different: fields of the listing and the values that would have done."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from marketplace.domain.commodities import Catalogue
from marketplace.matching import Hurdle, LeftOut, Market, Nearby, Reason
from marketplace.solving.assemble import Index
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.results import Change

Listing = TypeVar("Listing", OpenLot, OpenNeed)


def change_for(
    record: LeftOut, near: Nearby, market: Market, index: Index, catalogue: Catalogue
) -> Change:
    """All that stands between ``record`` and ``near`` taken away, by field of `OpenLot` or `OpenNeed`.

    Certificates are ids with ``;`` between them, days are ISO dates. Empty where something stands
    between that its owner could not change.
    """
    changes: Change = {}
    for hurdle in near.hurdles:
        if record.side == "lot":
            lot, need = index.lots[record.row], index.needs[near.counterpart]
            ask = int(market.lots.ask[record.row]), int(market.lots.keeps[record.row])
            change = _of_lot(hurdle, record.quantity, *ask, lot, need, catalogue)
        else:
            lot, need = index.lots[near.counterpart], index.needs[record.row]
            bid = int(market.needs.bid[record.row])
            change = _of_need(hurdle, record.quantity, bid, lot, need, catalogue)
        if not change:
            return {}
        if "certificates" in change and "certificates" in changes:
            change = {"certificates": _both(changes["certificates"], change["certificates"])}
        changes |= change
    return changes


def papers_of(bits: int, catalogue: Catalogue) -> tuple[str, ...]:
    """The certifications that a column of bits stands for, in the order of `assemble.Index`."""
    return tuple(
        paper for bit, paper in enumerate(sorted(catalogue.certifications)) if bits >> bit & 1
    )


def _both(papers: object, others: object) -> str:
    return ";".join(sorted({*str(papers).split(";"), *str(others).split(";")}))


def changed(listing: Listing, change: Change) -> Listing:
    """The listing with all that ``change`` names changed."""
    types = {field.name: str(field.type) for field in fields(listing)}
    values: dict[str, Any] = {}
    for name, value in change.items():
        if types[name] == "date":
            values[name] = date.fromisoformat(str(value))
        elif types[name].startswith("frozenset"):
            values[name] = frozenset(filter(None, str(value).split(";")))
        else:
            values[name] = value
    return replace(listing, **values)


def _of_lot(
    hurdle: Hurdle,
    left: int,
    ask: int,
    keeps: int,
    lot: OpenLot,
    need: OpenNeed,
    catalogue: Catalogue,
) -> Change:
    match hurdle.because:
        case Reason.PRICE | Reason.FREIGHT | Reason.OUTBID if 0 < hurdle.per_unit <= ask:
            return {"ask": ask - hurdle.per_unit}
        case Reason.WINDOW if hurdle.days > 0:
            return {"ready_on": (lot.ready_on - timedelta(hurdle.days)).isoformat()}
        case Reason.WINDOW:
            ready, until = (day - timedelta(hurdle.days) for day in (lot.ready_on, lot.until))
            return {"ready_on": ready.isoformat(), "until": until.isoformat()}
        case Reason.FRESHNESS:
            return {"keeps_minutes": keeps + hurdle.minutes_asked - hurdle.minutes_left}
        case Reason.GRADE:
            return {"grade": _grade(hurdle.limit, lot.commodity, catalogue)}
        case Reason.CERTIFICATE:
            return {"certificates": ";".join(sorted(lot.certificates | need.certificates))}
        case Reason.MOVEMENT if hurdle.limit:
            papers = papers_of(hurdle.limit, catalogue)
            return {"certificates": ";".join(sorted(lot.certificates.union(papers)))}
        case Reason.EXPECTED:
            return {"expected": False}
        case Reason.WHOLE if lot.whole and lot.quantity > hurdle.limit:
            return {"whole": False}
        case Reason.WHOLE | Reason.MINIMUM:
            return {"quantity": lot.quantity - left + hurdle.limit}
    return {}


def _of_need(
    hurdle: Hurdle, left: int, bid: int, lot: OpenLot, need: OpenNeed, catalogue: Catalogue
) -> Change:
    match hurdle.because:
        case Reason.BID | Reason.FREIGHT if hurdle.per_unit > 0:
            return {"bid": bid + hurdle.per_unit}
        case Reason.WINDOW if hurdle.days > 0:
            return {"until": (need.until + timedelta(hurdle.days)).isoformat()}
        case Reason.WINDOW:
            return {"wanted_from": (need.wanted_from + timedelta(hurdle.days)).isoformat()}
        case Reason.FRESHNESS if hurdle.minutes_left > 0:
            return {"fresh_minutes": hurdle.minutes_left}
        case Reason.FRESHNESS if hurdle.days:
            return {"wanted_from": (need.wanted_from + timedelta(hurdle.days)).isoformat()}
        case Reason.GRADE:
            return {"min_grade": _grade(hurdle.limit, need.commodity, catalogue)}
        case Reason.CERTIFICATE:
            return {"certificates": ";".join(sorted(need.certificates & lot.certificates))}
        case Reason.EXPECTED:
            return {"takes_expected": True}
        case Reason.WHOLE if not need.splits and need.quantity > hurdle.limit:
            return {"splits": True}
        case Reason.WHOLE:
            return {"quantity": need.quantity - left + hurdle.limit}
        case Reason.MINIMUM if hurdle.limit > 0:
            return {"min_quantity": hurdle.limit}
    return {}


def _grade(rank: int, commodity: str, catalogue: Catalogue) -> str:
    grades = catalogue.grades(catalogue.commodity(commodity).group)
    return next(grade.id for grade in grades if grade.rank == rank)
