"""The only place that asks what time it is; tests and the demo set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


_set: list[datetime] = []


def now() -> datetime:
    """This moment in UTC."""
    return _set[-1] if _set else datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for the whole process, for tests and sample data."""
    _set.append(moment)
    try:
        yield
    finally:
        _set.pop()


def today() -> date:
    """Today's date where the goods are."""
    return now().astimezone(HERE).date()
