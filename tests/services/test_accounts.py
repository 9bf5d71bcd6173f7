"""Signing in, passwords, links, members."""

from __future__ import annotations

import threading
import time
import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from argon2.exceptions import VerificationError
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select

from marketplace.domain.accounts import PersonDraft
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.models.base import db
from marketplace.models.notices import OutboxMessage
from marketplace.models.organisations import Membership, OrganisationKind, User
from marketplace.notifications.words import write
from marketplace.services import accounts, members
from marketplace.services.outbox import send_next
from tests.factories import a_membership, a_user, an_actor, an_organisation

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
PASSWORD = "khóm chín vàng"
OTHER = "mưa rơi đêm qua"


@pytest.fixture
def lan(app: Flask) -> Actor:
    """A seller who signs in by address or number."""
    user = a_user(email="lan@htx.vn", phone="+84912345678", password=PASSWORD)
    organisation = an_organisation()
    a_membership(user, organisation, Role.SELLER)
    return Actor(user.id, organisation.id, Role.SELLER, "HG", user.name)


def user_of(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)


def letters() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def token_of(message: OutboxMessage) -> str:
    return message.details["path"].rsplit("/", 1)[1]


@pytest.mark.parametrize("typed", ["lan@htx.vn", "LAN@htx.vn", "0912345678", "+84 912 345 678"])
def test_address_and_number_both_sign_in(lan: Actor, typed: str) -> None:
    assert accounts.sign_in(typed, PASSWORD, now=NOW) == lan.user_id
    assert user_of(lan).signed_in_at == NOW


def test_a_password_is_the_same_whichever_way_its_letters_are_typed(lan: Actor) -> None:
    assert accounts.sign_in("lan@htx.vn", unicodedata.normalize("NFD", PASSWORD), now=NOW)


@pytest.mark.parametrize("typed", ["nobody@htx.vn", "lan@htx.vn", "0999999999", "\0", ""])
def test_every_failure_says_the_same(lan: Actor, typed: str) -> None:
    with pytest.raises(Rejected, match="is not right") as caught:
        accounts.sign_in(typed, "wrong wrong wrong", now=NOW)
    assert caught.value.field is None


def test_nobody_learns_from_the_time_whether_an_account_exists(
    lan: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored)
            raise VerificationError

    a_user(email="invited@htx.vn")
    accounts._nobodys_hash()
    monkeypatch.setattr(accounts, "hasher", Counting())

    for typed in ("lan@htx.vn", "nobody@htx.vn", "invited@htx.vn", "\0"):
        with pytest.raises(Rejected):
            accounts.sign_in(typed, "wrong wrong wrong", now=NOW)

    assert len(compared) == 4
    assert {stored.rsplit("$", 2)[0] for stored in compared} == {compared[0].rsplit("$", 2)[0]}


def test_without_a_membership_nobody_signs_in(app: Flask) -> None:
    a_user(email="gone@htx.vn", password=PASSWORD)

    with pytest.raises(Rejected, match="is not right"):
        accounts.sign_in("gone@htx.vn", PASSWORD, now=NOW)


def test_a_new_password_needs_the_old_one_and_changes_the_session_key(lan: Actor) -> None:
    key = user_of(lan).session_key

    with pytest.raises(Rejected) as caught:
        accounts.change_password("wrong", OTHER, actor=lan)
    accounts.change_password(PASSWORD, OTHER, actor=lan)

    assert caught.value.field == "old_password"
    assert user_of(lan).session_key != key
    assert accounts.actor_of(lan.user_id, key) is None
    assert accounts.sign_in("lan@htx.vn", OTHER, now=NOW)


def test_a_forgotten_password_is_set_by_a_link_that_works_once(lan: Actor) -> None:
    accounts.forgot("0912 345 678", now=NOW)
    [message] = letters()
    token = token_of(message)

    accounts.set_password(token, OTHER)

    assert (message.kind, message.recipient) == ("set_password", "lan@htx.vn")
    assert accounts.sign_in("lan@htx.vn", OTHER, now=NOW)
    with pytest.raises(NotFound):
        accounts.set_password(token, PASSWORD)


def test_nothing_is_sent_for_an_account_that_is_not_there(lan: Actor) -> None:
    for typed in ("nobody@htx.vn", "", "\0", "0999999999"):
        accounts.forgot(typed, now=NOW)

    assert letters() == []


def test_a_link_works_no_longer_than_it_says(lan: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.forgot("lan@htx.vn", now=NOW)
    token = token_of(letters()[0])
    later = int(time.time()) + 2 * 3600 + 5

    assert accounts.holder(token)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: later)

    with pytest.raises(NotFound):
        accounts.holder(token)


@pytest.mark.parametrize("token", ["", "x", "\0", "WzEsMiwzXQ.a.b", "é" * 50])
def test_a_link_that_is_made_up_leads_nowhere(lan: Actor, token: str) -> None:
    with pytest.raises(NotFound):
        accounts.holder(token)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["set_password", "invitation"])
def test_letters_have_a_subject_and_the_link(app: Flask, kind: str, language: str) -> None:
    details = {
        "name": "Lan",
        "path": "/set-password/abc",
        "hours": 48,
        "organisation": "HTX Khóm",
        "inviter": "Minh",
    }

    words = write(kind, details, language)

    assert words.subject
    assert "/set-password/abc" in words.text
    assert words.html
    assert 'href="http' in words.html


def test_somebody_invited_chooses_a_password_and_signs_in(lan: Actor) -> None:
    draft = PersonDraft("Hùng", "hung@htx.vn", None)

    done = members.invite(draft, Role.SELLER, lan.organisation_id, actor=lan, now=NOW)
    accounts.set_password(token_of(letters()[0]), OTHER)

    assert done.path is None
    assert accounts.sign_in("hung@htx.vn", OTHER, now=NOW) == done.user_id
    actor = accounts.actor_of(done.user_id, accounts.session_key(done.user_id))
    assert actor == Actor(done.user_id, lan.organisation_id, Role.SELLER, "HG", "Hùng")


def test_without_an_address_the_inviter_gets_the_link(lan: Actor) -> None:
    draft = PersonDraft("Hùng", None, "0987654321")

    done = members.invite(draft, Role.READER, lan.organisation_id, actor=lan, now=NOW)
    accounts.set_password((done.path or "").rsplit("/", 1)[1], OTHER)

    assert letters() == []
    assert accounts.sign_in("0987 654 321", OTHER, now=NOW) == done.user_id


def test_a_link_for_somebody_with_a_password_never_shows(lan: Actor, app: Flask) -> None:
    other = an_actor(Role.BUYER)
    user = user_of(other)
    user.password_hash, user.email, user.phone = accounts.hash_password(OTHER), None, "+84987654321"
    db.session.commit()
    draft = PersonDraft("Hùng", None, "0987654321")

    done = members.invite(draft, Role.READER, lan.organisation_id, actor=lan, now=NOW)

    assert (done.user_id, done.path) == (other.user_id, None)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR, Role.BUYER, Role.ADMINISTRATOR])
def test_a_seller_cannot_give_more_rights_than_their_own(lan: Actor, role: Role) -> None:
    with pytest.raises(Rejected):
        members.invite(
            PersonDraft("X", "x@y.vn", None), role, lan.organisation_id, actor=lan, now=NOW
        )


def test_other_organisations_are_not_found(lan: Actor) -> None:
    other = an_actor(Role.SELLER)
    theirs = db.session.scalar(select(Membership.id).where(Membership.user_id == other.user_id))

    for attempt in (
        lambda: members.members_of(other.organisation_id, actor=lan),
        lambda: members.remove(theirs, actor=lan),
        lambda: members.change_role(theirs, Role.READER, actor=lan),
        lambda: members.new_link(theirs, actor=lan, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_nobody_gets_a_link_into_another_organisation_by_inviting_its_people(lan: Actor) -> None:
    other = an_organisation()
    a_membership(a_user(email=None, phone="+84987654321"), other, Role.SELLER)
    draft = PersonDraft("?", None, "0987654321")

    done = members.invite(draft, Role.SELLER, lan.organisation_id, actor=lan, now=NOW)
    here = select(Membership.id).where(
        Membership.user_id == done.user_id, Membership.organisation_id == lan.organisation_id
    )

    assert done.path is None
    with pytest.raises(Forbidden):
        members.new_link(db.session.scalars(here).one(), actor=lan, now=NOW)


def test_a_reader_changes_nobody(lan: Actor) -> None:
    user = a_user()
    organisation = db.session.get_one(type(an_organisation()), lan.organisation_id)
    a_membership(user, organisation, Role.READER)
    reader = Actor(user.id, lan.organisation_id, Role.READER, "HG", user.name)
    theirs = db.session.scalar(select(Membership.id).where(Membership.user_id == lan.user_id))

    with pytest.raises(Forbidden):
        members.remove(theirs, actor=reader)
    assert members.members_of(lan.organisation_id, actor=reader).roles == []


def test_somebody_removed_is_signed_out(lan: Actor) -> None:
    done = members.invite(
        PersonDraft("H", "h@y.vn", None), Role.SELLER, lan.organisation_id, actor=lan, now=NOW
    )
    key = accounts.session_key(done.user_id)
    theirs = db.session.scalar(select(Membership.id).where(Membership.user_id == done.user_id))

    members.remove(theirs, actor=lan)

    assert accounts.actor_of(done.user_id, key) is None


def test_the_last_administrator_stays(app: Flask) -> None:
    done = members.create_administrator(
        PersonDraft("Minh", "minh@so.vn", None), "Tổ giúp việc", now=NOW
    )
    server = Actor(0, 0, Role.ADMINISTRATOR, None, "server")
    theirs = db.session.scalar(select(Membership.id).where(Membership.user_id == done.user_id))

    with pytest.raises(Rejected, match="administrator"):
        members.remove(theirs, actor=server)
    with pytest.raises(Rejected, match="administrator"):
        members.change_role(theirs, Role.READER, actor=server)
    assert db.session.get_one(Membership, theirs).role == Role.ADMINISTRATOR


def test_a_role_that_does_not_fit_the_organisation_is_refused(app: Flask) -> None:
    server = Actor(0, 0, Role.ADMINISTRATOR, None, "server")
    farm = an_organisation(OrganisationKind.FARM)

    with pytest.raises(Rejected):
        members.invite(
            PersonDraft("X", "x@y.vn", None), Role.COORDINATOR, farm.id, actor=server, now=NOW
        )


def test_address_and_number_belong_to_one_person(lan: Actor) -> None:
    an_actor(Role.BUYER)
    a_user(email="hung@htx.vn")

    with pytest.raises(Rejected):
        accounts.change(PersonDraft("Lan", "hung@htx.vn", None), PASSWORD, actor=lan)
    with pytest.raises(Rejected):
        members.invite(
            PersonDraft("?", "hung@htx.vn", "0912345678"),
            Role.SELLER,
            lan.organisation_id,
            actor=lan,
            now=NOW,
        )


def test_a_link_is_forgotten_once_it_is_on_its_way(lan: Actor) -> None:
    class Box:
        def send(self, message: EmailMessage) -> None:
            sent.append(message.get_body(("plain",)).get_content())

    sent: list[str] = []
    accounts.forgot("lan@htx.vn", now=NOW)

    send_next(Box(), NOW)

    assert "/set-password/" in sent[0]
    assert "path" not in letters()[0].details


def test_two_who_invite_the_same_person_at_once_make_one_account(each_app: Flask) -> None:
    actor = an_actor(Role.SELLER)
    draft = PersonDraft("Hùng", "hung@htx.vn", None)
    results: list[object] = []

    def invite() -> None:
        with each_app.app_context():
            try:
                results.append(
                    members.invite(draft, Role.SELLER, actor.organisation_id, actor=actor, now=NOW)
                )
            except Rejected as error:
                results.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=invite) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(isinstance(result, Rejected) for result in results) == [False, True, True, True]


def test_a_link_pressed_twice_at_once_works_once(each_app: Flask) -> None:
    a_user(email="lan@htx.vn")
    accounts.forgot("lan@htx.vn", now=NOW)
    token = token_of(letters()[0])
    results: list[bool] = []

    def press() -> None:
        with each_app.app_context():
            try:
                accounts.set_password(token, OTHER)
                results.append(True)
            except NotFound:
                results.append(False)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False, False, True]
