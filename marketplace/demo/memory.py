"""What the database remembers of sample markets.

Sample organisations list through members who have a number of the sample range and no password, one
range per scenario; so what a visitor lists, in whichever account, is never taken for a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from marketplace.clock import HERE
from marketplace.domain.accounts import parse_phone
from marketplace.domain.actors import Actor, Role
from marketplace.models.base import db
from marketplace.models.commodities import Commodity
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.organisations import Membership, Organisation, User
from marketplace.models.rounds import MatchRound

RANGES = {"normal": "+847105", "surplus-2021": "+847106"}
"""How the numbers of those who list begin. 0710 has not been an area code since 2017."""


@dataclass(frozen=True)
class Seeding:
    """When a sample market was last put in, and which."""

    day: date
    scenario: str


def lister_phone(organisation_id: int, scenario: str) -> str:
    """The number of whoever lists for a sample organisation."""
    return f"{RANGES[scenario]}{organisation_id:05d}"


def last_seeding() -> Seeding | None:
    """None where there has never been a sample market."""
    by_sample = select(Lot.listed_at, User.phone).join(User, User.id == Lot.created_by)
    last = db.session.execute(by_sample.where(_lists()).order_by(Lot.id.desc()).limit(1)).first()
    if last is None:
        return None
    scenario = next(name for name, start in RANGES.items() if last.phone.startswith(start))
    since = last.listed_at - timedelta(days=1)  # the last one put in may have been listed before
    same = by_sample.where(User.phone.startswith(RANGES[scenario]), Lot.listed_at > since)
    latest = db.session.execute(same.order_by(Lot.listed_at.desc()).limit(1)).one()
    return Seeding(latest.listed_at.astimezone(HERE).date(), scenario)


def anybody_real() -> bool:
    """Whether there are accounts that are no samples."""
    real = User.phone.is_(None) | User.phone.not_like("+84710%")
    return db.session.scalar(select(User.id).where(real).limit(1)) is not None


def listers(scenario: str) -> dict[str, Actor]:
    """Who lists for each sample organisation, by its name."""
    return dict(_people(User.phone.startswith(RANGES[scenario])))


def person(phone: str) -> Actor | None:
    """The sample account with this number."""
    found = _people(User.phone == parse_phone(phone))
    return found[0][1] if found else None


def has_address(user_id: int) -> bool:
    """Whether the sample account is complete."""
    return db.session.get_one(User, user_id).email is not None


def round_since(day: date) -> bool:
    """Whether a round is under way or was started at most two days before that day."""
    recent = datetime.combine(day, time(0), tzinfo=HERE) - timedelta(days=2)
    some = select(MatchRound.id).where(
        MatchRound.slot.is_not(None) | (MatchRound.requested_at >= recent)
    )
    return db.session.scalar(some.limit(1)) is not None


def colleagues() -> dict[int, Actor]:
    """Somebody of each sample organisation who may answer for it, by its number."""
    return {actor.organisation_id: actor for _name, actor in _people(_lists())}


def organisation_called(name: str) -> int | None:
    """Its number."""
    return db.session.scalar(select(Organisation.id).where(Organisation.name == name))


def open_samples(kind: type[Lot] | type[Need], today: date) -> list[tuple[int, int, Actor]]:
    """Sample listings on the market: number, version, and who listed it."""
    rows = db.session.execute(
        select(kind.id, kind.version, kind.created_by, kind.organisation_id)
        .join(User, User.id == kind.created_by)
        .where(kind.is_open(today), _lists())
    ).all()
    people = colleagues()
    return [(row.id, row.version, people[row.organisation_id]) for row in rows]


def lister_of(lot_id: int) -> Actor:
    """Who listed the sample lot."""
    return colleagues()[db.session.get_one(Lot, lot_id).organisation_id]


def group_of(commodity_id: str) -> str:
    """The group of these goods."""
    return db.session.get_one(Commodity, commodity_id).group_id


def matches_of(round_id: int) -> list[tuple[int, int, int]]:
    """The round's matches: number, who sells, who buys."""
    rows = db.session.execute(
        select(Match.id, Lot.organisation_id.label("seller"), Need.organisation_id.label("buyer"))
        .join(Lot, Lot.id == Match.lot_id)
        .join(Need, Need.id == Match.need_id)
        .where(Match.round_id == round_id, Match.proposed_at.is_not(None))
        .order_by(Match.id)
    )
    return [(row.id, row.seller, row.buyer) for row in rows]


def _lists() -> ColumnElement[bool]:
    start = func.substr(User.phone, 1, len(RANGES["normal"]))
    return start.in_(RANGES.values())


def _people(which: ColumnElement[bool]) -> list[tuple[str, Actor]]:
    rows = db.session.execute(
        select(User, Membership, Organisation)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(which)
    )
    return [
        (
            home.name,
            Actor(user.id, home.id, Role(seat.role), home.locality_id, user.name, home.kind),
        )
        for user, seat, home in rows
    ]
