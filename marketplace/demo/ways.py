"""What the sample market states of roads, canals and goods; each source says that it is a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from marketplace.domain.actors import Actor
from marketplace.domain.conditions import ConditionDraft, Effect, Kind, RestrictionDraft
from marketplace.domain.links import scope_of
from marketplace.models.conditions import ConditionVersion, RestrictionVersion
from marketplace.models.stating import revision_of
from marketplace.services import conditions, restrictions, road_states

SOURCE = "Dữ liệu mẫu, không phải lệnh thật"


def state_samples(actor: Actor, *, today: date, now: datetime) -> None:
    """A closed bridge, a weak one, a sluice, a priority lane, sick pigs: unless they hold already."""
    for draft in _conditions(today):
        key = scope_of(draft).key
        page = road_states.scope_page(key, actor=actor, today=today)
        if not any(one.row.source == SOURCE and one.row.on(today) for one in page.stated):
            seen = revision_of(ConditionVersion, key)
            conditions.state(draft, seen, actor=actor, now=now, today=today)
    pigs = _restriction(today)
    if not restrictions.restrictions(today=today).now:
        seen = revision_of(RestrictionVersion, restrictions.scope_key(pigs))
        restrictions.restrict(pigs, seen, actor=actor, now=now, today=today)


def _conditions(today: date) -> Iterator[ConditionDraft]:
    first = today - timedelta(days=4)
    yield ConditionDraft(
        effect=Effect.CLOSED,
        link="D946-D941",
        first=first,
        last=today + timedelta(days=12),
        reason="Sửa cầu trên ĐT933, xe đi vòng qua Sóc Trăng",
        source=SOURCE,
    )
    yield ConditionDraft(
        effect=Effect.LOAD,
        link="D907-J_CAITU",
        most=8_000,
        first=first,
        last=None,
        reason="Cầu yếu, chỉ cho xe tới 8 tấn",
        source=SOURCE,
    )
    yield ConditionDraft(
        effect=Effect.LANE,
        link="D919-D932",
        percent=120,
        paper="giấy nhận diện xe chở nông sản",
        first=first,
        last=today + timedelta(days=30),
        reason="Làn ưu tiên cho xe chở nông sản ra Cần Thơ",
        source=SOURCE,
    )
    yield ConditionDraft(
        effect=Effect.WAIT,
        kind=Kind.SLUICE,
        link="W_CAITU--W_TACCAU",
        minutes=90,
        first=first,
        last=today + timedelta(days=20),
        reason="Cống Cái Lớn đóng ngăn mặn, ghe chờ qua âu",
        source=SOURCE,
    )


def _restriction(today: date) -> RestrictionDraft:
    return RestrictionDraft(
        commodity="heo-hoi",
        locality="ST",
        direction="leaving",
        papers=("quarantine",),
        first=today - timedelta(days=4),
        last=today + timedelta(days=20),
        reason="Dịch tả heo châu Phi",
        source=SOURCE,
    )
