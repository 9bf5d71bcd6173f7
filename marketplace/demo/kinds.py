"""Goods of other kinds by the visitors' organisations: breeding stock, live animals, farm inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from marketplace.domain.actors import Actor, Role
from marketplace.domain.kinds import LICENCE, QUARANTINE
from marketplace.domain.listings import Basis
from marketplace.domain.lots import LotDraft
from marketplace.services.lots import publish_lots

VI_THANH = "C31321"
SAMPLE = "(mẫu)"


def list_kinds(visitors: Mapping[Role, Actor], *, now: datetime, today: date) -> None:
    """Two lots by the department, two inputs by the cooperative."""
    last = today + timedelta(days=14)
    whose, basis = f"Trại giống Tân Tiến {SAMPLE}", Basis.REQUEST
    animals = [
        replace(
            _lot("heo-giong", 80, 1_400_000, today, last),
            producer=whose,
            basis=basis,
            age_days=45,
            origin="Nái tại trại",
            quarantine_number=f"HG 0123 {SAMPLE}",
            quarantine_on=today - timedelta(days=1),
            certificates=frozenset({QUARANTINE}),
        ),
        replace(_lot("heo-hoi", 4_900, 62_000, today, last), producer=whose, basis=basis, heads=50),
    ]
    publish_lots(animals, actor=visitors[Role.OFFICER], today=today, now=now)
    number, maker = f"1234/QĐ {SAMPLE}", f"Nhà máy Ví Dụ {SAMPLE}"
    compost = _lot("phan-huu-co", 12_000, 4_200, today, last)
    medicine = _lot("thuoc-bvtv", 200, 240_000, today, last)
    licensed = frozenset({LICENCE})
    inputs = [
        replace(compost, registration_number=number, origin=maker, certificates=licensed),
        replace(
            medicine,
            certificates=licensed,
            registration_number=number,
            origin=maker,
            best_before=today + timedelta(days=500),
        ),
    ]
    publish_lots(inputs, actor=visitors[Role.SELLER], today=today, now=now)


def _lot(commodity: str, quantity: int, ask: int, first: date, last: date) -> LotDraft:
    return LotDraft(
        commodity=commodity,
        grade="loai-1",
        quantity=quantity,
        ask=ask,
        place=VI_THANH,
        ready_on=first,
        until=last,
        price_confirmed=True,
    )
