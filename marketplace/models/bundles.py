"""What a round proposes, held against today's rows: bundles that hold as a whole or not at all.

A bundle is a match by itself, or matches that come together in place of earlier proposals which nobody
has answered, so that no proposal is withdrawn without what was to come instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, scoped_session

from marketplace.domain.forward import has_lapsed
from marketplace.domain.matches import DropReason, MatchState, Side
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.rounds import RoundEntry
from marketplace.models.telling import with_parties

Database = Session | scoped_session[Session]
Barred = Callable[[Match], DropReason | None]


@dataclass(frozen=True)
class Bundle:
    """Matches that are published together, in place of the proposals that they withdraw."""

    drafts: list[Match]
    withdrawn: list[Match]


def bundles(session: Database, round_id: int, moves: list[dict[str, Any]]) -> list[Bundle]:
    """In the order of their first matches. Locks them with their listings until the transaction ends."""
    ids = [match_id for move in moves for match_id in move["withdrawn"]]
    draft = (Match.round_id == round_id) & (Match.state == MatchState.DRAFT)
    _lock(session, ids, draft)
    drafts = session.scalars(with_parties().where(draft).order_by(Match.id))
    by_pair = {(m.lot_id, m.need_id): m for m in drafts}
    withdrawn = session.scalars(with_parties().where(Match.id.in_(ids))) if ids else ()
    earlier = {match.id: match for match in withdrawn}
    found = [
        Bundle(
            [by_pair.pop((lot_id, need_id)) for lot_id, need_id in move["instead"]],
            [earlier[match_id] for match_id in move["withdrawn"]],
        )
        for move in moves
    ]
    found += [Bundle([match], []) for match in by_pair.values()]
    return sorted(found, key=lambda bundle: min((m.id for m in bundle.drafts), default=0))


def _lock(session: Database, ids: list[int], draft: ColumnElement[bool]) -> None:
    """Before anything is loaded: a row that is there already is not read anew when it is locked.

    Whoever answers locks the match before its lot and its need, so these locks come first too.
    """
    session.execute(select(Match.id).where(Match.id.in_(ids)).order_by(Match.id).with_for_update())
    concerned = draft | Match.id.in_(ids)
    for kind, column in ((Lot, Match.lot_id), (Need, Match.need_id)):
        of_these = kind.id.in_(select(column).where(concerned))
        session.execute(select(kind.id).where(of_these).order_by(kind.id).with_for_update())


class Remaining:
    """What is free today of the round's listings, which `bundles` has locked."""

    def __init__(
        self,
        session: Database,
        round_id: int,
        bundles: list[Bundle],
        now: datetime,
        today: date,
        barred: Barred = lambda _match: None,
    ) -> None:
        """``barred`` says why a match cannot be carried out under what is true today."""
        self.now, self.today, self.barred = now, today, barred
        self.versions: dict[tuple[Side, int], int] = {}
        for lot_id, need_id, version in session.execute(
            select(RoundEntry.lot_id, RoundEntry.need_id, RoundEntry.version).where(
                RoundEntry.round_id == round_id
            )
        ):
            if lot_id is not None:
                self.versions[Side.LOT, lot_id] = version
            if need_id is not None:
                self.versions[Side.NEED, need_id] = version
        matches = [match for bundle in bundles for match in (*bundle.drafts, *bundle.withdrawn)]
        self.lots = {match.lot_id: match.lot for match in matches}
        self.needs = {match.need_id: match.need for match in matches}
        self.free = {
            (side, listing.id): listing.open_quantity
            for side, listings in ((Side.LOT, self.lots), (Side.NEED, self.needs))
            for listing in listings.values()
        }

    def take(self, match: Match) -> None:
        self.free[Side.LOT, match.lot_id] -= match.quantity
        self.free[Side.NEED, match.need_id] -= match.quantity

    def give_back(self, match: Match) -> None:
        self.free[Side.LOT, match.lot_id] += match.quantity
        self.free[Side.NEED, match.need_id] += match.quantity

    def changed(self, match: Match) -> DropReason | None:
        """What has been changed or withdrawn since the round began."""
        lot, need = self.lots[match.lot_id], self.needs[match.need_id]
        if lot.withdrawn_at is not None:
            return DropReason.LOT_WITHDRAWN
        if need.withdrawn_at is not None:
            return DropReason.NEED_WITHDRAWN
        if lot.version != self.versions[Side.LOT, lot.id]:
            return DropReason.LOT_CHANGED
        if need.version != self.versions[Side.NEED, need.id]:
            return DropReason.NEED_CHANGED
        return None


def hold_or_drop(bundle: Bundle, remaining: Remaining, now: datetime) -> bool:
    """Withdraw what makes way if all that comes instead holds; otherwise drop the whole bundle."""
    blocked = _blocked(bundle, remaining)
    reasons: dict[int, DropReason] = {}
    if blocked is None:
        withdrawn = [match for match in bundle.withdrawn if match.is_unanswered(now)]
        reasons = _take_all(bundle.drafts, withdrawn, remaining)
        if not reasons:
            for match in withdrawn:
                _close(match, MatchState.REPLACED, now)
                match.replaced_in = bundle.drafts[0].round_id
            return True
    for match in bundle.drafts:
        _close(match, MatchState.DROPPED, now)
        match.drop_reason = reasons.get(match.id) or blocked or DropReason.PROPOSAL_KEPT
    return False


def _blocked(bundle: Bundle, remaining: Remaining) -> DropReason | None:
    """Why the proposals stay. One that was declined or has run out holds nothing any more."""
    standing = [
        m for m in bundle.withdrawn if m.state in (MatchState.PROPOSED, MatchState.CONFIRMED)
    ]
    if not all(match.is_unanswered(remaining.now) for match in standing):
        return DropReason.PROPOSAL_ANSWERED
    if any(remaining.changed(match) for match in standing):
        return DropReason.PROPOSAL_KEPT
    return None


def _take_all(
    drafts: list[Match], withdrawn: list[Match], remaining: Remaining
) -> dict[int, DropReason]:
    """Take what the drafts need, with what is withdrawn free again; nothing if one does not hold.

    Why those do not hold that do not, by their ids.
    """
    reasons: dict[int, DropReason] = {}
    taken = []
    for match in withdrawn:
        remaining.give_back(match)
    for match in drafts:
        if reason := _no_longer(match, remaining):
            reasons[match.id] = reason
        else:
            remaining.take(match)
            taken.append(match)
    if reasons:
        for match in taken:
            remaining.give_back(match)
        for match in withdrawn:
            remaining.take(match)
    return reasons


def _close(match: Match, state: MatchState, now: datetime) -> None:
    match.state = state
    match.closed_at = now


def _no_longer(match: Match, remaining: Remaining) -> DropReason | None:
    if changed := remaining.changed(match):
        return changed
    if match.collect_on < remaining.today:
        return DropReason.DAY_PASSED
    lot = remaining.lots[match.lot_id]
    if lot.confidence is not None and has_lapsed(lot.ready_on, remaining.today):
        return DropReason.UNCONFIRMED
    if barred := remaining.barred(match):
        return barred
    if remaining.free[Side.LOT, match.lot_id] < match.quantity:
        return DropReason.LOT_TAKEN
    if remaining.free[Side.NEED, match.need_id] < match.quantity:
        return DropReason.NEED_FILLED
    return None
