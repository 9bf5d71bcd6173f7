"""Listings become the arrays that the rules of freshness, price and grade speak of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.matching import solve
from marketplace.matching.check import check
from marketplace.solving import (
    LeftOutRecord,
    OpenLot,
    OpenNeed,
    RoundResult,
    assemble,
    read_outcome,
)
from marketplace.solving.world import world_of

TODAY = date(2026, 11, 25)
WORLD = world_of(read_reference())
PINEAPPLE = "khom-cau-duc"


def a_lot(**said: Any) -> OpenLot:
    usual: dict[str, Any] = {
        "id": 1,
        "organisation": "A",
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": "D930",
        "ready_on": TODAY,
        "until": date(2026, 12, 5),
        "ask": 9_000,
    }
    return OpenLot(**usual | said)


def a_need(**said: Any) -> OpenNeed:
    usual: dict[str, Any] = {
        "id": 1,
        "organisation": "B",
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": "D916",
        "wanted_from": TODAY,
        "until": date(2026, 12, 5),
        "bid": 30_000,
    }
    return OpenNeed(**usual | said)


def solved(lots: list[OpenLot], needs: list[OpenNeed], today: date = TODAY) -> RoundResult:
    market, index = assemble(lots, needs, WORLD.atlas, WORLD.catalogue, today)
    outcome = solve(market)
    check(market, outcome)
    return read_outcome(outcome, market, index, WORLD.atlas, WORLD.catalogue)


def left(result: RoundResult, side: str = "lot") -> LeftOutRecord:
    [record] = [record for record in result.left_out if record.side == side]
    return record


def test_a_match_says_way_vehicle_and_freight_as_flask_route_does() -> None:
    [match] = solved([a_lot()], [a_need()]).matches

    quote = WORLD.atlas.quote("D930", "D916", WORLD.catalogue.commodity(PINEAPPLE), 15_000)
    assert (match.freight, match.vehicle, match.km) == (quote.cost, quote.vehicle, quote.km)
    assert match.links == tuple(link.id for link in quote.route.links)


def test_who_names_no_price_stands_at_the_middle_of_the_catalogue() -> None:
    market, _ = assemble([a_lot(ask=None)], [a_need(bid=None)], WORLD.atlas, WORLD.catalogue, TODAY)

    middle = WORLD.catalogue.commodity(PINEAPPLE).usual_ask
    assert (market.lots.ask[0], market.needs.bid[0]) == (middle, middle)
    assert market.lots.reference[0]
    assert market.needs.reference[0]


def test_a_sealed_bid_is_told_by_its_step_and_one_that_is_not_as_it_is() -> None:
    needs = [
        a_need(id=1, bid=9_400, sealed=True),
        a_need(id=2, bid=9_599, sealed=True),
        a_need(id=3, bid=9_599),
        a_need(id=4, bid=None, sealed=True),
    ]

    market, _ = assemble([], needs, WORLD.atlas, WORLD.catalogue, TODAY)

    middle = WORLD.catalogue.commodity(PINEAPPLE).usual_ask
    low, high = market.needs.told_low.tolist(), market.needs.told_high.tolist()
    assert low[0] == low[1] <= 9_400
    assert high[0] == high[1] > 9_599
    assert (low[2:], high[2:]) == ([9_599, middle], [9_599, middle])


def test_a_lot_without_grade_is_ungraded_and_a_need_without_takes_any() -> None:
    market, _ = assemble([a_lot()], [a_need()], WORLD.atlas, WORLD.catalogue, TODAY)

    grades = WORLD.catalogue.grades(WORLD.catalogue.commodity(PINEAPPLE).group)
    assert market.lots.grade[0] == grades[-2].rank
    assert market.needs.grade[0] == grades[-1].rank


def test_an_own_shelf_life_replaces_the_catalogue_s() -> None:
    stale = solved([a_lot(keeps_minutes=30)], [a_need()])

    assert left(stale).reason == "freshness"
    assert left(stale).change["keeps_minutes"] == 30 + (
        left(stale).numbers["minutes_asked"] - left(stale).numbers["minutes_left"]
    )


def test_goods_that_spoil_lose_freshness_while_they_wait() -> None:
    ripe = a_lot(ready_on=date(2026, 11, 1), keeps_minutes=10 * 1440)

    assert left(solved([ripe], [a_need()])).reason == "freshness"


def test_goods_that_keep_less_than_a_day_count_from_collection() -> None:
    market, _ = assemble(
        [a_lot(keeps_minutes=1439), a_lot(id=2, keeps_minutes=1440)],
        [a_need()],
        WORLD.atlas,
        WORLD.catalogue,
        TODAY,
    )

    assert market.lots.waits.tolist() == [True, False]


def test_a_need_can_ask_for_freshness_on_arrival() -> None:
    lots, days = [a_lot(keeps_minutes=2 * 1440)], 2 * 1440

    assert left(solved(lots, [a_need(fresh_minutes=days)])).reason == "freshness"
    assert len(solved(lots, [a_need(fresh_minutes=1440)]).matches) == 1


def test_live_goods_keep_the_hours_that_they_survive() -> None:
    live = next(
        c
        for c in WORLD.catalogue.commodities
        if c.milligrams
        and (WORLD.catalogue.transport_needs[c.transport_need].hours_limit or 99) <= 12
    )

    market, _ = assemble(
        [a_lot(commodity=live.id)],
        [a_need(commodity=live.id)],
        WORLD.atlas,
        WORLD.catalogue,
        TODAY,
    )

    limit = WORLD.catalogue.transport_needs[live.transport_need].hours_limit
    assert market.goods.minutes.tolist() == [60 * (limit or 0)]


def test_an_island_has_no_way() -> None:
    island = next(place.id for place in WORLD.reference.places if place.island)

    assert left(solved([a_lot(place=island)], [a_need()])).reason == "no_route"


def test_the_same_organisation_does_not_trade_with_itself() -> None:
    result = solved([a_lot(organisation=7)], [a_need(organisation=7)])

    assert left(result).reason == "no_counterpart"


def test_goods_whose_weight_nobody_knows_are_not_eligible() -> None:
    goods = [replace(c, milligrams=None) for c in WORLD.reference.commodities]
    catalogue = Catalogue.from_reference(replace(WORLD.reference, commodities=tuple(goods)))
    market, _ = assemble([a_lot()], [a_need()], WORLD.atlas, catalogue, TODAY)

    assert [record.reason for record in solve(market).left_out] == ["not_eligible"] * 2


def test_less_open_than_the_smallest_quantity_is_taken_whole_or_not() -> None:
    need = a_need(quantity=2_000, min_quantity=5_000)

    [match] = solved([a_lot()], [need]).matches

    assert match.quantity == 2_000


def test_ids_of_files_and_of_rows_order_and_name_the_same_way() -> None:
    by_number = solved([a_lot(id=2), a_lot(id=1)], [a_need(quantity=15_000)])
    by_name = solved([a_lot(id="b"), a_lot(id="a")], [a_need(quantity=15_000)])

    assert by_number.matches[0].lot == 1
    assert by_name.matches[0].lot == "a"


def test_two_listings_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="id"):
        assemble([a_lot(), a_lot()], [], WORLD.atlas, WORLD.catalogue, TODAY)


@pytest.mark.parametrize("wrong", [{"grade": "best"}, {"certificates": frozenset({"none"})}])
def test_what_is_not_in_the_catalogue_is_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        assemble([a_lot(**wrong)], [], WORLD.atlas, WORLD.catalogue, TODAY)


def test_the_second_best_is_named_with_its_distance_in_price() -> None:
    [match] = solved([a_lot(), a_lot(id=2, ask=9_400)], [a_need()]).matches

    assert match.second_lot == 2
    assert match.buyer_advantage is not None
    assert match.second_need is None


@pytest.mark.parametrize(
    ("lot", "need", "reason", "change"),
    [
        ({"ask": 31_000}, {}, "price", {"ask"}),
        ({"grade": "che-bien"}, {"min_grade": "loai-1"}, "grade", {"grade"}),
        ({}, {"certificates": frozenset({"vietgap"})}, "certificate", {"certificates"}),
        (
            {"until": date(2026, 11, 26)},
            {"wanted_from": date(2026, 12, 1)},
            "window",
            {"ready_on", "until"},
        ),
        ({"quantity": 900}, {"min_quantity": 1_000}, "minimum", {"quantity"}),
        ({"quantity": 16_000, "whole": True}, {}, "whole", {"whole"}),
    ],
)
def test_a_lot_left_out_is_told_what_would_have_had_to_change(
    lot: dict[str, Any], need: dict[str, Any], reason: str, change: set[str]
) -> None:
    record = left(solved([a_lot(**lot)], [a_need(**need)]))

    assert (record.reason, set(record.change)) == (reason, change)


@pytest.mark.parametrize(
    ("lot", "need", "reason", "change"),
    [
        ({}, {"bid": 5_000}, "bid", {"bid"}),
        ({"grade": "che-bien"}, {"min_grade": "loai-1"}, "grade", {"min_grade": "che-bien"}),
        ({}, {"certificates": frozenset({"vietgap"})}, "certificate", {"certificates": ""}),
        (
            {"until": date(2026, 11, 26)},
            {"wanted_from": date(2026, 12, 1)},
            "window",
            {"wanted_from": "2026-11-26"},
        ),
        ({"quantity": 900}, {"min_quantity": 1_000}, "minimum", {"min_quantity": 900}),
        ({"quantity": 900}, {"splits": False}, "whole", {"splits": True}),
    ],
)
def test_a_need_left_out_is_told_as_well(
    lot: dict[str, Any], need: dict[str, Any], reason: str, change: Any
) -> None:
    record = left(solved([a_lot(**lot)], [a_need(**need)]), "need")

    assert record.reason == reason
    assert record.change == change or set(record.change) == change
