"""The desk: what one's organisation has listed, what waits for it, what became of it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.services import desk, restrictions, route_hits
from marketplace.web import browsing
from marketplace.web import listing_words as words
from marketplace.web.session import current_actor, signed_in

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@signed_in
def show() -> ResponseReturnValue:
    """Open things first, what is near its last day above all."""
    found = desk.show_desk(current_actor(), today=clock.today(), page=browsing.page_asked())
    lots = [row.listing for row in found.lots if row.open or row.awaits_goods]
    return render_template(
        "desk/show.html",
        desk=found,
        explained=words.explained,
        hindered=route_hits.hindered([*found.to_answer, *found.unanswered], today=clock.today()),
        restricted=restrictions.lacking(lots, today=clock.today()),
    )
