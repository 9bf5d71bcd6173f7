"""Certificates and photos as rows, with defaults for what a test does not mention."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marketplace import clock
from marketplace.domain.actors import Actor
from marketplace.domain.certificates import CertificateDraft, Change
from marketplace.models.base import db
from marketplace.models.certificates import (
    Certificate,
    CertificateVersion,
    LotPaper,
    draft_of_certificate,
)
from marketplace.models.lots import Lot
from marketplace.models.photos import Photo
from marketplace.models.stored_files import stored
from marketplace.services import stored_files
from tests.factories import an_actor
from tests.picture_factories import a_pdf


def a_certificate(actor: Actor | None = None, **columns: Any) -> Certificate:
    """VietGAP, issued a year ago, for another year, past the rules for what is entered."""
    actor, today, now = actor or an_actor(), clock.today(), clock.now()
    file = stored(a_pdf(), "application/pdf", actor=actor, now=now)
    db.session.add(file)
    db.session.flush()
    values = {
        "certification_id": "vietgap",
        "number": f"VG-{file.id}",
        "issuer": "Trung tâm Chất lượng",
        "issued_on": today - timedelta(days=365),
        "expires_on": today + timedelta(days=365),
        "organisation_id": actor.organisation_id,
        "created_by": actor.user_id,
        "created_at": now,
        "file_id": file.id,
    }
    row = Certificate(**{**values, **columns})
    db.session.add(row)
    db.session.flush()
    said = asdict(draft_of_certificate(row))
    said.pop("certification")
    db.session.add(
        CertificateVersion(
            certificate_id=row.id,
            version=row.version,
            change=Change.ENTERED,
            file_id=row.file_id,
            made_by=actor.user_id,
            made_at=now,
            **said,
        )
    )
    db.session.commit()
    return row


def relied_on(lot: Lot, certificate: Certificate) -> Lot:
    """The lot, which names this certification already, with the certificate behind it."""
    db.session.add(
        LotPaper(
            lot_id=lot.id,
            certification_id=certificate.certification_id,
            certificate_id=certificate.id,
        )
    )
    db.session.commit()
    return lot


def a_photo(actor: Actor, lot_id: int | None = None) -> Photo:
    """A photo as a row, without anything drawn."""
    file = stored(b"x", "image/jpeg", actor=actor, now=clock.now())
    db.session.add(file)
    db.session.flush()
    photo = Photo(
        organisation_id=actor.organisation_id,
        created_by=actor.user_id,
        created_at=clock.now(),
        lot_id=lot_id,
        width=9,
        height=9,
        file_id=file.id,
        small_id=file.id,
    )
    db.session.add(photo)
    db.session.commit()
    return photo


def a_certificate_draft(**said: Any) -> CertificateDraft:
    """What somebody types of a VietGAP certificate."""
    today = clock.today()
    values = {
        "certification": "vietgap",
        "number": "VG-1",
        "issuer": "Trung tâm Chất lượng",
        "issued_on": today - timedelta(days=10),
        "expires_on": today + timedelta(days=300),
    }
    return CertificateDraft(**{**values, **said})


def a_file(actor: Actor, content: bytes = b"") -> int:
    """The number of a file that has been sent for a certificate."""
    return stored_files.take_paper(content or a_pdf(), actor=actor, now=clock.now()).id
