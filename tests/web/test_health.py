"""What whoever watches the server is told."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from marketplace import clock
from marketplace.extensions import db
from marketplace.services import beats


def test_the_process_says_that_it_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_a_database_of_an_older_version_is_not_ready(app: Flask, client: FlaskClient) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"].startswith("at 0001")


def test_without_a_worker_it_is_not_ready(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["worker"] == "never"


def test_a_worker_that_beats_makes_it_ready_and_silence_does_not(
    app: Flask, client: FlaskClient
) -> None:
    beats.beat("worker", clock.now())
    assert client.get("/readyz").json["ready"] is True

    beats.beat("worker", clock.now() - timedelta(seconds=90))
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "silent" in answer.json["checks"]["worker"]
