"""The tariffs: what counts today, where each price comes from, and prices that people add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.domain.actors import Actor
from marketplace.domain.errors import Forbidden
from marketplace.domain.network import BoatRate
from marketplace.domain.reference import TruckRate
from marketplace.domain.tariffs import (
    TARIFFS,
    AnyRate,
    TariffDraft,
    TariffKind,
    check_differs,
    check_tariff,
    in_force,
    may_price,
    subject_of,
)
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.reference import files_reference, new_state
from marketplace.models.stating import made
from marketplace.models.tariffs import TariffRow
from marketplace.transport.tariff import boat_price, trip_price


@dataclass(frozen=True)
class Price:
    """A rate and, where a person added it, the row that says who and when."""

    rate: AnyRate
    row: TariffRow | None


@dataclass(frozen=True)
class Tariff:
    """All prices of one class or group, the newest first; ``now`` is the one that counts today."""

    kind: TariffKind
    subject: str
    now: Price
    coming: list[Price]
    before: list[Price]


def tariffs(today: date) -> dict[TariffKind, list[Tariff]]:
    """By kind, smallest vehicle first."""
    rows = list(
        db.session.scalars(
            select(TariffRow).options(joinedload(TariffRow.organisation)).order_by(TariffRow.id)
        )
    )
    found: dict[TariffKind, list[Tariff]] = {}
    for kind, part in TARIFFS.items():
        rates: list[AnyRate] = list(getattr(files_reference(), part))
        subjects = list(dict.fromkeys(subject_of(rate) for rate in rates))
        prices = {subject: _prices(kind, subject, rates, rows) for subject in subjects}
        found[kind] = [_tariff(kind, name, prices[name], today) for name in subjects]
    return found


def like(kind: TariffKind, subject: str) -> AnyRate | None:
    """A rate of that class or group; None if there is no such."""
    rates: tuple[AnyRate, ...] = getattr(files_reference(), TARIFFS[kind])
    return next((rate for rate in rates if subject_of(rate) == subject), None)


def check(draft: TariffDraft, *, actor: Actor, today: date) -> None:
    """Raise `Rejected` for what is wrong with the price, `Forbidden` for who may not add any."""
    if not may_price(actor):
        raise Forbidden(N_("Coordinators and administrators add prices."))
    check_tariff(draft, like(draft.kind, draft.subject), today)
    for there in tariffs(draft.valid_from)[draft.kind]:
        if there.subject == draft.subject:
            check_differs(draft, there.now.rate)


def add(draft: TariffDraft, *, actor: Actor, now: datetime, today: date) -> TariffRow:
    """Let the price count from its day on; what counted before stays as it was."""
    check(draft, actor=actor, today=today)
    with transaction() as session:
        row = TariffRow(
            kind=draft.kind,
            subject=draft.subject,
            fixed=draft.fixed,
            per_km=draft.per_km,
            vnd_per_km=draft.vnd_per_km,
            vnd_per_kg=draft.vnd_per_kg,
            valid_from=draft.valid_from,
            source=draft.source,
            confidence=draft.confidence,
            **made(actor, now),
        )
        session.add(row)
        new_state(session)
    return row


def _prices(
    kind: TariffKind, subject: str, rates: list[AnyRate], rows: list[TariffRow]
) -> list[Price]:
    """In the order in which they came."""
    own = [rate for rate in rates if subject_of(rate) == subject]
    added = [row for row in rows if (row.kind, row.subject) == (kind, subject)]
    return [Price(rate, None) for rate in own] + [Price(row.of(own[0]), row) for row in added]


def _tariff(kind: TariffKind, subject: str, prices: list[Price], today: date) -> Tariff:
    [current] = in_force([price.rate for price in prices], today)
    now = next(price for price in prices if price.rate is current)
    rest = sorted((p for p in prices if p is not now), key=lambda p: p.rate.valid_from)
    return Tariff(
        kind,
        subject,
        now,
        coming=[price for price in rest if price.rate.valid_from > today],
        before=[price for price in reversed(rest) if price.rate.valid_from <= today],
    )


def curve(rate: AnyRate, distances: Sequence[int]) -> list[int]:
    """₫ of one trip at list price over so many kilometres: what rounds count with.

    Handling has no distance: ₫ of a tonne.
    """
    hectometres = np.array(distances, dtype=np.int64) * 10
    if isinstance(rate, TruckRate):
        return [int(price) for price in trip_price(rate, 100, hectometres)]
    if isinstance(rate, BoatRate):
        return [int(price) for price in boat_price(rate, 100, hectometres)]
    return [1000 * rate.vnd_per_kg] * len(distances)


def printed(rate: AnyRate) -> list[tuple[int, int]]:
    """Kilometres and ₫ of a trip, as the source has them; none where it is a plain rate."""
    if not isinstance(rate, TruckRate):
        return []
    return [(km, rate.fixed + km * per_km) for km, per_km in rate.per_km]
