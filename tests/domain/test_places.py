"""A name leads to the place that a person means, or is asked back."""

from collections import Counter

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.place_names import Sense
from marketplace.domain.places import AmbiguousPlace, Gazetteer, PlaceKind, UnknownPlace
from marketplace.domain.text import fold

GAZETTEER = Gazetteer.from_reference(read_reference())


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Cần Thơ", "D916"),
        ("can tho", "D916"),
        ("TP Cần Thơ", "D916"),
        ("tp. cần thơ", "D916"),
        ("Ninh Kiều", "D916"),
        ("Hậu Giang", "D930"),
        ("Tỉnh Hậu Giang", "D930"),
        ("Vị Thanh", "D930"),
        ("An Giang", "D883"),
        ("Long Xuyên", "D883"),
        ("Sóc Trăng", "D941"),
        ("Phường Sóc Trăng", "C31507"),
        ("phuong soc trang", "C31507"),
        ("P.Sóc Trăng", "C31507"),
        ("Xã Sóc Trăng", "C31507"),
        ("Long Mỹ", "D937"),
        ("huyện Long Mỹ", "D936"),
        ("Huyện Phụng Hiệp", "D934"),
        ("Chợ Mới", "D893"),
        ("Tịnh Biên", "D890"),
        ("cua khau tinh bien", "D890"),
        ("xà phiên", "C31495"),
        ("Bình Điền", "M_BINHDIEN"),
        ("chợ đầu mối Bình Điền", "M_BINHDIEN"),
        ("chợ Bình Điền, TP.HCM", "M_BINHDIEN"),
        ("cảng Cái Cui", "J_CUIPORT"),
        ("Cửa khẩu Vĩnh Xương", "M_VINHXUONG"),
        ("Xã Tân Lộc", "C32083"),
        ("Phường Tân Lộc", "C31213"),
        ("Xã Tân Ân", "C32236"),
        ("Xã Tân An", "C30388"),
        ("Mĩ Xuyên", "D947"),
        ("Phường Mĩ Xuyên", "C31684"),
        ("m_binhdien", "M_BINHDIEN"),
        ("c31507", "C31507"),
        ("Xã Phú Tân, Cà Mau", "C32218"),
        ("xa phu tan - an giang", "C30406"),
        ("Huyện Châu Thành (Sóc Trăng)", "D942"),
        ("Xã Hiệp Hưng, huyện Phụng Hiệp, tỉnh Hậu Giang", "C31396"),
    ],
)
def test_a_name_leads_to_its_place(typed, place):
    assert GAZETTEER.resolve(typed).id == place


def test_the_seven_localities_and_their_seats_are_the_same_places():
    reference = read_reference()

    found = {x.id: GAZETTEER.resolve(x.name).id for x in reference.localities}

    assert found == {x.id: x.seat for x in reference.localities}


def test_every_seat_is_found_by_the_bare_name_of_its_town():
    asked_back = {"Thị trấn Châu Thành"}
    for place in GAZETTEER.places:
        if place.kind == PlaceKind.SEAT and place.name not in asked_back:
            bare = place.name.removeprefix("Thị trấn ").removeprefix("TP ").removeprefix("TX ")
            assert GAZETTEER.resolve(bare.removeprefix("Quận ")) == place


def test_every_commune_is_found_by_its_full_name_and_nine_names_are_asked_back():
    communes = [place for place in GAZETTEER.places if place.kind == PlaceKind.COMMUNE]
    named = Counter(place.name for place in communes)
    twice = {name for name, times in named.items() if times > 1}

    assert len(communes) == 269
    assert len(twice) == 9
    for place in communes:
        if place.name in twice:
            with pytest.raises(AmbiguousPlace) as refused:
                GAZETTEER.resolve(place.name)
            assert place in refused.value.candidates
            region = next(x.name for x in read_reference().localities if x.id == place.locality)
            assert GAZETTEER.resolve(f"{place.name}, {region}") == place
        else:
            assert GAZETTEER.resolve(place.name) == place
            assert fold(place.name) == fold(GAZETTEER.resolve(place.name.upper()).name)


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("Châu Thành", {"D892", "D905", "D933", "D942", "C30880", "C31366"}),
        ("huyen chau thanh", {"D892", "D905", "D933", "D942"}),
        ("Phú Tân", {"D888", "D972", "C30406", "C32218"}),
        ("Huyện Phú Tân", {"D888", "D972"}),
        ("Vĩnh Phước", {"C31804", "C31876"}),
        ("xa tan an", {"C30388", "C32236"}),
        ("TP.HCM", {"M_BINHDIEN", "M_THUDUC", "M_HOCMON", "M_CATLAI"}),
    ],
)
def test_a_name_of_several_places_is_asked_back(typed, candidates):
    with pytest.raises(AmbiguousPlace) as refused:
        GAZETTEER.resolve(typed)

    assert {place.id for place in refused.value.candidates} == candidates
    assert str(len(candidates)) in str(refused.value)
    assert all(place in str(refused.value) for place in candidates)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "Hà Nội", "D917x", "\0", "Cần\0Giờ", "🐟" * 10, "x" * 100_000, "<script>", ","],
)
def test_what_is_no_place_is_refused(typed):
    with pytest.raises(UnknownPlace) as refused:
        GAZETTEER.resolve(typed)

    assert refused.value.field == "place"
    assert len(str(refused.value)) < 200


def test_typing_finds_places_with_and_without_marks():
    assert [p.id for p in GAZETTEER.search("soc tr", limit=2)] == ["D941", "C31507"]
    assert GAZETTEER.search("Phường sóc")[0].id == "C31507"
    assert GAZETTEER.search("phu tan ca mau")[0].locality == "CM"
    assert GAZETTEER.search("binh dien")[0].id == "M_BINHDIEN"
    assert len(GAZETTEER.search("vinh", limit=5)) == 5


@pytest.mark.parametrize("typed", ["", "\0", "x" * 100_000, "🐟", "%_"])
def test_typing_nonsense_finds_nothing(typed):
    assert GAZETTEER.search(typed) == []


def test_six_communes_and_two_seats_are_islands():
    islands = {place.id for place in GAZETTEER.places if place.island}

    assert islands == {
        "C30781", "C30811", "C30814", "C31078", "C31105", "C31108", "D911", "D912"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Thị trấn Nhà Bàng", "C30502"),
        ("xã Tân Thạnh, Thới Lai", "C31288"),
        ("Xã Tân Thạnh, huyện Long Phú", "C31666"),
        ("xã Nhơn Nghĩa A, H. Châu Thành A, HG", "C31342"),
        ("phuong an thoi, quan binh thuy", "C31168"),
        ("Xã Phú Tân, Cà Mau", "C32218"),
    ],
)
def test_a_former_commune_leads_to_what_it_became(typed, place):
    assert GAZETTEER.resolve(typed).id == place


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("Xã Phú Hội", {"C30337", "C30346"}),
        ("Phước Hưng, An Phú", {"C30337", "C30346", "C30352"}),
        ("xã Đông Phước, huyện Châu Thành, Hậu Giang", {"C31369", "C31378"}),
        ("Xã Phú Tân, huyện Châu Thành", {"C31378", "C31582"}),
    ],
)
def test_a_former_commune_that_was_split_or_has_a_namesake_is_asked_back(typed, candidates):
    with pytest.raises(AmbiguousPlace) as refused:
        GAZETTEER.resolve(typed)

    assert {place.id for place in refused.value.candidates} == candidates
    assert len(set(refused.value.labels)) == len(candidates)


def test_every_former_commune_is_found_in_its_district_and_25_were_split():
    former = read_reference().former_places
    names = {place.id: place.name for place in GAZETTEER.places}

    assert len(former) == 732
    assert sum(len(old.becomes) > 1 for old in former) == 25
    for old in former:
        assert set(old.becomes) <= set(names)
        district = next(p for p in GAZETTEER.places if p.id == old.district)
        try:
            found = {
                GAZETTEER.resolve_in(old.name, [district.name, old.locality], Sense.COMMUNE).id
            }
        except AmbiguousPlace as asked:
            found = {place.id for place in asked.candidates}
        assert set(old.becomes) <= found


def test_the_district_column_means_a_district_and_the_commune_column_a_commune():
    assert GAZETTEER.resolve("Phụng Hiệp").id == "C31420"
    assert GAZETTEER.resolve_in("Phụng Hiệp", [], Sense.DISTRICT).id == "D934"
    assert GAZETTEER.resolve_in("Châu Thành", ["Sóc Trăng"], Sense.DISTRICT).id == "D942"
    assert GAZETTEER.resolve_in("Long Phú", ["ST"], Sense.COMMUNE).id == "C31639"
