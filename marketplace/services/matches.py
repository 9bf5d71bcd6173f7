"""What a match's page says, and the matches of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from marketplace.domain import matches as rules
from marketplace.domain.actors import Actor, Role
from marketplace.domain.bands import band, rounded_down
from marketplace.domain.errors import NotFound
from marketplace.domain.matches import KNOWN_TO_PARTIES, MatchState, Origin, Side
from marketplace.domain.stretches import Stage
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation
from marketplace.models.places import Place
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.telling import party, trader, with_parties
from marketplace.solving.stages import stored_stages
from marketplace.solving.world import world_of
from marketplace.transport.quotes import nominal_payload

PAGE = 25


@dataclass(frozen=True)
class Second:
    """Who came second for this side, and how much less per base unit that would have left it."""

    place: str
    less: tuple[int, int]
    better: bool
    """Whether it would have left more: the round as a whole gains most the other way."""
    worse: bool
    same_place: bool
    """Another buyer (lot) in the very place of this one."""
    shared: bool
    """It takes (gives) another part of the same lot (need) in this round."""


class End(StrEnum):
    """What an end of the range is: where this side would do better elsewhere, or its own limit."""

    ELSEWHERE = "elsewhere"
    SHARED = "shared"
    """Elsewhere is who takes (gives) another part of the same lot (need) already."""
    OWN = "own"
    """The own price; elsewhere would not be better."""
    ALONE = "alone"
    """The own price, and nobody else was there."""


@dataclass(frozen=True)
class MatchPage:
    """A match as one side (or a coordinator: ``side`` None) may see it.

    ``low``, ``high``, ``ask`` and ``net_bid`` are None where they are kept sealed from the reader.
    A buyer then finds in ``other_end`` the band in which the seller's end lies from the price, a
    seller in ``buyer_pays`` what the buyer pays at least, if that is more than the price.
    But for a coordinator none of it follows from the bids of others, only from the steps below or
    above them: whoever may try as often as he likes would read a bid from the edge of any band.
    """

    match: Match
    side: Side | None
    both_sides: bool
    """The reader's organisation stands on both sides, so that one answer counts for both."""
    seller: str
    buyer: str
    """Whose goods and whose need it is: a department may stand in between."""
    partner: Organisation
    may_answer: bool
    accepted: bool
    """This side has agreed already."""
    asked: bool
    """This side asked the other, without waiting for a round."""
    partner_accepted: bool
    low: int | None
    high: int | None
    ask: int | None
    net_bid: int | None
    other_end: tuple[int, int] | None
    buyer_pays: int | None
    contact: Organisation | None
    second: Second | None
    low_is: End
    high_is: End
    parts: int
    """Matches of this side's listing in the round: more than one where it is shared out."""
    rivals: int
    """How many partners for this commodity the round saw on the other side."""
    fresh_left: float | None
    """Hours of freshness on arrival, where the goods spoil."""
    stages: tuple[Stage, ...]
    """The stored way by road and water; empty where it does not lead on in the network of today."""
    carries: dict[str, int]
    """Kilograms that a truck carries of these goods, by class, where that is less than its size."""
    rest: int
    """What is left open of this side's listing."""
    instead: list[Match]
    """What came in place of this proposal for this side's lot or need."""
    gains_more_than: int
    """VND that replacing it had to gain at least; the gain itself would tell of sealed bids."""
    in_place_of: list[Match]
    """Proposals of this side's lot or need that the match's round replaced."""

    @property
    def best_for_side(self) -> bool:
        """Whether it may be said that nobody else would have left this side as much."""
        second = self.second
        return second is not None and second.worse and self.parts < 2

    @property
    def total(self) -> int:
        """₫ that the seller receives at the gate."""
        return self.match.price * self.match.quantity


def show_match(match_id: int, *, actor: Actor, now: datetime) -> MatchPage:
    """Raises `NotFound` for who is neither party nor coordinator, and for drafts to the parties."""
    match = db.session.scalar(
        with_parties().options(joinedload(Match.round)).where(Match.id == match_id)
    )
    if match is None:
        raise NotFound(N_("There is no such match."))
    parties = (match.lot.organisation_id, match.need.organisation_id)
    sides = rules.sides_of(actor, *parties)
    coordinates = actor.role == Role.COORDINATOR and not sides
    if not coordinates and (not sides or match.state not in KNOWN_TO_PARTIES):
        raise NotFound(N_("There is no such match."))
    side = sides[0] if sides else None
    return _page(match, side, len(sides) > 1, actor, now)


def _page(
    match: Match, side: Side | None, both_sides: bool, actor: Actor, now: datetime
) -> MatchPage:
    seen = side or Side.LOT
    confirmed = match.state == MatchState.CONFIRMED
    accepted_at = {Side.LOT: match.lot_accepted_at, Side.NEED: match.need_accepted_at}
    waits = match.state == MatchState.PROPOSED and match.answer_by is not None
    parties = (match.lot.organisation_id, match.need.organisation_id)
    parts = {end: _parts(match, end) for end in Side}
    low, high = (match.price_low, match.price_high) if side is None else _told_range(match)
    return MatchPage(
        match=match,
        side=side,
        both_sides=both_sides,
        seller=trader(match, Side.LOT),
        buyer=trader(match, Side.NEED),
        partner=party(match, seen.other),
        may_answer=(
            waits
            and match.answer_by is not None
            and match.answer_by > now
            and rules.may_answer(actor, *parties)
        ),
        accepted=accepted_at[seen] is not None,
        asked=match.origin == Origin.DIRECT and accepted_at[seen] == match.created_at,
        partner_accepted=accepted_at[seen.other] is not None,
        **_prices(match, side, confirmed, low, high),
        contact=party(match, seen.other) if confirmed and side is not None else None,
        second=_second(match, seen, parts[seen]),
        low_is=_end(low == match.ask, match.seller_next, parts[Side.LOT]),
        high_is=_end(high == _net_bid(match), match.buyer_next, parts[Side.NEED]),
        parts=len(parts[seen]),
        rivals=_rivals(match, seen),
        fresh_left=_fresh_left(match),
        stages=_stages(match),
        carries=_carries(match),
        rest=(match.lot if seen is Side.LOT else match.need).open_quantity,
        instead=_instead(match, side),
        gains_more_than=_gains_more_than(match),
        in_place_of=_in_place_of(match, side),
    )


def _instead(match: Match, side: Side | None) -> list[Match]:
    if match.replaced_in is None:
        return []
    return _of_same_listing(
        match, side, Match.round_id == match.replaced_in, Match.state.in_(KNOWN_TO_PARTIES)
    )


def _in_place_of(match: Match, side: Side | None) -> list[Match]:
    if match.round_id is None or match.state == MatchState.DRAFT:
        return []
    return _of_same_listing(match, side, Match.replaced_in == match.round_id)


def _of_same_listing(match: Match, side: Side | None, *where: ColumnElement[bool]) -> list[Match]:
    """Other matches of this side's lot or need; of either for a coordinator."""
    same = {Side.LOT: Match.lot_id == match.lot_id, Side.NEED: Match.need_id == match.need_id}
    mine = or_(*same.values()) if side is None else same[side]
    return list(db.session.scalars(with_parties().where(mine, *where).order_by(Match.id)))


def _gains_more_than(match: Match) -> int:
    if match.replaced_in is None:
        return 0
    result = db.session.get_one(MatchRound, match.replaced_in).result or {}
    [together] = [move["withdrawn"] for move in result["moves"] if match.id in move["withdrawn"]]
    return int(result["move_gain"]) * len(together)


def _told_range(match: Match) -> tuple[int | None, int | None]:
    """The range between the parties' own limits, as far as what is told of others narrows it."""
    if match.origin == Origin.DIRECT:
        return None, None
    low, high = match.ask, _net_bid(match)
    if _other(match.seller_next) is not None:
        low = max(low, match.price - int((match.seller_next or {})["less"]))
    if _other(match.buyer_next) is not None:
        high = min(high, match.price + int((match.buyer_next or {})["less"]))
    return min(low, match.price), max(high, match.price)


def _prices(
    match: Match, side: Side | None, confirmed: bool, low: int | None, high: int | None
) -> dict[str, Any]:
    """What this side may see of the range: its own end, and of the other one what may be told."""
    everything = side is None
    sealed = not (everything or confirmed)
    far = match.price - low if low is not None and sealed and side is Side.NEED else None
    return {
        "low": None if sealed and side is Side.NEED else low,
        "high": None if sealed and side is Side.LOT else high,
        "ask": match.ask if everything or match.ask_named or side is Side.LOT else None,
        "net_bid": _net_bid(match) if everything or side is Side.NEED else None,
        "other_end": None if far is None else band(far),
        "buyer_pays": _buyer_pays(match) if sealed and side is Side.LOT else None,
    }


def _buyer_pays(match: Match) -> int | None:
    """₫ per base unit at the gate that the seller may count on; None if that is the price or less."""
    if match.origin == Origin.DIRECT or not match.bid_named:
        return None
    told = match.bid
    if match.need.bid_sealed or match.need.bid != match.bid:
        world = world_of(current_reference())
        told = rounded_down(told, world.catalogue.commodity(match.lot.commodity_id).usual_ask)
    least = told - -(-match.freight // match.quantity)
    return least if least > match.price else None


def _net_bid(match: Match) -> int:
    """₫ per base unit that the bid leaves for the goods."""
    return match.bid - -(-match.freight // match.quantity)


def _parts(match: Match, side: Side) -> set[int]:
    """The needs (lots) that share the match's lot (need) in its round, its own among them."""
    if match.round_id is None:
        return set()
    mine = Match.lot_id == match.lot_id if side is Side.LOT else Match.need_id == match.need_id
    other = Match.need_id if side is Side.LOT else Match.lot_id
    query = select(other).where(
        mine, Match.round_id == match.round_id, Match.state != MatchState.DROPPED
    )
    return set(db.session.scalars(query))


def _end(own: bool, stored: dict[str, Any] | None, parts: set[int]) -> End:
    other = _other(stored)
    if own:
        return End.ALONE if other is None else End.OWN
    return End.SHARED if other in parts else End.ELSEWHERE


def _other(stored: dict[str, Any] | None) -> int | None:
    """The need (lot) that came second, if any did."""
    if not stored or stored.get("less") is None:
        return None
    return stored.get("need_id") or stored.get("lot_id")


def _second(match: Match, side: Side, parts: set[int]) -> Second | None:
    stored = match.seller_next if side is Side.LOT else match.buyer_next
    other = _other(stored)
    if stored is None or other is None:
        return None
    kind = Need if side is Side.LOT else Lot
    place = db.session.scalar(
        select(Place).join(kind, kind.place_id == Place.id).where(kind.id == other)
    )
    if place is None:
        return None
    less = int(stored["less"])
    return Second(
        place.name,
        band(abs(less)),
        better=less < 0,
        worse=less > 0,
        same_place=place.id == (match.need if side is Side.LOT else match.lot).place_id,
        shared=other in parts,
    )


def _rivals(match: Match, side: Side) -> int:
    """Partners for this commodity that the round saw: needs for a seller, lots for a buyer."""
    if match.round_id is None:
        return 0
    kind, column = (Need, RoundEntry.need_id) if side is Side.LOT else (Lot, RoundEntry.lot_id)
    counted: int | None = db.session.scalar(
        select(func.count())
        .select_from(RoundEntry)
        .join(kind, column == kind.id)
        .where(RoundEntry.round_id == match.round_id, RoundEntry.quantity > 0)
        .where(kind.commodity_id == match.lot.commodity_id)
    )
    return counted or 0


def _fresh_left(match: Match) -> float | None:
    if not match.keeps_hours:
        return None
    first, _last = match.collection_days
    waited = 0 if match.keeps_waiting else (first - match.lot.ready_on).days * 24
    return max(0.0, match.keeps_hours - waited - match.hours)


def _stages(match: Match) -> tuple[Stage, ...]:
    world = world_of(current_reference())
    origin = world.gazetteer.get(match.lot.place_id)
    return stored_stages(world.reference, origin, match.route)


def _carries(match: Match) -> dict[str, int]:
    world = world_of(current_reference())
    commodity = world.catalogue.commodity(match.lot.commodity_id)
    ends = [match.lot.place_id], [match.need.place_id]
    freight = world.atlas.freight(commodity.transport_need, commodity.group, *ends)
    payload = dict(zip(freight.vehicles, freight.payload.tolist(), strict=True))
    used = {trips.partition("*")[0] for trips in match.vehicles.split("+")}
    return {
        size: kilograms
        for size, kilograms in payload.items()
        if size in used and kilograms < nominal_payload(size)
    }


def my_matches(*, actor: Actor, page: int) -> tuple[list[Match], int]:
    """Matches of the actor's organisation: what waits for an answer first, then the latest."""
    lot, need = aliased(Lot), aliased(Need)
    mine = or_(
        lot.organisation_id == actor.organisation_id, need.organisation_id == actor.organisation_id
    )
    waits = case((Match.state == MatchState.PROPOSED, 0), else_=1)
    ids = (
        select(Match.id)
        .join(lot, Match.lot_id == lot.id)
        .join(need, Match.need_id == need.id)
        .where(mine, Match.state.in_(KNOWN_TO_PARTIES))
    )
    total = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    query = (
        with_parties()
        .where(Match.id.in_(ids))
        .order_by(waits, Match.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.scalars(query)), -(-total // PAGE)
