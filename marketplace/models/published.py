"""What is left of rounds that were published without some of their matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from marketplace.domain.bands import rounded_down
from marketplace.domain.matches import MatchState
from marketplace.domain.rounds import RoundState
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match
from marketplace.models.needs import Need
from marketplace.models.reference import current_reference
from marketplace.models.rounds import MatchRound


@dataclass
class Kept:
    """Sums over the matches that were proposed; ``dropped`` counts the others.

    ``value`` in VND is what buyers would pay less what sellers ask less freight. Where it is told to
    others than coordinators a sealed bid counts as the step below it.
    """

    dropped: int = 0
    matches: int = 0
    value: int = 0


def kept_of(round_ids: Collection[int], *, exact: bool) -> dict[int, Kept]:
    """By round; rounds that were published as they were solved are not in it. One query."""
    dropped = (
        select(Match.round_id)
        .join(MatchRound, MatchRound.id == Match.round_id)
        .where(Match.round_id.in_(round_ids), MatchRound.state == RoundState.PUBLISHED)
        .where(Match.state == MatchState.DROPPED)
    )
    rows = db.session.execute(
        select(
            Match.round_id,
            Match.state,
            Match.quantity,
            Match.ask,
            Match.bid,
            Match.price,
            Match.freight,
            (Need.bid_sealed & Match.bid_named).label("sealed"),
            Lot.commodity_id,
        )
        .join(Lot, Lot.id == Match.lot_id)
        .join(Need, Need.id == Match.need_id)
        .where(Match.round_id.in_(dropped))
    )
    usual = {good.id: good.usual_ask for good in current_reference().commodities}
    found: dict[int, Kept] = {}
    for row in rows:
        kept = found.setdefault(int(row.round_id or 0), Kept())
        if row.state == MatchState.DROPPED:
            kept.dropped += 1
            continue
        bid = row.bid if exact or not row.sealed else rounded_down(row.bid, usual[row.commodity_id])
        kept.matches += 1
        kept.value += row.quantity * (row.price - row.ask)
        kept.value += max(0, row.quantity * (bid - row.price) - row.freight)
    return found


@dataclass
class Trips:
    """What carries the matches: how many of them go mostly by which mode, and all trips."""

    by_mode: Counter[str] = field(default_factory=Counter)
    trips: int = 0

    def count(self, mode: str, vehicles: str) -> None:
        """Add one match with its trips by class: "28t*1+5t*1"."""
        self.by_mode[mode] += 1
        self.trips += sum(int(each.partition("*")[2] or 0) for each in vehicles.split("+"))

    @property
    def afloat(self) -> int:
        """Matches that go by boat for the most part."""
        return sum(count for mode, count in self.by_mode.items() if "boat" in mode)

    @property
    def ashore(self) -> int:
        """Matches that go by road for the most part."""
        return self.by_mode.total() - self.afloat
