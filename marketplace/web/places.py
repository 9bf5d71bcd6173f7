"""Places and goods as people type them, and how far the seats are from each other."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from marketplace.services import places
from marketplace.web import formats
from marketplace.web.session import public

bp = Blueprint("places", __name__)

LONGEST = 100


@bp.get("/suggest/places")
@public
def names() -> ResponseReturnValue:
    """What a field for a place offers while somebody types; see frontend/suggest.js."""
    found = places.find_places(_typed())
    return {"options": [{"value": place.value, "note": place.note} for place in found]}


@bp.get("/suggest/commodities")
@public
def commodities() -> ResponseReturnValue:
    """What a field for goods offers while somebody types."""
    groups = places.group_names()
    found = places.find_commodities(_typed())
    return {
        "options": [
            {"value": formats.name(good), "note": formats.name(groups[good.group])}
            for good in found
        ]
    }


def _typed() -> str:
    return request.args.get("q", "")[:LONGEST]
