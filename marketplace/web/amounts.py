"""Quantities from least to most, and for every day or week, as people type them in one field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.domain.bare_prices import check_each, resolve_bare
from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.packs import Pack, WeightUnsaid, parse_pack, parse_price_each
from marketplace.domain.prices import BarePrice, UnreadablePrice, parse_price
from marketplace.domain.quantities import UnknownWeight, UnreadableQuantity, parse_quantity
from marketplace.domain.rates import AmbiguousAmount, Amount, parse_amount, spell_amount
from marketplace.domain.text_marks import N_

LONGEST = 60


def read_amount(typed: str, good: Commodity) -> Amount:
    """From least to most, both known; of goods told by the piece what all of them hold.

    Raises `Rejected` as `parse_quantity` and `parse_amount` do.
    """
    try:
        exact = parse_quantity(typed, good)
    except UnreadableQuantity as unread:
        if pack := parse_pack(typed, good):
            return Amount(pack.quantity, pack.quantity)
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
    if isinstance(unread, UnknownWeight):
        raise WeightUnsaid(unread, good) from unread
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


def read_price(typed: str, good: Commodity, pack: Pack | None, beside: str = "") -> int | None:
    """₫ per base unit; of a price for each piece what that comes to. Raises `Rejected`.

    ``beside`` is the amount as it was typed: it may tell what a bare price is for, and where it tells
    of pieces, a price far too high for one base unit raises `PerhapsEach`.
    """
    price = _as_typed(typed, good, pack, beside)
    if price is not None:
        check_each(price, typed, beside, pack, good)
    return price


def _as_typed(typed: str, good: Commodity, pack: Pack | None, beside: str) -> int | None:
    """As `read_price`, of a price that is not for each piece unless it says so."""
    try:
        return parse_price(typed, good)
    except BarePrice as bare:
        return resolve_bare(bare, beside, good)
    except UnreadablePrice:
        each = parse_price_each(typed, pack, good) if pack else None
        if pack is None or each is None:
            raise
        return pack.share(each)
