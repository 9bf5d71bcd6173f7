"""Accounts: how people are named, what a password must be, who may let whom in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected
from marketplace.domain.text import clean, fold

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_VIETNAMESE = re.compile(r"[35789]\d{8}|2\d{9}")  # mobile, fixed line; without the leading 0
_FOREIGN = re.compile(r"[1-9]\d{7,14}")
_GUESSED = ("password", "matkhau", "1234567890", "0123456789", "qwertyuiop", "iloveyou", "anhyeuem")


@dataclass(frozen=True)
class PersonDraft:
    """What is known of a person: a name, and at least one way to reach them."""

    name: str
    email: str | None
    phone: str | None


def parse_email(text: str) -> str:
    """The address in small letters. Raises `Rejected`."""
    email = clean(text).casefold()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Rejected("This is no e-mail address. Write it like ten@tinh.vn.", field="email")
    return email


def parse_phone(text: str) -> str:
    """The number as +84912345678, from 0912 345 678, +84 912.345.678, 0084… Raises `Rejected`."""
    digits = re.sub(r"[\s.()\-–]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+840?|00840?|84(?=\d{9,10}$)|0(?!0))", "", digits)
    if digits.isascii() and _VIETNAMESE.fullmatch(digits):
        return f"+84{digits}"
    abroad = re.sub(r"^(\+|00)", "", digits)
    if digits != abroad and abroad.isascii() and _FOREIGN.fullmatch(abroad):
        return f"+{abroad}"
    raise Rejected("This is no telephone number. Write it like 0912 345 678.", field="phone")


def written_phone(phone: str) -> str:
    """As people here write it: +84912345678 → 0912 345 678; foreign numbers as they are."""
    digits = f"0{phone.removeprefix('+84')}"
    if not phone.startswith("+84") or len(digits) not in (10, 11):
        return phone
    split = len(digits) - 6
    return f"{digits[:split]} {digits[split:-3]} {digits[-3:]}"


def sign_in_name(text: str) -> str | None:
    """What somebody typed to sign in, as accounts keep it: an address or a number, else None."""
    try:
        return parse_email(text) if "@" in text else parse_phone(text)
    except Rejected:
        return None


def check_person(draft: PersonDraft) -> PersonDraft:
    """The draft in the form that accounts keep. Raises `Rejected`."""
    name = clean(draft.name)
    if not name:
        raise Rejected("Enter the person's name.", field="name")
    if len(name) > 200:
        raise Rejected("Longer than %(max)s characters.", field="name", max=200)
    email = parse_email(draft.email) if draft.email and draft.email.strip() else None
    phone = parse_phone(draft.phone) if draft.phone and draft.phone.strip() else None
    if email is None and phone is None:
        raise Rejected("Enter an e-mail address or a telephone number.", field="email")
    return PersonDraft(name, email, phone)


def normal_password(text: str) -> str:
    """The same for every keyboard: Vietnamese letters can be typed in two ways."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, person: PersonDraft) -> None:
    """Long enough and not what anybody would try first. Raises `Rejected`."""
    if len(password) < SHORTEST_PASSWORD:
        raise Rejected(
            "Use at least %(least)s characters; a short sentence is easy to remember.",
            field="password",
            least=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise Rejected("Longer than %(max)s characters.", field="password", max=LONGEST_PASSWORD)
    told = [person.name, person.email or "", (person.phone or "").removeprefix("+84")]
    plain = fold(password).replace(" ", "")
    known = [fold(word).replace(" ", "") for word in (*told, *_GUESSED)]
    left = plain
    for word in filter(None, known):
        left = left.replace(word, "")
    if len(left) < 4 or len(set(plain)) < 4:
        raise Rejected("This password is too easy to guess.", field="password")


GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.OFFICER: frozenset({Role.OFFICER, Role.READER}),
    Role.COORDINATOR: frozenset({Role.COORDINATOR, Role.READER}),
    Role.SELLER: frozenset({Role.SELLER, Role.READER}),
    Role.BUYER: frozenset({Role.BUYER, Role.READER}),
    Role.READER: frozenset(),
}
"""Which roles a member may give to others: never more than their own."""


def may_let_in(actor: Actor, organisation_id: int, role: Role) -> bool:
    """Administrators everywhere; everybody else in their own organisation, with no more rights."""
    everywhere = actor.role is Role.ADMINISTRATOR
    return role in GRANTS[actor.role] and (everywhere or organisation_id == actor.organisation_id)
