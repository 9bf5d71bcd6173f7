"""What organisations are, and which roles there are in each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.domain.accounts import parse_email, parse_phone
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean


class OrganisationKind(StrEnum):
    """What an organisation is in the programme."""

    DEPARTMENT = "department"
    COORDINATION = "coordination"
    COOPERATIVE = "cooperative"
    FARM = "farm"
    TRADER = "trader"
    PROCESSOR = "processor"
    WHOLESALE = "wholesale"
    RETAILER = "retailer"


_TRADES = (Role.BUYER, Role.SELLER, Role.READER)
_ONLY_BUYS = (Role.BUYER, Role.READER)
_PRODUCES = (Role.SELLER, Role.BUYER, Role.READER)
ROLES: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.DEPARTMENT: (Role.OFFICER, Role.READER),
    OrganisationKind.COORDINATION: (Role.COORDINATOR, Role.READER, Role.ADMINISTRATOR),
    OrganisationKind.COOPERATIVE: _PRODUCES,
    OrganisationKind.FARM: _PRODUCES,
    OrganisationKind.TRADER: _TRADES,
    OrganisationKind.PROCESSOR: _ONLY_BUYS,
    OrganisationKind.WHOLESALE: _ONLY_BUYS,
    OrganisationKind.RETAILER: _ONLY_BUYS,
}
"""Roles that members of each kind of organisation can have, the usual one first."""


@dataclass(frozen=True)
class OrganisationDraft:
    """What an administrator writes of an organisation."""

    name: str
    kind: OrganisationKind
    locality_id: str | None = None
    place_id: str | None = None
    contact_name: str = ""
    phone: str | None = None
    email: str | None = None


def check_organisation(draft: OrganisationDraft) -> OrganisationDraft:
    """The draft as it is kept. Raises `Rejected`."""
    name, contact = clean(draft.name), clean(draft.contact_name)
    for field, text in (("name", name), ("contact_name", contact)):
        if len(text) > 200:
            raise Rejected("Longer than %(max)s characters.", field=field, max=200)
    if not name:
        raise Rejected("Enter the organisation's name.", field="name")
    if draft.kind is OrganisationKind.DEPARTMENT and not draft.locality_id:
        raise Rejected("A department belongs to one of the seven localities.", field="locality")
    phone = parse_phone(draft.phone) if draft.phone and draft.phone.strip() else None
    email = parse_email(draft.email) if draft.email and draft.email.strip() else None
    return replace(draft, name=name, contact_name=contact, phone=phone, email=email)


def may_keep_organisations(actor: Actor) -> bool:
    """Create and change organisations."""
    return actor.role is Role.ADMINISTRATOR


def may_see_members(actor: Actor, organisation_id: int) -> bool:
    """Everybody their own organisation's, administrators all."""
    return actor.role is Role.ADMINISTRATOR or actor.organisation_id == organisation_id
