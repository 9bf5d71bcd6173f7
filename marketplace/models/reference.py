"""What the programme's data files and its officers say: read from the tables, kept until it changes.

Filled by `flask data load` from marketplace/data.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import String, false, inspect, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.data.reader import read_former_places
from marketplace.domain import reference as records
from marketplace.domain.tariffs import on_day
from marketplace.models.base import Base, db
from marketplace.models.commodities import (
    Certification,
    Commodity,
    CommodityGroup,
    Grade,
    TransportNeed,
)
from marketplace.models.conditions import ConditionVersion, RestrictionVersion, in_force
from marketplace.models.network import RoadLink, RoadNode, Transfer, WaterLink, WaterNode
from marketplace.models.places import Locality, Place, Province
from marketplace.models.printed_rates import BoatRate, HandlingRate, TruckRate
from marketplace.models.recorded import Recorded
from marketplace.models.tariffs import tariff_rows, with_rows


class DataLoad(Base):
    """Which version of the data files the tables hold, and of what people state beside them.

    Caches are keyed by both. Whoever states something gives ``state`` a new name in the same
    transaction (`new_state`), so that every process sees it at once.
    """

    __tablename__ = "data_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(32), default="", server_default="")
    foreign: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Loaded from a directory of somebody's own, which the next start must not undo."""
    told: Mapped[str] = mapped_column(String(50), default="", server_default="")
    """The state and the day of which people under way have been told (services/route_hits)."""


TABLES: dict[str, type[Recorded]] = {
    "provinces": Province,
    "localities": Locality,
    "road_nodes": RoadNode,
    "road_links": RoadLink,
    "water_nodes": WaterNode,
    "water_links": WaterLink,
    "transfers": Transfer,
    "places": Place,
    "groups": CommodityGroup,
    "grades": Grade,
    "certifications": Certification,
    "transport_needs": TransportNeed,
    "commodities": Commodity,
    "truck_rates": TruckRate,
    "boat_rates": BoatRate,
    "handling": HandlingRate,
}
"""The table of each part of `records.Reference`; what others point to comes first."""


def current_reference() -> records.Reference:
    """What the tables say and what is in force today, read anew only when `DataLoad` has changed.

    Raises `LookupError` where no data have been loaded.
    """
    return reference_on(clock.today())


def is_set_up() -> bool:
    """Whether there is a database with reference data. Asking creates none."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    there = inspect(db.engine).has_table(DataLoad.__tablename__)
    return there and db.session.scalar(select(DataLoad.id)) is not None


def reference_on(day: date) -> records.Reference:
    """The same with what is in force on another day, as far as it is known today."""
    fingerprint, state = _versions()
    return _on(fingerprint, state, day)


def files_reference() -> records.Reference:
    """What the data files alone say. Raises `LookupError` where none have been loaded."""
    return _read(_versions()[0])


def new_state(session: Session) -> None:
    """Say that conditions, restrictions or tariffs have changed."""
    session.execute(update(DataLoad).values(state=secrets.token_hex(16)))


def _versions() -> tuple[str, str]:
    versions = db.session.execute(select(DataLoad.fingerprint, DataLoad.state)).one_or_none()
    if versions is None:
        raise LookupError("no reference data: run `flask data load`")
    return versions.fingerprint, versions.state


@lru_cache(maxsize=16)
def _on(fingerprint: str, state: str, day: date) -> records.Reference:
    files = _read(fingerprint)
    known = files.links
    stated = (row.record() for row in in_force(ConditionVersion, day))
    rates = on_day(with_rows(files.state, tariff_rows()), day)
    return files.under(
        replace(
            rates,
            # A link may have left the files since.
            conditions=tuple(c for c in stated if c.link is None or c.link in known),
            restrictions=tuple(row.record() for row in in_force(RestrictionVersion, day)),
        )
    )


@lru_cache(maxsize=2)
def _read(fingerprint: str) -> records.Reference:
    parts: dict[str, Any] = {
        name: tuple(row.record() for row in db.session.scalars(_in_order(table)))
        for name, table in TABLES.items()
    }
    parts["former_places"] = read_former_places()
    return records.Reference(**parts, fingerprint=fingerprint)


def _in_order(table: Any) -> Any:
    return select(table).order_by(table.position)
