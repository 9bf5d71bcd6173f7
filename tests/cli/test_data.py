"""`flask data load`."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete

from marketplace.models.base import db
from marketplace.models.reference import DataLoad, HandlingRate


def test_loading_says_what_it_changed(app: Flask) -> None:
    db.session.execute(delete(HandlingRate))
    db.session.execute(delete(DataLoad))
    db.session.commit()
    runner = app.test_cli_runner()

    first, second = (runner.invoke(args=["data", "load"]) for _ in range(2))

    assert "handling: 5 new, 0 changed, 0 gone" in first.output
    assert second.output == "The tables are up to date.\n"
