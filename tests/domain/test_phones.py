"""Telephone numbers come out whole, as they are dialled, or not at all."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.domain.phones import (
    AREA_CODES,
    UnreadablePhone,
    locality_of_phone,
    parse_phones,
    spell_phone,
)

MOBILES = st.from_regex(r"0(3[0-9]|5[125689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", fullmatch=True)
FIXED = st.builds(
    str.__add__, st.sampled_from(list(AREA_CODES)), st.from_regex(r"[0-9]{7}", fullmatch=True)
)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("0912345678", ["0912345678"]), ("912345678", ["0912345678"]), ("2923831234", ["02923831234"]),
        ("0912.345.678 - 0987.654.321", ["0912345678", "0987654321"]),
        ("912345678-987654321", ["0912345678", "0987654321"]),
        ("0912345678/0987654321", ["0912345678", "0987654321"]),
        ("0912345678 0987654321", ["0912345678", "0987654321"]),
        ("SĐT: 0912345678; DĐ 0987654321", ["0912345678", "0987654321"]),
        ("0912345678\n0912345678", ["0912345678"]),
        ("+84 912 345 678", ["0912345678"]), ("84912345678", ["0912345678"]),
        ("(0293) 3 876 543", ["02933876543"]), ("0162 345 6789", ["0323456789"]),
        ("Anh Ba 0912345678 (Zalo)", ["0912345678"]), ("1900 1234", ["19001234"]),
        ("+855 12 345 678", ["+85512345678"]), ("", []), ("-", []),
    ],
)  # fmt: skip
def test_numbers_as_they_stand_in_cells(typed, numbers):
    assert list(parse_phones(typed)) == numbers


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678/79",
        "12345",
        "0712345678",
        "091234567",
        "9,12E+08",
        "chưa có",
        "0" * 10_000,
        "٠٩١٢",
    ],
)
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(UnreadablePhone) as refused:
        parse_phones(typed)

    assert refused.value.field == "phone"


def test_a_fixed_line_says_which_locality_it_is_in():
    assert locality_of_phone("02923831234") == "CT"
    assert locality_of_phone("0912345678") is None


@settings(max_examples=100, deadline=None)
@given(numbers=st.lists(MOBILES | FIXED, min_size=1, max_size=3, unique=True),
       between=st.sampled_from([" - ", "/", ", ", "\n", "; "]))  # fmt: skip
def test_every_number_that_we_write_we_read_back(numbers, between):
    assert list(parse_phones(between.join(map(spell_phone, numbers)))) == numbers
    assert list(parse_phones(numbers[0][1:])) == numbers[:1]


@settings(max_examples=100, deadline=None)
@given(typed=st.text(max_size=60) | st.text("0123456789 +-/.,", max_size=60))
def test_any_text_holds_whole_numbers_or_is_refused(typed):
    with suppress(UnreadablePhone):
        assert all(number.removeprefix("+").isdigit() for number in parse_phones(typed))
