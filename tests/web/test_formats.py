"""Figures and dates as people here write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.web import formats as f

TODAY = date(2026, 11, 25)


def plain(text: str) -> str:
    """With ordinary spaces, so that the tests can be read."""
    return text.replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def vietnamese(app: Flask):
    with app.test_request_context(), force_locale("vi"):
        yield


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (850, "kg", "850 kg"),
        (1_000, "kg", "1 tấn"),
        (25_500, "kg", "25,5 tấn"),
        (1_250_500, "kg", "1.250,5 tấn"),
        (40_000, "trứng", "40.000 trứng"),
        (2_000, "con", "2.000 con"),
    ],
)
def test_quantities_are_tonnes_from_a_tonne_up(amount, unit, text):
    assert plain(f.quantity(amount, unit)) == text


def test_units_of_pieces_have_english_words():
    with force_locale("en"):
        assert plain(f.quantity(40_000, "trứng")) == "40,000 eggs"
        assert plain(f.quantity(25_500)) == "25.5 tonnes"


def test_money_has_its_unit_and_no_breaking_space():
    assert f.money(128_250_000) == "128.250.000\u00a0₫"
    assert f.per_unit(12_500) == "12.500\u00a0₫/kg"
    assert plain(f.short_money(4_020_000_000)) == "4,02 tỷ ₫"
    assert plain(f.short_money(28_611_000_000)) == "28,61 tỷ ₫"
    assert plain(f.short_money(350_000_000)) == "350 triệu ₫"
    assert plain(f.band(300, 600)) == "300 – 600 ₫/kg"


def test_one_tonne_is_not_many():
    with force_locale("en"):
        assert plain(f.quantity(1_000)) == "1 tonne"
        assert plain(f.quantity(1_500)) == "1.5 tonnes"
        assert [f.tonne_unit(kg) for kg in (0, 1_049, 2_000)] == ["tonnes", "tonne", "tonnes"]
        assert f.tonne_unit(1_049, 2) == "tonnes"


@pytest.mark.parametrize(("value", "text"), [(3300, "+3.300"), (-40, "−40"), (0, "0"), (-0.4, "0")])
def test_differences_carry_a_sign(value, text):
    assert f.signed(value) == text


def test_percent_is_of_one_and_rounded_half_up():
    assert plain(f.percent(0.98645)) == "98,6 %"
    assert f.number(2.5) == "3"


def test_days_are_written_as_here():
    assert f.day(date(2026, 11, 4)) == "04/11/2026"
    assert plain(f._weekday(date(2026, 11, 29))) == "chủ Nhật"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 11, 25), date(2026, 11, 25), "25/11/2026"),
        (date(2026, 11, 25), date(2026, 11, 27), "25 – 27/11/2026"),
        (date(2026, 11, 28), date(2026, 12, 2), "28/11 – 02/12/2026"),
        (date(2026, 12, 28), date(2027, 1, 2), "28/12/2026 – 02/01/2027"),
    ],
)
def test_ranges_of_days_repeat_nothing(first, last, text):
    assert plain(f.day_range(first, last)) == text


def test_moments_are_those_of_the_clocks_here(monkeypatch):
    monkeypatch.setattr(f.clock, "today", lambda: TODAY)

    at = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # after midnight in Cần Thơ

    assert plain(f.moment(at)) == "01:30 thứ Tư, 25/11"


@pytest.mark.parametrize(
    ("days", "text"), [(3, "Còn 3 ngày"), (0, "Hôm nay là ngày cuối"), (-2, "Quá 2 ngày")]
)
def test_days_left_are_told_in_words(days, text):
    assert f.days_left(TODAY + timedelta(days), TODAY) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (100, "còn 1 giờ 40 phút"),
        (19 * 60 + 5, "còn 19 giờ"),
        (72 * 60, "còn 3 ngày"),
        (0, "đã hết hạn"),
    ],
)
def test_hours_left_get_finer_towards_the_end(minutes, text):
    now = datetime(2026, 11, 25, tzinfo=UTC)

    assert f.hours_left(now + timedelta(minutes=minutes), now) == text


def test_distances_and_durations():
    assert plain(f.km(187.4)) == "187 km"
    assert plain(f.km(6.5)) == "6,5 km"
    assert plain(f.hours(2.75)) == "2 giờ 45 phút"
    assert plain(f.hours(0.5)) == "30 phút"
