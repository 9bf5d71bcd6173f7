"""Reads the CSV files beside it into records of the domain. No database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from marketplace.data.files import Files, Row
from marketplace.domain.commodities import (
    Certification,
    Commodity,
    CommodityGroup,
    Grade,
    TransportNeed,
)
from marketplace.domain.kinds import Control, GoodsKind
from marketplace.domain.network import BoatRate, RoadLink, RoadNode, Transfer, WaterLink, WaterNode
from marketplace.domain.places import FormerPlace, Place, PlaceKind
from marketplace.domain.reference import (
    HandlingRate,
    Locality,
    Province,
    Reference,
    TruckRate,
)

PER_KM = "vnd_per_km_"
"""How the columns of prices per kilometre begin; the rest is the distance."""


@cache
def read_reference() -> Reference:
    """All records of all data files. Read once per process: the files are part of the program."""
    return read_files(Files())


def read_files(source: Files) -> Reference:
    """All records of all data files of ``source``, whose flaws `marketplace.data.check` tells."""
    parts: dict[str, Any] = {
        part: tuple(record(row) for _, row in source.rows(name))
        for part, (name, record) in tables().items()
    }
    return Reference(**parts, fingerprint=source.fingerprint())


def tables() -> dict[str, tuple[str, Callable[[Row], Any]]]:
    """Of each part of a `Reference` the file that it is read from, and how a row is read."""
    return {
        "localities": ("localities", _locality),
        "provinces": ("provinces", _province),
        "places": ("places", _place),
        "road_nodes": ("road_nodes", _road_node),
        "road_links": ("road_links", _road_link),
        "water_nodes": ("water_nodes", _water_node),
        "water_links": ("water_links", _water_link),
        "transfers": ("transfers", _transfer),
        "groups": ("commodity_groups", _group),
        "commodities": ("commodities", _commodity),
        "grades": ("grades", _grade),
        "certifications": ("certifications", _certification),
        "transport_needs": ("transport_needs", _transport_need),
        "truck_rates": ("truck_rates", _truck_rate),
        "boat_rates": ("boat_rates", _boat_rate),
        "handling": ("handling", _handling),
        "former_places": ("former_places", _former_place),
    }


@cache
def read_former_places() -> tuple[FormerPlace, ...]:
    """The communes of before 1 July 2025. They never change, so no table keeps them."""
    return tuple(_former_place(row) for _, row in Files().rows("former_places"))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"“{text}” is neither yes nor no")
    return text == "yes"


def _locality(row: Row) -> Locality:
    return Locality(
        id=row["id"],
        name=row["name"],
        name_en=row["name_en"],
        kind=row["kind"],
        code=row["code"],
        legal_from=date.fromisoformat(row["legal_from"]) if row["legal_from"] else None,
        legal_until=date.fromisoformat(row["legal_until"]),
        seat=row["seat"],
        province=row["province"],
        area_km2=float(row["area_km2"]),
        population=int(row["population"]),
        area_source=row["area_source"],
        population_source=row["population_source"],
        department=row["department"],
        note=row["note"],
        source=row["source"],
        confidence=row["confidence"],
    )


def _province(row: Row) -> Province:
    return Province(
        code=row["code"],
        name=row["name"],
        legal_from=date.fromisoformat(row["legal_from"]),
        seat=row["seat"],
        area_km2=float(row["area_km2"]),
        population=int(row["population"]),
        communes=int(row["communes"]),
        localities=_list(row["localities"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _place(row: Row) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        kind=PlaceKind(row["kind"]),
        also=_list(row["also"]),
        locality=row["locality"] or None,
        province=row["province"] or None,
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        node=row["node"],
        access_km=float(row["access_km"]),
        island=_yes(row["island"]),
        quay=row["quay"] or None,
        quay_km=float(row["quay_km"]),
        note=row["note"],
        source=row["source"],
        confidence=row["confidence"],
    )


def _former_place(row: Row) -> FormerPlace:
    return FormerPlace(
        name=row["name"],
        district=row["district"],
        locality=row["locality"],
        becomes=_list(row["becomes"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _road_node(row: Row) -> RoadNode:
    return RoadNode(
        id=row["id"],
        name=row["name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        kind=row["kind"],
        source=row["source"],
        confidence=row["confidence"],
    )


def _road_link(row: Row) -> RoadLink:
    return RoadLink(
        id=row["id"],
        start=row["start"],
        end=row["end"],
        road=row["road"],
        km=float(row["km"]),
        road_class=row["class"],
        kmh=int(row["kmh"]),
        ferry=_yes(row["ferry"]),
        localities=_list(row["localities"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _water_node(row: Row) -> WaterNode:
    return WaterNode(
        id=row["id"],
        name=row["name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _water_link(row: Row) -> WaterLink:
    return WaterLink(
        id=row["id"],
        start=row["start"],
        end=row["end"],
        waterway=row["waterway"],
        km=float(row["km"]),
        water_class=row["class"],
        largest_vessel=int(row["largest_vessel_t"]),
        kmh=int(row["kmh"]),
        localities=_list(row["localities"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _transfer(row: Row) -> Transfer:
    return Transfer(
        id=row["id"],
        quay=row["quay"],
        node=row["node"],
        km=float(row["km"]),
        vnd_per_tonne=int(row["vnd_per_tonne"]),
        hours=float(row["hours"]),
        localities=_list(row["localities"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _group(row: Row) -> CommodityGroup:
    return CommodityGroup(id=row["id"], name_vi=row["name_vi"], name_en=row["name_en"])


def _commodity(row: Row) -> Commodity:
    chilled = row["shelf_hours_chilled"]
    return Commodity(
        id=row["id"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        scientific_name=row["scientific_name"],
        group=row["group"],
        also=_list(row["also"]),
        base_unit=row["base_unit"],
        base_unit_vi=row["base_unit_vi"],
        milligrams=int(row["milligrams"]) if row["milligrams"] else None,
        base_units_per_price_unit=int(row["base_units_per_price_unit"]),
        price_unit=row["price_unit"],
        ask_low=int(row["ask_low"]),
        ask_high=int(row["ask_high"]),
        price_year=row["price_year"],
        price_source=row["price_source"],
        price_confidence=row["price_confidence"],
        shelf_hours_ambient=float(row["shelf_hours_ambient"]),
        shelf_hours_chilled=float(chilled) if chilled else None,
        shelf_confidence=row["shelf_confidence"],
        weight_confidence=row["weight_confidence"],
        waits=_yes(row["waits"]),
        transport_need=row["transport_need"],
        localities=_list(row["localities"]),
        months=tuple(int(month) for month in row["months"].split()),
        harvest=row["harvest"],
        certifications=_list(row["certifications"]),
        hs6=row["hs6"],
        cpc=row["cpc"],
        kind=GoodsKind(row["kind"]),
        control=Control(row["control"]),
        control_source=row["control_source"],
    )


def _grade(row: Row) -> Grade:
    return Grade(
        group=row["group"],
        rank=int(row["rank"]),
        id=row["id"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        confidence=row["confidence"],
    )


def _certification(row: Row) -> Certification:
    return Certification(
        id=row["id"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        needs_expiry=_yes(row["needs_expiry"]),
    )


def _transport_need(row: Row) -> TransportNeed:
    return TransportNeed(
        id=row["id"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        mode=row["mode"],
        largest_truck=int(row["largest_truck_kg"]),
        boat_mode=row["boat_mode"],
        largest_boat=int(row["largest_boat_kg"]),
        payload_percent=int(row["payload_percent"]),
        price_percent=int(row["price_percent"]),
        hours_limit=int(row["hours_limit"]) if row["hours_limit"] else None,
        note=row["note"],
        confidence=row["confidence"],
    )


def _truck_rate(row: Row) -> TruckRate:
    columns = [c for c in row if c.startswith(PER_KM)]
    return TruckRate(
        vehicle=row["vehicle"],
        payload=int(row["payload_kg"]),
        fixed=int(row["fixed_vnd"]),
        per_km=tuple((int(c.removeprefix(PER_KM)), int(row[c])) for c in columns),
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _boat_rate(row: Row) -> BoatRate:
    return BoatRate(
        vehicle=row["vehicle"],
        payload=int(row["payload_kg"]),
        fixed=int(row["fixed_vnd"]),
        vnd_per_km=int(row["vnd_per_km"]),
        water_class=row["class"],
        sea=_yes(row["sea"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def _handling(row: Row) -> HandlingRate:
    return HandlingRate(
        group=row["group"],
        vnd_per_kg=int(row["vnd_per_kg"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
        confidence=row["confidence"],
    )
