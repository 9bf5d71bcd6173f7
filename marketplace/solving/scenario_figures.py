"""What a solved market comes to, in sums that are kept with a scenario and compared.

Bids go into sums only, and twice: as they are, for coordinators, and with each sealed bid on the step
below it, for everybody else. Parties are counted so that a page can leave out what tells of fewer than
three; those that a scenario has added count as nobody.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from marketplace.domain.bands import rounded_down
from marketplace.domain.commodities import Commodity
from marketplace.domain.rounds import LEAST_PARTIES
from marketplace.domain.tallies import publishable
from marketplace.solving.carried import Carried
from marketplace.solving.deciding import Decided
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import ListingId, OpenNeed
from marketplace.solving.rows import entered_by
from marketplace.solving.world import World

AFLOAT = ("boat", "live boat")
OUTSIDE = ""
"""Stands for places outside the seven localities."""


@dataclass
class Sums:
    """Matches of one kind: VND, kilograms, and kilograms × kilometres and × minutes.

    ``told_value`` and ``told_for_buyers`` are the same with sealed bids on the step below.
    """

    matches: int = 0
    matched: int = 0
    value: int = 0
    told_value: int = 0
    freight: int = 0
    for_sellers: int = 0
    for_buyers: int = 0
    told_for_buyers: int = 0
    kilogram_km: int = 0
    kilogram_minutes: int = 0
    afloat: int = 0
    """Kilograms that go by boat, at least for the most part."""
    sellers: set[int] = field(default_factory=set)
    buyers: set[int] = field(default_factory=set)

    def count(self, line: Line) -> None:
        """Add one match."""
        self.matches += 1
        self.matched += line.kilograms
        self.value += line.for_seller + line.for_buyer
        self.told_value += line.for_seller + line.told_for_buyer
        self.freight += line.freight
        self.for_sellers += line.for_seller
        self.for_buyers += line.for_buyer
        self.told_for_buyers += line.told_for_buyer
        self.kilogram_km += round(line.kilograms * line.km)
        self.kilogram_minutes += round(line.kilograms * line.hours * 60)
        self.afloat += line.kilograms if line.afloat else 0
        self.sellers.update(line.sellers)
        self.buyers.update(line.buyers)

    def kept(self) -> dict[str, Any]:
        """As JSON; three parties a side are as good as all of them."""
        parties = {name: sorted(getattr(self, name))[:LEAST_PARTIES] for name in PARTIES}
        return asdict(self) | parties

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Sums:
        """What `kept` wrote."""
        return cls(**{**kept, **{name: set(kept[name]) for name in PARTIES}})


PARTIES = ("sellers", "buyers")


@dataclass(frozen=True)
class Line:
    """A match with what the sums need of it. Those whom the scenario added are no parties."""

    commodity: str
    start: str
    end: str
    links: tuple[str, ...]
    afloat: bool
    kilograms: int
    km: float
    hours: float
    freight: int
    for_seller: int
    for_buyer: int
    told_for_buyer: int
    sellers: tuple[int, ...]
    buyers: tuple[int, ...]


def figures_of(frozen: Frozen, world: World, decided: Decided) -> dict[str, Any]:
    """All sums of the outcome, ready to be kept as JSON.

    ``total``; by locality ``sellers`` and ``buyers``; by commodity ``goods``; by link ``flows``:
    kilograms, and whether three parties a side use it; ``flow_values``: VND of
    the matches over it. ``withdrawn``: how many open proposals the round replaces, their kilograms, VND
    and told VND, which its own matches make up for. ``digest`` names the matches to the bit.
    """
    lines = _lines(frozen, world, decided)
    return {
        "total": _sums(lines).kept(),
        "sellers": _by(lines, "start"),
        "buyers": _by(lines, "end"),
        "goods": _by(lines, "commodity"),
        "flows": _flows(lines),
        "flow_values": _flow_values(lines),
        "reasons": _reasons(frozen, world, decided),
        "bound": decided.figures["bound_vnd"],
        "gap": decided.figures["gap"],
        "hurried": decided.figures.get("hurried", []),
        "withdrawn": _withdrawn(frozen, world, decided),
        "digest": digest(decided.matches),
    }


def net(figures: Mapping[str, Any]) -> dict[str, int]:
    """Total and bound less what the round withdrew to make up for it: what markets are compared by."""
    matches, kilograms, gain, told = replaced(figures)
    total = {name: value for name, value in figures["total"].items() if name not in PARTIES}
    less = {"matches": matches, "matched": kilograms, "value": gain, "told_value": told}
    return {name: value - less.get(name, 0) for name, value in total.items()} | {
        "bound": figures["bound"] - gain
    }


def replaced(figures: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Matches, kilograms, VND and told VND of the proposals that make way; runs of before told no fourth."""
    matches, kilograms, gain, *told = figures["withdrawn"]
    return matches, kilograms, gain, told[0] if told else gain


def digest(matches: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over every column that the engine decides, so that equal ones are equal to the bit."""
    rows = [dict(sorted(row.items())) for row in matches]
    rows.sort(key=lambda row: (row["lot_id"], row["need_id"]))
    return sha256(json.dumps(rows, default=str).encode()).hexdigest()


def _lines(frozen: Frozen, world: World, decided: Decided) -> list[Line]:
    lots = {lot.id: lot for lot in frozen.lots}
    needs = {need.id: need for need in frozen.needs}
    carried = Carried(world)
    found = []
    for row in decided.matches:
        lot, need = lots[row["lot_id"]], needs[row["need_id"]]
        good = world.catalogue.commodity(lot.commodity)
        origin, destination = (world.gazetteer.get(one.place) for one in (lot, need))
        sealed = need.sealed and need.bid is not None
        told = rounded_down(row["bid"], good.usual_ask) if sealed else row["bid"]
        found.append(
            Line(
                commodity=good.id,
                start=origin.locality or OUTSIDE,
                end=destination.locality or OUTSIDE,
                links=carried.links(row["route"], origin, destination),
                afloat=row["mode"] in AFLOAT,
                kilograms=_kilograms(good, row["quantity"]),
                km=row["kilometres"],
                hours=row["hours"],
                freight=row["freight"],
                for_seller=row["quantity"] * (row["price"] - row["ask"]),
                for_buyer=row["quantity"] * (row["bid"] - row["price"]) - row["freight"],
                told_for_buyer=max(0, row["quantity"] * (told - row["price"]) - row["freight"]),
                sellers=_party(lot.organisation),
                buyers=_party(need.organisation),
            )
        )
    return found


def _kilograms(good: Commodity, quantity: int) -> int:
    return good.kilograms(quantity) or 0


def _party(party: ListingId) -> tuple[int, ...]:
    """Who entered the listing; nobody where it is the scenario's, numbered below 0."""
    organisation = int(entered_by(party))
    return (organisation,) if organisation >= 0 else ()


def _sums(lines: Iterable[Line]) -> Sums:
    sums = Sums()
    for line in lines:
        sums.count(line)
    return sums


def _by(lines: Iterable[Line], key: str) -> dict[str, dict[str, Any]]:
    kinds: defaultdict[str, Sums] = defaultdict(Sums)
    for line in lines:
        kinds[getattr(line, key)].count(line)
    return {name: sums.kept() for name, sums in sorted(kinds.items())}


def _flows(lines: Iterable[Line]) -> dict[str, list[int]]:
    flows: defaultdict[str, Sums] = defaultdict(Sums)
    for line in lines:
        for link in line.links:
            flows[link].count(line)
    shown = publishable(flows.items())
    return {
        link: [flow.matched, int(shown[link] is not None)] for link, flow in sorted(flows.items())
    }


def _flow_values(lines: Iterable[Line]) -> dict[str, int]:
    values: Counter[str] = Counter()
    for line in lines:
        for link in line.links:
            values[link] += line.for_seller + line.for_buyer
    return dict(sorted(values.items()))


def _reasons(frozen: Frozen, world: World, decided: Decided) -> dict[str, list[int]]:
    """Why lots are left out or only partly matched: how many, and kilograms."""
    lots: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for lot in frozen.lots:
        told = decided.lots.get(lot.id) if isinstance(lot.id, int) else None
        if told is None or not told["reason"]:
            continue
        open_ = told.get("quantity", lot.quantity)
        lots[told["reason"]] += 1
        good = world.catalogue.commodity(lot.commodity)
        weights[told["reason"]] += _kilograms(good, open_ - told["matched"])
    return {reason: [count, weights[reason]] for reason, count in sorted(lots.items())}


def _withdrawn(frozen: Frozen, world: World, decided: Decided) -> list[int]:
    ids = {one for move in decided.figures.get("moves", ()) for one in move["withdrawn"]}
    goods = {lot.id: world.catalogue.commodity(lot.commodity) for lot in frozen.lots}
    gone = [match for match in frozen.standing if match.match in ids]
    kilograms = sum(_kilograms(goods[match.lot], match.quantity) for match in gone)
    gains = [match.gain for match in gone]
    needs = {need.id: need for need in frozen.needs}
    hidden = [
        match.quantity * _below_the_step(needs[match.need], goods[match.lot]) for match in gone
    ]
    return [len(gone), kilograms, sum(gains), sum(gains) - sum(hidden)]


def _below_the_step(need: OpenNeed, good: Commodity) -> int:
    """How much of a sealed bid its step leaves out."""
    if not need.sealed or need.bid is None:
        return 0
    return need.bid - rounded_down(need.bid, good.usual_ask)
