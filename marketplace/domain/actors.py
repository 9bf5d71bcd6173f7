"""Who acts: a person, for an organisation, in a role."""

from __future__ import annotations

from dataclasses import dataclass
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
    """The person on whose behalf a service runs. ``locality`` is the organisation's (CT, ST …), if it has one."""

    user_id: int
    organisation_id: int
    role: Role
    locality: str | None
    name: str
