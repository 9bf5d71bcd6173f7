"""What the home page shows beside the balance: what moves and what spoils soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import or_, select

from marketplace.domain.commodities import Commodity
from marketplace.domain.flows import Load, flows
from marketplace.domain.matches import MatchState
from marketplace.domain.places import Place
from marketplace.domain.rounds import RoundState
from marketplace.domain.tallies import Matched, enough, publishable
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.published import kept_of
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.solving.carried import Carried
from marketplace.solving.world import World, world_of

SOON = 3
"""Days within which something "spoils soon"."""
SHOWN = 6
SHOWN_OF_A_GROUP = 2
SENTENCES = 3
LOOKED_AT = 4
"""Published rounds among which the latest that may be shown is looked for."""
MOVES = 10
STANDING = (MatchState.PROPOSED, MatchState.CONFIRMED)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class MatchLine:
    """A match of a published round, told without names and prices."""

    commodity: Commodity
    quantity: int
    kilograms: int
    state: str
    seller: int
    buyer: int
    """Organisations, to count parties: nobody is shown who they are."""
    origin: Place
    destination: Place
    origin_label: str
    destination_label: str
    kilometres: float
    hours: float
    links: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """What goes from one locality to another, or to a market outside the seven."""

    origin: str
    destination: str
    kilograms: int


@dataclass(frozen=True)
class LastRound:
    """The last published round that may be shown, in figures, and what each road carries by it."""

    number: int
    day: date
    kilograms: int | None
    """None where so few took part that it would tell of somebody."""
    matches: int
    value: int | None
    bound: int | None
    dropped: int
    """Matches that publishing left out: the bound is of the round as solved, so it gives no share."""
    flows: dict[str, int]
    """Kilograms by link; without those that fewer than three parties a side use."""
    moves: tuple[Move, ...]
    """The greatest ones that may be public."""
    told: tuple[MatchLine, ...]
    unshown: int | None = None
    """A later round in which so few took part that it would tell of somebody."""

    @property
    def share(self) -> float | None:
        """The value as a share of what nobody could exceed."""
        if self.dropped or self.value is None or not self.bound:
            return None
        return self.value / self.bound


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
    """The most urgent ones, few of each group."""
    spoiling_lots: int
    spoiling_kilograms: int


def overview(today: date) -> Overview:
    """Five queries, however much is listed."""
    world = world_of(current_reference())
    spoiling = _spoiling(world, today)
    return Overview(
        round=_last_round(world),
        spoiling=tuple(_of_many_groups(spoiling)[:SHOWN]),
        spoiling_lots=len(spoiling),
        spoiling_kilograms=sum(lot.kilograms or 0 for lot in spoiling),
    )


def _last_round(world: World) -> LastRound | None:
    """A small round after it does not take a large one's figures from the page."""
    latest = db.session.scalars(
        select(MatchRound)
        .where(MatchRound.state == RoundState.PUBLISHED)
        .order_by(MatchRound.decided_at.desc(), MatchRound.id.desc())
        .limit(LOOKED_AT)
    ).all()
    figures = (_figures(world, one, _lines(world, one.id)) for one in latest)
    newest = next(figures, None)
    if newest is None or newest.kilograms is not None:
        return newest
    older = next((one for one in figures if one.kilograms is not None), None)
    return replace(older, unshown=newest.number) if older else newest


def _figures(world: World, last: MatchRound, lines: list[MatchLine]) -> LastRound:
    total = _tally(lines)
    public = not lines or enough([total])
    result = (last.result or {}) if enough([total]) else {}
    kept = kept_of([last.id], exact=False).get(last.id)
    return LastRound(
        number=last.id,
        day=last.shown_on,
        kilograms=total.matched if public else None,
        matches=len(lines),
        value=kept.value if kept and result else result.get("value_vnd"),
        bound=result.get("bound_vnd"),
        dropped=kept.dropped if kept and result else 0,
        flows=flows(_loads(lines)) if public else {},
        moves=_moves(world, lines),
        told=_told(world, lines),
    )


def _lines(world: World, round_id: int) -> list[MatchLine]:
    rows = db.session.execute(
        select(
            Lot.commodity_id,
            Lot.place_id,
            Need.place_id,
            Lot.organisation_id,
            Need.organisation_id,
            Match.quantity,
            Match.state,
            Match.kilometres,
            Match.hours,
            Match.route,
        )
        .join(Lot, Lot.id == Match.lot_id)
        .join(Need, Need.id == Match.need_id)
        .where(Match.round_id == round_id, Match.state != MatchState.DROPPED)
        .order_by(Match.id)
    )
    carried = Carried(world)
    return [_line(world, carried, *row) for row in rows]


def _line(
    world: World,
    carried: Carried,
    commodity_id: str,
    origin_id: str,
    destination_id: str,
    seller: int,
    buyer: int,
    quantity: int,
    state: str,
    kilometres: float,
    hours: float,
    route: list[dict[str, Any]],
) -> MatchLine:
    commodity = world.catalogue.commodity(commodity_id)
    origin, destination = world.gazetteer.get(origin_id), world.gazetteer.get(destination_id)
    return MatchLine(
        commodity=commodity,
        quantity=quantity,
        kilograms=commodity.kilograms(quantity) or 0,
        state=state,
        seller=seller,
        buyer=buyer,
        origin=origin,
        destination=destination,
        origin_label=world.gazetteer.label(origin),
        destination_label=world.gazetteer.label(destination),
        kilometres=kilometres,
        hours=hours,
        links=carried.links(route, origin, destination),
    )


def _tally(lines: Iterable[MatchLine]) -> Matched:
    tally = Matched()
    for line in lines:
        tally.add(line.kilograms, line.seller, line.buyer)
    return tally


def _public(lines: Iterable[MatchLine], key: Callable[[MatchLine], Key]) -> dict[Key, Matched]:
    """What was matched by ``key``, without that which would tell of fewer than three parties."""
    kinds: dict[Key, list[MatchLine]] = {}
    for line in lines:
        kinds.setdefault(key(line), []).append(line)
    shown = publishable((kind, _tally(those)) for kind, those in kinds.items())
    return {kind: tally for kind, tally in shown.items() if tally is not None}


def _loads(lines: Iterable[MatchLine]) -> Iterable[Load]:
    for line in lines:
        yield Load(line.commodity.id, line.kilograms, line.seller, line.buyer, line.links)


def _ends(world: World) -> Callable[[MatchLine], tuple[str, str]]:
    """Names of the locality that sells and of the locality, or the market outside, that buys."""
    names = {locality.id: locality.name for locality in world.reference.localities}

    def ends(line: MatchLine) -> tuple[str, str]:
        start, end = (
            names.get(place.locality or "", place.name) for place in (line.origin, line.destination)
        )
        return start, end

    return ends


def _moves(world: World, lines: list[MatchLine]) -> tuple[Move, ...]:
    shown = _public(lines, _ends(world)).items()
    most = sorted(shown, key=lambda item: (-item[1].matched, item[0]))
    return tuple(Move(start, end, tally.matched) for (start, end), tally in most[:MOVES])


def _told(world: World, lines: list[MatchLine]) -> tuple[MatchLine, ...]:
    """The greatest standing matches, of three commodity groups if there are as many.

    None of a group, a selling locality or a pair of localities of which no figure is public.
    """
    keys: tuple[Callable[[MatchLine], Hashable], ...] = (
        lambda line: line.commodity.group,
        lambda line: line.origin.locality or "",
        _ends(world),
    )
    public = [(key, _public(lines, key)) for key in keys]
    standing = sorted(
        (
            line
            for line in lines
            if line.state in STANDING and all(key(line) in shown for key, shown in public)
        ),
        key=lambda line: -line.kilograms,
    )
    first_of_group = {line.commodity.group: line for line in reversed(standing)}
    chosen = sorted(first_of_group.values(), key=lambda line: -line.kilograms)
    chosen += [line for line in standing if line not in chosen]
    return tuple(chosen[:SENTENCES])


def _spoiling(world: World, today: date) -> list[Spoiling]:
    latest = today + timedelta(days=SOON)
    waiting = [good.id for good in world.catalogue.commodities if good.waits]
    lots = db.session.scalars(
        select(Lot)
        .where(Lot.is_open(today), Lot.confidence.is_(None), Lot.ready_on <= latest)
        .where(or_(Lot.until <= latest, Lot.commodity_id.not_in(waiting)))
    )
    found = [_as_spoiling(world, lot) for lot in lots]
    soon = [lot for lot in found if today <= lot.last_day <= latest]
    return sorted(soon, key=lambda lot: (lot.last_day, -(lot.kilograms or 0), lot.lot_id))


def _of_many_groups(lots: list[Spoiling]) -> list[Spoiling]:
    """The most urgent of each commodity group: a hundred lots of rice hide no fruit."""
    seen: Counter[str] = Counter()
    chosen = []
    for lot in lots:
        seen[lot.commodity.group] += 1
        if seen[lot.commodity.group] <= SHOWN_OF_A_GROUP:
            chosen.append(lot)
    return chosen


def _as_spoiling(world: World, lot: Lot) -> Spoiling:
    commodity = world.catalogue.commodity(lot.commodity_id)
    return Spoiling(
        lot_id=lot.id,
        commodity=commodity,
        quantity=lot.open_quantity,
        kilograms=commodity.kilograms(lot.open_quantity),
        place=world.gazetteer.get(lot.place_id),
        last_day=last_day(lot, commodity),
    )


def last_day(lot: Lot, commodity: Commodity) -> date:
    """The last day on which the goods can be collected and are still good.

    Goods that wait (fish in the pond) count from the day of collection, others from the day on
    which they are ready.
    """
    if commodity.waits:
        return lot.until
    hours = lot.fresh_hours or commodity.shelf_hours
    return min(lot.until, lot.ready_on + timedelta(days=int(hours) // 24))
