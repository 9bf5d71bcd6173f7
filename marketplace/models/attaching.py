"""What goes with a lot besides its figures: photos, and certificates behind what it names."""

from __future__ import annotations

from datetime import date

from marketplace.domain.certificates import check_backing
from marketplace.domain.errors import Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.text_marks import N_
from marketplace.models.certificates import draft_of_certificate, rely_on, usable_certificates
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
    for certificate in usable_certificates(draft.papers or (), organisation_id):
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


def attach(lot: Lot, draft: LotDraft) -> None:
    """Let the lot have what the draft says; what is gone by now is left out, as of a series."""
    if draft.photos is not None:
        show_photos(lot.id, draft.photos, lot.organisation_id)
    if draft.papers is not None:
        rely_on(lot.id, draft.papers, draft.certificates, lot.organisation_id)
