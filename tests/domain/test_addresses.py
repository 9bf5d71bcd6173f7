"""Addresses lead to a place however they are cut; what is only partly known is asked back."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.data.reader import read_reference
from marketplace.domain.addresses import PartlyKnownPlace, only_finer, resolve_address
from marketplace.domain.errors import Rejected
from marketplace.domain.place_names import Sense
from marketplace.domain.places import AmbiguousPlace, Gazetteer, UnknownPlace

GAZETTEER = Gazetteer.from_reference(read_reference())


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ấp 3, xã Hỏa Lựu, TP Vị Thanh, Hậu Giang", "C31338"),
        ("ap 5 xa hoa luu tp vi thanh hau giang", "C31338"),
        ("HTX Kỳ Như, xã Thạnh Hòa, Phụng Hiệp, Hậu Giang", "C31408"),
        ("Ấp Đầu Giồng, P.2, TX Vĩnh Châu", "C31783"),
        ("xã Vĩnh Viễn huyện Long Mỹ", "C31489"),
        ("Xã Tân Hiệp A H. Tân Hiệp T. Kiên Giang", "C30874"),
        ("P. An Bình, Q. Ninh Kiều, TPCT", "C31150"),
        ("Vị Trung-HG", "C31441"), ("Vị Đông Hậu Giang", "C31465"), ("Thạnh Phú/Cờ Đỏ", "C31249"),
        ("H. Vị Thuỷ", "D935"), ("xã Vị Thuỷ", "C31441"), ("Phụng Hiệp, huyện Phụng Hiệp", "C31420"),
        ("Hồ Thị Kỷ", "C32092"), ("huyện U Minh tỉnh Cà Mau", "D966"), ("Châu Thành, ST", "D942"),
        ("TP.Cần Thơ", "D916"), ("D933", "D933"), ("Cần Thơ, Việt Nam", "D916"),
    ],
)  # fmt: skip
def test_addresses_as_they_are_written(typed, place):
    assert resolve_address(typed, GAZETTEER).id == place


@pytest.mark.parametrize(
    ("typed", "place"), [("xã Hoa Luuu, TP Vị Thanh", "D930"), ("Bình Tân, huyện Vị Thủy", "D935")]
)
def test_a_finer_part_that_nobody_knows_is_asked_back(typed, place):
    with pytest.raises(PartlyKnownPlace) as asked:
        resolve_address(typed, GAZETTEER)

    assert asked.value.place.id == place


@pytest.mark.parametrize("typed", ["", "ấp 3", "Hà Nội", "x" * 100_000, ",,,", "\0", "🐟, 🐟"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(UnknownPlace):
        resolve_address(typed, GAZETTEER)


@pytest.mark.parametrize(("name", "count"), [("Châu Thành", 4), ("Phú Tân", 2), ("Long Mỹ", 2)])
def test_districts_of_one_name_are_asked_back(name, count):
    with pytest.raises(AmbiguousPlace) as asked:
        resolve_address(name, GAZETTEER, sense=Sense.DISTRICT)

    assert len(asked.value.candidates) == count


@pytest.mark.parametrize("typed", ["Vị Thủy", "Vị Thủy - Hậu Giang", "vi thuy hau giang"])
def test_a_bare_name_of_a_commune_and_a_district_is_asked_back(typed):
    with pytest.raises(AmbiguousPlace) as asked:
        resolve_address(typed, GAZETTEER)

    assert {place.id for place in asked.value.candidates} == {"D935", "C31441"}


def test_what_is_finer_than_a_commune_is_told_from_a_commune():
    assert only_finer("ấp 3")
    assert only_finer("12/3 đường Trần Hưng Đạo")
    assert not only_finer("Hồ Thị Kỷ")
    assert not only_finer("Dương Hòa")


def test_every_place_that_we_write_we_read_back():
    for place in GAZETTEER.places:
        for label in (GAZETTEER.label(place), place.name.upper()):
            try:
                found = {resolve_address(label, GAZETTEER)}
            except AmbiguousPlace as asked:
                found = set(asked.candidates)
            assert place in found


@settings(max_examples=80, deadline=None)
@given(typed=st.text(max_size=60))
def test_any_text_is_an_address_or_refused(typed):
    with suppress(Rejected):
        assert resolve_address(typed, GAZETTEER) in GAZETTEER.places


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("P. 7, Vị Thanh", "C31321"),
        ("P.VII Vị Thanh", "C31321"),
        ("F7 Vị Thanh", "C31321"),
        ("phường 1, TP Sóc Trăng", "C31510"),
        ("Phường 9 TP Sóc Trăng", "C31510"),
        ("P. An Cư, Ninh Kiều", "C31135"),
    ],
)
def test_numbered_and_earlier_wards_are_found_however_they_are_written(typed, place):
    assert resolve_address(typed, GAZETTEER).id == place
