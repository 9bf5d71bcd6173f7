"""The life of a match, and who may see or answer it."""

from __future__ import annotations

from enum import StrEnum


class MatchState(StrEnum):
    """Draft until its round is published; then both sides answer."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    DROPPED = "dropped"
    """No longer held when its round was published, or the round was discarded."""


class Origin(StrEnum):
    """Whether the engine proposed it or one side asked for it."""

    ROUND = "round"
    DIRECT = "direct"


class Side(StrEnum):
    """The lot's side sells, the need's side buys."""

    LOT = "lot"
    NEED = "need"


class DeclineReason(StrEnum):
    """Why a party says no."""

    PRICE = "price"
    SOLD = "sold"
    GOODS = "goods"
    DATE = "date"
    PARTNER = "partner"
    OTHER = "other"
