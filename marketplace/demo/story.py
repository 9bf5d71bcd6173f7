"""A few listings by the accounts that visitors can be, so that there is something to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from marketplace.data.reader import read_reference
from marketplace.demo.accounts import BUYER, COOPERATIVE
from marketplace.demo.people import SampleOrganisation
from marketplace.demo.records import SampleLot, SampleMarket, SampleNeed
from marketplace.domain.commodities import Catalogue

Sample = TypeVar("Sample", SampleLot, SampleNeed)

_HOME = SampleOrganisation(
    key="story",
    name=COOPERATIVE,
    kind="cooperative",
    locality="HG",
    place="C31321",
    contact="Lê Hữu Dụ",
    phone="0710800003",
)
_OFFERED = (("khom-cau-duc", 18_000), ("khom-cau-duc", 6_000), ("mit-thai", 9_000))
_WANTED = (("khom-cau-duc", 15_000), ("mit-thai", 8_000), ("mang-cau-xiem", 4_000))


def with_story(market: SampleMarket) -> SampleMarket:
    """The market with a cooperative that sells what a buyer at Bình Điền wants."""
    catalogue = Catalogue.from_reference(read_reference())
    buyers: Sequence[SampleOrganisation] = [x for x in market.organisations if x.name == BUYER]
    lots = tuple(
        SampleLot(
            key=f"story-lot-{n}",
            organisation=_HOME.key,
            commodity=goods,
            grade="loai-1",
            quantity=quantity,
            ask=_rounded(0.9 * catalogue.commodity(goods).usual_ask),
            place=_HOME.place,
            ready_on=market.today,
            until=market.today + timedelta(days=5),
            certificates=frozenset({"vietgap"}),
            unsold_reason="no_buyer",
            listed_minutes_ago=60 * (30 + n),
        )
        for n, (goods, quantity) in enumerate(_OFFERED)
    )
    needs = tuple(
        SampleNeed(
            key=f"story-need-{n}",
            organisation=buyer.key,
            commodity=goods,
            quantity=quantity,
            bid=_rounded(1.35 * catalogue.commodity(goods).usual_ask),
            place=buyer.place,
            wanted_from=market.today,
            until=market.today + timedelta(days=6),
            listed_minutes_ago=60 * (40 + n),
        )
        for buyer in buyers
        for n, (goods, quantity) in enumerate(_WANTED)
    )
    return replace(
        market,
        organisations=(*market.organisations, _HOME),
        lots=(*map(_before_the_round, market.lots), *lots),
        needs=(*map(_before_the_round, market.needs), *needs),
    )


def _before_the_round(sample: Sample) -> Sample:
    """The examples of reasons to be left out are old enough to have been in the round."""
    if not sample.key.startswith(("L-", "N-")):
        return sample
    return replace(sample, listed_minutes_ago=sample.listed_minutes_ago + 24 * 60)


def _rounded(price: float) -> int:
    return round(price / 100) * 100
