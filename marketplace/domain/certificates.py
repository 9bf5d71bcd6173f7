"""Certificates as papers: who holds them, who issued them, and on which days they count."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected, check_all
from marketplace.domain.listings import NAME_LENGTH, check_text, lists_for_others
from marketplace.domain.text import fold
from marketplace.domain.text_marks import N_

NUMBER_LENGTH = 100
REMIND_BEFORE = timedelta(days=30)
"""A holder is told so long before the last day: a new audit takes weeks."""
LONGEST = timedelta(days=366 * 30)


class Standing(StrEnum):
    """How a certificate stands on a day."""

    VALID = "valid"
    SOON = "soon"
    """Valid, and its last day is less than a month away."""
    EXPIRED = "expired"
    COMING = "coming"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """What made a version of a certificate."""

    ENTERED = "entered"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class CertificateDraft:
    """A certificate as somebody enters it. ``expires_on``: its last day; None where it has none.

    ``holder`` is whose it is, where a department keeps it for somebody else.
    """

    certification: str
    number: str
    issuer: str
    issued_on: date
    expires_on: date | None
    holder: str = ""
    scope: str = ""


def covers(issued_on: date, expires_on: date | None, day: date) -> bool:
    """Whether a certificate of these days is good on the day; it is on its last."""
    return issued_on <= day and (expires_on is None or day <= expires_on)


def counting_day(ready_on: date, today: date) -> date:
    """On which day a lot's certificates must be good: when its goods are handed over at the earliest."""
    return max(ready_on, today)


def standing(
    issued_on: date, expires_on: date | None, today: date, *, withdrawn: bool = False
) -> Standing:
    """How a certificate of these days stands today."""
    if withdrawn:
        return Standing.WITHDRAWN
    if expires_on is not None and expires_on < today:
        return Standing.EXPIRED
    if issued_on > today:
        return Standing.COMING
    if expires_on is not None and expires_on <= today + REMIND_BEFORE:
        return Standing.SOON
    return Standing.VALID


def may_keep_certificates(actor: Actor | None) -> bool:
    """Whoever lists goods keeps the papers that go with them."""
    return actor is not None and actor.role in (Role.OFFICER, Role.SELLER)


def check_certificate(
    draft: CertificateDraft, known: Container[str], actor: Actor, today: date
) -> None:
    """Raise `Rejected` for all the rules that ``draft`` breaks."""
    check_all(
        lambda: _check_kind(draft.certification, known),
        lambda: _check_holder(draft.holder, actor),
        lambda: _check_named(draft.number, N_("Enter the number on the certificate."), "number"),
        lambda: _check_named(draft.issuer, N_("Enter who issued it."), "issuer"),
        lambda: check_text(draft.number, NUMBER_LENGTH, field="number"),
        lambda: check_text(draft.issuer, NAME_LENGTH, field="issuer"),
        lambda: check_text(draft.holder, NAME_LENGTH, field="holder"),
        lambda: check_text(draft.scope, NAME_LENGTH, field="scope"),
        lambda: _check_days(draft, today),
    )


def check_backing(
    certificate: CertificateDraft, *, withdrawn: bool, producer: str, ready_on: date, today: date
) -> None:
    """Raise `Rejected` unless a lot of these goods can rely on the certificate."""
    if fold(certificate.holder) != fold(producer):
        raise Rejected(
            N_("Certificate %(number)s is of %(holder)s, not of whom these goods are."),
            field="papers",
            number=certificate.number,
            holder=certificate.holder or "–",
        )
    day = counting_day(ready_on, today)
    if withdrawn or not covers(certificate.issued_on, certificate.expires_on, day):
        raise Rejected(
            N_("Certificate %(number)s is not valid on %(date)s, the first day of pick-up."),
            field="papers",
            number=certificate.number,
            date=day,
        )


def _check_kind(certification: str, known: Container[str]) -> None:
    if certification not in known:
        raise Rejected(N_("Choose which certificate it is."), field="certification")


def _check_holder(holder: str, actor: Actor) -> None:
    if lists_for_others(actor) and not holder:
        raise Rejected(N_("Say whose certificate it is."), field="holder")
    if holder and not lists_for_others(actor):
        raise Rejected(N_("You keep certificates of your own organisation only."), field="holder")


def _check_named(text: str, missing: str, field: str) -> None:
    if not text:
        raise Rejected(missing, field=field)


def _check_days(draft: CertificateDraft, today: date) -> None:
    if draft.issued_on > today:
        raise Rejected(N_("It cannot have been issued after today."), field="issued_on")
    if draft.expires_on is None:
        return
    if draft.expires_on < draft.issued_on:
        raise Rejected(
            N_("The last day must not lie before the day of issue (%(date)s)."),
            field="expires_on",
            date=draft.issued_on,
        )
    if draft.expires_on > draft.issued_on + LONGEST:
        raise Rejected(N_("No certificate is valid that long. Check the year."), field="expires_on")
    if draft.expires_on < today:
        raise Rejected(
            N_("It expired on %(date)s. Enter the one that followed it."),
            field="expires_on",
            date=draft.expires_on,
        )
