"""Conditions, restrictions and prices as rows, with defaults for what a test does not mention."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Actor, Role
from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.tariffs import TariffKind
from marketplace.models.base import db
from marketplace.models.conditions import ConditionVersion, RestrictionVersion
from marketplace.models.reference import new_state
from marketplace.models.tariffs import TariffRow
from tests.factories import an_actor

VI_THANH_ROAD = "D932-D930"
"""QL61C between Một Ngàn and Vị Thanh, in Hậu Giang."""


def a_condition(*, actor: Actor | None = None, **columns: Any) -> ConditionVersion:
    """A closed link from today on, stated by a coordinator."""
    values = {"effect": "closed", "link": VI_THANH_ROAD, "reason": "Sửa cầu", "source": "TB 1"}
    if "mode" in columns:
        values.pop("link")
    return _stated(ConditionVersion, actor, {**values, **columns})


def a_restriction(*, actor: Actor | None = None, **columns: Any) -> RestrictionVersion:
    """No pineapples out of Vị Thanh from today on."""
    values: dict[str, Any] = {
        "commodity_id": "khom-cau-duc",
        "place_id": "C31321",
        "direction": "leaving",
        "papers": (),
        "reason": "Dịch hại",
        "source": "QĐ 1",
    }
    return _stated(RestrictionVersion, actor, {**values, **columns})


def a_tariff_row(*, actor: Actor | None = None, **columns: Any) -> TariffRow:
    """Boats of 80 t cost more from today on."""
    actor = actor or an_actor(Role.COORDINATOR)
    values: dict[str, Any] = {
        "kind": TariffKind.BOAT,
        "subject": "boat80t",
        "valid_from": clock.today(),
        "source": "Bảng giá HTX vận tải",
        "confidence": "sourced",
        **columns,
    }
    if values["kind"] == TariffKind.BOAT:
        values = {"fixed": 2_000_000, "vnd_per_km": 61_000, **values}
    return _saved(TariffRow(**values, **_by(actor)))


def _stated(kind: Any, actor: Actor | None, columns: dict[str, Any]) -> Any:
    values = {"version": 1, "first": clock.today(), "last": None, **columns}
    row = kind(**values, **_by(actor or an_actor(Role.COORDINATOR)))
    row.scope = columns.get("scope") or _scope(row)
    row.revision = columns.get("revision") or 1 + (
        db.session.scalar(select(func.max(kind.revision)).where(kind.scope == row.scope)) or 0
    )
    return _saved(row)


def _scope(row: Any) -> str:
    if isinstance(row, ConditionVersion):
        return row.link or f"{row.mode}:{row.locality_id or '*'}"
    return f"{row.commodity_id or row.group_id}@{row.place_id or row.locality_id}"


def _by(actor: Actor) -> dict[str, Any]:
    return {
        "made_by": actor.user_id,
        "organisation_id": actor.organisation_id,
        "made_at": clock.now(),
    }


def _saved(row: Any) -> Any:
    db.session.add(row)
    new_state(db.session())
    db.session.commit()
    return row


def a_plain_condition(effect: Effect, link: str | None = None, **figures: Any) -> Condition:
    """The record of a condition without a row: on a link, or with ``mode`` and ``locality``."""
    names = ("mode", "locality", "most", "opens", "closes", "percent", "minutes")
    values = dict.fromkeys(names) | {"paper": ""} | figures
    return Condition(id=1, effect=effect, link=link, first=date(2026, 1, 1), last=None, **values)
