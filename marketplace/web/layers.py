"""The big map's layers as GeoJSON: small, the same in every language, kept by the browser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import brotli
from flask import Response, request

from marketplace.data.shapes import NEIGHBOURS, Point, Shapes, read_shapes
from marketplace.services.network import LinkLine, Network
from marketplace.web import link_words, maps, network_maps

Feature = dict[str, Any]
YEAR = 365 * 24 * 3600
DIGITS = 3
"""Behind the point: 0.001 degrees are 110 m, and these outlines are rougher than that."""
AREA_LOOKS = {NEIGHBOURS: "m-other"}
MARGIN = 0.08
"""Degrees around the network that the map shows at first."""


def ground_layer() -> bytes:
    """Land, localities and rivers. They come with the program."""
    return _ground(read_shapes())


def network_layer(network: Network) -> bytes:
    """Links with their state, places, quays. Composed once per version of the reference data."""
    known = _composed(network.reference.fingerprint)
    if not known:
        known.append(_written(_network(network)))
    return known[0]


def tag(content: bytes) -> str:
    """Names a version of a layer."""
    return hashlib.sha256(content).hexdigest()[:16]


def answer(content: bytes) -> Response:
    """With its tag. Asked for by its tag it may be kept for good, else it is asked for again."""
    packed = bool(request.accept_encodings["br"])
    response = Response(_packed_well(content) if packed else content, mimetype="application/json")
    version = tag(content)
    response.set_etag(version, weak=True)
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "br"
    response.cache_control.public = True
    if request.args.get("v") == version:
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@lru_cache(maxsize=8)
def _packed_well(content: bytes) -> bytes:
    """As small as it gets: a fifth of a second once instead of a little at each request."""
    packed: bytes = brotli.compress(content, quality=11)
    return packed


@lru_cache(maxsize=4)
def _composed(fingerprint: str) -> list[bytes]:
    return []


def _ground(shapes: Shapes) -> bytes:
    areas = [
        _feature(
            "Polygon",
            [_points(ring if code != NEIGHBOURS else map(maps.carried_on, ring))],
            {"look": AREA_LOOKS.get(code, f"m-area m-{code.lower()}")},
        )
        for code, rings in sorted(shapes.areas.items(), key=lambda item: item[0] != NEIGHBOURS)
        for ring in rings
    ]
    rivers = [
        _feature("LineString", _points(line), {"look": f"m-river{' m-river2' if n else ''}"})
        for n, line in enumerate(shapes.rivers.values())
    ]
    return _written({"type": "FeatureCollection", "features": [*areas, *rivers]})


def _network(network: Network) -> dict[str, Any]:
    inside = [line for line in network.lines if line.stretch.localities]
    return {
        "type": "FeatureCollection",
        "bounds": _bounds(network.lines),
        "core": _bounds(inside or network.lines),
        **({"sealed": [code.lower() for code in network.sealed]} if network.sealed else {}),
        "features": [
            *(_link(line) for line in network.lines),
            *(
                _feature(
                    "Point",
                    _point((place.lat, place.lon)),
                    {"kind": kind, "name": name},
                )
                for place, name, kind in network_maps.spots(network)
            ),
        ],
    }


def _bounds(lines: Iterable[LinkLine]) -> list[list[float]]:
    """South-west and north-east of what is shown, as Leaflet wants them."""
    points = [point for line in lines for point in line.stretch.points]
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    south_west = min(lats, default=0) - MARGIN, min(lons, default=0) - MARGIN
    north_east = max(lats, default=0) + MARGIN, max(lons, default=0) + MARGIN
    return [[round(degrees, DIGITS) for degrees in corner] for corner in (south_west, north_east)]


def _link(line: LinkLine) -> Feature:
    stretch = line.stretch
    properties = {
        "id": stretch.id,
        "name": stretch.name,
        "between": stretch.between,
        "mode": stretch.mode,
        "looks": [link_words.look(stretch), *link_words.marks(line.states)],
    }
    if line.holding:
        properties["states"] = [state.value for state in line.states]
    if sign := link_words.sign(line.holding):
        properties |= {"sign": sign, "sign_look": network_maps.sign_look(line)}
    return _feature("LineString", _points(stretch.points), properties)


def _feature(kind: str, coordinates: Sequence[Any], properties: dict[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def _points(points: Iterable[Point]) -> list[list[float]]:
    return [_point(point) for point in points]


def _point(point: Point) -> list[float]:
    """GeoJSON puts the longitude first."""
    lat, lon = point
    return [round(lon, DIGITS), round(lat, DIGITS)]


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
