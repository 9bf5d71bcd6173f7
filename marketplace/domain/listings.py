"""Words that lots and needs share."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """On which basis a department lists for somebody else."""

    OWN = "own"
    REQUEST = "request"
    COMMUNE_REPORT = "commune_report"
    SURVEY = "survey"


class UnsoldReason(StrEnum):
    """Why a lot has not been sold until now, as the lister tells it."""

    NO_BUYER = "no_buyer"
    PRICE = "price"
    TRANSPORT = "transport"
    HARVEST_PEAK = "harvest_peak"
    BUYER_WITHDREW = "buyer_withdrew"
    OTHER = "other"


class MovementKind(StrEnum):
    """How an entry in the books changes what is offered, held and sold."""

    OFFER = "offer"
    CORRECT = "correct"
    HOLD = "hold"
    RELEASE = "release"
    DELIVER = "deliver"
    RETURN = "return"
