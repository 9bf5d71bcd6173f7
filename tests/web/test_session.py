"""Who may enter, and what becomes of what a person typed when the session is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from marketplace.domain.actors import Actor, Role
from marketplace.services import accounts
from marketplace.web.forms import Form
from marketplace.web.session import allowed, public, signed_in
from tests.factories import a_membership, a_user, an_actor, an_organisation

PASSWORD = "khóm chín vàng"
HERE = {"Origin": "http://localhost"}


class NoteForm(Form):
    note = StringField("Note", [InputRequired()])
    password = PasswordField("Secret")


@pytest.fixture(autouse=True)
def pages(app: Flask) -> list[str]:
    """A page of each kind, and what the form's page and the button did."""
    done: list[str] = []
    app.add_url_rule("/open", view_func=public(_page("open")))
    app.add_url_rule("/members-only", view_func=signed_in(_page("only")))
    app.add_url_rule("/sellers", view_func=allowed(Role.SELLER)(_page("sellers")))
    app.add_url_rule("/forgotten", view_func=_page("nobody"))

    @signed_in
    def note() -> str:
        form = NoteForm()
        if form.validate_on_submit():
            done.append(form.note.data)
        field = form.note(id="n")
        return (
            f'<form method="post">{form.csrf_token if "csrf_token" in form else ""}{field}</form>'
        )

    @signed_in
    def press() -> str:
        done.append("pressed")
        return "pressed"

    app.add_url_rule("/note", view_func=note, methods=["GET", "POST"])
    app.add_url_rule("/press", view_func=press, methods=["POST"])
    return done


def _page(text: str) -> Callable[[], str]:
    def view() -> str:
        return text

    view.__name__ = text
    return view


def a_seller() -> Actor:
    user = a_user(email="lan@htx.vn", phone="+84912345678", password=PASSWORD)
    organisation = an_organisation()
    a_membership(user, organisation, Role.SELLER)
    return Actor(user.id, organisation.id, Role.SELLER, "HG", user.name)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found.group(1)) if found else ""


def test_a_page_that_says_nothing_is_closed_to_everybody(client, client_of):
    assert client.get("/forgotten").status_code == 302
    assert client_of(an_actor(Role.ADMINISTRATOR)).get("/forgotten").status_code == 403


def test_strangers_are_asked_to_sign_in_and_come_back(client):
    a_seller()

    asked = client.get("/members-only?a=1&b=2")
    assert asked.location == "/sign-in?next=/members-only?a%3D1%26b%3D2"
    page = client.get(asked.location).text
    answer = client.post(
        "/sign-in",
        data={"name": "0912 345 678", "password": PASSWORD, "next": hidden(page, "next")},
    )

    assert answer.location == "/members-only?a=1&b=2"
    assert client.get(answer.location).text == "only"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = client.get("/members-only", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_another_role_is_refused(client_of):
    assert client_of(an_actor(Role.SELLER)).get("/sellers").text == "sellers"
    assert client_of(an_actor(Role.BUYER)).get("/sellers").status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\nLocation: x",
        "//[",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_elsewhere(client, target):
    a_seller()

    answer = client.post(
        "/sign-in", data={"name": "lan@htx.vn", "password": PASSWORD, "next": target}
    )

    assert answer.location == "/"


def test_what_was_typed_comes_back_after_signing_in(client, pages):
    a_seller()
    data = {"note": "chín <vàng>", "password": "không giữ"}

    lost = client.post("/note", data=data, headers=HERE)
    assert lost.status_code == 401
    assert "giữ" in lost.text or "kept" in lost.text
    fields = {name: hidden(lost.text, name) for name in ("next", "kept")}
    answer = client.post(
        "/sign-in", data={"name": "lan@htx.vn", "password": PASSWORD, **fields}, headers=HERE
    )
    assert (answer.status_code, answer.location) == (307, "/note")
    shown = client.post("/note", data={**fields, "password": PASSWORD}, headers=HERE, token=False)

    assert 'value="chín &lt;vàng&gt;"' in shown.text
    assert "không giữ" not in shown.text
    assert pages == []


def test_a_button_pressed_after_the_session_was_lost_asks_once_more(client_of, client, pages):
    lost = client.post("/press", data={"quantity": "5"}, headers=HERE)
    fields = {"kept": hidden(lost.text, "kept")}

    shown = client_of(a_seller()).post("/press", data=fields, headers=HERE, token=False)

    assert hidden(shown.text, "quantity") == "5"
    assert pages == []


def test_a_form_with_an_old_token_is_shown_again_with_what_was_typed(client_of, pages):
    client = client_of(a_seller())

    answer = client.post("/note", data={"note": "chín"}, headers=HERE, token=False)

    assert answer.status_code == 400
    assert 'value="chín"' in answer.text
    assert pages == []


def test_another_site_gets_nothing_filled_in(client_of, client, pages):
    evil = {"Origin": "https://evil.example"}

    answer = client_of(a_seller()).post("/note", data={"note": "x"}, headers=evil, token=False)
    lost = client.post("/note", data={"note": "x"}, headers=evil)

    assert answer.status_code == 400
    assert 'value="x"' not in answer.text
    assert hidden(lost.text, "kept") == ""
    assert pages == []


def test_a_kept_form_cannot_be_made_up_or_moved_to_another_page(client_of, client):
    lost = client.post("/press", data={"note": "5"}, headers=HERE)
    moved = {"kept": hidden(lost.text, "kept")}
    browser = client_of(a_seller())

    for data in (moved, {"kept": "made-up"}, {"kept": "\0"}):
        answer = browser.post("/note", data=data, headers=HERE, token=False)
        assert answer.status_code == 400
        assert 'value="5"' not in answer.text


def test_a_new_session_key_signs_every_browser_out(client_of):
    actor = a_seller()
    first, second = client_of(actor), client_of(actor)

    accounts.sign_out_everywhere(actor=actor)

    assert [browser.get("/members-only").status_code for browser in (first, second)] == [302, 302]


@pytest.mark.parametrize("identity", ["", "x", "1", "1.wrong", "99999999999999999999.k", "1.\0"])
def test_a_session_that_means_nobody_is_a_stranger(client: FlaskClient, identity: str) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = identity

    assert client.get("/members-only").status_code == 302


@pytest.mark.parametrize(
    ("page", "field", "typed"),
    [
        ("/lots/new", "quantity", "25,5 tấn"),
        ("/lots/paste", "rows", "khóm\t40 tấn"),
        ("/needs/new", "quantity", "3 tạ"),
        ("/account/edit", "name", "Lan Anh"),
    ],
)
def test_the_real_forms_come_back_filled_in(client, client_of, page, field, typed):
    officer = an_actor(Role.OFFICER)

    lost = client.post(page, data={field: typed, "step": "save"}, headers=HERE)
    fields = {"kept": hidden(lost.text, "kept"), "next": hidden(lost.text, "next")}
    browser = client_of(officer)
    after = browser.post(page, data=fields, headers=HERE, token=False)
    old = browser.post(page, data={field: typed, "step": "save"}, headers=HERE, token=False)

    assert (lost.status_code, after.status_code, old.status_code) == (401, 200, 400)
    assert fields["next"] == page
    assert typed in after.text
    assert typed in old.text
