"""What the page of a match tells its seller of bids that are sealed: their steps, nothing finer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.bands import rounded_down, rounded_up
from marketplace.domain.matches import Side
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound
from marketplace.models.telling import told_of_match, with_parties
from marketplace.services import publishing, rounds, solve
from marketplace.solving.deciding import decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.world import world_of
from tests.factories import PINEAPPLE, a_lot, a_need, an_actor
from tests.round_factories import seller_of

BIDS = (12_000, 11_400, 11_300)
"""Of the buyer, of who comes second, and of who comes third on the same step."""
TOKEN = re.compile(r'name="csrf[-_]token" (?:value|content)="[^"]*"')


def solved_and_published() -> tuple[MatchRound, Match, list[Need]]:
    coordinator = an_actor(Role.COORDINATOR)
    lot, needs = a_lot(ask=8_000), [a_need(bid=bid) for bid in BIDS]
    a_lot(ask=10_500)  # stays dearer, so that the buyer has somebody to turn to
    round_ = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today())
    solve.solve_next(lambda: False)
    publishing.publish(
        round_.id, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )
    match = db.session.scalars(select(Match).where(Match.lot_id == lot.id)).one()
    return round_, match, needs


def decided(round_: MatchRound, match: Match, bids: dict[int, int]) -> dict[str, Any]:
    """The match as the round would have made it of these bids."""
    frozen = Frozen.read(round_.inputs, round_.inputs_hash)
    needs = tuple(replace(need, bid=bids[need.id]) for need in frozen.needs)
    world = world_of(current_reference())
    found = decide(replace(frozen, needs=needs), world, lambda *_: None)
    [row] = [row for row in found.matches if row["lot_id"] == match.lot_id]
    return row


def world(match: Match, row: dict[str, Any], bids: dict[int, int]) -> None:
    """Make it stored as if it had always been so."""
    for name, value in row.items():
        setattr(match, name, value)
    for need in db.session.scalars(select(Need)):
        need.bid = bids[need.id]
    db.session.commit()


def notice(match: Match) -> str:
    loaded = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    return str(told_of_match(loaded, Side.LOT, "match_proposed").details)


def test_bids_on_one_step_look_the_same_to_the_seller(app: Flask, client_of) -> None:
    round_, match, needs = solved_and_published()
    seller, coordinator = client_of(seller_of(match)), client_of(an_actor(Role.COORDINATOR))
    usual = world_of(current_reference()).catalogue.commodity(PINEAPPLE).usual_ask
    steps = [(rounded_down(bid, usual), rounded_up(bid, usual) - 1) for bid in BIDS]
    ids = [need.id for need in needs]
    shown, told, exact, price = set(), set(), set(), match.price

    for of_buyer in range(steps[0][0], steps[0][1], 9):
        for of_second in (steps[1][0], steps[1][0] + 40, steps[1][1]):
            bids = dict(zip(ids, (of_buyer, of_second, steps[2][0] + of_buyer % 7), strict=True))
            row = decided(round_, match, bids)
            if (row["need_id"], row["quantity"], row["price"]) != (ids[0], match.quantity, price):
                continue  # the proposal itself tells, and that is said
            world(match, row, bids)
            shown.add(TOKEN.sub("", seller.get(f"/matches/{match.id}").text))
            exact.add(TOKEN.sub("", coordinator.get(f"/matches/{match.id}").text))
            told.add((str(row["seller_next"]), str(row["buyer_next"]), notice(match)))

    assert len(shown) == 1
    assert len(told) == 1  # the runners-up, of whom notices say nothing either
    assert len(exact) > 3  # the coordinator sees what differed
