"""What tests share: applications on a fresh database, SQLite or PostgreSQL, with the real data files."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from psycopg import sql
from sqlalchemy import URL
from werkzeug.test import TestResponse

from marketplace import create_app
from marketplace.config import Settings
from marketplace.domain.actors import Actor
from marketplace.extensions import db
from marketplace.services import accounts, reference
from tests.page_laws import broken_laws

TESTING = {
    "TESTING": True,
    "PROPAGATE_EXCEPTIONS": False,
    "RATELIMIT_ENABLED": False,
    "COMPRESS_REGISTER": False,
}


accounts.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # tests are quick


def make_app(instance: Path, database_url: str = "", **config: object) -> Flask:
    """An application whose files lie in ``instance``."""
    settings = Settings(instance=str(instance), database_url=database_url, secret_key="test")
    app = create_app(settings, **{**TESTING, **config})
    app.test_client_class = LawfulClient
    return app


def prepare(app: Flask) -> None:
    """Create the tables by the migrations and load the data files."""
    with app.app_context():
        upgrade()
        reference.load()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the data files loaded, to be copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    prepare(make_app(folder))
    return folder / "marketplace.db"


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """Name of a migrated PostgreSQL database with the data files loaded."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    with _postgresql() as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    prepare(make_app(Path(os.environ.get("TMPDIR", "/tmp")), postgresql_url(name)))
    yield name
    with _postgresql() as server:
        server.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on its own SQLite database, with an application context."""
    shutil.copy(sqlite_template, tmp_path / "marketplace.db")
    application = make_app(tmp_path)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def postgresql_app(postgresql_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The same on a PostgreSQL database of its own."""
    name = f"test_{uuid.uuid4().hex[:8]}"
    with _postgresql() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(postgresql_template)
            )
        )
    application = make_app(tmp_path, postgresql_url(name))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()
    with _postgresql() as server:
        server.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def each_app(request: pytest.FixtureRequest) -> Flask:
    """For what must hold on both databases: the test runs once on each."""
    name = "app" if request.param == "sqlite" else "postgresql_app"
    application: Flask = request.getfixturevalue(name)
    return application


class LawfulClient(FlaskClient):
    """A test client that looks at every page that it is given: see `page_laws`.

    It posts with a valid token, as a browser that has opened the page before; ``token=False`` leaves
    it out.
    """

    def open(self, *args: Any, token: bool = True, **kwargs: Any) -> TestResponse:
        if token and kwargs.get("method", "GET") == "POST":
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), **self._token()}
        response = super().open(*args, **kwargs)
        _forget_the_request()
        is_page = response.mimetype == "text/html" and b"<html" in response.data
        if is_page and not response.is_json:
            broken = broken_laws(response.get_data(as_text=True))
            assert broken == [], f"{response.request.path}: {broken}"
        return response

    def _token(self) -> dict[str, str]:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "token-of-a-test")
        serializer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        return {"X-CSRFToken": serializer.dumps(raw)}


def _forget_the_request() -> None:
    """A request inside a test's application context shares ``g`` with it; outside it does not."""
    for name in list(g) if has_app_context() else ():
        g.pop(name)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser; every page it opens is held against the page laws."""
    return app.test_client()


@pytest.fixture
def client_of(app: Flask) -> Callable[[Actor], FlaskClient]:
    """The browser of somebody who has signed in."""

    def browser(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = f"{actor.user_id}.{accounts.session_key(actor.user_id)}"
            session["organisation"] = actor.organisation_id
        return client

    return browser


def _postgresql() -> psycopg.Connection:
    if not os.environ.get("PGHOST"):
        pytest.fail("PostgreSQL is part of the tests: run them by `make test` (pg_virtualenv)")
    return psycopg.connect("dbname=postgres", autocommit=True)


def postgresql_url(name: str) -> str:
    """SQLAlchemy's address of a database on the server that the environment names."""
    with _postgresql() as server:
        info = server.info
        return URL.create(
            "postgresql+psycopg",
            info.user,
            info.password or None,
            database=name,
            query={"host": info.host, "port": str(info.port)},
        ).render_as_string(hide_password=False)
