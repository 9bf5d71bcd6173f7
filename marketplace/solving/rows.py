"""Listings as the database keeps them, made into what the engine is told.

Rows are taken for what they have, so that this part still needs no database: a lot or need with its
certifications and its papers loaded.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from typing import Any

from marketplace.domain.listings import Basis
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.reference import Reference
from marketplace.solving.frozen import Frozen
from marketplace.solving.listings import ListingId, OpenLot, OpenNeed
from marketplace.solving.standing import Standing


def frozen_market(
    market: Any,
    day: date,
    reference: Reference,
    move_gain: int,
    barred: Container[int] = (),
) -> Frozen:
    """What is open (`marketplace.models.open_market.OpenMarket`), as a round sees it.

    ``barred``: ids of lots that it does not take; what holds them stays as it is.
    """
    return Frozen(
        day=day,
        reference=reference.data_fingerprint,
        lots=tuple(
            lot_record(lot, day, market.waited.get(lot.id, 0), eligible=lot.id not in barred)
            for lot in market.lots
        ),
        needs=tuple(need_record(need) for need in market.needs),
        standing=tuple(
            standing_record(match, unanswered=unanswered and match.lot_id not in barred)
            for match, unanswered in market.standing
        ),
        move_gain=move_gain,
        state=reference.state,
    )


def lot_record(lot: Any, day: date, waited: int = 0, *, eligible: bool = True) -> OpenLot:
    """What is free of the lot, which ``waited`` published rounds left over, with what counts on the day."""
    return OpenLot(
        id=lot.id,
        organisation=_party(lot.organisation_id, lot.basis, lot.producer),
        commodity=lot.commodity_id,
        quantity=lot.open_quantity,
        place=lot.place_id,
        ready_on=lot.ready_on,
        until=lot.until,
        ask=lot.ask,
        grade=lot.grade,
        certificates=frozenset(paper.id for paper in lot.papers_on(day)),
        whole=lot.whole,
        keeps_minutes=lot.fresh_hours * 60 if lot.fresh_hours else None,
        listed=_microseconds(lot.listed_at),
        held=lot.held,
        waited=waited,
        expected=lot.confidence is not None,
        eligible=eligible,
    )


def need_record(need: Any) -> OpenNeed:
    """What is open of the need."""
    return OpenNeed(
        id=need.id,
        organisation=_party(need.organisation_id, need.basis, need.buyer),
        commodity=need.commodity_id,
        quantity=need.open_quantity,
        place=need.place_id,
        wanted_from=need.from_on,
        until=need.until,
        bid=need.bid,
        min_grade=need.min_grade,
        certificates=frozenset(paper.id for paper in need.certifications),
        min_quantity=need.min_quantity,
        splits=need.splits,
        fresh_minutes=need.fresh_hours * 60,
        listed=_microseconds(need.listed_at),
        held=need.held,
        sealed=need.bid_sealed,
        takes_expected=need.accepts_expected,
    )


def drafted_lot(draft: LotDraft, organisation: int) -> OpenLot:
    """A lot that is not listed yet."""
    return OpenLot(
        id=0,
        organisation=organisation,
        commodity=draft.commodity,
        quantity=draft.quantity,
        place=draft.place,
        ready_on=draft.ready_on,
        until=draft.until,
        ask=draft.ask,
        grade=draft.grade,
        certificates=draft.certificates,
        keeps_minutes=draft.fresh_hours * 60 if draft.fresh_hours else None,
        expected=draft.confidence is not None,
    )


def drafted_need(draft: NeedDraft, organisation: int) -> OpenNeed:
    """A need that is not listed yet; whoever asks for a lot takes it as it is, expected or not."""
    return OpenNeed(
        id=0,
        organisation=organisation,
        commodity=draft.commodity,
        quantity=draft.quantity,
        place=draft.place,
        wanted_from=draft.from_on,
        until=draft.until,
        bid=draft.bid,
        min_grade=draft.min_grade,
        certificates=draft.certificates,
        fresh_minutes=draft.fresh_hours * 60,
        sealed=draft.bid_sealed,
        takes_expected=True,
    )


def standing_record(match: Any, *, unanswered: bool) -> Standing:
    """A match that holds quantity; ``unanswered``: it is open to be replaced by a better way."""
    return Standing(
        match=match.id,
        lot=match.lot_id,
        need=match.need_id,
        quantity=match.quantity,
        gain=match.quantity * (match.bid - match.ask) - match.freight,
        open=unanswered,
    )


def _party(organisation_id: int, basis: str, on_behalf_of: str) -> ListingId:
    """Who trades. Nobody trades with himself, but a department lists for many who may trade."""
    return organisation_id if basis == Basis.OWN else f"{organisation_id}:{on_behalf_of}"


def entered_by(party: ListingId) -> ListingId:
    """The organisation that entered the listings of this party."""
    return int(party.partition(":")[0]) if isinstance(party, str) else party


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
