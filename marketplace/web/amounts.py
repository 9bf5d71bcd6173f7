"""Quantities from least to most, and for every day or week, as people type them in one field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import UnreadableQuantity, parse_quantity
from marketplace.domain.rates import AmbiguousAmount, Amount, parse_amount, spell_amount
from marketplace.domain.text_marks import N_

LONGEST = 60


def read_amount(typed: str, good: Commodity) -> Amount:
    """From least to most, both known. Raises `Rejected` as `parse_quantity` and `parse_amount` do."""
    try:
        exact = parse_quantity(typed, good)
    except UnreadableQuantity as unread:
        amount = _range_or_rate(typed, good, unread)
        if amount.least is None or amount.most is None:
            raise Rejected(
                N_("“%(typed)s” has one end only. Write how much is sure, such as 5–10 tấn."),
                field="quantity",
                typed=typed,
            ) from unread
        return amount
    return Amount(exact, exact)


def _range_or_rate(typed: str, good: Commodity, unread: UnreadableQuantity) -> Amount:
    """What `parse_quantity` has refused, read as a range or a rate; else what it has said."""
    if len(typed) > LONGEST:
        raise unread
    try:
        return parse_amount(typed, good)
    except AmbiguousAmount:
        raise
    except Rejected as error:
        raise (error if any(mark in typed for mark in "-–—~/") else unread) from error


def amounts_meant(error: Rejected, good: Commodity) -> Sequence[tuple[str, str]]:
    """The ways to read a range, as they can be typed and as they are read."""
    found: Any = getattr(error, "amounts", ())
    return [(spell_amount(amount, good), spell_amount(amount, good)) for amount in found]
