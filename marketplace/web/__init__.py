"""Speaks HTML; calls services only."""

from __future__ import annotations

from flask import Flask

from marketplace.web import (
    accounts,
    addresses,
    applications,
    asking,
    assets,
    browsing,
    changes,
    condition_words,
    conditions,
    desk,
    errors,
    exports,
    formats,
    forward,
    forward_words,
    health,
    home,
    import_words,
    imports,
    inbox,
    language,
    link_words,
    listing_words,
    lots,
    members,
    more,
    needs,
    network,
    organisations,
    pages,
    picture,
    places,
    plan_matrix,
    prices,
    programme,
    programme_words,
    proofs,
    read_back,
    restrictions,
    rounds,
    scenario_words,
    scenarios,
    search,
    security,
    series,
    series_words,
    session,
    tariffs,
    understood,
)

MODULES = (
    addresses,
    security,
    language,
    assets,
    formats,
    pages,
    errors,
    session,
    accounts,
    members,
    organisations,
    health,
    home,
    places,
    network,
    link_words,
    condition_words,
    conditions,
    restrictions,
    programme_words,
    programme,
    applications,
    tariffs,
    prices,
    browsing,
    listing_words,
    forward_words,
    understood,
    read_back,
    search,
    lots,
    more,
    needs,
    forward,
    plan_matrix,  # with it the plans, whose pages it adds to
    exports,
    series_words,
    series,
    desk,
    import_words,
    imports,
    rounds,
    changes,
    proofs,
    picture,
    scenario_words,
    scenarios,
    asking,  # with it the matches, whose pages it adds to
    inbox,
)
"""Each may have an ``init_app`` and a blueprint ``bp``."""


def register(app: Flask) -> None:
    """Bind everything that answers a browser."""
    for module in MODULES:
        if hasattr(module, "init_app"):
            module.init_app(app)
        if hasattr(module, "bp"):
            app.register_blueprint(module.bp)
