"""What somebody asks of a listing of the other side, without waiting for a round."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the asker wants of the other's listing.

    ``mine`` is one of the asker's own listings; without it ``need`` (or ``lot``) becomes one of the
    asked quantity. ``price`` (₫ per base unit) is for a listing of the asker's own that names none.
    """

    quantity: int
    mine: int | None = None
    need: NeedDraft | None = None
    lot: LotDraft | None = None
    price: int | None = None
