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
from marketplace.services.lots import withdraw_lot
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, an_entry

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


@pytest.mark.parametrize(("kind", "url"), [(a_lot, "lots"), (a_need, "needs")])
def test_a_small_remainder_of_a_round_is_told_to_both_sides(app, client_of, kind, url):
    member = an_actor(Role.OFFICER)
    listing = kind(organisation=member.organisation_id, quantity=1_000)
    round_ = a_round(state=RoundState.PUBLISHED)
    an_entry(round_, listing, matched=950, reason="partly", details={"because": "outbid"})

    for page in ("/desk", f"/{url}/{listing.id}"):
        assert "Đã ghép 950 kg, còn 50 kg" in text(client_of(member).get(page))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_with_an_account_has_a_desk(app, client_of, role):
    page = client_of(an_actor(role)).get("/desk?page=99999999999")

    assert page.status_code == 200
    assert ('href="/lots/new"' in text(page)) == (role in (Role.OFFICER, Role.SELLER))


def test_the_desk_leads_to_all_matches(client_of):
    page = client_of(an_actor(Role.SELLER)).get("/desk").get_data(as_text=True)

    assert 'href="/matches"' in page


def test_what_i_must_answer_stands_apart_from_what_others_must(app, client_of):
    seller = an_actor(Role.SELLER)
    lots = [a_lot(organisation=seller.organisation_id, quantity=5_000) for _ in range(3)]
    small, dear, answered = (
        a_match(lot=lot, need=a_need(quantity=size))
        for lot, size in zip(lots, (1_000, 5_000, 2_000), strict=True)
    )
    small.answer_by = dear.answer_by
    answered.lot_accepted_at = clock.now()
    db.session.commit()

    page = text(client_of(seller).get("/desk"))

    mine, others = page.split("Chờ bên kia", 1)
    assert re.findall(r'href="/matches/(\d+)"', mine) == [str(dear.id), str(small.id)]
    assert re.findall(r'href="/matches/(\d+)"', others)[0] == str(answered.id)
    assert "hỏi thẳng" in mine


def test_only_the_first_five_are_unfolded(app, client_of):
    seller = an_actor(Role.SELLER)
    for _ in range(7):
        a_lot(organisation=seller.organisation_id)

    page = text(client_of(seller).get("/desk"))

    shown, folded = page.split("Xem hết 7", 1)
    assert len(re.findall(r'href="/lots/\d+"', shown)) == 5
    assert len(re.findall(r'href="/lots/\d+"', folded)) == 2


def test_a_remainder_stands_behind_what_was_listed(app, client_of):
    seller = an_actor(Role.SELLER)
    lot = a_lot(organisation=seller.organisation_id, quantity=5_500)
    a_match(lot=lot, need=a_need(quantity=5_400))
    gone = a_lot(organisation=seller.organisation_id, quantity=9_000)
    withdraw_lot(gone.id, gone.version, actor=seller, now=clock.now())

    page = text(client_of(seller).get("/desk"))

    assert "5,5 tấn, còn 100 kg" in page
    assert ", 9 tấn</b>" in page


def test_a_buyer_reads_what_it_wants_not_what_it_sells(app, client_of):
    buyer = an_actor(Role.BUYER)
    a_need(organisation=buyer.organisation_id, quantity=4_000)

    page = text(client_of(buyer).get("/desk"))

    assert "Đang cần mua" in page
    assert "Đang chào bán" not in page


def test_a_coordinator_sees_which_rounds_await_answers(app, client_of):
    coordinator = an_actor(Role.COORDINATOR)
    round_ = a_round(state=RoundState.PUBLISHED)
    a_match(round_=round_)

    page = text(client_of(coordinator).get("/desk"))

    assert f'href="/rounds/{round_.id}/matches"' in page
    assert "1 cặp chờ trả lời" in page
    assert "Chưa có lô nào" not in page


def test_an_administrator_gets_to_organisations_and_members(client_of):
    page = text(client_of(an_actor(Role.ADMINISTRATOR)).get("/desk"))

    assert 'href="/organisations"' in page
    assert 'href="/members"' in page


@pytest.mark.parametrize(("role", "path"), [(Role.SELLER, "/desk"), (Role.COORDINATOR, "/rounds")])
def test_the_bar_of_a_telephone_leads_to_the_desk(client_of, role, path):
    page = text(client_of(an_actor(role)).get("/lots"))

    bar = re.search(r'<nav class="tabbar".*?</nav>', page)[0]
    assert re.search(r'href="([^"]*)"', bar)[1] == "/desk"
    assert f'href="{path}"' in bar


def test_one_tab_is_lit(client_of):
    page = text(client_of(an_actor(Role.SELLER)).get("/lots/new"))

    bar = re.search(r'<nav class="tabbar".*?</nav>', page)[0]
    assert bar.count("aria-current") == 1
