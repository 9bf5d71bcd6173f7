"""Posting needs, changing and withdrawing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.listings import Basis
from marketplace.domain.needs import NeedDraft
from marketplace.models.base import db
from marketplace.models.movements import Movement
from marketplace.services import needs
from tests.factories import BINH_DIEN, PINEAPPLE, a_need, an_actor, movements_of

TODAY, NOW = clock.today(), clock.now()
DRAFT = NeedDraft(
    commodity=PINEAPPLE,
    quantity=15_000,
    bid=12_000,
    place=BINH_DIEN,
    from_on=TODAY,
    until=TODAY + timedelta(days=5),
    min_quantity=5_000,
    certificates=frozenset({"vietgap"}),
)


def post(draft, actor):
    return needs.post_need(draft, actor=actor, today=TODAY, now=NOW)


def change(need, draft, actor, version=None):
    return needs.change_need(
        need.id, version or need.version, draft, actor=actor, today=TODAY, now=NOW
    )


def test_a_trader_posts_its_own_need_sealed(each_app):
    buyer = an_actor(Role.BUYER)

    need = post(DRAFT, buyer)

    assert (need.quantity, need.bid, need.bid_sealed, need.locality_id) == (
        15_000,
        12_000,
        True,
        None,
    )
    assert [(m.kind, m.quantity) for m in movements_of(need)] == [("offer", 15_000)]


def test_a_department_posts_for_a_buyer_and_says_why(app):
    officer = an_actor(Role.OFFICER)

    need = post(replace(DRAFT, basis=Basis.REQUEST, buyer="Bếp ăn Trường Hậu Giang"), officer)

    assert need.buyer == "Bếp ăn Trường Hậu Giang"
    with pytest.raises(Rejected):
        post(DRAFT, officer)


@pytest.mark.parametrize("role", [Role.SELLER, Role.READER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_post_no_needs(app, role):
    with pytest.raises(Forbidden):
        post(DRAFT, an_actor(role))


def test_a_change_is_entered_in_the_books_and_an_old_version_is_refused(each_app):
    buyer = an_actor(Role.BUYER)
    need = post(DRAFT, buyer)

    changed = change(need, replace(DRAFT, quantity=20_000, bid_sealed=False), buyer)

    assert (changed.quantity, changed.bid_sealed, changed.version) == (20_000, False, 2)
    with pytest.raises(Stale):
        change(need, DRAFT, buyer, version=1)


def test_what_is_held_stays(app):
    buyer = an_actor(Role.BUYER)
    need = post(DRAFT, buyer)
    db.session.add(Movement(key="h", need_id=need.id, kind="hold", quantity=6_000, at=NOW))
    db.session.commit()

    for draft in (replace(DRAFT, quantity=5_999), replace(DRAFT, place="D916")):
        with pytest.raises(Rejected):
            change(need, draft, buyer)
    needs.withdraw_need(need.id, need.version, actor=buyer, now=NOW)

    after = needs.need_to_edit(need.id, actor=buyer)
    assert (after.quantity, after.held, after.open_quantity) == (6_000, 6_000, 0)


def test_somebody_elses_need_is_not_found(app):
    need, buyer = a_need(), an_actor(Role.BUYER)

    with pytest.raises(NotFound):
        change(need, DRAFT, buyer)
