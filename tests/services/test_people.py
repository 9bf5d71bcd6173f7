"""A person's data: all of it in their hands, or gone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.organisations import Membership, Organisation, User
from marketplace.services import accounts, people
from marketplace.services.answers import accept
from tests.factories import a_lot, a_membership, a_user, an_organisation
from tests.round_factories import a_match, seller_of

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def lan(each_app: Flask) -> User:
    """Somebody whose name and number stand in many tables."""
    user = a_user(
        name="Nguyễn Thị Lan", email="lan@htx.vn", phone="+84912345678", password="khóm chín vàng"
    )
    home = an_organisation(contact_name="Nguyễn Thị Lan", phone="+84912345678")
    a_membership(user, home, Role.SELLER)
    a_lot(organisation=home, created_by=user.id)
    accounts.forgot("lan@htx.vn", now=NOW)
    told = {"contact": "Nguyễn Thị Lan", "phones": ["+84912345678"], "quantity": 5}
    other = an_organisation()
    db.session.add(
        Notice(organisation_id=other.id, kind="match_confirmed", details=told, created_at=NOW)
    )
    db.session.commit()
    return user


def everything() -> str:
    """All that is stored, as text."""
    return json.dumps(
        [
            [list(map(str, row)) for row in db.session.execute(select(table))]
            for table in User.metadata.sorted_tables
        ],
        ensure_ascii=False,
    )


@pytest.mark.parametrize("who", ["lan@htx.vn", "0912 345 678", "id"])
def test_an_export_holds_all_that_names_the_person_and_no_secret(lan: User, who: str) -> None:
    found = people.export(str(lan.id) if who == "id" else who)

    assert set(found) == {
        "user_account",
        "membership",
        "organisation",
        "lot",
        "notice",
        "outbox_message",
    }
    text = json.dumps(found, ensure_ascii=False)
    assert "Nguyễn Thị Lan" in text
    assert lan.session_key not in text
    assert "argon2" not in text


def test_after_an_erasure_nothing_names_the_person_and_the_lot_stays(lan: User) -> None:
    number, key = lan.id, lan.session_key

    people.erase("lan@htx.vn", now=NOW)

    left = everything()
    for word in ("Nguyễn Thị Lan", "lan@htx.vn", "912345678"):
        assert word not in left
    db.session.expire_all()
    assert db.session.scalars(select(Lot)).one().created_by == number
    assert accounts.actor_of(number, key) is None
    assert db.session.scalars(select(OutboxMessage)).all() == []
    assert db.session.scalars(select(Notice)).one().details["quantity"] == 5
    with pytest.raises(NotFound):
        people.export("lan@htx.vn")


@pytest.mark.parametrize("who", ["", "nobody@htx.vn", "0", "99", "9" * 40, "\0"])
def test_nobody_of_that_name(app: Flask, who: str) -> None:
    with pytest.raises(NotFound):
        people.export(who)


def test_the_last_administrator_is_not_erased(app: Flask) -> None:
    user = a_user(email="minh@so.vn")
    a_membership(user, an_organisation("coordination"), Role.ADMINISTRATOR)

    with pytest.raises(Rejected):
        people.erase("minh@so.vn", now=NOW)

    assert db.session.scalar(select(Membership.id))
    assert db.session.scalar(select(Organisation.id))


def test_an_export_keeps_the_other_sides_sealed_price(app: Flask) -> None:
    match = a_match()
    seller = seller_of(match)
    accept(match.id, actor=seller, now=clock.now())

    [told] = people.export(str(seller.user_id))["match"]

    assert told["lot_accepted_by"] == seller.user_id
    assert {"bid", "price_high", "buyer_next"}.isdisjoint(told)
