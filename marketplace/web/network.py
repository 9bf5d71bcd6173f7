"""The big map of roads and waterways, and the same as a table."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.domain.errors import NotFound
from marketplace.services import network
from marketplace.services.network import LinkFilter, LinkLine, Network
from marketplace.web import layers, link_words, maps, network_maps
from marketplace.web.addresses import page_number
from marketplace.web.lookup import world
from marketplace.web.session import public

bp = Blueprint("network", __name__, url_prefix="/map")

LONGEST = 120


def init_app(app: Flask) -> None:
    """Give templates the address of a link on the map."""
    app.jinja_env.globals["on_map"] = on_map


def on_map(link_id: str) -> str:
    """Where the map shows this link."""
    return url_for("network.show", link=link_id, _anchor="map")


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Every link with its state: drawn, and listed by mode, locality and state."""
    whole = network.network()
    wanted = LinkFilter(
        mode=_one_of("mode", list(link_words.MODES)),
        locality=_one_of("locality", [each.id for each in world().reference.localities]),
        state=_one_of("state", [state.value for state in link_words.STATES]),
        page=page_number(),
    )
    chosen = _chosen(whole)
    links = network.select(whole, wanted)
    lines = [*links.lines, *([chosen] if chosen else [])]
    return render_template(
        "network/show.html",
        asked=wanted,
        links=links,
        stated=network.stated(lines),
        held=len(whole.held),
        restricted=whole.reference.restrictions,
        chosen=chosen,
        ground=maps.ground(),
        sheet=network_maps.sheet(whole, chosen.stretch.id if chosen else ""),
        localities=world().reference.localities,
        layers={
            "ground": _layer_url("network.ground", layers.ground_layer()),
            "network": _layer_url("network.layer", layers.network_layer(whole)),
        },
    )


@bp.get("/links/<string(maxlength=120):link_id>")
@public
def figures(link_id: str) -> ResponseReturnValue:
    """One link's figures: the part of the page that is shown when the link is pressed."""
    line = network.network().line(link_id)
    stated = network.stated([line])
    return render_template("network/figures.html", line=line, stated=stated)


@bp.get("/ground.json")
@public
def ground() -> ResponseReturnValue:
    """Land and rivers as GeoJSON."""
    return layers.answer(layers.ground_layer())


@bp.get("/network.json")
@public
def layer() -> ResponseReturnValue:
    """Links with their state, and places, as GeoJSON."""
    return layers.answer(layers.network_layer(network.network()))


def _layer_url(endpoint: str, content: bytes) -> str:
    return url_for(endpoint, v=layers.tag(content))


def _one_of(name: str, known: list[str]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in known else ""


def _chosen(whole: Network) -> LinkLine | None:
    """Raises `NotFound` where the address names a link that does not exist."""
    link_id = request.args.get("link", "")
    if len(link_id) > LONGEST:
        raise NotFound("There is no such link.")
    return whole.line(link_id) if link_id else None
