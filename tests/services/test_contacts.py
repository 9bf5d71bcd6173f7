"""Telephone numbers of listers: for signed-in organisations, kept and limited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.notices import ContactLookup
from marketplace.services import contacts
from tests.factories import a_lot, a_need, an_actor, an_organisation

NOW = clock.now()


def look(listing, actor, *, most=30, now=NOW):
    return contacts.of_lot(listing.id, actor=actor, now=now, most=most)


def looks():
    return list(db.session.scalars(select(ContactLookup).order_by(ContactLookup.id)))


def test_a_look_gives_the_listers_number_and_is_kept(each_app):
    lister = an_organisation(name="HTX Hỏa Lựu", phone="+84909000111", contact_name="Bà Sáu")
    lot, buyer = a_lot(organisation=lister), an_actor(Role.BUYER)

    found = look(lot, buyer)

    assert (found.organisation, found.name, found.phone) == (
        "HTX Hỏa Lựu",
        "Bà Sáu",
        "+84909000111",
    )
    [kept] = looks()
    assert (kept.user_id, kept.organisation_id, kept.lot_id) == (
        buyer.user_id,
        buyer.organisation_id,
        lot.id,
    )


def test_an_organisation_looks_up_so_many_a_day(app):
    organisation = an_organisation("trader")
    first, second = (an_actor(Role.BUYER, organisation) for _ in range(2))
    lots = [a_lot() for _ in range(3)]
    look(lots[0], first, most=2)
    look(lots[1], second, most=2)

    with pytest.raises(Rejected):
        look(lots[2], first, most=2)

    assert len(looks()) == 2
    assert look(lots[2], an_actor(Role.BUYER), most=2).phone
    assert look(lots[2], first, most=2, now=NOW + timedelta(days=1)).phone


def test_the_same_number_again_on_the_same_day_is_not_counted(app):
    buyer, lot = an_actor(Role.BUYER), a_lot()

    for _ in range(3):
        look(lot, buyer, most=1)

    assert len(looks()) == 1


def test_needs_have_numbers_too(app):
    seller, need = an_actor(Role.SELLER), a_need()

    assert contacts.of_need(need.id, actor=seller, now=NOW, most=1).phone
    assert looks()[0].need_id == need.id


def test_readers_look_up_nothing_and_a_withdrawn_lot_has_no_number(app):
    with pytest.raises(Forbidden):
        look(a_lot(), an_actor(Role.READER))
    with pytest.raises(NotFound):
        look(a_lot(withdrawn_at=NOW), an_actor(Role.BUYER))

    assert looks() == []


def test_another_day_the_same_number_is_still_free(app):
    lot, buyer = a_lot(), an_actor(Role.BUYER)
    look(lot, buyer)

    tomorrow = NOW + timedelta(days=1)
    look(lot, buyer, most=0, now=tomorrow)

    assert len(looks()) == 1
    [lot] = db.session.scalars(select(Lot).options(joinedload(Lot.organisation)))
    seen = contacts.looks_at(lot, actor=buyer, now=tomorrow, most=30)
    assert (seen.left, seen.contact is not None) == (30, True)
