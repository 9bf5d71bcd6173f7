"""The tariffs: everybody sees them with their sources, coordinators add prices."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.reference import current_reference
from marketplace.models.tariffs import TariffRow
from marketplace.services.solve import solve_next
from tests.condition_factories import a_condition, a_tariff_row
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_round

BOAT = {
    "fixed": "900.000",
    "vnd_per_km": "65.000",
    "first": "hôm nay",
    "source": "HTX vận tải Hồng Dân, 11/2026",
    "confidence": "sourced",
}


@pytest.fixture
def member(client_of):
    return client_of(an_actor(Role.COORDINATOR))


def send(member, url="/tariffs/boat/boat80t/new", step="save", **changes):
    return member.post(url, data={**BOAT, **changes, "step": step})


def text(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.get_data(as_text=True))).replace("\xa0", " ")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(TariffRow)) or 0


def test_estimates_are_marked_and_printed_points_stand_beside_our_curve(client) -> None:
    page = text(client.get("/tariffs"))

    assert page.count("ước tính") > 5
    assert "Ghe 80 tấn" in page
    assert "Xe tải 1 tấn" in page
    assert '<rect x="' in page
    assert '<span lang="vi">giá niêm yết của vantailuule.vn' in page


def test_a_price_is_read_back_then_added_and_counts_from_its_day(member, client) -> None:
    assert "65.000 ₫ mỗi km" in text(send(member, step="review"))
    assert count() == 0

    assert send(member).status_code == 302

    rates = {rate.vehicle: rate for rate in current_reference().boat_rates}
    assert (rates["boat80t"].fixed, rates["boat80t"].vnd_per_km) == (900_000, 65_000)
    page = text(client.get("/tariffs"))
    assert "HTX vận tải Hồng Dân" in page
    assert "60.000 ₫ mỗi km" in page  # what counted before


def test_a_price_for_later_changes_nothing_today(member, client) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    before = current_reference().boat_rates

    send(member, first=tomorrow.isoformat())

    assert current_reference().boat_rates == before
    assert "Sắp áp dụng" in text(client.get("/tariffs"))


def test_handling_and_trucks_have_fields_of_their_own(member) -> None:
    handling = send(member, "/tariffs/handling/trai_cay/new", vnd_per_kg="180")
    truck = member.get("/tariffs/truck/10t/new")
    typed = dict(
        re.findall(r'name="(fixed|km\d+)"[^>]*value="([^"]+)"', truck.get_data(as_text=True))
    )

    assert handling.status_code == 302
    assert len(typed) == 8
    assert (
        send(member, "/tariffs/truck/10t/new", **{**typed, "fixed": "850.000"}).status_code == 302
    )
    rates = {rate.vehicle: rate for rate in current_reference().truck_rates}
    assert rates["10t"].fixed == 850_000


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"fixed": "rẻ"}, "Ghi giá bằng đồng"),
    ({"fixed": "999.999.999"}, "Không có cước nào cao vậy"),
    ({"first": "1/1/2020"}, "một tháng trước"),
    ({"first": ""}, "Không có ngày"),
    ({"source": ""}, "quyết định"),
    ({"confidence": "sure"}, "chắc đến đâu"),
]


def test_bad_input_is_said_at_its_field_and_changes_nothing(member) -> None:
    for changes, words in WRONG:
        page = send(member, **changes)

        assert page.status_code == 422, changes
        assert words in text(page), changes
    assert count() == 0


def test_a_tariff_that_falls_is_refused_with_the_two_distances(member) -> None:
    form = member.get("/tariffs/truck/10t/new").get_data(as_text=True)
    typed = dict(re.findall(r'name="(fixed|km\d+)"[^>]*value="([^"]+)"', form))

    page = send(member, "/tariffs/truck/10t/new", **{**typed, "km250": "1.000"})

    assert page.status_code == 422
    assert "rẻ hơn chuyến 175 km" in text(page)
    bad = re.findall(r'<div class="field field-bad">.*?name="(\w+)"', text(page))
    assert bad == ["km250"]
    assert count() == 0


def test_how_sure_a_price_is_must_be_chosen(member) -> None:
    form = text(member.get("/tariffs/boat/boat80t/new"))
    page = send(member, confidence="", step="review")

    assert "checked" not in form.split('name="confidence"', 1)[1]
    assert page.status_code == 422
    assert "chắc đến đâu" in text(page)


def test_a_price_that_counts_already_is_no_new_price(member) -> None:
    assert send(member).status_code == 302

    again = send(member, source="Nơi khác", step="review")

    assert again.status_code == 422
    assert "Không có gì thay đổi" in text(again)
    assert send(member, confidence="estimate", step="review").status_code == 200
    assert count() == 1


def test_there_is_no_price_of_what_there_is_not(member) -> None:
    for path in ("boat/28t", "truck/boat80t", "plane/1t", "handling/no-such"):
        assert member.get(f"/tariffs/{path}/new").status_code == 404, path


def test_history_is_shown_in_the_order_of_days(client) -> None:
    a_tariff_row(valid_from=clock.today() - timedelta(days=3), vnd_per_km=61_000)
    a_tariff_row(valid_from=clock.today(), vnd_per_km=62_000)

    page = text(client.get("/tariffs"))

    order = [page.index(f"{price}.000 ₫ mỗi km") for price in (62, 61, 60)]
    assert order == sorted(order)


def test_a_rounds_page_names_the_tariff_that_it_counted_with(member) -> None:
    a_lot(), a_need()
    a_condition(link="D946-D941")
    a_tariff_row(valid_from=clock.today())
    round_ = a_round(RoundState.QUEUED)
    solve_next(lambda: False)
    a_tariff_row(valid_from=clock.today(), vnd_per_km=99_000)

    page = text(member.get(f"/rounds/{round_.id}"))

    assert f"Tính theo bảng cước từ {clock.today():%d/%m/%Y}, 1 ghi nhận về tuyến" in page
