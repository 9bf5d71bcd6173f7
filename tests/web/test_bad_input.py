"""Whatever stands in an address or a form: a page or a message at a field, never a broken page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from marketplace.domain.actors import Actor, Role
from marketplace.services import accounts
from marketplace.web.session import access_to
from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_match, a_round, buyer_of, seller_of

ASKED = (
    "page q to from until price sort group commodity locality certificate size within side reason "
    "dropped next origin destination kilograms goods mode links kind"
)
TYPED = (
    "commodity commodity_pick quantity quantity_pick ask bid price_pick whole place place_pick "
    "ready_on until from_on fresh grade certificates unsold_reason growing_area_code packing_code "
    "trace_code note basis producer buyer bid_sealed splits min_quantity min_quantity_pick min_grade "
    "step version token mine rows confirmed name email phone role password old_password next kept "
    "remember reason kind locality contact_name effect first last source seen most opens closes "
    "percent paper minutes goods direction papers fixed vnd_per_km vnd_per_kg km5 confidence"
)
ODD = ("k\0\U0001f600m <script>", "9" * 200)


@pytest.mark.parametrize("odd", ODD)
def test_nothing_in_an_address_breaks_a_page(each_app: Flask, odd: str) -> None:
    assert broken(each_app, "GET", {"query_string": dict.fromkeys(ASKED.split(), odd)}) == []


@pytest.mark.parametrize("odd", ODD)
def test_nothing_in_a_form_breaks_a_page(each_app: Flask, odd: str) -> None:
    assert broken(each_app, "POST", {"data": dict.fromkeys(TYPED.split(), odd)}) == []


def broken(app: Flask, method: str, sent: dict[str, Any]) -> list[str]:
    """The addresses that answer 500 to one of those who may enter."""
    match = a_match(lot=a_lot(), need=a_need())
    actors = {role: an_actor(role) for role in Role}
    actors |= {Role.SELLER: seller_of(match), Role.BUYER: buyer_of(match)}
    values = {
        "lot_id": match.lot_id,
        "need_id": match.need_id,
        "match_id": match.id,
        "round_id": a_round(result={"value_vnd": 0, "bound_vnd": 0, "gap": 0.0}).id,
        "organisation_id": actors[Role.SELLER].organisation_id,
        "scope": VI_THANH_ROAD,
        "number": a_condition().id,
        "kind": "truck",
        "subject": "10t",
    }
    a_restriction()  # has the number of the condition
    found = []
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        address = _address(app, rule, values)
        for actor in actors.values():
            if access_to(rule.endpoint).admits(actor):
                if _browser(app, actor).open(address, method=method, **sent).status_code == 500:
                    found.append(address)
                break
    return found


def _address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values.get(name, 1) for name in rule.arguments})


def _browser(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{actor.user_id}.{accounts.session_key(actor.user_id)}"
    return client
