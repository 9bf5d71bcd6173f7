"""Listing lots, changing and withdrawing them: what is promised stays, nobody is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.listings import Basis, MovementKind
from marketplace.domain.lots import LotDraft
from marketplace.models.base import db
from marketplace.models.certificates import papers_held
from marketplace.models.movements import Movement
from marketplace.services import lots
from tests.factories import PINEAPPLE, VI_THANH, a_lot, an_actor, an_organisation, movements_of

TODAY, NOW = clock.today(), clock.now()


def a_draft(**changes):
    draft = LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=40_000,
        ask=8_000,
        place=VI_THANH,
        ready_on=TODAY,
        until=TODAY + timedelta(days=5),
        certificates=frozenset({"vietgap"}),
    )
    return replace(draft, **changes)


def publish(draft, actor):
    return lots.publish_lot(draft, actor=actor, today=TODAY, now=NOW)


def change(lot, draft, actor, version=None):
    return lots.change_lot(lot.id, version or lot.version, draft, actor=actor, today=TODAY, now=NOW)


def hold(lot, quantity):
    db.session.add(
        Movement(key=f"hold:{lot.id}", lot_id=lot.id, kind="hold", quantity=quantity, at=NOW)
    )
    db.session.commit()
    db.session.refresh(lot)


def test_a_cooperative_lists_its_own_goods(each_app):
    seller = an_actor(Role.SELLER)

    lot = publish(a_draft(), seller)

    assert (lot.quantity, lot.open_quantity, lot.locality_id) == (40_000, 40_000, "HG")
    assert lot.organisation_id == seller.organisation_id
    [entry] = movements_of(lot)
    assert (entry.kind, entry.quantity, entry.actor_id) == ("offer", 40_000, seller.user_id)


def test_a_department_lists_for_producers_of_its_locality_and_says_why(app):
    officer = an_actor(Role.OFFICER)
    draft = a_draft(basis=Basis.REQUEST, producer="Tổ khóm ấp 5")

    lot = publish(draft, officer)

    assert (lot.basis, lot.producer) == ("request", "Tổ khóm ấp 5")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"basis": Basis.OWN, "producer": "Bà Mai"}, "basis"),
        ({"basis": Basis.REQUEST, "producer": ""}, "producer"),
        ({"basis": Basis.SURVEY, "producer": "Bà Mai", "place": "D916"}, "place"),
    ],
)
def test_a_department_says_for_whom_and_stays_in_its_locality(app, changes, field):
    with pytest.raises(Rejected) as refused:
        publish(a_draft(**changes), an_actor(Role.OFFICER))

    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.BUYER, Role.READER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_list_no_lots(app, role):
    with pytest.raises(Forbidden):
        publish(a_draft(), an_actor(role))


def test_all_lots_are_listed_or_none(app):
    seller = an_actor()
    good, bad = a_draft(), a_draft(quantity=0)

    with pytest.raises(Rejected):
        lots.publish_lots([good, bad], actor=seller, today=TODAY, now=NOW)

    assert db.session.query(Movement).count() == 0


def test_a_change_is_entered_in_the_books_as_its_difference(each_app):
    seller = an_actor()
    lot = publish(a_draft(), seller)

    changed = change(lot, a_draft(quantity=25_500, ask=None), seller)

    assert (changed.quantity, changed.ask, changed.version) == (25_500, None, 2)
    assert [(m.kind, m.quantity) for m in movements_of(lot)] == [
        ("offer", 40_000),
        (MovementKind.CORRECT, -14_500),
    ]


def test_who_changes_an_old_version_is_told_and_changes_nothing(app):
    seller = an_actor()
    lot = publish(a_draft(), seller)
    change(lot, a_draft(ask=7_500), seller)

    with pytest.raises(Stale) as stale:
        change(lot, a_draft(ask=9_000), seller, version=1)

    assert stale.value.params["who"] == seller.name
    assert lots.lot_to_edit(lot.id, actor=seller).ask == 7_500


def test_what_is_held_cannot_be_taken_back(each_app):
    seller = an_actor()
    lot = publish(a_draft(), seller)
    hold(lot, 15_000)

    with pytest.raises(Rejected) as refused:
        change(lot, a_draft(quantity=14_999), seller)

    assert refused.value.field == "quantity"
    assert change(lot, a_draft(quantity=15_000), seller).open_quantity == 0


def test_what_a_partner_was_promised_stays(app):
    seller = an_actor()
    lot = publish(a_draft(), seller)
    hold(lot, 1)

    with pytest.raises(Rejected) as refused:
        change(lot, a_draft(grade="loai-2"), seller)

    assert refused.value.field == "grade"
    assert change(lot, a_draft(ask=8_500), seller).ask == 8_500


def test_a_certificate_may_come_while_goods_are_promised_but_none_may_go(app):
    seller = an_actor()
    lot = publish(a_draft(certificates=frozenset({"vietgap"})), seller)
    hold(lot, 15_000)

    lot = change(lot, a_draft(certificates=frozenset({"vietgap", "quarantine"})), seller)

    held = papers_held(db.session, [lot.id], clock.today())
    assert held == {lot.id: {"vietgap", "quarantine"}}
    with pytest.raises(Rejected) as refused:
        change(lot, a_draft(certificates=frozenset({"quarantine"})), seller)
    assert refused.value.field == "certificates"


def test_withdrawing_takes_what_is_free_and_leaves_what_is_held(each_app):
    seller = an_actor()
    lot = publish(a_draft(), seller)
    hold(lot, 15_000)

    lots.withdraw_lot(lot.id, lot.version, actor=seller, now=NOW)

    after = lots.lot_to_edit(lot.id, actor=seller)
    assert (after.quantity, after.held, after.open_quantity) == (15_000, 15_000, 0)
    assert after.withdrawn_at is not None


def test_a_withdrawn_lot_is_not_changed_any_more(app):
    seller = an_actor()
    lot = publish(a_draft(), seller)
    lots.withdraw_lot(lot.id, lot.version, actor=seller, now=NOW)

    with pytest.raises(Rejected):
        change(lots.lot_to_edit(lot.id, actor=seller), a_draft(), seller)


def test_a_lot_in_the_middle_of_its_window_can_be_changed(app):
    seller = an_actor()
    lot = a_lot(organisation=seller.organisation_id, ready_on=TODAY - timedelta(days=3), grade="xo")

    changed = change(lot, a_draft(ready_on=lot.ready_on, quantity=900), seller)

    assert changed.quantity == 900


@pytest.mark.parametrize("what", ["edit", "change", "withdraw"])
def test_somebody_elses_lot_is_not_found(app, what):
    lot, seller = a_lot(organisation=an_organisation()), an_actor()
    doing = {
        "edit": lambda: lots.lot_to_edit(lot.id, actor=seller),
        "change": lambda: change(lot, a_draft(), seller),
        "withdraw": lambda: lots.withdraw_lot(lot.id, 1, actor=seller, now=NOW),
    }

    with pytest.raises(NotFound):
        doing[what]()


def test_the_lists_words_find_a_lot_by_goods_place_and_organisation(app):
    seller = an_actor(organisation=an_organisation(name="HTX Khóm Hỏa Lựu"))

    lot = publish(a_draft(), seller)

    for word in ("khom", "cau duc", "vi thanh", "hau giang", "hoa luu"):
        assert f" {word.split()[0]}" in lot.search
