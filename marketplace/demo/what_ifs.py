"""Sample what-ifs: one for the worker to solve, and the worth of links for whoever presses the button."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from marketplace.domain.actors import Actor
from marketplace.domain.scenarios import (
    Change,
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    ScenarioKind,
)
from marketplace.services import scenarios

DAYS = 10
"""Of the window in which there is more to sell and to buy."""


def ask_what_if(actor: Actor, *, now: datetime, today: date) -> None:
    """Copies of the market as it is now, shared with officials; none where there are some already."""
    there, _pages = scenarios.listing(actor=actor, page=1)
    if there:
        return
    _ask(
        "Đường Vị Thanh – Cái Tư đóng, nhiên liệu tăng 20 %",
        "Giả định cho cuộc họp của tổ giúp việc; nhãn Vĩnh Châu rộ cùng lúc.",
        ScenarioKind.CHANGES,
        [LinkChange(Deed.CLOSE, "D930-J_CAITU"), FuelChange(20), *_longan(today)],
        actor,
        now,
        today,
    )
    _ask("Tuyến nào đáng giá nhất tuần này", "", ScenarioKind.LINKS, [], actor, now, today)


def _longan(today: date) -> list[Change]:
    until = today + timedelta(days=DAYS)
    return [
        MoreSupply("nhan-ido", "D941", 500_000, 11_000, today, until),
        MoreDemand("nhan-ido", "M_BINHDIEN", 100_000, 22_000, today, until, buyers=3),
    ]


def _ask(
    name: str,
    note: str,
    kind: ScenarioKind,
    changes: list[Change],
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    made = scenarios.create(name, note, kind=kind, afresh=True, actor=actor, now=now, today=today)
    for change in changes:
        scenarios.add_change(made.id, change, actor=actor, today=today)
    scenarios.share(made.id, True, actor=actor)
    if changes:
        scenarios.request_run(made.id, actor=actor, now=now)
