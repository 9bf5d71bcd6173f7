"""What goes with a lot besides its figures: photos, and certificates behind what it names."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from marketplace.domain.certificates import check_backing, counting_day
from marketplace.domain.errors import Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.certificates import (
    draft_of_certificate,
    kept_of_kind,
    rely_on,
    usable_certificates,
)
from marketplace.models.commodities import Certification
from marketplace.models.lots import Lot
from marketplace.models.photos import check_usable, show_photos


def check_attached(
    draft: LotDraft, organisation_id: int, today: date, relied: frozenset[int] = frozenset()
) -> None:
    """Raise `Rejected` unless photos and certificates are the organisation's own, and these count.

    A certificate that the lot has relied on before (``relied``) may have expired since.
    """
    if draft.photos:
        check_usable(draft.photos, organisation_id)
    chosen = usable_certificates(draft.papers or (), organisation_id)
    if draft.papers is not None:
        backed = {certificate.certification_id for certificate in chosen}
        _check_named_only(draft.certificates - backed, draft, organisation_id, today)
    for certificate in chosen:
        if certificate.certification_id not in draft.certificates:
            raise Rejected(N_("Tick what the certificate is for, too."), field="papers")
        if certificate.id not in relied:
            check_backing(
                draft_of_certificate(certificate),
                withdrawn=certificate.withdrawn_at is not None,
                producer=draft.producer,
                ready_on=draft.ready_on,
                today=today,
            )


def _check_named_only(
    named: frozenset[str], draft: LotDraft, organisation_id: int, today: date
) -> None:
    """Raise `Rejected` where an expired certificate would go on counting as one that is only named."""
    day = counting_day(draft.ready_on, today)
    whose = fold(draft.producer)
    for kind in db.session.scalars(select(Certification.id).order_by(Certification.id)):
        if kind not in named:
            continue
        there = [c for c in kept_of_kind(kind, organisation_id) if fold(c.holder) == whose]
        if there and not any(one.covers(day) for one in there):
            raise Rejected(
                N_("Certificate %(number)s is not valid on %(date)s. Enter the one that follows."),
                field="certificates",
                number=there[-1].number,
                date=day,
            )


def attach(lot: Lot, draft: LotDraft) -> None:
    """Let the lot have what the draft says; what is gone by now is left out, as of a series."""
    if draft.photos is not None:
        show_photos(lot.id, draft.photos, lot.organisation_id)
    if draft.papers is not None:
        rely_on(lot.id, draft.papers, draft.certificates, lot.organisation_id)
