"""Who acts: a person, for an organisation, in a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a member may do for the organisation."""

    OFFICER = "officer"
    COORDINATOR = "coordinator"
    SELLER = "seller"
    BUYER = "buyer"
    READER = "reader"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a service runs. ``locality`` is the organisation's (CT, ST …), if it has one.

    ``kind`` is what the organisation is (`marketplace.domain.organisations.OrganisationKind`); none where
    nobody has looked, and then nothing is allowed that depends on it.
    """

    user_id: int
    organisation_id: int
    role: Role
    locality: str | None
    name: str
    kind: str | None = field(default=None, compare=False)
