"""The home page."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.services import agreements, balance, home, network, reference
from marketplace.web import maps, network_maps, pictures
from marketplace.web.session import public

bp = Blueprint("home", __name__)

MONTH = 30
"""Days over which the home page adds up what was matched and agreed."""
LONGEST_BAR = 160


@bp.get("/")
@public
def show() -> ResponseReturnValue:
    """What moves, what spoils soon, where goods are left and where they are missing."""
    today, world = clock.today(), reference.current_world()
    overview = home.overview(today)
    balanced = balance.balance(today)
    month = agreements.since(clock.now() - timedelta(days=MONTH))
    today_held = network.network()
    sides = {code: balanced.of_locality(code) for code in maps.LABELS}
    return render_template(
        "home/show.html",
        overview=overview,
        balance=balanced,
        ground=maps.ground(),
        held=network_maps.held(today_held),
        held_links=len(today_held.held),
        flows=maps.flow_lines(overview.round.flows if overview.round else {}),
        labels=maps.labels({code: (c.offered, c.wanted) for code, c in sides.items()}),
        localities={locality.id: locality.name for locality in world.reference.localities},
        group_names=world.catalogue.groups,
        soon=home.SOON,
        agreements=month,
        days=MONTH,
        bars=pictures.shares(
            [(month.agreed or 0, 0), (month.proposed, 0)] if month else [], LONGEST_BAR
        ),
    )
