"""Prices of transport that people have added to those of the data files; rows are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.domain.reference import State
from marketplace.domain.tariffs import TARIFFS, TariffKind, subject_of
from marketplace.models.base import Base, Moment, Tuple, db, one_of
from marketplace.models.organisations import Organisation, User


class TariffRow(Base):
    """A dated price of one class of vehicle, or of handling one group of goods.

    What a class is (payload, where it may go) stands in the data files and stays; only its price
    changes here. Of two rows from the same day the later one counts.
    """

    __tablename__ = "tariff_row"
    __table_args__ = (
        one_of("kind", TariffKind),
        CheckConstraint("(kind = 'truck') = (per_km IS NOT NULL)", name="truck_by_points"),
        CheckConstraint("(kind = 'boat') = (vnd_per_km IS NOT NULL)", name="boat_by_rate"),
        CheckConstraint("(kind = 'handling') = (vnd_per_kg IS NOT NULL)", name="handling_by_kg"),
        CheckConstraint("(kind = 'handling') = (fixed IS NULL)", name="trips_have_fixed"),
        CheckConstraint("fixed >= 0", name="fixed_positive"),
        CheckConstraint("vnd_per_km >= 0", name="rate_positive"),
        CheckConstraint("vnd_per_kg >= 0", name="handling_positive"),
        CheckConstraint("source <> ''", name="sourced"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(30), index=True)
    """Vehicle class, or group of goods."""
    fixed: Mapped[int | None]
    per_km: Mapped[tuple[tuple[int, int], ...] | None] = mapped_column(Tuple)
    vnd_per_km: Mapped[int | None]
    vnd_per_kg: Mapped[int | None]
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)

    maker: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    def of(self, rate: Any) -> Any:
        """The record ``rate`` of the same subject with this row's price."""
        names = (
            "fixed",
            "per_km",
            "vnd_per_km",
            "vnd_per_kg",
            "valid_from",
            "source",
            "confidence",
        )
        there = {name: getattr(self, name) for name in names if hasattr(rate, name)}
        return replace(rate, **there)


def tariff_rows() -> list[TariffRow]:
    """In the order in which they were added."""
    return list(db.session.scalars(select(TariffRow).order_by(TariffRow.id)))


def with_rows(files: State, rows: Iterable[TariffRow]) -> State:
    """The tariffs of the files and what people have added, for the records that still exist."""
    found = {name: list(getattr(files, name)) for name in TARIFFS.values()}
    for row in rows:
        known = found[TARIFFS[TariffKind(row.kind)]]
        like = next((rate for rate in known if subject_of(rate) == row.subject), None)
        if like is not None:
            known.append(row.of(like))
    return replace(files, **{name: tuple(rates) for name, rates in found.items()})
