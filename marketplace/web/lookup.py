"""The reference data as this request sees them."""

from __future__ import annotations

from flask import g

from marketplace.services import reference
from marketplace.solving.world import World


def world() -> World:
    """Places, goods and routes; asked for once per request."""
    if "world" not in g:
        g.world = reference.current_world()
    known: World = g.world
    return known
