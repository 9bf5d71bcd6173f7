"""Speaks HTML; calls services only."""

from __future__ import annotations

from flask import Flask

from marketplace.web import assets, errors, formats, health, home, language, pages, security


def register(app: Flask) -> None:
    """Bind everything that answers a browser."""
    security.init_app(app)
    language.init_app(app)
    assets.init_app(app)
    formats.init_app(app)
    pages.init_app(app)
    errors.init_app(app)
    for module in (health, home, language, pages):
        app.register_blueprint(module.bp)
