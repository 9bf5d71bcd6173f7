"""What a round changed since the one before: what stays, what moves and why, what came and went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from marketplace.domain.actors import Actor
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.rounds import LEAST_PARTIES, RoundState
from marketplace.domain.tallies import Matched
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.models.telling import with_parties


@dataclass(frozen=True)
class MoveLine:
    """Proposals that go together, what comes instead, and VND that this gains.

    ``done`` is None before the round is decided; afterwards False where the proposals stayed.
    """

    withdrawn: list[Match]
    instead: list[Match]
    gain: int
    done: bool | None

    def concerns(self, actor: Actor) -> bool:
        """Whether the actor's organisation is a party to any of it."""
        return any(_is_party(match, actor) for match in (*self.withdrawn, *self.instead))


@dataclass
class Listed:
    """Lots or needs that came or went, and whose they are."""

    count: int = 0
    kilograms: int = 0
    organisations: set[int] = field(default_factory=set)

    def add(self, kilograms: int, organisation: int) -> None:
        """Count one."""
        self.count += 1
        self.kilograms += kilograms
        self.organisations.add(organisation)

    @property
    def public(self) -> bool:
        """Whether so many stand behind it that it tells of nobody."""
        return not self.count or len(self.organisations) >= LEAST_PARTIES


@dataclass(frozen=True)
class Changes:
    """From the round before to this one. Figures of matches are by kind, of listings by side."""

    previous: int | None
    move_gain: int
    fixed: dict[str, Matched]
    """both, one, direct, other: who had agreed when the round began, or why else it is fixed."""
    standing: dict[str, Matched]
    """fixed, kept, moved."""
    ended: dict[str, Matched]
    """confirmed, declined, expired: matches that were closed since the round before."""
    moves: list[MoveLine]
    came: dict[str, dict[str, Listed]]
    """Side → listed, free_again."""
    went: dict[str, dict[str, Listed]]
    """Side → matched, withdrawn, past, sold."""

    @property
    def gain(self) -> int:
        """VND that all moves gain that were not given up."""
        return sum(move.gain for move in self.moves if move.done is not False)

    @property
    def withdrawn(self) -> int:
        """How many proposals are replaced, or would be."""
        return self.standing["moved"].matches


def changes(round_: MatchRound) -> Changes:
    """Of a round that has been solved."""
    result = round_.result or {}
    previous = _previous(round_)
    moves = _moves(round_, result.get("moves", []))
    fixed = _fixed(round_, result.get("fixed", []))
    gone = [m for move in moves if move.done is not False for m in move.withdrawn]
    # One that was declined or ran out before the round was published is not replaced by it.
    moved = [m.id for m in gone if round_.state == RoundState.SOLVED or m.replaced_in == round_.id]
    return Changes(
        previous=previous.id if previous else None,
        move_gain=result.get("move_gain", 0),
        fixed=fixed,
        standing={
            "fixed": _together(fixed.values()),
            "kept": _tally(set(result.get("open", [])) - {m.id for m in gone}),
            "moved": _tally(moved),
        },
        ended=_ended(previous, round_) if previous else {},
        moves=moves,
        came={side: _came(side, previous, round_) for side in ("lot", "need")} if previous else {},
        went={side: _went(side, previous, round_) for side in ("lot", "need")} if previous else {},
    )


def own_standing(round_: MatchRound, *, actor: Actor) -> list[tuple[Match, str]]:
    """Earlier matches of the actor's organisation when the round began, each fixed, kept or moved."""
    result = round_.result or {}
    known = dict.fromkeys(result.get("fixed", []), "fixed")
    known |= dict.fromkeys(result.get("open", []), "kept")
    mine = [match for match in _matches(known) if _is_party(match, actor)]
    return [
        (match, "moved" if match.replaced_in == round_.id else known[match.id]) for match in mine
    ]


def _previous(round_: MatchRound) -> MatchRound | None:
    return db.session.scalar(
        select(MatchRound)
        .where(MatchRound.id < round_.id, MatchRound.state == RoundState.PUBLISHED)
        .order_by(MatchRound.id.desc())
        .limit(1)
    )


def _moves(round_: MatchRound, stored: list[dict[str, Any]]) -> list[MoveLine]:
    if not stored:
        return []
    drafts = db.session.scalars(with_parties().where(Match.round_id == round_.id))
    by_pair = {(match.lot_id, match.need_id): match for match in drafts}
    ids = [match_id for move in stored for match_id in move["withdrawn"]]
    by_id = {match.id: match for match in _matches(ids)}
    lines = []
    for move in stored:
        instead = [by_pair[lot, need] for lot, need in move["instead"]]
        dropped = any(match.state == MatchState.DROPPED for match in instead)
        waits = round_.state == RoundState.SOLVED
        withdrawn = [by_id[match_id] for match_id in move["withdrawn"]]
        lines.append(MoveLine(withdrawn, instead, move["gain"], None if waits else not dropped))
    return sorted(lines, key=lambda line: -line.gain)


def _matches(ids: Iterable[int]) -> list[Match]:
    return list(db.session.scalars(with_parties().where(Match.id.in_(ids)).order_by(Match.id)))


def _is_party(match: Match, actor: Actor) -> bool:
    return actor.organisation_id in (match.lot.organisation_id, match.need.organisation_id)


def _of_matches() -> Any:
    return (
        select(
            Match.id,
            Match.state,
            Match.origin,
            Match.lot_accepted_at,
            Match.need_accepted_at,
            Match.quantity,
            Commodity.milligrams,
            Lot.organisation_id.label("seller"),
            Need.organisation_id.label("buyer"),
        )
        .select_from(Match)
        .join(Match.lot)
        .join(Match.need)
        .join(Lot.commodity)
    )


def _tally(ids: Iterable[int]) -> Matched:
    tally = Matched()
    for row in db.session.execute(_of_matches().where(Match.id.in_(ids))):
        tally.add(_kilograms(row), row.seller, row.buyer)
    return tally


def _together(tallies: Iterable[Matched]) -> Matched:
    whole = Matched()
    for tally in tallies:
        whole.matches += tally.matches
        whole.matched += tally.matched
        whole.sellers |= tally.sellers
        whole.buyers |= tally.buyers
    return whole


def _kilograms(row: Any) -> int:
    return int(-(-row.quantity * (row.milligrams or 0) // 1_000_000))


def _fixed(round_: MatchRound, ids: list[int]) -> dict[str, Matched]:
    tallies: dict[str, Matched] = {kind: Matched() for kind in ("both", "one", "direct", "other")}
    until = round_.solved_at or round_.requested_at
    for row in db.session.execute(_of_matches().where(Match.id.in_(ids))):
        tallies[_why_fixed(row, until)].add(_kilograms(row), row.seller, row.buyer)
    return tallies


def _why_fixed(row: Any, until: datetime) -> str:
    agreed = [at is not None and at <= until for at in (row.lot_accepted_at, row.need_accepted_at)]
    if all(agreed):
        return "both"
    if row.origin == Origin.DIRECT:
        return "direct"
    return "one" if any(agreed) else "other"


def _ended(previous: MatchRound, round_: MatchRound) -> dict[str, Matched]:
    """What was agreed, declined or ran out from one round's decision to the other's outcome."""
    states = (MatchState.CONFIRMED, MatchState.DECLINED, MatchState.EXPIRED)
    tallies: dict[str, Matched] = {state.value: Matched() for state in states}
    since = previous.decided_at or previous.requested_at
    until = round_.solved_at or round_.requested_at
    query = _of_matches().where(
        Match.state.in_(states), Match.closed_at >= since, Match.closed_at <= until
    )
    for row in db.session.execute(query):
        tallies[row.state].add(_kilograms(row), row.seller, row.buyer)
    return tallies


def _entries(side: str, round_: MatchRound, other: MatchRound) -> Select[Any]:
    """Listings of which something was on the market in the one round and nothing in the other."""
    kind: Any = Lot if side == "lot" else Need
    here, there = aliased(RoundEntry), aliased(RoundEntry)
    key = f"{side}_id"
    return (
        select(
            here.quantity,
            there.quantity.label("there"),
            kind.organisation_id,
            kind.withdrawn_at,
            kind.until,
            Commodity.milligrams,
        )
        .select_from(here)
        .join(kind, getattr(here, key) == kind.id)
        .join(kind.commodity)
        .outerjoin(
            there, (getattr(there, key) == getattr(here, key)) & (there.round_id == other.id)
        )
        .where(here.round_id == round_.id, here.quantity > 0)
        .where((there.quantity == 0) | there.quantity.is_(None))
    )


def _came(side: str, previous: MatchRound, round_: MatchRound) -> dict[str, Listed]:
    came: defaultdict[str, Listed] = defaultdict(Listed)
    for row in db.session.execute(_entries(side, round_, previous)):
        kind = "listed" if row.there is None else "free_again"
        came[kind].add(_kilograms(row), row.organisation_id)
    return came


def _went(side: str, previous: MatchRound, round_: MatchRound) -> dict[str, Listed]:
    went: defaultdict[str, Listed] = defaultdict(Listed)
    for row in db.session.execute(_entries(side, previous, round_)):
        went[_why_gone(row, round_)].add(_kilograms(row), row.organisation_id)
    return went


def _why_gone(row: Any, round_: MatchRound) -> str:
    if row.there is not None:
        return "matched"
    if row.withdrawn_at is not None and row.withdrawn_at <= (round_.solved_at or row.withdrawn_at):
        return "withdrawn"
    return "past" if row.until < round_.day else "sold"
