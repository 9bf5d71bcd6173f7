"""Suggestions while somebody types a place, goods or a link."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from marketplace.domain.places import PlaceKind
from marketplace.services import road_states
from marketplace.web import language
from marketplace.web.fields import SHORT
from marketplace.web.formats import number
from marketplace.web.link_words import MODES
from marketplace.web.lookup import world
from marketplace.web.session import maybe_actor, public

bp = Blueprint("search", __name__)
MOST = 8


@bp.get("/places/search")
@public
def places() -> ResponseReturnValue:
    """Communes, seats, markets, gates and ports that fit ``q``."""
    gazetteer = world().gazetteer
    found = gazetteer.search(_typed(), 2 * MOST)
    goods_change_hands = [place for place in found if place.kind is not PlaceKind.JUNCTION]
    return _options((gazetteer.label(place), "") for place in goods_change_hands[:MOST])


@bp.get("/goods/search")
@public
def goods() -> ResponseReturnValue:
    """Goods of the catalogue that fit ``q``, those of the reader's locality first; or of a group."""
    catalogue, actor = world().catalogue, maybe_actor()
    found = catalogue.suggest(_typed(), MOST, near=actor.locality if actor else None)
    if language.current() == "en":
        return _options((good.name_en, good.name_vi) for good in found)
    return _options((good.name_vi, catalogue.groups[good.group].name_vi) for good in found)


@bp.get("/links/search")
@public
def links() -> ResponseReturnValue:
    """Roads, waterways and quays that fit ``q``: by name, or by a place on them."""
    typed = _typed().strip()
    found = road_states.find(typed)[:MOST] if typed else []
    return _options((link.title, f"{MODES[link.mode]}, {number(link.km, 1)} km") for link in found)


def _typed() -> str:
    return request.args.get("q", "")[:SHORT]


def _options(found: Iterable[tuple[str, str]]) -> ResponseReturnValue:
    return {"options": [{"value": value, "note": note} for value, note in found]}
