"""Certificates that rows of a sheet name by their numbers, and that the organisation keeps here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from marketplace.domain.certificates import CertificateDraft, check_backing
from marketplace.domain.lots import LotDraft
from marketplace.domain.text import fold
from marketplace.models.base import db
from marketplace.models.certificates import Certificate, draft_of_certificate


@dataclass(frozen=True)
class Kept:
    """A certificate as it is now."""

    id: int
    said: CertificateDraft
    withdrawn: bool


Shelf = Mapping[tuple[str, str], Kept]
"""By certification, and number as `_same` makes it comparable."""


def shelf_of(organisation_id: int) -> Shelf:
    """What the organisation keeps; of two with one number the later one."""
    query = select(Certificate).where(Certificate.organisation_id == organisation_id)
    kept = db.session.scalars(query.order_by(Certificate.id))
    return {
        (one.certification_id, _same(one.number)): Kept(
            one.id, draft_of_certificate(one), one.withdrawn_at is not None
        )
        for one in kept
    }


def papers_behind(
    draft: LotDraft, told: Sequence[tuple[str, str]], shelf: Shelf, today: date
) -> dict[str, int]:
    """Which of them stand behind what a row names, by certification; ``told``: that and its number.

    Raises `Rejected` for one that is kept here and does not count for these goods.
    """
    keys = [(name, _same(number)) for name, number in told]
    found = {key[0]: shelf[key] for key in keys if key in shelf}
    for kept in found.values():
        check_backing(
            kept.said,
            withdrawn=kept.withdrawn,
            producer=draft.producer,
            ready_on=draft.ready_on,
            today=today,
        )
    return {name: kept.id for name, kept in found.items()}


def _same(number: str) -> str:
    return "".join(fold(number).split())
