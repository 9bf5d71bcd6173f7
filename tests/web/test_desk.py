"""The desk shows an organisation its own listings and what became of them, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import null

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.rounds import MatchRound, RoundEntry
from tests.factories import a_lot, a_need, an_actor

TODAY = clock.today()


def text(response):
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def test_own_listings_stand_there_the_nearest_last_day_first(each_app, client_of):
    officer = an_actor(Role.OFFICER)
    late = a_lot(organisation=officer.organisation_id, until=TODAY + timedelta(days=9))
    soon = a_lot(organisation=officer.organisation_id, until=TODAY + timedelta(days=1))
    over = a_lot(
        organisation=officer.organisation_id,
        ready_on=TODAY - timedelta(days=5),
        until=TODAY - timedelta(days=1),
    )
    need = a_need(organisation=officer.organisation_id)
    others = a_lot()

    page = text(client_of(officer).get("/desk"))

    found = re.findall(r'href="/lots/(\d+)"', page)
    assert found == [str(lot.id) for lot in (soon, late, over)]
    assert f'href="/needs/{need.id}"' in page
    assert f'href="/lots/{others.id}"' not in page


@pytest.mark.parametrize("state", [RoundState.PUBLISHED, RoundState.SOLVED])
def test_the_reason_of_a_published_round_is_told_and_of_no_other(app, client_of, state):
    seller = an_actor(Role.SELLER)
    lot = a_lot(organisation=seller.organisation_id)
    round_ = MatchRound(
        state=state,
        slot=1 if state == RoundState.SOLVED else null(),
        day=TODAY,
        requested_by=seller.user_id,
        requested_at=clock.now(),
    )
    db.session.add(round_)
    db.session.flush()
    db.session.add(
        RoundEntry(
            round_id=round_.id, lot_id=lot.id, version=1, quantity=1_000, reason="no_counterpart"
        )
    )
    db.session.commit()
    member = client_of(seller)

    for url in ("/desk", f"/lots/{lot.id}"):
        told = "Chưa ai cần mặt hàng này" in text(member.get(url))
        assert told == (state == RoundState.PUBLISHED)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_with_an_account_has_a_desk(app, client_of, role):
    page = client_of(an_actor(role)).get("/desk?page=99999999999")

    assert page.status_code == 200
    assert ('href="/lots/new"' in text(page)) == (role in (Role.OFFICER, Role.SELLER))


def test_the_desk_leads_to_all_matches(client_of):
    page = client_of(an_actor(Role.SELLER)).get("/desk").get_data(as_text=True)

    assert 'href="/matches"' in page
