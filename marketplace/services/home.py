"""What the home page shows beside the balance: what moves and what spoils soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from marketplace.data.reader import read_reference
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import Commodity, Place
from marketplace.models.rounds import MatchRound
from marketplace.transport.atlas import Atlas, NoRoute

MILLIGRAMS = 1_000_000
SOON = 3
"""Days within which something "spoils soon"."""
SHOWN = 6
SENTENCES = 3
MOVES = 10
STANDING = (MatchState.PROPOSED, MatchState.CONFIRMED)

Road = tuple[str, str]


@dataclass(frozen=True)
class MatchLine:
    """A match of a published round, told without names and prices."""

    commodity: Commodity
    quantity: int
    kilograms: int
    state: str
    origin: Place
    destination: Place
    kilometres: float
    hours: float
    vehicles: str
    roads: tuple[Road, ...]


@dataclass(frozen=True)
class Move:
    """What goes from one locality to another, or to a market outside the seven."""

    origin: str
    destination: str
    kilograms: int


@dataclass(frozen=True)
class LastRound:
    """The last published round in figures, and what each road carries by it."""

    number: int
    day: date
    kilograms: int
    confirmed_kilograms: int
    matches: int
    value: int | None
    bound: int | None
    flows: dict[Road, int]
    """Kilograms by stretch of road (both node ids, in alphabetical order)."""
    moves: tuple[Move, ...]
    told: tuple[MatchLine, ...]

    @property
    def share(self) -> float | None:
        """The value as a share of what nobody could exceed."""
        return self.value / self.bound if self.value is not None and self.bound else None


@dataclass(frozen=True)
class Spoiling:
    """An open lot whose goods or whose window end within days."""

    lot_id: int
    commodity: Commodity
    quantity: int
    kilograms: int | None
    place: Place
    last_day: date


@dataclass(frozen=True)
class Overview:
    """What moves and what spoils."""

    round: LastRound | None
    spoiling: tuple[Spoiling, ...]
    """The most urgent ones."""
    spoiling_lots: int
    spoiling_kilograms: int


def overview(today: date) -> Overview:
    """Three queries, however much is listed."""
    spoiling = _spoiling(today)
    return Overview(
        round=_last_round(),
        spoiling=tuple(spoiling[:SHOWN]),
        spoiling_lots=len(spoiling),
        spoiling_kilograms=sum(lot.kilograms or 0 for lot in spoiling),
    )


def _last_round() -> LastRound | None:
    last = db.session.scalar(
        select(MatchRound)
        .where(MatchRound.state == RoundState.PUBLISHED)
        .order_by(MatchRound.decided_at.desc())
        .limit(1)
    )
    if last is None:
        return None
    lines = _lines(last.id)
    result = last.result or {}
    return LastRound(
        number=last.id,
        day=last.day,
        kilograms=sum(line.kilograms for line in lines),
        confirmed_kilograms=sum(
            line.kilograms for line in lines if line.state == MatchState.CONFIRMED
        ),
        matches=len(lines),
        value=result.get("value_vnd"),
        bound=result.get("bound_vnd"),
        flows=_flows(lines),
        moves=_moves(lines),
        told=_told(lines),
    )


def _lines(round_id: int) -> list[MatchLine]:
    origin, destination = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(Match, Commodity, origin, destination)
        .join(Lot, Lot.id == Match.lot_id)
        .join(Need, Need.id == Match.need_id)
        .join(Commodity, Commodity.id == Lot.commodity_id)
        .join(origin, origin.id == Lot.place_id)
        .join(destination, destination.id == Need.place_id)
        .where(Match.round_id == round_id, Match.state != MatchState.DROPPED)
        .order_by(Match.id)
    )
    return [
        MatchLine(
            commodity=commodity,
            quantity=match.quantity,
            kilograms=kilograms(commodity, match.quantity),
            state=match.state,
            origin=start,
            destination=end,
            kilometres=match.kilometres,
            hours=match.hours,
            vehicles=match.vehicles,
            roads=_roads(start.id, end.id),
        )
        for match, commodity, start, end in rows
    ]


def kilograms(commodity: Commodity, quantity: int) -> int:
    """The weight of a quantity, rounded up; 0 where the weight of a piece is not known."""
    return -(-quantity * (commodity.milligrams or 0) // MILLIGRAMS)


def _roads(origin: str, destination: str) -> tuple[Road, ...]:
    """The stretches of road on the way, access legs left out; none where the road is closed now."""
    try:
        nodes = _atlas().route(origin, destination).nodes
    except NoRoute:
        return ()
    ends = (sorted(pair) for pair in pairwise(nodes))
    return tuple((first, second) for first, second in ends)


@cache
def _atlas() -> Atlas:
    return Atlas.from_reference(read_reference())


def _flows(lines: list[MatchLine]) -> dict[Road, int]:
    flows: dict[Road, int] = {}
    for line in lines:
        for road in line.roads:
            flows[road] = flows.get(road, 0) + line.kilograms
    return flows


def _moves(lines: list[MatchLine]) -> tuple[Move, ...]:
    heavy: dict[tuple[str, str], int] = {}
    for line in lines:
        ends = (_whereabouts(line.origin), _whereabouts(line.destination))
        heavy[ends] = heavy.get(ends, 0) + line.kilograms
    most = sorted(heavy.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Move(*ends, kilograms) for ends, kilograms in most[:MOVES])


def _whereabouts(place: Place) -> str:
    names = {locality.id: locality.name for locality in read_reference().localities}
    return names.get(place.locality_id or "", place.name)


def _told(lines: list[MatchLine]) -> tuple[MatchLine, ...]:
    """The greatest standing matches, of three commodity groups if there are as many."""
    standing = sorted(
        (line for line in lines if line.state in STANDING), key=lambda line: -line.kilograms
    )
    first_of_group = {line.commodity.group_id: line for line in reversed(standing)}
    chosen = sorted(first_of_group.values(), key=lambda line: -line.kilograms)
    chosen += [line for line in standing if line not in chosen]
    return tuple(chosen[:SENTENCES])


def _spoiling(today: date) -> list[Spoiling]:
    latest = today + timedelta(days=SOON)
    rows = db.session.execute(
        select(Lot, Commodity, Place)
        .join(Commodity, Commodity.id == Lot.commodity_id)
        .join(Place, Place.id == Lot.place_id)
        .where(Lot.is_open(today), Lot.ready_on <= latest)
        .where(or_(Lot.until <= latest, Commodity.waits.is_(False)))
    )
    found = [
        Spoiling(
            lot_id=lot.id,
            commodity=commodity,
            quantity=lot.open_quantity,
            kilograms=kilograms(commodity, lot.open_quantity) if commodity.milligrams else None,
            place=place,
            last_day=last_day(lot, commodity),
        )
        for lot, commodity, place in rows
    ]
    soon = [lot for lot in found if today <= lot.last_day <= latest]
    return sorted(soon, key=lambda lot: (lot.last_day, -(lot.kilograms or 0), lot.lot_id))


def last_day(lot: Lot, commodity: Commodity) -> date:
    """The last day on which the goods can be collected and are still good.

    Goods that wait (fish in the pond) count from the day of collection, others from the day on
    which they are ready.
    """
    hours = lot.fresh_hours or commodity.shelf_hours
    if commodity.waits or hours is None:
        return lot.until
    return min(lot.until, lot.ready_on + timedelta(days=hours // 24))
