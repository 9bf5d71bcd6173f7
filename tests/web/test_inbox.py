"""The inbox: what my organisation was told, what is unread, and where each notice leads."""

from __future__ import annotations

from flask import Flask

from marketplace import clock
from marketplace.domain.matches import DeclineReason, Side
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.models.telling import tell, told_of_match, with_parties
from marketplace.services import answers, publishing
from marketplace.web import formats
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, an_entry, buyer_of, drafted, member_of


def test_a_published_round_lies_in_the_inbox_of_both(app: Flask, client_of) -> None:
    round_, lot, need = a_round(), a_lot(), a_need()
    match = drafted(round_, lot, need)
    an_entry(round_, a_lot(organisation=lot.organisation_id), reason="outbid")
    publishing.publish(
        round_.id,
        actor=an_actor("coordinator"),
        now=clock.now(),
        today=clock.today(),
        answer_hours=48,
    )
    seller = client_of(member_of(lot))

    page = seller.get("/inbox").text

    assert f'href="/matches/{match.id}"' in page
    assert "chưa ghép được 1 lô; trang" in page, "no zeros"
    assert "Có người mua" in page
    assert "Có người mua" not in client_of(member_of(need)).get("/inbox").text


def test_the_frame_counts_what_is_unread_and_opening_reads_it(app: Flask, client_of) -> None:
    match = a_match(lot=(lot := a_lot()))
    answers.decline(match.id, DeclineReason.SOLD, "", actor=buyer_of(match), now=clock.now())
    seller = client_of(member_of(lot))

    before = seller.get("/inbox").text
    seller.get(f"/matches/{match.id}")
    after = seller.get("/inbox").text

    assert "chưa đọc" in before
    assert "chưa đọc" not in after


def test_all_can_be_marked_as_read_and_others_stay(app: Flask, client_of) -> None:
    match = a_match(lot=(lot := a_lot()), need=(need := a_need()))
    answers.expire_next(match.answer_by)
    seller, buyer = client_of(member_of(lot)), client_of(member_of(need))

    page = seller.post("/inbox/read", follow_redirects=True).text

    assert "chưa đọc" not in page
    assert "chưa đọc" in buyer.get("/inbox").text


def test_an_empty_inbox_says_what_will_lie_there(app: Flask, client_of) -> None:
    assert "Hộp thư trống" in client_of(an_actor()).get("/inbox").text


def test_strangers_have_no_inbox(client) -> None:
    assert client.get("/inbox").status_code == 302


def test_a_notice_says_price_distance_and_until_when(app: Flask, client_of) -> None:
    match = a_match(lot=(lot := a_lot()), need=a_need())
    told = told_of_match(loaded(match), Side.LOT, "match_proposed")
    tell(db.session, [told], clock.now())
    db.session.commit()

    page = client_of(member_of(lot)).get("/inbox").text.replace("\u00a0", " ")

    assert "9.000 ₫/kg · 187 km · trả lời trước " in page
    with app.test_request_context():
        assert formats.moment(match.answer_by).replace("\u00a0", " ") in page


def loaded(match: Match) -> Match:
    return db.session.scalars(with_parties().where(Match.id == match.id)).one()


def test_a_detour_is_as_long_in_the_inbox_as_on_the_page_of_the_match(
    app: Flask, client_of
) -> None:
    match = a_match(lot=(lot := a_lot()))
    match = db.session.scalars(with_parties().where(Match.id == match.id)).one()
    longer = {"km": 199.5, "hours": 5.0, "vehicle": "10t*1", "more_km": 12.5, "more_cost": 0}
    tell(db.session, [told_of_match(match, Side.LOT, "match_route", detour=longer)], clock.now())
    db.session.commit()

    page = client_of(member_of(lot)).get("/inbox").text

    assert "thêm 13\N{NO-BREAK SPACE}km" in page, "as `formats.km` rounds"
