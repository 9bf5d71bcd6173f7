"""The data files in the tables, and out again as the same records."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from marketplace.data.reader import read_reference
from marketplace.domain.places import PlaceKind
from marketplace.models.base import db
from marketplace.models.network import RoadLink
from marketplace.models.places import Place
from marketplace.models.printed_rates import TruckRate
from marketplace.models.reference import TABLES, DataLoad, current_reference
from marketplace.services import reference
from tests.factories import BINH_DIEN, VI_THANH


def test_the_tables_say_exactly_what_the_files_say(each_app: Flask) -> None:
    files, tables = read_reference(), current_reference()

    for part in TABLES:
        assert getattr(tables, part) == getattr(files, part), part
    assert tables == files
    assert isinstance(tables.places[0].kind, PlaceKind)


def test_loading_again_changes_nothing(each_app: Flask) -> None:
    assert reference.load().changes == {}


def test_a_load_mends_what_differs_and_nothing_else(app: Flask) -> None:
    db.session.execute(update(Place).where(Place.id == VI_THANH).values(name="Vị Thành"))
    db.session.delete(db.session.scalars(select(RoadLink)).first())
    db.session.scalars(select(TruckRate)).first().vehicle = "1,5t"
    db.session.scalar(select(DataLoad)).fingerprint = "another"
    db.session.commit()

    changes = reference.load().changes

    differs = {name: counts for name, counts in changes.items() if any(counts)}
    assert differs == {"places": (0, 1, 0), "road_links": (1, 0, 0), "truck_rates": (1, 0, 1)}
    assert db.session.get_one(Place, VI_THANH).name == "Phường Vị Thanh"


def test_what_is_loaded_is_asked_of_the_database_once(app: Flask) -> None:
    current_reference()
    db.session.execute(update(Place).values(note="not seen: the fingerprint is the same"))

    assert current_reference() is current_reference()
    assert all("not seen" not in place.note for place in current_reference().places)


def test_the_world_quotes_freight_between_places_that_people_name(app: Flask) -> None:
    world = reference.current_world()

    origin = world.gazetteer.resolve("phuong vi thanh")
    destination = world.gazetteer.resolve("Chợ đầu mối Bình Điền")

    assert (origin.id, destination.id) == (VI_THANH, BINH_DIEN)
    assert world.atlas.route(origin.id, destination.id).km > 150
    assert world is reference.current_world()


def test_there_are_269_communes_of_which_six_have_no_road(app: Flask) -> None:
    communes = [p for p in current_reference().places if p.kind is PlaceKind.COMMUNE]

    assert len(communes) == 269
    assert len([commune for commune in communes if commune.island]) == 6
