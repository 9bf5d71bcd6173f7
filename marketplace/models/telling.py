"""Tell organisations something: a notice in the inbox, and a message to each of its people.

Both are written in the transaction of what they tell of; the worker sends the messages later. What
is told stands in ``details`` by the names that the texts in templates/messages use; names that end
in ``_by`` or ``_at`` are moments, in ``_on`` days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, scoped_session

from marketplace.domain.actors import Role
from marketplace.domain.matches import Side
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.organisations import Membership, Organisation, User


@dataclass(frozen=True)
class Told:
    """What one organisation is told. ``key`` names the event: it is told once however often tried."""

    key: str
    organisation_id: int
    kind: str
    details: dict[str, Any]
    match_id: int | None = None
    round_id: int | None = None
    by_mail: bool = field(default=True)


@dataclass(frozen=True)
class Recipient:
    """Somebody who reads mail for an organisation."""

    name: str
    address: str
    language: str


def tell(session: Session | scoped_session[Any], told: Iterable[Told], now: datetime) -> None:
    """Write the notices and the messages."""
    told = list(told)
    readers = _recipients(session, {one.organisation_id for one in told if one.by_mail})
    for one in told:
        session.add(
            Notice(
                organisation_id=one.organisation_id,
                kind=one.kind,
                match_id=one.match_id,
                round_id=one.round_id,
                details=one.details,
                created_at=now,
            )
        )
        if one.by_mail:
            session.add_all(_messages(one, readers[one.organisation_id], now))


def with_parties() -> Select[Match]:
    """Matches with all that `told_of_match` reads."""
    lot, need = joinedload(Match.lot), joinedload(Match.need)
    return select(Match).options(
        lot.joinedload(Lot.organisation),
        lot.joinedload(Lot.commodity),
        lot.joinedload(Lot.place),
        need.joinedload(Need.organisation),
        need.joinedload(Need.place),
    )


def party(match: Match, side: Side) -> Organisation:
    """The organisation on that side."""
    return match.lot.organisation if side is Side.LOT else match.need.organisation


def trader(match: Match, side: Side) -> str:
    """Whose goods or whose need it is: a department lists and posts for others by name."""
    name = match.lot.producer if side is Side.LOT else match.need.buyer
    return name or party(match, side).name


def told_of_match(match: Match, side: Side, kind: str, **more: Any) -> Told:
    """What the party on ``side`` is told of a match, without anything that the other side seals."""
    mine = party(match, side)
    listing = match.lot if side is Side.LOT else match.need
    days = match.collection_days
    details = {
        "match": match.id,
        "round": match.round_id,
        "side": str(side),
        "organisation": trader(match, side),
        "partner": trader(match, side.other),
        "lot": match.lot_id,
        "need": match.need_id,
        "commodity_vi": match.lot.commodity.name_vi,
        "commodity_en": match.lot.commodity.name_en,
        "unit": match.lot.commodity.base_unit_vi,
        "confidence": match.lot.confidence,
        "quantity": match.quantity,
        "of": listing.quantity,
        "price": match.price,
        "ask": match.ask if match.ask_named else None,
        "total": match.price * match.quantity,
        "freight": match.freight,
        "vehicles": match.vehicles,
        "km": match.kilometres,
        "hours": match.hours,
        "place_from": match.lot.place.name,
        "place_to": match.need.place.name,
        "collect_first_on": days[0].isoformat(),
        "collect_last_on": days[1].isoformat(),
        "answer_by": match.answer_by.isoformat() if match.answer_by else None,
        **more,
    }
    return Told(
        key=f"match:{match.id}:{kind}:{side}",
        organisation_id=mine.id,
        kind=kind,
        details=details,
        match_id=match.id,
        round_id=match.round_id,
    )


def _recipients(
    session: Session | scoped_session[Any], organisations: set[int]
) -> dict[int, list[Recipient]]:
    """Members who do more than read; the organisation's own address where none of them has one."""
    found: dict[int, list[Recipient]] = defaultdict(list)
    members = (
        select(Membership.organisation_id, User.name, User.email, User.language)
        .join(Membership.user)
        .where(
            Membership.organisation_id.in_(organisations),
            Membership.role != Role.READER,
            User.email.is_not(None),
            User.erased_at.is_(None),
        )
        .order_by(User.id)
    )
    for organisation_id, name, email, language in session.execute(members):
        found[organisation_id].append(Recipient(name, str(email), language))
    alone = select(Organisation.id, Organisation.name, Organisation.email).where(
        Organisation.id.in_(organisations - found.keys()), Organisation.email.is_not(None)
    )
    for organisation_id, name, email in session.execute(alone):
        found[organisation_id].append(Recipient(name, str(email), "vi"))
    return found


def _messages(told: Told, readers: list[Recipient], now: datetime) -> list[OutboxMessage]:
    return [
        OutboxMessage(
            key=f"{told.key}:{number}",
            recipient=reader.address,
            language=reader.language,
            kind=told.kind,
            details={**told.details, "reader": reader.name},
            created_at=now,
            due_at=now,
        )
        for number, reader in enumerate(readers)
    ]
