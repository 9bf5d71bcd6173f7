"""Rounds and matches as rows, with defaults for what a test does not mention."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import null

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.matches import MatchState, Origin
from marketplace.domain.rounds import ACTIVE, RoundState
from marketplace.models.base import db
from marketplace.models.books import holds
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.organisations import Organisation
from marketplace.models.rounds import MatchRound, RoundEntry
from tests.factories import a_lot, a_need, a_user, an_actor


def a_round(state: RoundState = RoundState.SOLVED, **columns: Any) -> MatchRound:
    """A round that waits for a coordinator's decision."""
    values = {
        "state": state,
        "slot": 1 if state in ACTIVE else null(),  # None would mean the default
        "day": clock.today(),
        "requested_by": columns.get("requested_by") or a_user().id,
        "requested_at": clock.now(),
        "blocks": 1,
        "blocks_done": 1,
    }
    round_ = MatchRound(**{**values, **columns})
    db.session.add(round_)
    db.session.commit()
    db.session.refresh(round_)
    return round_


def an_entry(round_: MatchRound, listing: Lot | Need, **columns: Any) -> RoundEntry:
    """The listing as the round saw it: as it is now."""
    side = "lot_id" if isinstance(listing, Lot) else "need_id"
    values = {"quantity": listing.open_quantity, "version": listing.version, side: listing.id}
    entry = RoundEntry(round_id=round_.id, **{**values, **columns})
    db.session.add(entry)
    db.session.commit()
    return entry


def a_match(
    *,
    lot: Lot | None = None,
    need: Need | None = None,
    round_: MatchRound | None = None,
    state: MatchState = MatchState.PROPOSED,
    **columns: Any,
) -> Match:
    """A ton of pineapples at 9.000 ₫/kg from Vị Thanh to Bình Điền, held while it is proposed."""
    lot, need = lot or a_lot(), need or a_need()
    now = clock.now()
    values = {
        "origin": Origin.ROUND if round_ else Origin.DIRECT,
        "round_id": round_.id if round_ else None,
        "lot_id": lot.id,
        "need_id": need.id,
        "state": state,
        "quantity": min(lot.open_quantity, need.open_quantity),
        "ask": lot.ask or 8_000,
        "bid": need.bid or 12_000,
        "ask_named": lot.ask is not None,
        "bid_named": need.bid is not None,
        "price": 9_000,
        "price_low": 8_500,
        "price_high": 9_600,
        "market_price": 8_900,
        "freight": 516_000,
        "mode": "truck",
        "vehicles": "1t*1",
        "kilometres": 187.0,
        "hours": 4.5,
        "route": [
            {"from": "Phường Vị Thanh", "to": "Cái Răng", "road": "QL61C", "km": 41.0, "hours": 1},
            {"from": "Cái Răng", "to": "Bình Điền", "road": "Cao tốc", "km": 146.0, "hours": 3.5},
        ],
        "collect_on": clock.today() + timedelta(days=1),
        "created_at": now,
        "proposed_at": now if state is not MatchState.DRAFT else None,
        "answer_by": now + timedelta(hours=48) if state is not MatchState.DRAFT else None,
    }
    match = Match(**{**values, **columns})
    db.session.add(match)
    db.session.flush()
    if state in (MatchState.PROPOSED, MatchState.CONFIRMED):
        db.session.add_all(holds(match, now, None))
    db.session.commit()
    for listing in (lot, need):
        db.session.refresh(listing)
    return match


def member_of(listing: Lot | Need, role: Role = Role.OFFICER) -> Actor:
    """A new person in the organisation that listed it."""
    return an_actor(role, db.session.get_one(Organisation, listing.organisation_id))


def drafted(round_: MatchRound, lot: Lot, need: Need, **columns: Any) -> Match:
    """A match of the round with the entries of its lot and need."""
    quantity = columns.get("quantity", min(lot.open_quantity, need.open_quantity))
    for listing in (lot, need):
        an_entry(round_, listing, matched=quantity)
    return a_match(lot=lot, need=need, round_=round_, state=MatchState.DRAFT, **columns)


def seller_of(match: Match, role: Role = Role.OFFICER) -> Actor:
    """A new person on the lot's side."""
    return member_of(db.session.get_one(Lot, match.lot_id), role)


def buyer_of(match: Match, role: Role = Role.OFFICER) -> Actor:
    """A new person on the need's side."""
    return member_of(db.session.get_one(Need, match.need_id), role)


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each with a connection of its own; what each came to."""
    ready = threading.Barrier(len(deeds))
    came_to: list[object] = [None] * len(deeds)

    def do(number: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                came_to[number] = deed()
            except Exception as error:
                came_to[number] = error

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # what this connection has read is older
    return came_to
