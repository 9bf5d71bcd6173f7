"""A frozen round through the engine and its checker, and what is stored of the outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from marketplace.domain.errors import Rejected
from marketplace.matching import Market, Outcome, solve
from marketplace.matching.check import check
from marketplace.matching.deadline import Deadline, OutOfTime
from marketplace.solving.assemble import Index, assemble
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.moves import Move, moves, trades_of
from marketplace.solving.read_outcome import read_outcome
from marketplace.solving.reason_details import reason_details
from marketplace.solving.results import MatchRecord, RoundResult
from marketplace.solving.standing import Standing, released
from marketplace.solving.ways import delivery_legs
from marketplace.solving.world import World

MINUTES_A_DAY = 1440

Progress = Callable[[int, int], None]


class BadListing(ValueError):
    """A listing contradicts itself or the catalogue; the text names it."""


@dataclass(frozen=True)
class Decided:
    """The outcome as rows: columns of matches, and by listing what entries say of it."""

    market: Market = field(compare=False)
    index: Index = field(compare=False)
    outcome: Outcome = field(compare=False)
    matches: list[dict[str, Any]]
    lots: dict[int, dict[str, Any]]
    needs: dict[int, dict[str, Any]]
    figures: dict[str, Any]


def decide(
    frozen: Frozen,
    world: World,
    progress: Progress,
    *,
    seconds: float | None = None,
    hurried: Collection[str] = (),
) -> Decided:
    """Solve and check what is open, with what the round moves back on the market.

    After about so many ``seconds`` the commodities that are left are hurried through; to solve such
    a round again, say which (``hurried``: ids) in place of a time. What finding the moves takes is
    taken off, but for half of the time.

    Raises `marketplace.matching.Refuted` if the checker finds a flaw, `BadListing` for a listing
    that no market can be made of.
    """
    goods = len({lot.commodity for lot in frozen.lots})
    deadline = Deadline.after(seconds)
    with _naming_bad_listings(frozen, world):
        moved = moves(frozen, world, lambda: progress(0, goods))
    limit = _Limit(None if seconds is None else max(seconds / 2, _left(deadline)), hurried)
    with_moves = _decided(frozen, world, moved, progress, limit)
    if with_moves is not None:
        return with_moves
    # The round came out otherwise than the trials did: then nothing moves.
    return cast(Decided, _decided(frozen, world, (), progress, limit))


def _left(deadline: Deadline) -> float:
    try:
        return deadline.left()
    except OutOfTime:
        return 0.0


@dataclass(frozen=True)
class _Limit:
    seconds: float | None
    hurried: Collection[str]  # ids of commodities


def _decided(
    frozen: Frozen, world: World, moved: tuple[Move, ...], progress: Progress, limit: _Limit
) -> Decided | None:
    """The round with these moves; None if what was to come instead does not come out of it."""
    back = [match for move in moved for match in move.withdrawn]
    lots, needs = released(frozen.lots, frozen.needs, back)
    with _naming_bad_listings(frozen, world):
        market, index = assemble(
            lots, needs, world.atlas, world.catalogue, frozen.day, movement=world.movement
        )
    outcome = solve(
        market,
        progress=progress,
        seconds=limit.seconds,
        hurried=[row for row, good in enumerate(index.goods) if good.id in limit.hurried],
    )
    if (
        not {trade for move in moved for trade in move.instead}
        <= trades_of(outcome, market, index).keys()
    ):
        return None
    check(market, outcome)
    result = read_outcome(outcome, market, index, world.atlas, world.catalogue)
    rows = _Rows(frozen, world, back)
    return Decided(
        market=market,
        index=index,
        outcome=outcome,
        matches=[rows.match(record) for record in result.matches],
        lots=rows.entries("lot", result),
        needs=rows.entries("need", result),
        figures=_figures(result, outcome) | _hurried(result, world) | _moved(frozen, moved),
    )


@contextmanager
def _naming_bad_listings(frozen: Frozen, world: World) -> Iterator[None]:
    try:
        yield
    except (Rejected, ValueError) as error:
        raise BadListing(_culprit(frozen, world) or str(error)) from error


def _culprit(frozen: Frozen, world: World) -> str:
    """The first listing that no market can be made of."""
    pairs: list[tuple[str, OpenLot | OpenNeed]] = [("lot", lot) for lot in frozen.lots]
    pairs += [("need", need) for need in frozen.needs]
    for side, listing in pairs:
        lots = [listing] if isinstance(listing, OpenLot) else []
        needs = [listing] if isinstance(listing, OpenNeed) else []
        try:
            assemble(lots, needs, world.atlas, world.catalogue, frozen.day)
        except (Rejected, ValueError) as error:
            return f"{side} {listing.id}: {error}"
    return ""


def _figures(result: RoundResult, outcome: Outcome) -> dict[str, Any]:
    return {
        "value_vnd": result.value,
        "bound_vnd": result.bound,
        "gap": result.gap,
        "blocks": result.blocks,
        "credit_vnd": result.credit_cost,
        "credit_kilograms": result.credit_kilograms,
        **{f"credit_{one.name}_vnd": one.cost for one in result.credits},
        **{f"credit_{one.name}_kilograms": one.kilograms for one in result.credits},
        "loads": int(sum(len(one.lot_load) for one in outcome.passes)),
        "settled": int((outcome.matches.settled > 0).sum()),
        "trips": int(outcome.matches.trips.sum()),
    }


def _hurried(result: RoundResult, world: World) -> dict[str, Any]:
    """The goods that there was no time for; nothing where there are none."""
    goods = [world.catalogue.commodity(commodity) for commodity in result.hurried]
    if not goods:
        return {}
    return {"hurried": [{"id": g.id, "vi": g.name_vi, "en": g.name_en} for g in goods]}


def _moved(frozen: Frozen, moved: tuple[Move, ...]) -> dict[str, Any]:
    """What the round withdraws and what comes instead; nothing where nothing stood."""
    if not frozen.standing:
        return {}
    return {
        "move_gain": frozen.move_gain,
        "moves": [
            {
                "gain": move.gain,
                "withdrawn": [match.match for match in move.withdrawn],
                "instead": [[trade.lot, trade.need] for trade in move.instead],
            }
            for move in moved
        ],
        "fixed": [match.match for match in frozen.standing if not match.open],
        "open": [match.match for match in frozen.standing if match.open],
    }


class _Rows:
    """Looks up what the records name only by id; ``back`` is what is on the market again."""

    def __init__(self, frozen: Frozen, world: World, back: Sequence[Standing]) -> None:
        self._frozen = frozen
        self._back = back
        self._world = world
        self._lots: dict[Any, OpenLot] = {lot.id: lot for lot in frozen.lots}
        self._needs: dict[Any, OpenNeed] = {need.id: need for need in frozen.needs}

    def match(self, record: MatchRecord) -> dict[str, Any]:
        """The columns of a match that the engine decides."""
        lot, need = self._lots[record.lot], self._needs[record.need]
        commodity = self._world.catalogue.commodity(lot.commodity)
        return {
            "lot_id": record.lot,
            "need_id": record.need,
            "quantity": record.quantity,
            "ask": commodity.usual_ask if lot.ask is None else lot.ask,
            "bid": commodity.usual_ask if need.bid is None else need.bid,
            "ask_named": lot.ask is not None,
            "bid_named": need.bid is not None,
            "price": record.price,
            "price_low": record.price_low,
            "price_high": record.price_high,
            "market_price": record.market_price,
            "freight": record.freight,
            "mode": record.mode,
            "vehicles": record.vehicle,
            "kilometres": record.km,
            "hours": record.hours,
            "route": delivery_legs(self._world, record.legs),
            "collect_on": collection_day(lot, need, record.hours, self._frozen.day),
            "seller_next": _second("need_id", record.second_need, record.seller_advantage),
            "buyer_next": _second("lot_id", record.second_lot, record.buyer_advantage),
        }

    def entries(self, side: str, result: RoundResult) -> dict[int, dict[str, Any]]:
        """What each lot (or need) of the round is told: how much was matched, why not the rest."""
        told: dict[int, dict[str, Any]] = {}
        for match in result.matches:
            key = int(match.lot if side == "lot" else match.need)
            entry = told.setdefault(key, {"matched": 0, "reason": None, "details": {}})
            entry["matched"] += match.quantity
        for left in result.left_out:
            if left.side == side:
                entry = told.setdefault(int(left.id), {"matched": 0, "reason": None, "details": {}})
                details = reason_details(left, self._lots, self._needs, self._world)
                entry |= {"reason": left.reason, "details": details}
        self._add_what_is_back(side, told)
        return told

    def _add_what_is_back(self, side: str, told: dict[int, dict[str, Any]]) -> None:
        """An entry's quantity is what was on the market; elsewhere what was open at the start."""
        for match in self._back:
            listing_id = match.lot if side == "lot" else match.need
            listing = self._lots[listing_id] if side == "lot" else self._needs[listing_id]
            entry = told.setdefault(listing_id, {"matched": 0, "reason": None, "details": {}})
            entry.setdefault("quantity", listing.quantity)
            entry["quantity"] += match.quantity


def collection_day(lot: OpenLot, need: OpenNeed, hours: float, day: date) -> date:
    """The first day on which the goods can leave and arrive inside the need's window."""
    travel = timedelta(days=int(hours * 60) // MINUTES_A_DAY)
    return max(lot.ready_on, day, need.wanted_from - travel)


def _second(name: str, listing: Any, advantage: int | None) -> dict[str, Any] | None:
    return None if listing is None else {name: listing, "less": advantage}
