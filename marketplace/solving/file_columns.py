"""What each column of a round's file means, and who may read it in the public file.

A column that is not named here is written all the same, without a word, and is sealed in the public
file: new figures stay closed until somebody says that they are public. A test asks for the words.
"""

from __future__ import annotations

from enum import Enum


class Shown(Enum):
    """What the public file has in place of a column."""

    OPEN = "open"
    """The column itself."""
    BID = "bid"
    """The figure, but a commitment for a need whose bid is sealed."""
    PRICE = "price"
    """The figure where no need of the commodity has a sealed bid, else a commitment: it follows
    from all bids for these goods."""
    SEALED = "sealed"
    """One commitment for all of the column."""


MARKET: dict[str, tuple[str, Shown]] = {
    "lots.commodity": ("row of goods", Shown.OPEN),
    "lots.quantity": ("base units that are free", Shown.OPEN),
    "lots.ask": ("VND per base unit, the least that the seller takes at the gate", Shown.OPEN),
    "lots.place": ("row of origins in the freight of the commodity", Shown.OPEN),
    "lots.grade": ("rank of the grade, 1 is the best", Shown.OPEN),
    "lots.certificates": ("certificates held: a bit for each of round.papers", Shown.OPEN),
    "lots.ready": ("first day of collection, counted from 1 January of the year 1", Shown.OPEN),
    "lots.until": ("last day of collection", Shown.OPEN),
    "lots.keeps": ("minutes that it stays fresh; 0: it does not spoil", Shown.OPEN),
    "lots.waits": ("whether freshness counts from collection, not from ready", Shown.OPEN),
    "lots.whole": ("whether it is sold to one buyer or not at all", Shown.OPEN),
    "lots.organisation": (
        "number of the trader in this file; nobody buys from himself",
        Shown.OPEN,
    ),
    "lots.listed": ("place in the order of listing", Shown.SEALED),
    "lots.reference": ("whether ask stands in for a price that nobody named", Shown.OPEN),
    "lots.held": ("base units that an accepted match holds", Shown.SEALED),
    "lots.eligible": ("whether it may be matched", Shown.OPEN),
    "lots.soon": ("VND per kilogram of credit because it spoils soon", Shown.OPEN),
    "lots.waited": ("VND per kilogram of credit because rounds left it over", Shown.OPEN),
    "lots.leaving": ("papers without which it may not leave: bits; 2^62: no paper", Shown.OPEN),
    "lots.expected": ("whether it is a harvest to come that is not confirmed", Shown.OPEN),
    "needs.commodity": ("row of goods", Shown.OPEN),
    "needs.quantity": ("base units still wanted", Shown.OPEN),
    "needs.bid": ("VND per base unit, the most that the buyer pays, delivered", Shown.BID),
    "needs.place": ("row of destinations in the freight of the commodity", Shown.OPEN),
    "needs.grade": ("worst rank that is taken", Shown.OPEN),
    "needs.certificates": ("certificates asked for: a bit for each of round.papers", Shown.OPEN),
    "needs.first": ("first day on which goods are taken in", Shown.OPEN),
    "needs.until": ("last day on which goods are taken in", Shown.OPEN),
    "needs.minimum": (
        "no match is smaller, and what stays open is nothing or at least this",
        Shown.OPEN,
    ),
    "needs.splits": ("whether several lots may serve it", Shown.OPEN),
    "needs.fresh": ("minutes of freshness that must be left on arrival", Shown.OPEN),
    "needs.organisation": (
        "number of the trader in this file; nobody buys from himself",
        Shown.OPEN,
    ),
    "needs.listed": ("place in the order of listing", Shown.SEALED),
    "needs.reference": ("whether bid stands in for a price that nobody named", Shown.BID),
    "needs.held": ("base units that an accepted match holds", Shown.SEALED),
    "needs.eligible": ("whether it may be matched", Shown.OPEN),
    "needs.told_low": ("the step below a sealed bid; an open bid itself", Shown.SEALED),
    "needs.told_high": ("the step above a sealed bid; an open bid itself", Shown.SEALED),
    "needs.entering": ("papers without which goods may not enter: bits", Shown.OPEN),
    "needs.takes_expected": ("whether it takes a harvest that is not confirmed", Shown.OPEN),
    "goods.milligrams": ("weight of a base unit", Shown.OPEN),
    "goods.carriage": ("row of freights (in the public file: carriages)", Shown.OPEN),
    "goods.minutes": ("longest journey that it survives; 0: any", Shown.OPEN),
    "freights.vehicles": ("name of each class of vehicle", Shown.OPEN),
    "freights.payload": ("kilograms that one trip of each class carries", Shown.OPEN),
    "freights.trip_cost": (
        "VND for one trip: for each class, origin and destination; -1: no way",
        Shown.SEALED,
    ),
    "freights.handling": ("VND per kilogram for loading and unloading together", Shown.OPEN),
    "freights.pace": ("which table of minutes each class keeps to", Shown.OPEN),
    "minutes": (
        "for each freight and pace the minutes from origin to destination; -1: no way",
        Shown.SEALED,
    ),
    "today": ("day before which nothing is collected", Shown.OPEN),
    "credit": (
        "VND that a kilogram moved adds to the rank of a pair; it never counts as value",
        Shown.OPEN,
    ),
}
"""By path in the section ``market``."""

_HURDLE = {
    "because": "the obstacle",
    "days": "days that the goods come too late, negative: too early",
    "minutes_left": "freshness on arrival",
    "minutes_asked": "freshness asked for",
    "per_unit": "VND by which ask or bid would have had to change",
    "limit": "the figure of the obstacle: a quantity, a rank or bits",
}

OUTCOME: dict[str, tuple[str, Shown]] = {
    "matches.lot": ("row of lots", Shown.OPEN),
    "matches.need": ("row of needs", Shown.OPEN),
    "matches.quantity": ("base units", Shown.OPEN),
    "matches.freight": ("VND for all of it", Shown.OPEN),
    "matches.trips": ("trips of each class of vehicle of the commodity's freight", Shown.OPEN),
    "matches.low": ("least of the range of prices, VND per base unit at the gate", Shown.PRICE),
    "matches.high": ("most of the range; less than low: the range is empty", Shown.PRICE),
    "matches.price": ("proposed price, VND per base unit at the gate", Shown.PRICE),
    "matches.settled": (
        "1 if settled before the plan because it cannot be divided, else 0",
        Shown.OPEN,
    ),
    "matches.second_need": ("row of the need that came second for the seller; -1", Shown.SEALED),
    "matches.seller_advantage": ("VND per base unit less that the seller had there", Shown.SEALED),
    "matches.second_lot": ("row of the lot that came second for the buyer; -1", Shown.SEALED),
    "matches.buyer_advantage": ("VND per base unit more that the buyer paid there", Shown.SEALED),
    "passes.lot_owner": ("for each load of a lot the row of lots", Shown.SEALED),
    "passes.lot_quantity": ("its base units", Shown.SEALED),
    "passes.need_owner": ("for each load of a need the row of needs", Shown.SEALED),
    "passes.need_quantity": ("its base units", Shown.SEALED),
    "passes.lot_load": ("for each pair the load of the lot", Shown.SEALED),
    "passes.need_load": ("for each pair the load of the need", Shown.SEALED),
    "passes.lot_price": ("VND, a price for each load of a lot; it proves", Shown.SEALED),
    "passes.need_price": ("VND, a price for each load of a need; it proves", Shown.SEALED),
    "passes.value": ("VND that the pairs gain, without the credit", Shown.SEALED),
    "lot_price": (
        "VND per base unit, the lot's dual; ask + this is its market price",
        Shown.SEALED,
    ),
    "need_price": ("VND per base unit, the need's dual", Shown.SEALED),
    "value": ("VND that all matches gain, without the credit", Shown.SEALED),
    "bound": ("VND that no outcome can exceed", Shown.SEALED),
    "credit.cost": ("VND of value that the credit gave up", Shown.SEALED),
    "credit.kilograms": ("kilograms that it moved besides", Shown.SEALED),
    "credits.cost": ("the same of each credit: for kilograms, soon, waited", Shown.SEALED),
    "credits.kilograms": ("kilograms that each moved besides", Shown.SEALED),
    "left_out.side": ("lot or need", Shown.SEALED),
    "left_out.row": ("its row", Shown.SEALED),
    "left_out.quantity": ("base units that were not matched", Shown.SEALED),
    "left_out.matched": ("base units that were", Shown.SEALED),
    "left_out.nearest.counterpart": (
        "row of a need (or lot) that was not far from a match",
        Shown.SEALED,
    ),
    **{f"left_out.hurdle.{name}": (words, Shown.SEALED) for name, words in _HURDLE.items()},
    **{
        f"left_out.nearest.hurdles.{name}": (f"between the two: {words}", Shown.SEALED)
        for name, words in _HURDLE.items()
    },
    "blocks": ("commodities that are both offered and wanted", Shown.SEALED),
    "hurried": (
        "rows of goods that there was no time to solve in full; the bound holds for them too",
        Shown.SEALED,
    ),
}
"""By path in the section ``outcome``."""

ROUND: dict[str, str] = {
    "number": "number of the round",
    "day": "day for which it was solved",
    "engine": "version of what the engine decides",
    "reference": "fingerprint of the reference data: places, roads, tariffs, catalogue",
    "inputs": "SHA-256 of the listings that it was solved from, as stored with the round",
    "secret": "64 hexadecimal digits from which the salts of the commitments are derived",
    "papers": "ids of the certificates in the order of their bits",
}
"""Of the section ``round`` in the full file."""

INDEX: dict[str, str] = {
    "lots.id": "number of the lot",
    "lots.party": "number of the organisation; with a colon and a name if listed for somebody else",
    "lots.place": "id of the place",
    "needs.id": "number of the need",
    "needs.party": "number of the organisation; with a colon and a name if posted for another",
    "needs.place": "id of the place",
    "needs.sealed": "whether the bid is sealed",
    "goods.id": "id of the commodity",
}
"""Of the section ``index`` in the full file: what the rows stand for."""

PUBLIC: dict[str, str] = {
    "round.number": ROUND["number"],
    "round.day": ROUND["day"],
    "round.engine": ROUND["engine"],
    "round.reference": ROUND["reference"],
    "round.full": "hash of the full file of which this is a view",
    "round.papers": ROUND["papers"],
    "round.today": "that day, counted from 1 January of the year 1",
    "round.credit": "VND that a kilogram moved adds to the rank of a pair; never counted as value",
    "round.value": "VND that the round gains at least; null if too few parties stand behind it",
    "round.bound": "VND that no outcome exceeds, at most; null likewise",
    "goods.id": INDEX["goods.id"],
    "lots.place_id": INDEX["lots.place"],
    "needs.place_id": INDEX["needs.place"],
    "matches.kilograms": "weight, rounded up",
    "matches.minutes": "minutes of travel of the slowest vehicle that makes a trip",
    "matches.trip_cost": "VND for one trip of each class of vehicle on this way; -1: no way",
    "amounts.commodity": "row of goods",
    "amounts.matches": "matches of the commodity",
    "amounts.kilograms": "kilograms matched of it",
    "amounts.freight": "VND of freight for them",
    "gains.goods": "rows of goods that are counted together",
    "gains.value": "VND that they gain, at least",
    "gains.bound": "VND that no outcome for them exceeds, at most",
    "gains.rounded_to": "VND: value is rounded down to this and bound up, where bids are sealed",
    "closed": "for each thing that is not public its path in the full file and a commitment",
}
"""What the public file has besides columns of the full one."""


def shown(section: str, path: str) -> Shown:
    """Who may read the column in the public file."""
    known = {"market": MARKET, "outcome": OUTCOME}[section].get(path)
    return known[1] if known else Shown.SEALED
