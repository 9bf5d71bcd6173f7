"""Days, months and spans of days are read as lists give them."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.domain.errors import Rejected
from marketplace.domain.spans import (
    AmbiguousDay,
    Span,
    day_of_number,
    parse_span,
    spell_day,
    spell_span,
)

TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("24/11/2026", "24/11/2026"),
        ("24/11-29/11", "24/11/2026 – 29/11/2026"),
        ("24-29/11", "24/11/2026 – 29/11/2026"),
        ("từ 24/11 đến hết 29/11/2026", "24/11/2026 – 29/11/2026"),
        ("24/12-5/1", "24/12/2026 – 05/01/2027"),
        ("24/12 - 5/1/2027", "24/12/2026 – 05/01/2027"),
        ("01-12-2026", "01/12/2026"),
        ("2026-12-01 - 2026-12-05", "01/12/2026 – 05/12/2026"),
        ("7–12/2021", "01/07/2021 – 31/12/2021"),
        ("7-12/12", "07/12/2026 – 12/12/2026"),
        ("12/2026", "01/12/2026 – 31/12/2026"),
        ("T12/2026", "01/12/2026 – 31/12/2026"),
        ("tháng 11 - 12", "01/11/2026 – 31/12/2026"),
        ("tháng 12 - tháng 2/2027", "01/12/2026 – 28/02/2027"),
        ("đầu tháng 12", "01/12/2026 – 10/12/2026"),
        ("giữa tháng 12/2026", "11/12/2026 – 20/12/2026"),
        ("cuối tháng 12", "21/12/2026 – 31/12/2026"),
        ("cuoi thang 2", "21/02/2027 – 28/02/2027"),
        ("cuối tháng 11 - đầu tháng 12", "21/11/2026 – 10/12/2026"),
        ("quý IV", "01/10/2026 – 31/12/2026"),
        ("Quý 1/2027", "01/01/2027 – 31/03/2027"),
        ("từ 15/12", "từ 15/12/2026"),
        ("sau 15/12", "từ 16/12/2026"),
        ("đến hết tháng 12", "đến 31/12/2026"),
        ("trước 15/12", "đến 14/12/2026"),
        ("nay - 30/11", "25/11/2026 – 30/11/2026"),
        ("hiện nay", "từ 25/11/2026"),
        ("quanh năm", ""),
        ("46350", "24/11/2026"),
        ("20261124", "24/11/2026"),
        ("24.11", "24/11/2026"),
    ],
)
def test_spans_as_they_are_written(typed, span):
    assert spell_span(parse_span(typed, TODAY)) == span


@pytest.mark.parametrize(
    "typed",
    [
        "", "abc", "31/2", "31-31/2", "tháng 13", "0/2026", "29/11-24/11", "24/11/2026 - 20/11/2026", "99999",
        "\0", "x" * 100_000, "🐟", "1/1/1999", "-", "tháng", "7-12/1999",
    ],
)  # fmt: skip
def test_what_is_no_span_is_refused(typed):
    with pytest.raises(Rejected, match="There is no date") as refused:
        parse_span(typed, TODAY, field="until")

    assert refused.value.field == "until"


@pytest.mark.parametrize("typed", ["15/12 âm lịch", "Tết", "15/12 AL"])
def test_days_of_the_moon_are_not_taken_for_days_of_the_sun(typed):
    with pytest.raises(Rejected, match="solar"):
        parse_span(typed, TODAY)


@pytest.mark.parametrize(
    ("number", "day"),
    [("46350", date(2026, 11, 24)), ("20261124", date(2026, 11, 24)), ("24.11", date(2026, 11, 24)),
     ("24.2", date(2027, 2, 24))],
)  # fmt: skip
def test_numbers_in_a_column_of_days(number, day):
    assert day_of_number(Decimal(number), TODAY) == day


def test_a_day_whose_month_lost_its_nought_is_asked_back():
    with pytest.raises(AmbiguousDay) as asked:
        day_of_number(Decimal("24.1"), TODAY)

    assert asked.value.days == (date(2027, 1, 24), date(2026, 10, 24))


@settings(max_examples=150, deadline=None)
@given(one=DAYS, other=DAYS, shape=st.sampled_from(["both", "first", "last"]), today=DAYS)
def test_every_day_and_span_that_we_write_we_read_back(one, other, shape, today):
    span = Span(
        min(one, other) if shape != "last" else None, max(one, other) if shape != "first" else None
    )

    assert parse_span(spell_span(span), today) == span
    assert parse_span(spell_day(one), today) == Span(one, one)
    assert parse_span(one.isoformat(), today) == Span(one, one)
    assert day_of_number(Decimal((one - date(1899, 12, 30)).days), today) == one


@settings(max_examples=150, deadline=None)
@given(typed=st.text(max_size=40) | st.text("0123456789/-. thángđếncuối", max_size=20), today=DAYS)
def test_any_text_is_a_span_or_refused(typed, today):
    with suppress(Rejected):
        span = parse_span(typed, today)
        assert not span.first or not span.last or span.first <= span.last
