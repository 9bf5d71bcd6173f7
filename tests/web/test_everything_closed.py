"""All roads and waterways are closed: everybody is told so, nobody gets an error page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from marketplace.domain.actors import Role
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.organisations import Organisation
from marketplace.models.rounds import RoundEntry
from marketplace.services.solve import solve_next
from tests.condition_factories import VI_THANH_ROAD, a_condition
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, buyer_of

ROUTE = [
    {
        "from": "Phường Vị Thanh",
        "to": "Một Ngàn",
        "road": "QL61C",
        "km": 24.0,
        "hours": 0.6,
        "mode": "road",
        "links": ["C31321", VI_THANH_ROAD],
    }
]


@pytest.fixture
def closed(app):
    """A lot, a need, and a match between two others, in a region that is sealed off."""
    lot, need = a_lot(), a_need()
    match = a_match(route=ROUTE, vehicles="10t*1")
    a_condition(mode="road", reason="Bão lớn, cấm mọi đường bộ")
    a_condition(mode="water", reason="Bão lớn, cấm mọi đường thủy")
    return lot, need, match


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True)))


def test_pages_say_so(closed, client_of) -> None:
    lot, need, match = closed
    member = client_of(buyer_of(match))
    for address in (
        "/",
        "/roads",
        "/roads/road:all",
        f"/roads/{VI_THANH_ROAD}",
        "/distances",
        "/distances?origin=vi+thanh&destination=can+tho",
        "/lots?to=M_BINHDIEN",
        f"/lots/{lot.id}?to=M_BINHDIEN",
        "/needs?to=C31321",
        f"/needs/{need.id}?to=C31321",
        "/map",
        "/desk",
        "/matches",
        f"/matches/{match.id}",
    ):
        page = member.get(address)
        assert page.status_code == 200, address
    assert "Hôm nay không còn đường nào khác" in text(member.get(f"/matches/{match.id}"))


def test_a_round_says_that_no_way_is_open(closed) -> None:
    round_ = a_round(RoundState.QUEUED)

    solve_next(lambda: False)

    assert db.session.scalars(select(Match).where(Match.round_id == round_.id)).all() == []
    reasons = set(db.session.scalars(select(RoundEntry.reason).where(RoundEntry.matched == 0)))
    assert "no_route" in reasons


def test_asking_directly_is_refused_with_the_reason(closed, client_of) -> None:
    lot, need, _match = closed
    buyer = an_actor(Role.BUYER, db.session.get_one(Organisation, need.organisation_id))
    member = client_of(buyer)

    page = member.post(
        f"/lots/{lot.id}/buy", data={"mine": str(need.id), "quantity": "1 tấn", "step": "review"}
    )

    assert page.status_code == 422
    assert "Hiện không có đường bộ, đường thủy thông" in text(page)
