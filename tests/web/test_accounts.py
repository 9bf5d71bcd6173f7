"""Signing in and out, one's own account, members, organisations: as a browser sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace import create_app
from marketplace.config import Settings
from marketplace.domain.actors import Actor, Role
from marketplace.models.base import db
from marketplace.models.notices import OutboxMessage
from marketplace.models.organisations import (
    Membership,
    Organisation,
    OrganisationKind,
    User,
)
from tests.conftest import TESTING, LawfulClient
from tests.factories import a_membership, a_user, an_actor, an_organisation

PASSWORD = "khóm chín vàng"
OTHER = "mưa rơi đêm qua"
Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def lan(app: Flask) -> Actor:
    user = a_user(name="Lan", email="lan@htx.vn", password=PASSWORD)
    organisation = an_organisation(name="HTX Khóm")
    a_membership(user, organisation, Role.SELLER)
    return Actor(user.id, organisation.id, Role.SELLER, "HG", "Lan")


def a_colleague(actor: Actor, role: Role = Role.SELLER) -> int:
    """Number of another membership of the actor's organisation."""
    home = db.session.get_one(Organisation, actor.organisation_id)
    return a_membership(a_user(name="Hùng"), home, role).id


def test_signing_in_and_out(lan: Actor, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"name": "lan@htx.vn", "password": PASSWORD})
    account = client.get("/account").text
    gone = client.post("/sign-out", follow_redirects=True)

    assert (answer.status_code, answer.location) == (302, "/")
    assert "HTX Khóm" in account
    assert "Bạn đã đăng xuất" in gone.text
    assert client.get("/account").status_code == 302


def test_signing_in_gives_a_new_session_and_keeps_the_language(
    lan: Actor, client: FlaskClient
) -> None:
    client.get("/language/en")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    client.post("/sign-in", data={"name": "lan@htx.vn", "password": PASSWORD})

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"
        assert not session.permanent


def test_the_language_that_somebody_clicks_is_that_of_their_letters(
    lan: Actor, client_of: Browser
) -> None:
    client_of(lan).get("/language/en")

    assert db.session.get_one(User, lan.user_id).language == "en"


def test_staying_signed_in_is_asked_for(lan: Actor, client: FlaskClient) -> None:
    data = {"name": "lan@htx.vn", "password": PASSWORD, "remember": "y"}

    client.post("/sign-in", data=data)

    with client.session_transaction() as session:
        assert session.permanent


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", ""),
        ("lan@htx.vn", ""),
        ("lan@htx.vn", "wrong wrong"),
        ("nobody@htx.vn", PASSWORD),
        ("lan@htx.vn\0", PASSWORD + "\0"),
        ("x" * 100_000, "y" * 100_000),
        ("<script>alert(1)</script>", "x y z x y z"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    lan: Actor, client: FlaskClient, name: str, password: str
) -> None:
    answer = client.post("/sign-in", data={"name": name, "password": password})

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    if 0 < len(name) < 1000 and "<" not in name and "\0" not in name:
        assert f'value="{name}"' in answer.text
    assert not password or password not in answer.text


def test_guessing_is_slowed_down(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "marketplace.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(instance=str(tmp_path), secret_key="test")
    app = create_app(settings, **{**TESTING, "RATELIMIT_ENABLED": True})
    app.test_client_class = LawfulClient
    with app.app_context():
        browser = app.test_client()
        wrong = {"name": "lan@htx.vn", "password": "wrong wrong"}
        answers = [browser.post("/sign-in", data=wrong).status_code for _ in range(11)]
        db.session.remove()
        db.engine.dispose()

    assert answers == [422] * 10 + [429]


def test_a_forgotten_password_tells_nobody_who_has_an_account(
    lan: Actor, client: FlaskClient
) -> None:
    pages = [
        client.post("/forgotten-password", data={"name": name}).text.split("<main")[1]
        for name in ("lan@htx.vn", "nobody@htx.vn", "\0", "0999999999")
    ]

    assert len(set(pages)) == 1
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1


def test_the_link_of_a_letter_sets_the_password_once(lan: Actor, client: FlaskClient) -> None:
    client.post("/forgotten-password", data={"name": "lan@htx.vn"})
    path = db.session.scalars(select(OutboxMessage)).one().details["path"]

    asked = client.get(path)
    weak = client.post(path, data={"password": "1234567890"})
    done = client.post(path, data={"password": OTHER})
    again = client.post(path, data={"password": PASSWORD})

    assert (asked.status_code, weak.status_code, done.status_code) == (200, 422, 302)
    assert again.status_code == 404
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "é" * 300])
def test_a_made_up_link_is_a_clear_page(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/set-password/{token}")

    assert answer.status_code == 404
    assert answer.text.count("<h1") == 1


def test_a_new_password_signs_other_devices_out_but_not_this_one(
    lan: Actor, client_of: Browser
) -> None:
    here, there = client_of(lan), client_of(lan)

    wrong = here.post("/account/password", data={"old_password": "no", "password": OTHER})
    done = here.post("/account/password", data={"old_password": PASSWORD, "password": OTHER})

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_signing_out_everywhere(lan: Actor, client_of: Browser) -> None:
    here, there = client_of(lan), client_of(lan)

    here.post("/sign-out/everywhere")

    assert [browser.get("/account").status_code for browser in (here, there)] == [302, 302]


def test_somebody_corrects_their_own_name_and_number(lan: Actor, client_of: Browser) -> None:
    data = {"name": "Lan Anh", "email": "lan@htx.vn", "phone": "0912 345 678"}
    browser = client_of(lan)

    wrong = browser.post("/account/edit", data={**data, "phone": "12", "old_password": PASSWORD})
    done = browser.post("/account/edit", data={**data, "old_password": PASSWORD})

    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    assert done.status_code == 302
    assert "0912\u00a0345\u00a0678" in browser.get("/account").text


def test_somebody_in_two_organisations_acts_for_one_at_a_time(
    lan: Actor, client_of: Browser
) -> None:
    other = an_organisation(OrganisationKind.TRADER, name="Vựa")
    a_membership(db.session.get_one(type(a_user()), lan.user_id), other, Role.BUYER)
    browser = client_of(lan)

    assert "HTX Khóm" in browser.get("/members").text
    browser.post(f"/account/organisation/{other.id}")
    assert "Vựa" in browser.get("/members").text
    browser.post("/account/organisation/99999")
    assert browser.get("/members").status_code == 200


def test_a_member_invites_another_one(lan: Actor, client_of: Browser) -> None:
    page = f"/organisations/{lan.organisation_id}/members/invite"
    data = {"name": "Hùng", "email": "hung@htx.vn", "role": "seller"}
    browser = client_of(lan)

    assert "Điều phối" not in browser.get(page).text
    for bad in ({"email": "", "phone": ""}, {"role": "administrator"}, {"role": "x"}, {"name": ""}):
        assert browser.post(page, data={**data, **bad}).status_code == 422
    done = browser.post(page, data=data, follow_redirects=True)

    assert "hung@htx.vn" in done.text
    assert db.session.scalars(select(OutboxMessage)).one().kind == "invitation"


def test_without_an_address_the_link_is_handed_over(
    lan: Actor, client_of: Browser, client: FlaskClient
) -> None:
    page = f"/organisations/{lan.organisation_id}/members/invite"
    data = {"name": "Hùng", "phone": "0987654321", "role": "reader"}

    shown = client_of(lan).post(page, data=data).text
    path = shown.split("<code>http://127.0.0.1:8000")[1].split("</code>")[0]

    assert client.get(path).status_code == 200


def test_who_only_buys_gives_nobody_the_role_of_a_seller(client_of: Browser) -> None:
    market = an_organisation("wholesale")
    page = f"/organisations/{market.id}/members/invite"
    data = {"name": "Hùng", "email": "hung@cho.vn", "role": "seller"}
    browser = client_of(an_actor(Role.ADMINISTRATOR))

    assert browser.post(page, data=data).status_code == 422
    done = browser.post(page, data={**data, "role": "buyer"}, follow_redirects=True)

    assert "Liên kết dùng một lần" in done.text
    assert "chưa chọn mật khẩu" in done.text


def test_members_are_changed_by_their_own_people_only(lan: Actor, client_of: Browser) -> None:
    member = a_colleague(lan)
    stranger = client_of(an_actor(Role.SELLER))
    browser = client_of(lan)

    for part in ("role", "remove", "link"):
        assert stranger.post(f"/members/{member}/{part}").status_code == 404
    assert stranger.get(f"/organisations/{lan.organisation_id}/members").status_code == 404
    assert browser.post(f"/members/{member}/role", data={"role": "officer"}).status_code == 422
    assert browser.post(f"/members/{member}/role", data={"role": "reader"}).status_code == 302
    assert browser.post(f"/members/{member}/remove").status_code == 302
    assert db.session.get(Membership, member) is None


def test_administrators_keep_organisations(client_of: Browser) -> None:
    browser = client_of(an_actor(Role.ADMINISTRATOR))
    data = {
        "name": "HTX <b>Mới</b>",
        "kind": "cooperative",
        "locality": "",
        "place": "phuong vi thanh",
        "phone": "0912345678",
    }

    wrong = [
        browser.post("/organisations/new", data={**data, **bad})
        for bad in (
            {"name": ""},
            {"kind": "x"},
            {"place": "nowhere at all"},
            {"phone": "1"},
            {"locality": "XX"},
            {"name": "\0"},
            {"name": "x" * 100_000},
        )
    ]
    made = browser.post("/organisations/new", data=data, follow_redirects=True)
    row = db.session.scalars(select(Organisation).where(Organisation.name == data["name"])).one()
    edited = browser.get(f"/organisations/{row.id}/edit")

    assert {answer.status_code for answer in wrong} == {422}
    assert "HTX &lt;b&gt;Mới&lt;/b&gt;" in made.text
    assert (row.locality_id, row.phone) == ("HG", "+84912345678")
    assert "Phường Vị Thanh" in edited.text


def test_an_organisation_is_found_by_its_name_without_marks(client_of: Browser) -> None:
    browser = client_of(an_actor(Role.ADMINISTRATOR))
    for name in ("HTX Khóm Hỏa Lựu", "Vựa Tư Bình Điền"):
        an_organisation(name=name)

    found = browser.get("/organisations?q=hoa luu").text

    assert "HTX Khóm Hỏa Lựu" in found
    assert "Vựa Tư" not in found
    assert "Không có đơn vị nào tên như vậy" in browser.get("/organisations?q=zzz %_").text


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "99999999999999999999"])
def test_a_page_of_organisations_that_there_is_not(client_of: Browser, page: str) -> None:
    browser = client_of(an_actor(Role.ADMINISTRATOR))

    assert browser.get(f"/organisations?page={page}").status_code == 200


def test_sample_accounts_are_there_in_the_demo_only(
    sqlite_template: Path, tmp_path: Path, client: FlaskClient
) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "marketplace.db").write_bytes(sqlite_template.read_bytes())
    app = create_app(Settings(str(tmp_path / "demo"), secret_key="test", demo=True), **TESTING)
    app.test_client_class = LawfulClient
    with app.app_context():
        user = a_user(name="Mẫu", email="mau@demo.example")
        a_membership(user, an_organisation(), Role.SELLER)
        a_membership(a_user(email="lan@htx.vn"), an_organisation(), Role.SELLER)
        browser = app.test_client()
        page = browser.get("/sign-in?next=/account").text
        other = browser.post("/sign-in/sample", data={"email": "lan@htx.vn"})
        done = browser.post("/sign-in/sample", data={"email": "mau@demo.example"})
        inside = browser.get("/account").text
        db.session.remove()
        db.engine.dispose()

    assert "mau@demo.example" in page
    assert other.status_code == 404
    assert done.status_code == 302
    assert "Mẫu" in inside
    assert client.post("/sign-in/sample", data={"email": "mau@demo.example"}).status_code == 404
    assert "sample" not in client.get("/sign-in").text
