"""Tell who holds a certificate a month before it expires, and on its last day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from marketplace.domain.certificates import REMIND_BEFORE
from marketplace.models.base import db, transaction
from marketplace.models.certificates import Certificate, open_lots_on
from marketplace.models.reference import current_reference
from marketplace.models.telling import Told, tell
from marketplace.solving.world import world_of

SOON, LAST = "certificate_soon", "certificate_last"


def remind_next(now: datetime, today: date) -> bool:
    """Tell one holder that a certificate expires within a month, or today; once each. False if none."""
    for kind, told, until in (
        (LAST, Certificate.told_last, today),
        (SOON, Certificate.told_soon, today + REMIND_BEFORE),
    ):
        due = _due(told, today, until)
        if db.session.scalar(due) is None:  # usually: looking takes no lock
            continue
        with transaction() as session:
            row = session.scalar(due.with_for_update(skip_locked=True))
            if row is not None:
                _tell(session, row, kind, now, today)
        return True
    return False


def _due(told: Any, today: date, until: date) -> Select[Certificate]:
    last = Certificate.expires_on
    untold = told.is_(None) | (told != last)
    return (
        select(Certificate)
        .where(Certificate.withdrawn_at.is_(None), last >= today, last <= until, untold)
        .order_by(last, Certificate.id)
        .limit(1)
    )


def _tell(session: Session, row: Certificate, kind: str, now: datetime, today: date) -> None:
    """Whoever is told of the last day needs not be told that it comes."""
    last = row.expires_on or today
    noted = {"told_soon": last, **({"told_last": last} if kind == LAST else {})}
    # Not by the object: that would count as a change of the certificate.
    session.execute(update(Certificate).where(Certificate.id == row.id).values(noted))
    catalogue = world_of(current_reference()).catalogue
    certification = catalogue.certifications[row.certification_id]
    told = Told(
        key=f"certificate:{row.id}:{kind}:{last.isoformat()}",
        organisation_id=row.organisation_id,
        kind=kind,
        details={
            "certificate": row.id,
            "certification_vi": certification.name_vi,
            "certification_en": certification.name_en,
            "number": row.number,
            "issuer": row.issuer,
            "holder": row.holder,
            "expires_on": last.isoformat(),
            "days": (last - today).days,
            "lots": open_lots_on([row.id], today).get(row.id, 0),
        },
    )
    tell(session, [told], now)
