"""Sealed figures are told in bands: close enough to act on, too wide to read a price from."""

from __future__ import annotations

FIRST = 100
SECOND = 300


def band(amount: int) -> tuple[int, int]:
    """The band that holds ``amount``: 0–100, 100–300, 300–600, 600–1.200, doubling from there."""
    if amount <= FIRST:
        return 0, FIRST
    low, high = FIRST, SECOND
    while amount > high:
        low, high = high, high * 2
    return low, high
