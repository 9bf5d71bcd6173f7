"""Amounts are read as lists give them: ranges, rates, at least, at most; nothing is guessed."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.rates import AmbiguousAmount, Amount, parse_amount, spell_amount

CATALOGUE = Catalogue.from_reference(read_reference())
PINEAPPLE = CATALOGUE.commodity("khom-cau-duc")
EGGS = CATALOGUE.commodity("vit-trung")
GOODS = st.sampled_from(CATALOGUE.commodities)


@pytest.mark.parametrize(
    ("typed", "unit", "amount"),
    [
        ("1.250,5 tấn", "", Amount(1_250_500, 1_250_500)),
        ("25,3 nghìn tấn", "", Amount(25_300_000, 25_300_000)),
        ("5 - 10 tấn mỗi ngày", "", Amount(5_000, 10_000, "day")),
        ("5–10 tấn/ngày", "", Amount(5_000, 10_000, "day")),
        ("mỗi ngày 5 tấn", "", Amount(5_000, 5_000, "day")),
        ("5–10 tonnes a day", "", Amount(5_000, 10_000, "day")),
        ("2-4 tonnes per week", "", Amount(2_000, 4_000, "week")),
        ("5 tấn 1 ngày", "", Amount(5_000, 5_000, "day")),
        ("20 tấn/tuần", "", Amount(20_000, 20_000, "week")),
        ("hơn 400 tấn", "", Amount(400_000, None)),
        ("từ 400 tấn trở lên", "", Amount(400_000, None)),
        ("400+ tấn", "", Amount(400_000, None)),
        ("tối đa 5 tấn", "", Amount(None, 5_000)),
        ("6.000 -6.150", "kg", Amount(6_000, 6_150)),
        ("từ 5 đến 10 tấn", "", Amount(5_000, 10_000)),
        ("500 kg - 1 tấn", "", Amount(500, 1_000)),
        ("2,4", "tấn", Amount(2_400, 2_400)),
        ("2,4", "tấn/ngày", Amount(2_400, 2_400, "day")),
        ("1.000 g", "", Amount(1, 1)),
        ("5 tấn", "kg", Amount(5_000, 5_000)),
        ("25 nghìn", "tấn", Amount(25_000_000, 25_000_000)),
        ("khoảng 5 tấn (hàng xô)", "", Amount(5_000, 5_000)),
        ("1,250 - 2 tấn", "", Amount(1_250, 2_000)),  # abroad it would be 1.250 to 2 tonnes
    ],
)
def test_amounts_as_they_are_written(typed, unit, amount):
    assert parse_amount(typed, PINEAPPLE, unit=unit) == amount


def test_eggs_a_day():
    assert parse_amount("40.000 trứng/ngày", EGGS) == Amount(40_000, 40_000, "day")


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("1,250 - 2.000 tấn", [Amount(1_250, 2_000_000), Amount(1_250_000, 2_000_000)]),
        ("5-10", [Amount(5, 10), Amount(5_000, 10_000)]),
    ],
)
def test_a_range_that_can_be_read_in_two_ways_is_asked_back(typed, amounts):
    with pytest.raises(AmbiguousAmount) as asked:
        parse_amount(typed, PINEAPPLE)

    assert list(asked.value.amounts) == amounts


@pytest.mark.parametrize(
    ("typed", "unit", "message"),
    [
        ("2,4", "", "Write the unit too"), ("500 g", "", "whole number"), ("", "", "cannot be read"),
        ("5 tấn/ha", "", "per area"), ("50 tấn/tháng", "", "another span"), ("10-5 tấn", "", "less than"),
        ("5-", "", "cannot be read"), ("-5", "tấn", "more than 0"), ("5 - 10 - 15 tấn", "", "range"),
        ("10 xyz", "", "counted in kg"), ("x" * 9_999, "", "Longer"), ("5\0 tấn", "", "Some characters"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_as_it_was_typed(typed, unit, message):
    with pytest.raises(Rejected, match=message) as refused:
        parse_amount(typed, PINEAPPLE, unit=unit)

    assert len(str(refused.value)) < 220


@settings(max_examples=150, deadline=None)
@given(
    good=GOODS,
    ends=st.lists(st.integers(1, 10**9), min_size=2, max_size=2),
    open_=st.sampled_from(["both", "least", "most", "same"]),
    per=st.sampled_from([None, "day", "week"]),
)
def test_every_amount_that_we_write_we_read_back(good, ends, open_, per):
    least, most = sorted(ends)
    amount = {
        "both": Amount(least, most, per),
        "least": Amount(least, None, per),
        "most": Amount(None, most, per),
        "same": Amount(most, most, per),
    }[open_]

    assert parse_amount(spell_amount(amount, good), good) == amount


@settings(max_examples=150, deadline=None)
@given(typed=st.text(max_size=40) | st.text("0123456789.,- /đếnkgtấnmoỗingày+~<>", max_size=25))
def test_any_text_is_an_amount_or_refused(typed):
    with suppress(Rejected):
        amount = parse_amount(typed, PINEAPPLE, unit="tấn")
        assert (amount.least or amount.most or 0) > 0
