"""Puts a sample market into the database, through the services and the engine that people use.

Everything hangs on today: most of it was listed days ago, a round was published twenty hours ago,
the rest was listed since. When the sample market has grown old, what is left of it is withdrawn and
another one is drawn; what visitors entered stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app

from marketplace import clock
from marketplace.demo import memory
from marketplace.demo.accounts import ACCOUNTS, PASSWORD, SampleAccount
from marketplace.demo.answers import answer_some
from marketplace.demo.expected import expect_harvests
from marketplace.demo.kinds import list_kinds
from marketplace.demo.market import normal_week
from marketplace.demo.memory import Seeding
from marketplace.demo.papers import show_papers
from marketplace.demo.people import SampleOrganisation
from marketplace.demo.programme import admit_samples
from marketplace.demo.records import SampleLot, SampleMarket, SampleNeed
from marketplace.demo.regular import begin_regular
from marketplace.demo.sheets import upload_sample
from marketplace.demo.story import with_story
from marketplace.demo.surplus import surplus_of_2021
from marketplace.demo.ways import state_samples
from marketplace.demo.what_ifs import ask_what_if
from marketplace.domain.accounts import PersonDraft
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import Basis, UnsoldReason
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.organisations import OrganisationDraft, OrganisationKind
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.services import accounts, members, organisations
from marketplace.services.lots import publish_lots, withdraw_lot
from marketplace.services.needs import post_needs, withdraw_need
from marketplace.services.pricing import price_next
from marketplace.services.publishing import publish
from marketplace.services.rounds import RoundRunning, request_round
from marketplace.services.solve import solve_next

SCENARIOS: dict[str, Callable[[date], SampleMarket]] = {
    "normal": normal_week,
    "surplus-2021": surplus_of_2021,
}
DAYS_FRESH = 2
"""From this age on a sample market is replaced."""
ROUND_AGE = timedelta(hours=20)
STATED_DAYS_AGO = 2
"""Before the round, so that it was solved under what is stated of roads and goods."""
SERVER = Actor(0, 0, Role.ADMINISTRATOR, None, "Dữ liệu mẫu")
_ROLES = {"department": Role.OFFICER, "cooperative": Role.SELLER, "farm": Role.SELLER}
_Sample = SampleLot | SampleNeed
_Listers = dict[str, Actor]


@dataclass(frozen=True)
class Seeded:
    """What was put in. ``round_id`` is None where somebody's own round was in the way."""

    scenario: str
    lots: int
    needs: int
    round_id: int | None


def refresh(scenario: str = "", *, force: bool = False) -> Seeded | None:
    """Draw another market if there is none, it is old, or another scenario is wanted; else None.

    ``scenario`` empty: what the settings say. Raises `Rejected` for one that there is not, and where
    people have accounts already.
    """
    wanted = scenario or current_app.extensions["settings"].demo_scenario
    if wanted not in SCENARIOS:
        raise Rejected("There is no sample market “%(name)s”.", name=wanted)
    last, today = memory.last_seeding(), clock.today()
    if last is None and memory.anybody_real():
        raise Rejected("This database holds real accounts; sample data stay out of it.")
    if last and not force and last.scenario == wanted and _is_fresh(last, today):
        return None
    now = clock.now()
    _clear(today, now)
    return _seed(wanted, with_story(SCENARIOS[wanted](today)), now)


def _is_fresh(last: Seeding, today: date) -> bool:
    """Young, and not cut off before its round."""
    return (today - last.day).days < DAYS_FRESH and memory.round_since(last.day)


def _clear(today: date, now: datetime) -> None:
    for lot_id, version, actor in memory.open_samples(Lot, today):
        withdraw_lot(lot_id, version, actor=actor, now=now, reason="sample market replaced")
    for need_id, version, actor in memory.open_samples(Need, today):
        withdraw_need(need_id, version, actor=actor, now=now, reason="sample market replaced")


def _seed(scenario: str, market: SampleMarket, now: datetime) -> Seeded:
    listers = _listers(market.organisations, scenario, now - timedelta(days=30))
    visitors = {account.role: _account(account, now) for account in ACCOUNTS}
    then = now - ROUND_AGE
    state_samples(
        visitors[Role.COORDINATOR], today=market.today, now=then - timedelta(days=STATED_DAYS_AGO)
    )
    samples: list[_Sample] = [*market.lots, *market.needs]
    old = [sample for sample in samples if _listed_at(sample, now) <= then]
    new = [sample for sample in samples if _listed_at(sample, now) > then]
    _list(old, listers, now)
    number = _round(visitors[Role.COORDINATOR], market.today, then)
    if number is not None:
        spared = {actor.organisation_id for actor in visitors.values()}
        answer_some(number, spared=spared, at=then + timedelta(hours=1))
    fresh = _list(new, listers, now)
    keepers = [visitors[Role.OFFICER], visitors[Role.SELLER]]
    show_papers(keepers, fresh=fresh, now=now, today=market.today)
    ask_what_if(visitors[Role.COORDINATOR], now=now, today=market.today)
    upload_sample(visitors[Role.OFFICER], now=now, today=market.today)
    expect_harvests(visitors, now=now, today=market.today)
    begin_regular(visitors, now=now, today=market.today)
    list_kinds(visitors, now=now, today=market.today)
    admit_samples(market, listers, visitors[Role.OFFICER], visitors[Role.COORDINATOR], now=now)
    return Seeded(scenario, len(market.lots), len(market.needs), number)


def _round(coordinator: Actor, today: date, then: datetime) -> int | None:
    hours = current_app.extensions["settings"].answer_hours
    try:
        number = request_round(actor=coordinator, now=then, today=today).id
    except RoundRunning:
        return None
    with clock.standing_at(then):
        solve_next(lambda: False)
    decided = then + timedelta(minutes=25)
    publish(number, actor=coordinator, now=decided, today=today, answer_hours=hours)
    with clock.standing_at(decided):
        price_next(lambda: False)
    return number


def _listers(samples: Iterable[SampleOrganisation], scenario: str, since: datetime) -> _Listers:
    """Somebody who lists for each organisation, by the sample's key."""
    there = memory.listers(scenario)
    return {
        sample.key: there.get(sample.name) or _lister(sample, scenario, since) for sample in samples
    }


def _lister(sample: SampleOrganisation, scenario: str, since: datetime) -> Actor:
    draft = OrganisationDraft(
        sample.name,
        OrganisationKind(sample.kind),
        sample.locality,
        sample.place,
        sample.contact,
        sample.phone,
    )
    number = _organisation(draft, since)
    role = _ROLES.get(sample.kind, Role.BUYER)
    person = PersonDraft(sample.contact, None, memory.lister_phone(number, scenario))
    done = members.invite(person, role, number, actor=SERVER, now=since)
    return Actor(done.user_id, number, role, sample.locality, sample.contact, sample.kind)


def _account(account: SampleAccount, now: datetime) -> Actor:
    """Made in steps, each of which may have been the last one of a start that was cut off."""
    if (known := memory.person(account.phone)) is None:
        home = OrganisationDraft(account.organisation, OrganisationKind.COORDINATION)
        person = PersonDraft(account.name, None, account.phone)
        members.invite(person, account.role, _organisation(home, now), actor=SERVER, now=now)
        known = memory.person(account.phone)
    if known is None:
        raise LookupError(account.phone)
    if not memory.has_address(known.user_id):
        accounts.give_password(account.phone, PASSWORD)
        # The address comes last, so that no letter of invitation is sent to it.
        draft = PersonDraft(account.name, account.email, account.phone)
        accounts.change(draft, PASSWORD, actor=known)
    return known


def _organisation(draft: OrganisationDraft, since: datetime) -> int:
    there = memory.organisation_called(draft.name)
    return there or organisations.create(draft, actor=SERVER, now=since)


def _list(samples: Sequence[_Sample], listers: _Listers, now: datetime) -> list[int]:
    """Put the samples on the market: what one organisation lists on one day at a time.

    Numbers of the lots among them.
    """
    listed: list[int] = []
    groups: dict[tuple[str, type, date], list[_Sample]] = defaultdict(list)
    for sample in samples:
        day = _listed_at(sample, now).astimezone(clock.HERE).date()
        groups[sample.organisation, type(sample), day].append(sample)
    for (key, kind, day), group in groups.items():
        at = max(_listed_at(sample, now) for sample in group)
        actor = listers[key]
        if kind is SampleLot:
            drafts = [_lot(sample) for sample in group if isinstance(sample, SampleLot)]
            listed += [lot.id for lot in publish_lots(drafts, actor=actor, today=day, now=at)]
        else:
            wanted = [_need(sample) for sample in group if isinstance(sample, SampleNeed)]
            post_needs(wanted, actor=actor, today=day, now=at)
    return listed


def _listed_at(sample: _Sample, now: datetime) -> datetime:
    """When it was listed: never later than its first day."""
    drawn = now - timedelta(minutes=sample.listed_minutes_ago)
    first = sample.ready_on if isinstance(sample, SampleLot) else sample.wanted_from
    evening = datetime.combine(first, time(20), tzinfo=clock.HERE)
    return min(drawn, evening.astimezone(drawn.tzinfo))


def _lot(sample: SampleLot) -> LotDraft:
    return LotDraft(
        commodity=sample.commodity,
        grade=sample.grade,
        quantity=sample.quantity,
        ask=sample.ask,
        place=sample.place,
        ready_on=sample.ready_on,
        until=sample.until,
        fresh_hours=sample.fresh_hours,
        certificates=sample.certificates,
        whole=sample.whole,
        unsold_reason=UnsoldReason(sample.unsold_reason) if sample.unsold_reason else None,
        basis=Basis(sample.basis),
        producer=sample.producer,
        note=sample.note,
        price_confirmed=True,
    )


def _need(sample: SampleNeed) -> NeedDraft:
    return NeedDraft(
        commodity=sample.commodity,
        quantity=sample.quantity,
        bid=sample.bid,
        place=sample.place,
        from_on=sample.wanted_from,
        until=sample.until,
        bid_sealed=sample.bid_sealed,
        min_grade=sample.min_grade,
        fresh_hours=sample.fresh_hours,
        certificates=sample.certificates,
        min_quantity=sample.min_quantity,
        splits=sample.splits,
        note=sample.note,
        price_confirmed=True,
    )
