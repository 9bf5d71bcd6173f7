"""Expected harvests: confirmed by who offers them, reminded of before the day, out of the rounds after.

Confirming alone changes nothing that a partner was promised, so the lot keeps its version and a round
that is being solved or waits for publication keeps its matches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select, update

from marketplace.domain.actors import Actor
from marketplace.domain.errors import NotFound, Rejected, Stale, check_all
from marketplace.domain.forward import REMIND_DAYS, check_likely, has_lapsed, is_due
from marketplace.domain.listings import check_quantity
from marketplace.domain.lots import check_promised, may_edit_lot
from marketplace.domain.matches import MatchState, Side
from marketplace.domain.text_marks import N_
from marketplace.models.base import db, transaction
from marketplace.models.leases import Database
from marketplace.models.listing_pages import find, with_all
from marketplace.models.listings import check_version
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.reference import current_reference
from marketplace.models.revising import revise
from marketplace.models.telling import Told, tell, told_of_match, with_parties
from marketplace.solving.world import world_of

DUE, LAPSED = "harvest_due", "harvest_lapsed"
CONFIRMED, UNCONFIRMED = "harvest_confirmed", "harvest_unconfirmed"
"""What holders are told, and what buyers are told who count on the harvest."""


@dataclass(frozen=True)
class Expected:
    """An expected harvest of ours."""

    lot: Lot
    due: bool
    """To be confirmed within days."""
    lapsed: bool
    """Its first day has come: it is in no round any more."""


def expected_harvests(actor: Actor, *, today: date) -> list[Expected]:
    """All of the actor's organisation that may still be confirmed, the nearest first."""
    query = (
        with_all(Lot)
        .where(*_unconfirmed(actor.organisation_id, today))
        .order_by(Lot.ready_on, Lot.id)
    )
    return [
        Expected(lot, is_due(lot.ready_on, today), has_lapsed(lot.ready_on, today))
        for lot in db.session.scalars(query)
    ]


def to_confirm(actor: Actor, *, today: date) -> tuple[int, int]:
    """How many expected harvests of the actor's organisation there are, and how many are urgent."""
    near = Lot.ready_on <= today + timedelta(days=REMIND_DAYS)
    query = select(func.count(), func.count().filter(near)).where(
        *_unconfirmed(actor.organisation_id, today)
    )
    expected, urgent = db.session.execute(query).one()
    return int(expected), int(urgent)


def harvest_to_confirm(lot_id: int, *, actor: Actor) -> Lot:
    """One's own lot. Raises `NotFound` if it is somebody else's."""
    return _own(lot_id, actor)


def confirm_harvest(
    lot_id: int,
    version: int,
    quantity: int | None,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    meant: bool = False,
) -> Lot:
    """Make an expected harvest sure, of ``quantity`` base units if it became another.

    Confirming the same twice is the same as once. Raises `Rejected`, `UnlikelyHarvest` for a quantity
    far from what was expected unless it is ``meant``, `Stale` if somebody has changed or confirmed it
    otherwise since ``version``. Who counts on it is told.
    """
    catalogue = world_of(current_reference()).catalogue
    with transaction() as session:
        lot = _own(lot_id, actor, lock=True)
        if _is_so(lot, version, quantity):
            return lot
        check_version(lot, version)
        amount = lot.quantity if quantity is None else quantity
        good, promised = catalogue.commodity(lot.commodity_id), lot.held + lot.sold
        check_all(
            lambda: _check_confirmable(lot, today),
            lambda: check_quantity(amount, good),
            lambda: check_promised(amount, promised, (), good),
        )
        if not meant:
            check_likely(amount, lot.quantity, good)
        _make_sure(session, lot, amount, actor, now)
        tell(session, [told_of_match(m, Side.NEED, CONFIRMED) for m in _counting_on(lot)], now)
    return lot


def confirm_harvests(seen: Mapping[int, int], *, actor: Actor, today: date, now: datetime) -> int:
    """Confirm several as they are offered, all of them or none; how many became sure.

    ``seen``: of each lot the version that the person has seen. Raises as `confirm_harvest` does.
    """
    with transaction() as session:
        lots = [_own(lot_id, actor, lock=True) for lot_id in sorted(seen)]
        unsure = [lot for lot in lots if not _is_so(lot, seen[lot.id], None)]
        for lot in unsure:
            check_version(lot, seen[lot.id])
            _check_confirmable(lot, today)
            _make_sure(session, lot, lot.quantity, actor, now)
            counting = [told_of_match(m, Side.NEED, CONFIRMED) for m in _counting_on(lot)]
            tell(session, counting, now)
    return len(unsure)


def remind_next(now: datetime, today: date) -> bool:
    """Remind one holder whose expected harvest is near. False when none is left to be reminded."""
    near = Lot.ready_on.between(today + timedelta(days=1), today + timedelta(days=REMIND_DAYS))
    return _tell_next(Lot.reminded_for, near, DUE, now, today)


def lapse_next(now: datetime, today: date) -> bool:
    """Tell one holder, and who counts on it, that the day came unconfirmed. False when none is left."""
    return _tell_next(Lot.lapsed_for, Lot.ready_on <= today, LAPSED, now, today)


def _tell_next(column: Any, when: Any, kind: str, now: datetime, today: date) -> bool:
    """Once for each first day: a day that is moved is reminded of anew."""
    untold = column.is_(None) | (column != Lot.ready_on)
    due = (
        select(Lot.id)
        .where(*_unconfirmed(None, today), when, untold)
        .order_by(Lot.ready_on, Lot.id)
        .limit(1)
    )
    if db.session.scalar(due) is None:  # usually: looking takes no lock
        return False
    with transaction() as session:
        lot_id = session.scalar(due.with_for_update(skip_locked=True))
        if lot_id is None:
            return False
        marked = session.execute(
            update(Lot).where(Lot.id == lot_id, untold).values({column.key: Lot.ready_on})
        )
        if not isinstance(marked, CursorResult) or marked.rowcount != 1:
            return True
        lot = session.scalars(with_all(Lot).where(Lot.id == lot_id)).one()
        told = [_of_lot(lot, kind)]
        if kind == LAPSED:
            told += [_of_buyer(match, lot) for match in _counting_on(lot)]
        tell(session, told, now)
    return True


def _of_buyer(match: Match, lot: Lot) -> Told:
    told = told_of_match(match, Side.NEED, UNCONFIRMED, first_on=lot.ready_on.isoformat())
    return Told(**{**vars(told), "key": f"{told.key}:{lot.ready_on.isoformat()}"})


def _of_lot(lot: Lot, kind: str) -> Told:
    return Told(
        key=f"lot:{lot.id}:{kind}:{lot.ready_on.isoformat()}",
        organisation_id=lot.organisation_id,
        kind=kind,
        details={
            "lot": lot.id,
            "organisation": lot.producer or lot.organisation.name,
            "commodity_vi": lot.commodity.name_vi,
            "commodity_en": lot.commodity.name_en,
            "unit": lot.commodity.base_unit_vi,
            "quantity": lot.quantity,
            "confidence": lot.confidence,
            "place": lot.place.name,
            "first_on": lot.ready_on.isoformat(),
            "last_on": lot.until.isoformat(),
        },
    )


def _unconfirmed(organisation_id: int | None, today: date) -> list[Any]:
    """Expected harvests that may still be confirmed, with something on offer or held."""
    found = [
        Lot.confidence.is_not(None),
        Lot.withdrawn_at.is_(None),
        Lot.until >= today,
        Lot.quantity > Lot.sold,
    ]
    return found if organisation_id is None else [*found, Lot.organisation_id == organisation_id]


def _is_so(lot: Lot, version: int, quantity: int | None) -> bool:
    """Whether it has been confirmed as it shall be. Raises `Stale` where it was, but otherwise."""
    if lot.confidence is not None or lot.confirmed_at is None:
        return False
    if quantity == lot.quantity or (quantity is None and version == lot.version):
        return True
    raise Stale(
        N_("This harvest has been confirmed meanwhile, on %(time)s. Nothing was changed just now."),
        time=lot.confirmed_at,
    )


def _check_confirmable(lot: Lot, today: date) -> None:
    if lot.withdrawn_at is not None:
        raise Rejected(N_("This lot has been withdrawn. List it again instead."))
    if lot.confidence is None:
        raise Rejected(N_("This is no expected harvest: there is nothing to confirm."))
    if lot.until < today:
        raise Rejected(N_("The last day of this harvest is over. List it again instead."))


def _make_sure(session: Database, lot: Lot, amount: int, actor: Actor, now: datetime) -> None:
    if amount != lot.quantity:
        papers = [paper.id for paper in lot.certifications]
        most = lot.quantity_most if (lot.quantity_most or 0) > amount else None
        sure = {"confidence": None, "confirmed_at": now, "quantity_most": most}
        revise(lot, sure, amount, papers, actor_id=actor.user_id, now=now)
        return
    session.execute(
        update(Lot)
        .where(Lot.id == lot.id, Lot.confidence.is_not(None))
        .values(confidence=None, confirmed_at=now, changed_at=now, changed_by=actor.user_id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(lot, ["confidence", "confirmed_at", "changed_at", "changed_by"])


def _counting_on(lot: Lot) -> Sequence[Match]:
    """Matches that hold some of it."""
    under_way = (MatchState.PROPOSED, MatchState.CONFIRMED)
    query = with_parties().where(Match.lot_id == lot.id, Match.state.in_(under_way))
    return db.session.scalars(query.order_by(Match.id)).all()


def _own(lot_id: int, actor: Actor, *, lock: bool = False) -> Lot:
    lot = find(Lot, lot_id, lock=lock)
    if lot is None or not may_edit_lot(actor, lot.organisation_id):
        raise NotFound(N_("There is no such lot."))
    return lot
