"""What a listing is told where its goods may not move, and that the change that is named is enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import BANNED, Market, solve
from marketplace.matching.check import check
from marketplace.solving import LeftOutRecord, RoundResult, assemble, changed, read_outcome
from marketplace.solving.assemble import Index
from marketplace.solving.change import papers_of
from marketplace.solving.listings import OpenLot
from marketplace.solving.reason_details import reason_details

from .test_assemble import TODAY, WORLD, a_lot, a_need

NEED = a_need(certificates=frozenset({"vietgap"}))


def restricted(lot: OpenLot, leaving: int) -> tuple[Market, Index]:
    market, index = assemble([lot], [NEED], WORLD.atlas, WORLD.catalogue, TODAY)
    return replace(market, lots=replace(market.lots, leaving=np.array([leaving]))), index


def bit(paper: str) -> int:
    return 1 << sorted(WORLD.catalogue.certifications).index(paper)


def solved(lot: OpenLot, leaving: int) -> RoundResult:
    market, index = restricted(lot, leaving)
    outcome = solve(market)
    check(market, outcome)
    return read_outcome(outcome, market, index, WORLD.atlas, WORLD.catalogue)


def details_of(left: LeftOutRecord, lot: OpenLot) -> dict[str, Any]:
    return reason_details(left, {lot.id: lot}, {NEED.id: NEED}, WORLD)


def test_all_papers_together_are_the_change_and_they_are_enough() -> None:
    lot = a_lot(certificates=frozenset({"gi"}))

    [left] = [x for x in solved(lot, bit("quarantine")).left_out if x.side == "lot"]

    assert left.reason == "movement"
    assert left.change == {"certificates": "gi;quarantine;vietgap"}
    assert len(solved(changed(lot, left.change), bit("quarantine")).matches) == 1


def test_the_papers_are_named_in_both_languages() -> None:
    [left] = [x for x in solved(a_lot(), bit("quarantine")).left_out if x.side == "lot"]

    details = details_of(left, a_lot())

    assert details["certificate_vi"] == "Giấy kiểm dịch"
    assert details["certificate_en"] == "Quarantine paper"


@pytest.mark.parametrize("side", ["lot", "need"])
def test_nobody_is_told_of_a_change_where_no_paper_helps(side: str) -> None:
    lot = a_lot(certificates=frozenset({"vietgap"}))

    [left] = [x for x in solved(lot, BANNED).left_out if x.side == side]

    assert (left.reason, left.change, left.numbers) == ("movement", {}, {})


def test_a_buyer_cannot_get_the_paper_for_the_seller() -> None:
    lot = a_lot(certificates=frozenset({"vietgap"}))

    [left] = [x for x in solved(lot, bit("quarantine")).left_out if x.side == "need"]

    assert (left.reason, left.change) == ("movement", {})


def test_bits_and_papers_are_each_others_names() -> None:
    _, index = restricted(a_lot(), 0)

    assert papers_of(bit("srp") | bit("asc"), WORLD.catalogue) == ("asc", "srp")
    assert index.papers == tuple(sorted(WORLD.catalogue.certifications))
