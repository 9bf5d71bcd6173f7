"""Drafts of lots and needs as JSON has them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from marketplace.domain.listings import Basis, UnsoldReason
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.photos import PhotoUse


def draft_to_json(draft: LotDraft | NeedDraft) -> dict[str, Any]:
    """Every field; days as ISO dates, certificates in order."""
    return {f.name: plain(getattr(draft, f.name)) for f in fields(draft)}


def draft_from_json(kept: dict[str, Any]) -> LotDraft:
    """What `draft_to_json` was given."""
    reason, photos, papers = kept["unsold_reason"], kept.get("photos"), kept.get("papers")
    return LotDraft(
        **{
            **kept,
            "ready_on": date.fromisoformat(kept["ready_on"]),
            "until": date.fromisoformat(kept["until"]),
            "certificates": frozenset(kept["certificates"]),
            "unsold_reason": UnsoldReason(reason) if reason else None,
            **{day: _day(kept.get(day)) for day in ("quarantine_on", "best_before")},
            "basis": Basis(kept["basis"]),
            "photos": None if photos is None else tuple(PhotoUse(*photo) for photo in photos),
            "papers": None if papers is None else frozenset(papers),
        }
    )


def need_from_json(kept: dict[str, Any]) -> NeedDraft:
    """What `draft_to_json` was given of a need."""
    return NeedDraft(
        **{
            **kept,
            "from_on": date.fromisoformat(kept["from_on"]),
            "until": date.fromisoformat(kept["until"]),
            "certificates": frozenset(kept["certificates"]),
            "basis": Basis(kept["basis"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def plain(value: object) -> object:
    """A value as JSON has it: days as ISO dates, sets in order."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, PhotoUse):
        return [value.id, value.alt]
    return [plain(each) for each in value] if isinstance(value, tuple) else value
