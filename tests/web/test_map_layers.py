"""Layers of the big map: GeoJSON that a browser keeps, small, and new when something changes."""

from __future__ import annotations

import json
from typing import Any

import brotli
from flask.testing import FlaskClient

from tests.condition_factories import a_condition

NETWORK, GROUND = "/map/network.json", "/map/ground.json"


def layer(client: FlaskClient, path: str) -> Any:
    return json.loads(client.get(path).data)


def test_every_link_is_a_line_and_every_market_a_point(client: FlaskClient):
    features = layer(client, NETWORK)["features"]

    lines = [f["properties"] for f in features if f["geometry"]["type"] == "LineString"]
    points = [f["properties"] for f in features if f["geometry"]["type"] == "Point"]
    assert len(lines) == 253
    assert {line["mode"] for line in lines} == {"road", "water", "transfer"}
    assert {point["kind"] for point in points} == {"seat", "market", "port", "border"}
    assert sum(point["kind"] == "seat" for point in points) == 7


def test_coordinates_are_longitude_first_and_rounded(client: FlaskClient):
    for path in (NETWORK, GROUND):
        for feature in layer(client, path)["features"]:
            for lon, lat in flat(feature["geometry"]["coordinates"]):
                assert 101 < lon < 110
                assert 8 < lat < 14
                assert (round(lon, 3), round(lat, 3)) == (lon, lat)


def flat(coordinates: Any) -> list[Any]:
    if isinstance(coordinates[0], int | float):
        return [coordinates]
    return [point for part in coordinates for point in flat(part)]


def test_layers_are_small(client: FlaskClient):
    packed = {"Accept-Encoding": "gzip, br"}

    answers = [client.get(path, headers=packed) for path in (NETWORK, GROUND)]

    assert [answer.headers["Content-Encoding"] for answer in answers] == ["br", "br"]
    assert len(answers[0].data) < 8_500
    assert len(answers[1].data) < 1_500
    assert brotli.decompress(answers[0].data) == client.get(NETWORK).data


def test_a_browser_keeps_what_it_asks_for_by_its_tag(client: FlaskClient):
    first = client.get(NETWORK)
    version = first.get_etag()[0]

    again = client.get(NETWORK, headers={"If-None-Match": first.headers["ETag"]})
    by_tag = client.get(f"{NETWORK}?v={version}")

    assert (again.status_code, again.data) == (304, b"")
    assert "no-cache" in first.headers["Cache-Control"]
    assert "immutable" in by_tag.headers["Cache-Control"]
    assert f"v={version}" in client.get("/map").text


def test_a_state_changes_the_layer_and_its_tag(client: FlaskClient):
    before = client.get(NETWORK).headers["ETag"]
    a_condition(link="D932-D930")

    after = client.get(NETWORK)

    assert after.headers["ETag"] != before
    [closed] = [f for f in json.loads(after.data)["features"] if f["properties"].get("sign")]
    assert closed["properties"]["id"] == "D932-D930"
    assert closed["properties"]["looks"] == ["m-road", "m-shut-gap", "m-shut"]
    assert closed["properties"]["states"] == ["closed"]


def test_a_layer_sets_no_cookie(client: FlaskClient):
    assert "Set-Cookie" not in client.get(NETWORK).headers
