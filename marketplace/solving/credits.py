"""What ranks a lot before others beside its price: it spoils soon, or rounds have left it over.

Credits only order pairs that may trade anyway. They make none possible, and value, bound and prices
leave them out; the round says what each of them cost.
"""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.solving.listings import OpenLot

MOVED = 20
"""VND for every kilogram, so that trades without margin happen too."""
SOON = 60
"""VND for every kilogram that has to leave within `SOON_DAYS`."""
SOON_DAYS = 3
A_ROUND_WAITED = 10
"""VND per kilogram for each published round that left the lot over …"""
MOST_WAITED = 50
"""… up to this."""


def spoils_soon(lot: OpenLot, keeps_minutes: int, waits: bool, today: date) -> int:
    """VND per kilogram. Freshness of what ``waits`` counts from collection; 0 minutes: for ever."""
    last = lot.until
    if keeps_minutes and not waits:
        last = min(last, lot.ready_on + timedelta(minutes=keeps_minutes))
    return SOON if last < today + timedelta(days=SOON_DAYS) else 0


def left_over(lot: OpenLot) -> int:
    """VND per kilogram."""
    return min(MOST_WAITED, A_ROUND_WAITED * lot.waited)
