"""Distances and freight on the page are those of `flask route`."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.services.places import distances, way
from marketplace.services.routes import quote_route

TODAY = clock.today()


def test_seven_by_seven_equals_the_quotes(app: Flask):
    table = distances("khom-cau-duc", 15_000)

    assert len(table.seats.origins) == len(table.seats.destinations) == 7
    for row, origin in zip(table.seats.legs, table.seats.origins, strict=True):
        for leg, destination in zip(row, table.seats.destinations, strict=True):
            quote = quote_route(
                origin.id, destination.id, "khom-cau-duc", 15_000, today=TODAY
            ).quote
            assert leg.km == quote.km
            assert leg.hours == pytest.approx(quote.hours)
            assert leg.per_tonne == round(quote.cost / 15 + 1e-9)


def test_markets_outside_are_columns(app: Flask):
    names = {place.name for place in distances("khom-cau-duc", 15_000).outside.destinations}

    assert "Chợ đầu mối Bình Điền" in names


def test_a_way_is_told_stop_by_stop(app: Flask):
    found = way("xa hoa luu", "binh dien", "khóm cầu đúc", 15_000)

    assert (
        found.quote.cost
        == quote_route("xa hoa luu", "binh dien", "khóm cầu đúc", 15_000, today=TODAY).quote.cost
    )
    assert found.stops[0].place == "Xã Hỏa Lựu"
    assert found.stops[-1].place == "Chợ đầu mối Bình Điền"
    assert sum(stop.km for stop in found.stops) == pytest.approx(found.quote.km, abs=0.1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("zzz", "binh dien", "khóm cầu đúc"), "origin"),
        (("vi thanh", "zzz", "khóm cầu đúc"), "destination"),
        (("vi thanh", "binh dien", "zzz"), "goods"),
    ],
)
def test_what_cannot_be_understood_is_named(app: Flask, typed, field):
    with pytest.raises(Rejected) as caught:
        way(*typed, 15_000)

    assert caught.value.field == field
