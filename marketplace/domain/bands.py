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


def rounded_down(amount: int, usual: int) -> int:
    """``amount`` on a grid of about a twentieth of the ``usual`` price.

    What somebody can find out of a sealed price by trying: the step depends on public figures only,
    so however often he tries, he learns the step that it lies on and nothing finer.
    """
    return amount - amount % _step(usual)


def rounded_up(amount: int, usual: int) -> int:
    """The next step above that of `rounded_down`: the same for all amounts on one step."""
    return rounded_down(amount, usual) + _step(usual)


def _step(usual: int) -> int:
    step = 1
    for candidate in (1, 2, 5):
        while candidate * 20 <= usual:
            step = max(step, candidate)
            candidate *= 10
    return step
