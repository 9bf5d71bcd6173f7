"""Publishing is the moment that counts: until then nothing is held and nobody is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session

from marketplace.domain import rounds
from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.matches import DropReason, MatchState, Side
from marketplace.domain.rounds import RoundState
from marketplace.domain.text_marks import N_
from marketplace.models.admissions import left_outside
from marketplace.models.base import transaction
from marketplace.models.books import holds, releases
from marketplace.models.bundles import Barred, Bundle, Remaining, bundles, hold_or_drop
from marketplace.models.certificates import papers_held
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need, papers_asked
from marketplace.models.reference import reference_on
from marketplace.models.rounds import MatchRound, RoundEntry, stood_outside
from marketplace.models.telling import Told, tell, told_of_match, trader
from marketplace.solving.hits import Stops, lacks_papers, under_way
from marketplace.solving.world import world_of

Database = Session | scoped_session[Session]


@dataclass(frozen=True)
class Published:
    """What became of the round's matches, and of the proposals that they were to replace."""

    proposed: int
    dropped: int
    replaced: int = 0
    stayed: int = 0


def publish(
    round_id: int, *, actor: Actor, now: datetime, today: date, answer_hours: int
) -> Published:
    """Propose what still holds, drop the rest with the reason, hold quantities, write messages.

    All of it in one transaction. Raises `Rejected` if the round does not wait for this decision.
    """
    with transaction() as session:
        result = _decide(session, round_id, RoundState.PUBLISHED, actor, now)
        found = bundles(session, round_id, result.get("moves", []))
        barred = _barred(session, round_id, found, today)
        remaining = Remaining(session, round_id, found, now, today, barred)
        good = [bundle for bundle in found if hold_or_drop(bundle, remaining, now)]
        proposed = [match for bundle in good for match in bundle.drafts]
        for match in proposed:
            match.state = MatchState.PROPOSED
            match.proposed_at = now
            match.answer_by = now + timedelta(hours=answer_hours)
        replaced = [match for bundle in good for match in bundle.withdrawn if match.replaced_in]
        session.flush()
        for match in replaced:
            session.add_all(releases(match, now, actor.user_id, MatchState.REPLACED))
        session.flush()
        for match in proposed:
            session.add_all(holds(match, now, actor.user_id))
        session.flush()
        tell(session, _told(session, round_id, good, result.get("move_gain", 0)), now)
    return Published(
        proposed=len(proposed),
        dropped=sum(len(bundle.drafts) for bundle in found) - len(proposed),
        replaced=len(replaced),
        stayed=sum(len(bundle.withdrawn) for bundle in found)
        - sum(len(bundle.withdrawn) for bundle in good),
    )


def _barred(session: Database, round_id: int, found: list[Bundle], today: date) -> Barred:
    """Why a match cannot be carried out under what is stated of roads and goods by now."""
    outside = _outside(session, round_id, found, today)
    world = world_of(reference_on(today))
    stops = Stops(world.reference, world.reference.conditions)
    lots = {match.lot_id for bundle in found for match in bundle.drafts}
    held = papers_held(session, lots, today)
    asked = papers_asked(session, {match.need_id for bundle in found for match in bundle.drafts})

    def barred(match: Match) -> DropReason | None:
        if match.lot_id in outside:
            return DropReason.NOT_ADMITTED
        if stops.of(under_way(match, world)):
            return DropReason.ROUTE_CLOSED
        if lacks_papers(match, held.get(match.lot_id, ()), world.catalogue, world.movement):
            return DropReason.RESTRICTED
        if asked.get(match.need_id, frozenset()) - held.get(match.lot_id, frozenset()):
            return DropReason.PAPERS_LAPSED
        return None

    return barred


def _outside(session: Database, round_id: int, found: list[Bundle], today: date) -> Collection[int]:
    """Lots of a round of the programme that it does not admit any more."""
    if not session.scalar(select(MatchRound.programme).where(MatchRound.id == round_id)):
        return ()
    lots = {match.lot_id: match.lot for bundle in found for match in bundle.drafts}
    return left_outside(session, lots.values(), today)


def discard(round_id: int, *, actor: Actor, now: datetime) -> None:
    """Throw the outcome away; nobody is told, another round may start."""
    with transaction() as session:
        _decide(session, round_id, RoundState.DISCARDED, actor, now)
        session.execute(
            update(Match)
            .where(Match.round_id == round_id, Match.state == MatchState.DRAFT)
            .values(state=MatchState.DROPPED, drop_reason=DropReason.DISCARDED, closed_at=now)
        )


def _decide(
    session: Database, round_id: int, state: RoundState, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Leave the state in which the round waits. The figures of its outcome."""
    if not rounds.may_run(actor):
        raise Forbidden(N_("Only coordinators decide about a round."))
    decided = session.execute(
        update(MatchRound)
        .where(MatchRound.id == round_id, MatchRound.state == RoundState.SOLVED)
        .values(state=state, slot=None, decided_at=now, decided_by=actor.user_id)
        .returning(MatchRound.result)
    ).one_or_none()
    if decided is None:
        if session.get(MatchRound, round_id) is None:
            raise NotFound(N_("There is no such round."))
        raise Rejected(N_("This round does not wait for a decision any more."))
    return decided.result or {}


def _told(session: Database, round_id: int, good: list[Bundle], amount: int) -> list[Told]:
    told = [
        told_of_match(match, side, "match_proposed")
        for bundle in good
        for match in bundle.drafts
        for side in Side
    ]
    for bundle in good:
        gone = [match for match in bundle.withdrawn if match.replaced_in == round_id]
        # The gain itself would tell of sealed bids; that it is more than the stated sum does not.
        told += [
            _told_replaced(match, side, bundle, amount * len(bundle.withdrawn))
            for match in gone
            for side in Side
        ]
    return told + _told_left_out(session, round_id)


def _told_replaced(match: Match, side: Side, bundle: Bundle, gains_more_than: int) -> Told:
    """What was withdrawn, why, and what came instead for this side's lot or need."""
    key = "lot_id" if side is Side.LOT else "need_id"
    instead = [new for new in bundle.drafts if getattr(new, key) == getattr(match, key)]
    return told_of_match(
        match,
        side,
        "match_replaced",
        replaced_in=match.replaced_in,
        gains_more_than=gains_more_than,
        instead=[
            {
                "match": new.id,
                "partner": trader(new, side.other),
                "quantity": new.quantity,
                "price": new.price,
                "km": new.kilometres,
                "place": (new.need if side is Side.LOT else new.lot).place.name,
            }
            for new in instead
        ],
    )


def _told_left_out(session: Database, round_id: int) -> list[Told]:
    """One line per organisation in its inbox: how many of its lots and needs found nobody.

    Lots that a round of the programme did not take are counted apart.
    """
    counts: dict[int, dict[str, int]] = {}
    for kind, column in ((Lot, RoundEntry.lot_id), (Need, RoundEntry.need_id)):
        owners = (
            select(kind.organisation_id, stood_outside())
            .join(RoundEntry, column == kind.id)
            .where(RoundEntry.round_id == round_id, RoundEntry.matched == 0)
            .where(RoundEntry.quantity > 0)
        )
        for organisation_id, outside in session.execute(owners):
            mine = counts.setdefault(organisation_id, {"lots": 0, "needs": 0, "outside": 0})
            mine["outside" if outside else "lots" if kind is Lot else "needs"] += 1
    return [
        Told(
            key=f"round:{round_id}:left_out:{organisation_id}",
            organisation_id=organisation_id,
            kind="round_left_out",
            details={"round": round_id, **count},
            round_id=round_id,
            by_mail=False,
        )
        for organisation_id, count in counts.items()
    ]
