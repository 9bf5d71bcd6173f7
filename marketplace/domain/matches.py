"""The life of a match, and who may see or answer it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from marketplace.domain.actors import Actor, Role


class MatchState(StrEnum):
    """Draft until its round is published; then both sides answer."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    DROPPED = "dropped"
    """No longer held when its round was published, or the round was discarded."""
    REPLACED = "replaced"
    """Nobody had answered it yet when a later round found a better way for its goods."""


KNOWN_TO_PARTIES = (
    MatchState.PROPOSED,
    MatchState.CONFIRMED,
    MatchState.DECLINED,
    MatchState.EXPIRED,
    MatchState.REPLACED,
)
"""States in which the two parties know of the match."""


class Origin(StrEnum):
    """Whether the engine proposed it or one side asked for it."""

    ROUND = "round"
    DIRECT = "direct"


class Side(StrEnum):
    """The lot's side sells, the need's side buys."""

    LOT = "lot"
    NEED = "need"

    @property
    def other(self) -> Side:
        """Whom this side trades with."""
        return Side.NEED if self is Side.LOT else Side.LOT


class DeclineReason(StrEnum):
    """Why a party says no."""

    PRICE = "price"
    SOLD = "sold"
    GOODS = "goods"
    DATE = "date"
    PARTNER = "partner"
    OTHER = "other"


class DropReason(StrEnum):
    """Why a match of a round was not proposed when the round was published."""

    LOT_CHANGED = "lot_changed"
    NEED_CHANGED = "need_changed"
    LOT_WITHDRAWN = "lot_withdrawn"
    NEED_WITHDRAWN = "need_withdrawn"
    LOT_TAKEN = "lot_taken"
    NEED_FILLED = "need_filled"
    DAY_PASSED = "day_passed"
    ROUTE_CLOSED = "route_closed"
    """A link of its way has been closed since, or limited to smaller vehicles."""
    RESTRICTED = "restricted"
    """Its goods may not leave or enter without papers that they lack."""
    NOT_ADMITTED = "not_admitted"
    """The round takes what the programme admits, and it does not admit these goods any more."""
    UNCONFIRMED = "unconfirmed"
    """Its harvest is only expected, and the first day has come without a confirmation."""
    PAPERS_LAPSED = "papers_lapsed"
    """A certificate that the need asks for has expired or been withdrawn since."""
    DISCARDED = "discarded"
    PROPOSAL_ANSWERED = "proposal_answered"
    """It would have replaced an earlier proposal that somebody has answered since."""
    PROPOSAL_KEPT = "proposal_kept"
    """It would have come with others in place of earlier proposals, and not all of it holds."""


def sides_of(actor: Actor | None, seller: int, buyer: int) -> tuple[Side, ...]:
    """For which sides the actor's organisation stands: a department may list and post for both."""
    if actor is None:
        return ()
    parties = ((Side.LOT, seller), (Side.NEED, buyer))
    return tuple(side for side, organisation in parties if organisation == actor.organisation_id)


def may_see(actor: Actor | None, seller: int, buyer: int) -> bool:
    """The two parties and coordinators; to everybody else there is no such match."""
    coordinates = actor is not None and actor.role == Role.COORDINATOR
    return coordinates or bool(sides_of(actor, seller, buyer))


def may_answer(actor: Actor, seller: int, buyer: int) -> bool:
    """A party's members answer, those who may only read do not."""
    return actor.role != Role.READER and bool(sides_of(actor, seller, buyer))


def collection_days(earliest: date, last: date, agreed: date) -> tuple[date, date]:
    """First and last day on which goods can be collected, if both have agreed by ``agreed``."""
    return min(max(earliest, agreed), last), last
