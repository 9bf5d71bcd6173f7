"""What whoever watches the server is told."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from marketplace.extensions import db


def test_the_process_says_that_it_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_a_database_of_an_older_version_is_not_ready(app: Flask, client: FlaskClient) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"].startswith("at 0001")
