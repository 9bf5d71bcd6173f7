"""What changed since the last round: all for coordinators, own lines for parties, sums for others."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.matches import DeclineReason, MatchState
from marketplace.models.base import db
from marketplace.models.matches import Match
from marketplace.services import answers, publishing, rounds, solve
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import buyer_of, member_of, seller_of

BETTER = 14_000


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return an_actor(Role.COORDINATOR)


def solved(coordinator: Actor) -> int:
    round_id = rounds.request_round(actor=coordinator, now=clock.now(), today=clock.today()).id
    solve.solve_next(lambda: False)
    return round_id


def publish(round_id: int, coordinator: Actor) -> int:
    publishing.publish(
        round_id, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )
    return round_id


def two_rounds(coordinator: Actor, pairs: int = 1) -> tuple[int, list[Match]]:
    """Proposals, then so many better buyers; the second round is solved and waits."""
    for number in range(pairs):
        a_lot(quantity=1_000 + number)
        a_need(quantity=1_000 + number)
    publish(solved(coordinator), coordinator)
    proposals = list(db.session.scalars(select(Match).order_by(Match.id)))
    for number in range(pairs):
        a_need(quantity=1_000 + number, bid=BETTER)
    return solved(coordinator), proposals


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_preview_says_what_publishing_would_withdraw(client_of, coordinator) -> None:
    round_id, _ = two_rounds(coordinator)
    browser = client_of(coordinator)

    outcome, question, changes = (
        plain(browser.get(f"/rounds/{round_id}{page}").text)
        for page in ("", "/publish", "/changes")
    )

    assert "Công bố sẽ rút 1 đề nghị chưa ai trả lời" in outcome
    assert "Công bố sẽ rút 1 đề nghị chưa ai trả lời" in question
    assert "cả vùng lợi thêm 2 triệu ₫" in question
    assert "2.000.000 ₫" in changes
    assert f"/rounds/{round_id}/changes" in outcome


def test_a_discarded_round_moved_nothing(client_of, coordinator) -> None:
    round_id, _ = two_rounds(coordinator)
    browser = client_of(coordinator)
    browser.post(f"/rounds/{round_id}/discard")

    page = browser.get(f"/rounds/{round_id}/changes").text

    assert "Không thực hiện, đề nghị cũ giữ nguyên" in page
    assert "phiên đã bỏ" in page


def test_nobody_else_sees_it_before_it_is_published(client, client_of, coordinator) -> None:
    round_id, [proposal] = two_rounds(coordinator)

    assert client.get(f"/rounds/{round_id}/changes").status_code == 404
    assert client_of(seller_of(proposal)).get(f"/rounds/{round_id}/changes").status_code == 404


def test_each_party_sees_its_own_lines_and_no_exact_gain(client, client_of, coordinator) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    seller, buyer, stranger = seller_of(proposal), buyer_of(proposal), an_actor(Role.SELLER)
    publish(round_id, coordinator)
    new = db.session.scalars(select(Match).where(Match.round_id == round_id)).one()

    pages = [
        plain(browser.get(f"/rounds/{round_id}/changes").text)
        for browser in (client_of(seller), client_of(buyer), client_of(stranger), client)
    ]

    old_link, new_link = f'/matches/{proposal.id}"', f'/matches/{new.id}"'
    assert [(old_link in page, new_link in page) for page in pages] == [
        (True, True),
        (True, False),
        (False, False),
        (False, False),
    ]
    assert all("2.000.000" not in page for page in pages)
    assert "hơn 500.000 ₫" in pages[0]


def test_figures_are_public_when_they_tell_of_nobody(client, coordinator) -> None:
    few, _ = two_rounds(coordinator)
    publish(few, coordinator)

    page = client.get(f"/rounds/{few}/changes").text

    assert page.count("Không hiện") >= 2


def test_three_parties_on_either_side_make_a_public_figure(client, coordinator) -> None:
    round_id, proposals = two_rounds(coordinator, pairs=3)
    publish(round_id, coordinator)
    moved = db.session.scalars(select(Match).where(Match.state == MatchState.REPLACED)).all()

    page = plain(client.get(f"/rounds/{round_id}/changes").text)

    assert len(moved) == len(proposals) == 3
    assert "hơn 1.500.000 ₫" in page


def test_the_page_of_a_replaced_proposal_leads_to_what_came_instead(client_of, coordinator) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    seller, buyer = seller_of(proposal), buyer_of(proposal)
    publish(round_id, coordinator)
    new = db.session.scalars(select(Match).where(Match.round_id == round_id)).one()

    sells, buys = (
        plain(client_of(actor).get(f"/matches/{proposal.id}").text) for actor in (seller, buyer)
    )
    after = client_of(seller).get(f"/matches/{new.id}").text

    assert f"Phiên {round_id} đã thay đề nghị này" in sells
    assert f'/matches/{new.id}"' in sells
    assert "chưa có đề nghị thay thế" in buys
    assert f'/matches/{new.id}"' not in buys
    assert f'/matches/{proposal.id}"' in after
    assert "Đồng ý bán" not in sells


def test_the_inbox_gives_the_price_of_what_came_instead(client_of, coordinator) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    publish(round_id, coordinator)
    new = db.session.scalars(select(Match).where(Match.round_id == round_id)).one()

    page = plain(client_of(seller_of(proposal)).get("/inbox").text)
    line = page.split("đã thay đề nghị của bạn")[1].split("</li>")[0]

    prices = [f"{match.price:,} ₫/kg · ".replace(",", ".") for match in (new, proposal)]
    assert [price in line for price in prices] == [True, False]
    assert " km" in line


@pytest.mark.parametrize("page", ["/inbox", "/matches", "/desk"])
def test_it_is_told_sensibly_everywhere(client_of, coordinator, page: str) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    lot = proposal.lot_id
    seller = seller_of(proposal)
    publish(round_id, coordinator)

    text = plain(client_of(seller).get(page).text)

    assert client_of(seller).get(f"/lots/{lot}").status_code == 200
    assert "match_replaced" not in text
    if page == "/inbox":
        assert f"Phiên {round_id} đã thay đề nghị của bạn" in text
    if page == "/matches":
        assert "Đã thay" in text


def test_who_answers_too_late_is_told_what_happened(client_of, coordinator) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    seller = seller_of(proposal)
    publish(round_id, coordinator)

    answer = client_of(seller).post(f"/matches/{proposal.id}/accept", follow_redirects=True)

    assert "Đã được phiên sau thay" in answer.text


def test_what_stayed_because_somebody_answered_is_said_with_the_reason(
    client_of, coordinator
) -> None:
    round_id, [proposal] = two_rounds(coordinator)
    answers.accept(proposal.id, actor=seller_of(proposal), now=clock.now())
    browser = client_of(coordinator)

    done = browser.post(f"/rounds/{round_id}/publish", follow_redirects=True).text
    changes = browser.get(f"/rounds/{round_id}/changes").text

    assert "1 đề nghị cũ giữ nguyên" in done
    assert "đề nghị cũ đã có người trả lời trong lúc chờ" in changes


def test_what_came_and_went_since_the_last_round(client_of, coordinator) -> None:
    publish(solved(coordinator), coordinator)
    lot, gone = a_lot(), a_lot()
    need = a_need()
    publish(solved(coordinator), coordinator)
    [match] = db.session.scalars(select(Match))
    answers.decline(match.id, DeclineReason.PRICE, "", actor=member_of(need), now=clock.now())
    kept = db.session.get_one(type(lot), lot.id)
    other = gone if match.lot_id == kept.id else kept
    other.withdrawn_at = clock.now()
    db.session.commit()
    round_id = solved(coordinator)

    page = client_of(coordinator).get(f"/rounds/{round_id}/changes").text

    assert "Đã rút khỏi chợ" in page
    assert "Đã từ chối" in page


def test_the_page_makes_a_fixed_number_of_queries(client_of, coordinator) -> None:
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    browser = client_of(coordinator)

    def queries(round_id: int) -> int:
        db.session.commit()
        counted.clear()
        browser.get(f"/rounds/{round_id}/changes")
        return len(counted)

    one, _ = two_rounds(coordinator, pairs=1)
    publish(one, coordinator)
    queries(one)
    few = queries(one)
    many, _ = two_rounds(coordinator, pairs=3)
    publish(many, coordinator)

    assert queries(many) == few
