"""Expected harvests of the visitors' organisations, an order ahead, and what the department plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from marketplace.domain.actors import Actor, Role
from marketplace.domain.forward import Confidence
from marketplace.domain.listings import Basis
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.plans import SeasonDraft, weeks_from
from marketplace.services.lots import publish_lots
from marketplace.services.needs import post_needs
from marketplace.services.plans import save_season, season

VI_THANH = "C31321"
BINH_DIEN = "M_BINHDIEN"
PINEAPPLE = "khom-cau-duc"
PLANNED = {PINEAPPLE: 400_000, "mang-cau-xiem": 40_000, "chanh-khong-hat": 90_000}
"""Kilograms in the week of the peak."""
SHAPE = (3, 4, 5, 7, 8, 10, 10, 9, 7, 5, 3, 2)
"""Tenths of the peak."""


def expect_harvests(visitors: Mapping[Role, Actor], *, now: datetime, today: date) -> None:
    """Three lots by the department and the cooperative, a need by the buyer."""
    soon, later, latest = (today + timedelta(days=n) for n in (2, 16, 30))
    by_department = [
        _lot(8_000, soon, Confidence.SURE, 7_500, producer="Tổ hợp tác khóm Tân Tiến"),
        _lot(12_000, later, Confidence.FAIR, 7_300, producer="Tổ hợp tác khóm Tân Tiến"),
    ]
    publish_lots(by_department, actor=visitors[Role.OFFICER], today=today, now=now)
    by_cooperative = [_lot(15_000, latest, Confidence.DOUBTFUL, 7_200)]
    publish_lots(by_cooperative, actor=visitors[Role.SELLER], today=today, now=now)
    ahead = NeedDraft(
        commodity=PINEAPPLE,
        quantity=20_000,
        bid=10_800,
        place=BINH_DIEN,
        from_on=soon,
        until=today + timedelta(days=28),
        accepts_expected=True,
        note="Đặt trước cho tháng tới, giao nhiều đợt.",
        price_confirmed=True,
    )
    post_needs([ahead], actor=visitors[Role.BUYER], today=today, now=now)
    _plan(visitors[Role.OFFICER], now=now, today=today)


def _plan(officer: Actor, *, now: datetime, today: date) -> None:
    """A season of three goods: it rises, has its peak and falls."""
    for commodity, peak in PLANNED.items():
        draft = SeasonDraft(
            locality=str(officer.locality),
            commodity=commodity,
            weeks={
                week: peak * share // 10
                for week, share in zip(weeks_from(today, len(SHAPE)), SHAPE, strict=True)
            },
            source="Kế hoạch mùa vụ của Sở (mẫu)",
        )
        save_season(draft, _seen(draft, today), actor=officer, today=today, now=now)


def _seen(draft: SeasonDraft, today: date) -> dict[date, int]:
    there = season(draft.locality, draft.commodity, today, len(SHAPE)).plans
    return {week: plan.version for week, plan in there.items()}


def _lot(
    quantity: int, first: date, confidence: Confidence, ask: int, producer: str = ""
) -> LotDraft:
    return LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=quantity,
        ask=ask,
        place=VI_THANH,
        ready_on=first,
        until=first + timedelta(days=6),
        confidence=int(confidence),
        basis=Basis.SURVEY if producer else Basis.OWN,
        producer=producer,
        price_confirmed=True,
    )
