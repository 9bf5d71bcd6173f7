"""Where the last way is closed everybody is told so, and nobody gets an error page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.models.base import db
from marketplace.services import solve
from tests.condition_factories import a_condition
from tests.factories import BINH_DIEN, VI_THANH, a_lot, a_need
from tests.services.test_rounds_solving import a_requested_round, entry_of, going


@pytest.fixture(autouse=True)
def sealed(app: Flask) -> None:
    """No road leads into Hậu Giang or out of it."""
    a_condition(mode="road", locality_id="HG")


@pytest.mark.parametrize(
    "address",
    [
        f"/distances?origin={VI_THANH}&destination={BINH_DIEN}&goods=khom-cau-duc",
        f"/distances?origin={VI_THANH}&destination=D916&goods=lua-st25&load=100000",
        "/distances",
        f"/lots?to={BINH_DIEN}",
        f"/lots?to={BINH_DIEN}&sort=landed",
        f"/needs?to={VI_THANH}",
    ],
)
def test_pages_of_ways_and_lists_go_on(client: FlaskClient, address: str) -> None:
    a_lot(quantity=25_500, ask=7_800)
    a_need()

    answer = client.get(address)

    assert answer.status_code == 200


def test_the_page_says_that_no_way_is_open(client: FlaskClient) -> None:
    answer = client.get(f"/distances?origin={VI_THANH}&destination={BINH_DIEN}")

    assert "Không có đường" in answer.text


def test_pages_of_listings_go_on(client: FlaskClient) -> None:
    lot, need = a_lot(), a_need()

    for address in (f"/lots/{lot.id}?to={BINH_DIEN}", f"/needs/{need.id}?to={VI_THANH}"):
        assert client.get(address).status_code == 200


def test_a_round_tells_its_lots(app: Flask) -> None:
    lot = a_lot()
    a_need(bid=14_000)
    round_ = a_requested_round()

    solve.solve_next(going)

    assert entry_of(round_, lot_id=lot.id).reason == "no_route"
    db.session.rollback()
