"""Speaks HTML; calls services only."""

from __future__ import annotations

from flask import Flask

from marketplace.web import (
    accounts,
    addresses,
    assets,
    errors,
    formats,
    health,
    home,
    language,
    pages,
    places,
    security,
    session,
)


def register(app: Flask) -> None:
    """Bind everything that answers a browser."""
    addresses.init_app(app)
    security.init_app(app)
    language.init_app(app)
    assets.init_app(app)
    formats.init_app(app)
    pages.init_app(app)
    errors.init_app(app)
    session.init_app(app)
    accounts.init_app(app)
    for module in (accounts, health, home, language, pages, places):
        app.register_blueprint(module.bp)
