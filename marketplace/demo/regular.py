"""Goods that come regularly, in the sample market: vegetables three days a week, and a standing order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask import current_app

from marketplace.domain.actors import Actor, Role
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.series import Recurrence
from marketplace.services import series

VI_THANH = "C31321"
BINH_DIEN = "M_BINHDIEN"
GOURD = "kho-qua"


def begin_regular(visitors: Mapping[Role, Actor], *, now: datetime, today: date) -> None:
    """One series of the cooperative and one of the buyer; none where they have one that goes on."""
    last = today + timedelta(days=40)
    thrice = Recurrence(first=today, last=last, weekdays=frozenset({0, 2, 4}), days_each=2)
    weekly = Recurrence(first=today, last=last, weekdays=frozenset({1}), days_each=5)
    ahead = current_app.extensions["settings"].series_days_ahead
    for role, draft, recurs in (
        (Role.SELLER, _offered(today), thrice),
        (Role.BUYER, _wanted(today), weekly),
    ):
        rows, _pages = series.listing(actor=visitors[role], today=today)
        if not any(row.state in ("running", "paused") for row in rows):
            known = {"actor": visitors[role], "today": today, "now": now, "ahead": ahead}
            series.start(draft, recurs, **known)


def _offered(today: date) -> LotDraft:
    return LotDraft(
        commodity=GOURD,
        grade="loai-1",
        quantity=1_000,
        quantity_most=2_000,
        ask=9_000,
        place=VI_THANH,
        ready_on=today,
        until=today,
        note="Cắt sáng, giao trong hai ngày.",
        price_confirmed=True,
    )


def _wanted(today: date) -> NeedDraft:
    return NeedDraft(
        commodity=GOURD,
        quantity=4_000,
        quantity_least=2_000,
        bid=13_000,
        place=BINH_DIEN,
        from_on=today,
        until=today,
        note="Mua đều mỗi tuần cho sạp.",
        price_confirmed=True,
    )
