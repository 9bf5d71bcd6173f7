"""What a round brought: what moves where, who gains, as everybody or as a coordinator may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import distinct, func, select

from marketplace.domain import rounds as rules
from marketplace.domain.actors import Actor
from marketplace.domain.bands import rounded_down
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import NotFound
from marketplace.domain.flows import Load, flows
from marketplace.domain.matches import MatchState, Side
from marketplace.domain.places import Place
from marketplace.domain.tallies import Matched, enough, publishable
from marketplace.models.base import db
from marketplace.models.commodities import Commodity as Goods
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.published import Kept, kept_of
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.telling import with_parties
from marketplace.solving.carried import Carried
from marketplace.solving.world import World, world_of

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Gains(Matched):
    """Matches of one kind and what they bring, in VND.

    ``for_buyers`` is after freight. Where figures are not exact a sealed bid stands for the step
    below it, so that buyers gain at least this.
    """

    for_sellers: int = 0
    for_buyers: int = 0
    freight: int = 0

    def count(self, line: Line) -> None:
        """Add one match."""
        self.add(line.kilograms, line.seller, line.buyer)
        self.for_sellers += line.for_seller
        self.for_buyers += line.for_buyer
        self.freight += line.match.freight


@dataclass(frozen=True)
class Line:
    """A match with what the picture needs of it."""

    match: Match
    commodity: Commodity
    kilograms: int
    seller: int
    buyer: int
    """Organisations that entered lot and need: to count parties."""
    origin: Place
    destination: Place
    start: str
    end: str
    """Ids of the localities, outside the seven the places' names."""
    for_seller: int
    for_buyer: int


@dataclass(frozen=True)
class LeftOver:
    """How much was left out or only partly matched for one reason."""

    side: Side
    reason: str
    count: int
    kilograms: int


@dataclass(frozen=True)
class Picture:
    """``exact`` figures are a coordinator's; everybody else sees what three parties a side allow.

    ``total`` is None where too few took part. A None in ``localities`` hides one of them.
    """

    round: MatchRound
    exact: bool
    total: Gains | None
    matches: int
    lots: int
    needs: int
    localities: Sequence[tuple[str, Gains | None]]
    """By selling locality, the most goods first; "" outside the seven."""
    moves: Sequence[tuple[tuple[str, str], Gains]]
    """From where to where, the most goods first; without those that are hidden."""
    goods: Sequence[tuple[Commodity, Gains]]
    """The same by commodity."""
    flows: dict[str, int]
    """Kilograms by link, of the chosen goods if there are; without those that are hidden."""
    chosen: Commodity | None
    withheld: int
    """How many matches ``lines`` leaves out, for fewer than three parties."""
    left_out: Sequence[LeftOver]
    kept: Kept | None
    """What was published, where that is less than what the round's own figures tell."""
    lines: Sequence[Line] = field(default=())
    """For the file. For everybody those whose goods, locality and move have public figures."""


def picture(round_: MatchRound, *, actor: Actor | None, commodity: str = "") -> Picture:
    """Five queries, however many matches there are; what publishing dropped is not in it.

    ``commodity``: whose flows are wanted. Raises `NotFound` where it has no figures for this reader.
    """
    exact = rules.may_run(actor)
    world = world_of(current_reference())
    lines = _lines(world, round_.id, exact=exact)
    total = _gains(lines)
    public = exact or enough([total])
    shown = lines if public else []
    localities = _by(shown, _locality, exact=exact)
    moves = _seen(_by(shown, _ends, exact=exact))
    goods = _seen(_by(shown, _goods, exact=exact))
    if commodity and commodity not in {one for one, _gains in goods}:
        raise NotFound("The round has no figures of these goods.")
    told = [{one for one, _gains in rows} for rows in (_seen(localities), moves, goods)]
    listed = [
        line
        for line in shown
        if _locality(line) in told[0] and _ends(line) in told[1] and _goods(line) in told[2]
    ]
    return Picture(
        round=round_,
        exact=exact,
        total=total if public else None,
        matches=len(lines),
        lots=len({line.match.lot_id for line in shown}),
        needs=len({line.match.need_id for line in shown}),
        localities=localities,
        moves=moves,
        goods=[(world.catalogue.commodity(one), gains) for one, gains in goods],
        flows=flows(_loads(world, shown), goods=commodity, exact=exact),
        chosen=world.catalogue.commodity(commodity) if commodity else None,
        withheld=len(shown) - len(listed),
        left_out=_left_out(round_.id, exact=exact) if public else [],
        kept=kept_of([round_.id], exact=exact).get(round_.id) if public else None,
        lines=listed,
    )


def _locality(line: Line) -> str:
    return line.origin.locality or ""


def _ends(line: Line) -> tuple[str, str]:
    return line.start, line.end


def _goods(line: Line) -> str:
    return line.commodity.id


def _left_out(round_id: int, *, exact: bool) -> list[LeftOver]:
    """By side and reason, the most first; for everybody those of three organisations and more."""
    found = []
    for side, kind, column in (
        (Side.LOT, Lot, RoundEntry.lot_id),
        (Side.NEED, Need, RoundEntry.need_id),
    ):
        weight = func.sum((RoundEntry.quantity - RoundEntry.matched) * Goods.milligrams)
        rows = db.session.execute(
            select(RoundEntry.reason, func.count(), weight)
            .join(kind, column == kind.id)
            .join(kind.commodity)
            .where(RoundEntry.round_id == round_id, RoundEntry.quantity > 0)
            .where(RoundEntry.reason.is_not(None))
            .group_by(RoundEntry.reason)
            .having(
                func.count(distinct(kind.organisation_id)) >= (1 if exact else rules.LEAST_PARTIES)
            )
            .order_by(func.count().desc(), RoundEntry.reason)
        )
        found += [
            LeftOver(side, str(reason), count, int(kg) // 10**6) for reason, count, kg in rows
        ]
    return found


def _lines(world: World, round_id: int, *, exact: bool) -> list[Line]:
    query = with_parties().where(Match.round_id == round_id, Match.state != MatchState.DROPPED)
    return [_line(world, match, exact) for match in db.session.scalars(query.order_by(Match.id))]


def _line(world: World, match: Match, exact: bool) -> Line:
    commodity = world.catalogue.commodity(match.lot.commodity_id)
    names = {locality.id for locality in world.reference.localities}
    origin, destination = (
        world.gazetteer.get(listing.place_id) for listing in (match.lot, match.need)
    )
    bid = match.bid
    if not exact and match.need.bid_sealed and match.bid_named:
        bid = rounded_down(bid, commodity.usual_ask)
    start, end = (
        place.locality if place.locality in names else place.name for place in (origin, destination)
    )
    return Line(
        match=match,
        commodity=commodity,
        kilograms=commodity.kilograms(match.quantity) or 0,
        seller=match.lot.organisation_id,
        buyer=match.need.organisation_id,
        origin=origin,
        destination=destination,
        start=start or origin.name,
        end=end or destination.name,
        for_seller=match.quantity * (match.price - match.ask),
        for_buyer=max(0, match.quantity * (bid - match.price) - match.freight),
    )


def _gains(lines: Iterable[Line]) -> Gains:
    gains = Gains()
    for line in lines:
        gains.count(line)
    return gains


def _by(
    lines: Sequence[Line], key: Callable[[Line], Key], *, exact: bool
) -> list[tuple[Key, Gains | None]]:
    """By ``key``, the most goods first; None instead of what would tell of fewer than three."""
    kinds: defaultdict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        kinds[key(line)].append(line)
    gains = {one: _gains(those) for one, those in kinds.items()}
    ordered = sorted(gains, key=lambda one: (-gains[one].matched, str(one)))
    shown = gains if exact else publishable(gains.items())
    return [(one, shown[one]) for one in ordered]


def _seen(rows: Iterable[tuple[Key, Gains | None]]) -> list[tuple[Key, Gains]]:
    return [(one, gains) for one, gains in rows if gains is not None]


def _loads(world: World, lines: Iterable[Line]) -> Iterable[Load]:
    carried = Carried(world)
    for line in lines:
        links = carried.links(line.match.route, line.origin, line.destination)
        yield Load(line.commodity.id, line.kilograms, line.seller, line.buyer, links)
