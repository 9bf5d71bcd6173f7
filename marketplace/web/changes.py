"""What a round changed since the one before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace.domain import rounds as rules
from marketplace.domain.errors import NotFound
from marketplace.domain.rounds import RoundState
from marketplace.domain.tallies import publishable
from marketplace.services import changes, rounds
from marketplace.web.addresses import page_number
from marketplace.web.session import maybe_actor, public

bp = Blueprint("changes", __name__, url_prefix="/rounds")

PAGE = 10
"""Moves, the greatest gain first."""


@bp.get("/<int:round_id>/changes")
@public
def show(round_id: int) -> ResponseReturnValue:
    """All of it for coordinators; each party its own lines; figures that tell of nobody for all."""
    actor = maybe_actor()
    round_ = rounds.show_round(round_id, actor=actor)
    if round_.result is None:
        raise NotFound("There is no such round.")
    found = changes.changes(round_)
    everything = rules.may_run(actor)
    own = [] if everything or actor is None else changes.own_standing(round_, actor=actor)
    moves = [
        move
        for move in found.moves
        if everything or (actor is not None and move.done and move.concerns(actor))
    ]
    page = page_number()
    return render_template(
        "rounds/changes.html",
        round=round_,
        changes=found,
        everything=everything,
        standing=_shown(found.standing, everything),
        ended=_shown(found.ended, everything),
        own=own,
        moves=moves[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=max(1, -(-len(moves) // PAGE)),
        before=round_.state == RoundState.SOLVED,
    )


def _shown(tallies: dict[str, Any], everything: bool) -> dict[str, Any]:
    return tallies if everything else publishable(tallies.items())
