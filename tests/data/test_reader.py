"""The data files hold together."""

from collections import Counter
from datetime import date

import pytest

from marketplace.data.reader import read_reference

REFERENCE = read_reference()
CONFIDENCE = {"sourced", "unverified", "estimate"}


def test_everything_is_there():
    assert len(REFERENCE.localities) == 7
    assert len(REFERENCE.provinces) == 3
    assert len(REFERENCE.commodities) == 143
    assert len(REFERENCE.road_nodes) == 99
    assert len(REFERENCE.road_links) == 160
    kinds = Counter(place.kind for place in REFERENCE.places)
    assert kinds["commune"] == 269
    assert kinds["seat"] == 70


@pytest.mark.parametrize(
    "table",
    ["localities", "places", "road_nodes", "road_links", "groups", "commodities", "certifications"],
)
def test_ids_are_unique(table):
    ids = [record.id for record in getattr(REFERENCE, table)]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "table",
    ["localities", "provinces", "places", "road_nodes", "road_links", "truck_rates", "handling"],
)
def test_every_row_says_where_from_and_how_sure(table):
    for record in getattr(REFERENCE, table):
        assert record.source
        assert record.confidence in CONFIDENCE


def test_every_price_says_where_from_and_how_sure():
    sure = Counter(commodity.price_confidence for commodity in REFERENCE.commodities)

    assert sure == {"sourced": 56, "unverified": 74, "estimate": 13}
    for commodity in REFERENCE.commodities:
        assert commodity.price_source
        assert {commodity.shelf_confidence, commodity.weight_confidence} <= CONFIDENCE


def test_references_lead_somewhere():
    nodes = {node.id for node in REFERENCE.road_nodes}
    places = {place.id for place in REFERENCE.places}
    localities = {locality.id for locality in REFERENCE.localities}
    provinces = {province.code for province in REFERENCE.provinces}
    needs = {need.id for need in REFERENCE.transport_needs}
    groups = {group.id for group in REFERENCE.groups}
    papers = {paper.id for paper in REFERENCE.certifications}

    assert {x.seat for x in (*REFERENCE.localities, *REFERENCE.provinces)} <= places
    assert {link.start for link in REFERENCE.road_links} <= nodes
    assert {link.end for link in REFERENCE.road_links} <= nodes
    assert {place.node for place in REFERENCE.places} <= nodes
    assert {place.locality for place in REFERENCE.places} - {None} == localities
    assert {place.province for place in REFERENCE.places} - {None} == provinces
    for commodity in REFERENCE.commodities:
        assert commodity.group in groups
        assert commodity.transport_need in needs
        assert set(commodity.localities) <= localities
        assert set(commodity.certifications) <= papers
        assert set(commodity.months) <= set(range(1, 13))
        assert 0 < commodity.ask_low <= commodity.ask_high


def test_code_91_meant_one_province_and_means_another():
    [kien_giang] = [x for x in REFERENCE.localities if x.code == "91"]
    [an_giang] = [x for x in REFERENCE.provinces if x.code == "91"]

    assert kien_giang.id == "KG"
    assert an_giang.name == "Tỉnh An Giang"
    assert kien_giang.legal_until < an_giang.legal_from == date(2025, 7, 1)


def test_the_seven_became_the_three():
    assert {p.code: set(p.localities) for p in REFERENCE.provinces} == {
        "92": {"CT", "ST", "HG"},
        "91": {"AG", "KG"},
        "96": {"BL", "CM"},
    }
    communes = Counter(p.province for p in REFERENCE.places if p.kind == "commune")
    assert communes == {p.code: p.communes for p in REFERENCE.provinces}


def test_the_fingerprint_is_of_the_content():
    assert len(REFERENCE.fingerprint) == 64
    assert read_reference() is REFERENCE
