"""The frame of every page, the pages that explain, and the pages that say what went wrong."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden
from marketplace.web.session import public
from tests.factories import an_actor


@pytest.mark.parametrize("page", ["about", "terms", "privacy"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_explaining_pages_speak_both_languages(client: FlaskClient, page, language):
    client.get(f"/language/{language}")

    answer = client.get(f"/{page}")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_the_language_link_keeps_the_page(client: FlaskClient):
    assert "/language/en?next=/terms" in client.get("/terms").text


def test_the_language_link_leads_nowhere_else(client: FlaskClient):
    for target in ("https://example.org/", "//example.org", "/\\example.org"):
        assert client.get("/language/en", query_string={"next": target}).location == "/"


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500])
def test_every_error_has_a_page_that_says_what_to_do(app: Flask, status):
    from werkzeug.exceptions import abort

    app.add_url_rule(f"/break/{status}", f"break{status}", public(lambda: abort(status)))

    answer = app.test_client().get(f"/break/{status}")

    assert answer.status_code == status
    assert answer.text.count("<h1") == 1


def test_a_broken_page_names_a_code_and_nothing_else(app: Flask):
    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/break", "break", public(broken))

    answer = app.test_client().get("/break")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_forbidden_of_the_domain_is_a_page(app: Flask):
    def refused() -> str:
        raise Forbidden("no")

    app.add_url_rule("/refused", "refused", public(refused))

    assert app.test_client().get("/refused").status_code == 403


@pytest.mark.parametrize("path", ["/lots", "/lots/new", "/needs", "/"])
def test_one_tab_at_most_is_lit(client_of, path):
    page = client_of(an_actor(Role.SELLER)).get(path).text

    bar = page.split('<nav class="tabbar"')[1].split("</nav>")[0]

    assert bar.count("aria-current") <= 1


def test_the_operator_bears_the_markets_name_in_the_readers_language(client: FlaskClient):
    assert "Đơn vị vận hành: Chợ Nam Sông Hậu" in client.get("/").text
    client.get("/language/en")
    assert "Run by Nam Song Hau Market" in client.get("/").text


def test_a_page_that_is_not_there_is_not_said_to_be_a_lot(client: FlaskClient):
    page = client.get("/matches/99").text + client.get("/nowhere").text

    assert "đã bán hay đã rút" not in page
