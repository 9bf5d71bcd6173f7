"""A copied market with changes: what they do, and that no change does nothing."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.errors import Rejected
from marketplace.domain.scenarios import (
    Change,
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    SealedOff,
    ShutPlace,
)
from marketplace.solving.deciding import Decided, decide
from marketplace.solving.frozen import Frozen
from marketplace.solving.link_worth import MOST_LINKS, links_that_matter, worth_of
from marketplace.solving.listings import OpenLot, OpenNeed
from marketplace.solving.scenario_figures import Sums, figures_of, net, replaced
from marketplace.solving.scenarios import apply, crossing, is_about, reference_of, world_with
from marketplace.solving.standing import Standing
from marketplace.solving.world import world_of

TODAY, LATER = date(2026, 11, 25), date(2026, 12, 5)
REFERENCE = read_reference()
WORLD = world_of(REFERENCE)
PINEAPPLE = "khom-cau-duc"
VI_THANH, CAN_THO, BINH_DIEN = "D930", "D916", "M_BINHDIEN"


def a_lot(number: int, **said: Any) -> OpenLot:
    usual: dict[str, Any] = {
        "id": number,
        "organisation": number,
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": VI_THANH,
        "ready_on": TODAY,
        "until": LATER,
        "ask": 8_000,
        "listed": number,
    }
    return OpenLot(**usual | said)


def a_need(number: int, **said: Any) -> OpenNeed:
    usual: dict[str, Any] = {
        "id": number,
        "organisation": 100 + number,
        "commodity": PINEAPPLE,
        "quantity": 15_000,
        "place": CAN_THO,
        "wanted_from": TODAY,
        "until": LATER,
        "bid": 12_000,
        "listed": 100 + number,
        "sealed": True,
    }
    return OpenNeed(**usual | said)


def a_market() -> Frozen:
    """Four lots of Hậu Giang and Sóc Trăng, four needs in Cần Thơ and at Bình Điền."""
    lots = [
        a_lot(n, place=place) for n, place in enumerate((VI_THANH, VI_THANH, "D941", "D941"), 1)
    ]
    needs = [
        a_need(n, place=place, bid=12_000 + 400 * n)
        for n, place in enumerate((CAN_THO, CAN_THO, BINH_DIEN, BINH_DIEN), 1)
    ]
    return Frozen(
        TODAY, REFERENCE.data_fingerprint, tuple(lots), tuple(needs), state=REFERENCE.state
    )


def ran(frozen: Frozen, *changes: Change) -> tuple[Frozen, Decided, dict[str, Any]]:
    changed, reference = apply(frozen, REFERENCE, changes)
    world = world_with(WORLD, reference)
    decided = decide(changed, world, lambda _done, _blocks: None)
    return changed, decided, figures_of(changed, world, decided)


def supply(**said: Any) -> MoreSupply:
    usual = {
        "commodity": PINEAPPLE,
        "place": "D931",
        "quantity": 40_000,
        "ask": 5_000,
        "first": TODAY,
        "until": LATER,
    }
    return MoreSupply(**usual | said)


def demand(**said: Any) -> MoreDemand:
    usual = {
        "commodity": PINEAPPLE,
        "place": BINH_DIEN,
        "quantity": 30_000,
        "bid": 20_000,
        "first": TODAY,
        "until": LATER,
        "buyers": 3,
    }
    return MoreDemand(**usual | said)


def test_what_if_without_change_is_the_round_itself() -> None:
    frozen = a_market()

    assert apply(frozen, REFERENCE, ()) == (frozen, REFERENCE)
    assert world_with(WORLD, REFERENCE) is WORLD


@pytest.mark.parametrize(
    "changes",
    [
        [FuelChange(20)],
        [SealedOff("HG")],
        [ShutPlace(BINH_DIEN)],
        [supply(), demand()],
        [LinkChange(Deed.CLOSE, "D930-J_CAITU")],
    ],
    ids=repr,
)
def test_nothing_real_is_touched(changes: list[Change]) -> None:
    frozen = a_market()
    before = frozen.stored(), REFERENCE.fingerprint, REFERENCE.state

    ran(frozen, *changes)

    assert (frozen.stored(), REFERENCE.fingerprint, REFERENCE.state) == before


def test_a_state_that_is_changed_has_another_name_and_the_same_files() -> None:
    _, changed = apply(a_market(), REFERENCE, (FuelChange(20),))

    assert changed.fingerprint != REFERENCE.fingerprint
    assert changed.data_fingerprint == REFERENCE.data_fingerprint


def test_fuel_makes_trips_dearer_by_its_share() -> None:
    _, changed = apply(a_market(), REFERENCE, (FuelChange(20),))

    for old, new in zip(REFERENCE.truck_rates, changed.truck_rates, strict=True):
        assert new.fixed == old.fixed * 107 // 100
        assert [km for km, _ in new.per_km] == [km for km, _ in old.per_km]
        assert new.confidence == "estimate"
    for old, new in zip(REFERENCE.boat_rates, changed.boat_rates, strict=True):
        assert (new.fixed, new.vnd_per_km) == (old.fixed * 11 // 10, old.vnd_per_km * 11 // 10)


def test_dearer_fuel_never_gains_and_cheaper_never_loses() -> None:
    base, dearer, cheaper = (
        ran(a_market(), *changes)[2] for changes in ([], [FuelChange(60)], [FuelChange(-40)])
    )

    assert dearer["total"]["value"] < base["total"]["value"] < cheaper["total"]["value"]
    assert dearer["bound"] < base["bound"] < cheaper["bound"]


def test_a_market_that_is_shut_takes_and_gives_nothing() -> None:
    changed, decided, _ = ran(a_market(), ShutPlace(BINH_DIEN))

    assert {need.place for need in changed.needs} == {CAN_THO}
    assert {row["need_id"] for row in decided.matches} <= {1, 2}


def test_more_supply_and_demand_are_new_parties_listed_last() -> None:
    frozen = a_market()
    changed, decided, figures = ran(frozen, supply(sellers=2), demand())

    lots, needs = changed.lots[4:], changed.needs[4:]
    parties = [one.organisation for one in (*lots, *needs)]
    assert len(set(parties)) == 5
    assert all(party < 0 for party in parties)
    assert {lot.id for lot in lots}.isdisjoint({lot.id for lot in frozen.lots})
    assert min(one.listed for one in (*lots, *needs)) > max(need.listed for need in frozen.needs)
    assert {row["lot_id"] for row in decided.matches} & {lot.id for lot in lots}
    assert set(figures["total"]["buyers"]) <= {101, 102, 103, 104}, "nobody's party"


def test_more_demand_helps_sellers_and_more_of_either_the_region() -> None:
    base, wanted, offered = (
        ran(a_market(), *changes)[2]["total"] for changes in ([], [demand()], [supply()])
    )

    assert wanted["for_sellers"] > base["for_sellers"]
    assert min(wanted["value"], offered["value"]) > base["value"]


def test_the_border_of_a_locality_is_closed_and_its_inside_is_not() -> None:
    closed = set(crossing(REFERENCE, "HG"))

    assert "D919-J_CAITAC" in closed  # Cần Thơ to Hậu Giang
    assert "J_CAITAC-D931" not in closed  # within Hậu Giang
    assert "W_VAMXANG--W_VITHANH" in closed
    _, changed = apply(a_market(), REFERENCE, (SealedOff("HG"),))
    assert {one.link for one in changed.conditions} == closed
    assert {one.effect for one in changed.conditions} == {Effect.CLOSED}


def stated(number: int, effect: Effect, **said: Any) -> Condition:
    usual: dict[str, Any] = {
        "link": None,
        "mode": None,
        "locality": None,
        "most": None,
        "opens": None,
        "closes": None,
        "percent": None,
        "paper": "",
        "minutes": None,
        "first": TODAY,
        "last": None,
    }
    return Condition(id=number, effect=effect, **usual | said)


def test_opening_a_link_of_a_closed_locality_leaves_the_others_closed() -> None:
    state = replace(
        REFERENCE.state, conditions=(stated(1, Effect.CLOSED, mode="road", locality="HG"),)
    )
    _, opened = apply(a_market(), REFERENCE.under(state), (LinkChange(Deed.OPEN, "J_CAITAC-D931"),))

    closed = {link for link, row in REFERENCE.links.items() if is_about(state.conditions[0], row)}
    still = {one.link for one in opened.conditions}
    assert still == closed - {"J_CAITAC-D931"}
    assert "J_CAITAC-D931" in closed


def test_widening_takes_limits_away_and_closing_takes_lanes() -> None:
    link = "D930-J_CAITU"
    limited = (
        stated(1, Effect.LOAD, link=link, most=5_000),
        stated(2, Effect.HOURS, link=link, opens=360, closes=1_080),
        stated(3, Effect.LANE, link=link, percent=150, paper="QR"),
    )
    reference = REFERENCE.under(replace(REFERENCE.state, conditions=limited))

    _, widened = apply(a_market(), reference, (LinkChange(Deed.WIDEN, link),))
    _, closed = apply(a_market(), reference, (LinkChange(Deed.CLOSE, link),))

    assert [one.effect for one in widened.conditions] == [Effect.LANE]
    assert Effect.LANE not in {one.effect for one in closed.conditions}
    assert Effect.CLOSED in {one.effect for one in closed.conditions}


def test_a_copy_from_other_data_is_refused() -> None:
    with pytest.raises(Rejected):
        reference_of(replace(a_market(), reference="other"), REFERENCE)


def test_sums_add_up_and_come_back_from_json() -> None:
    _, decided, figures = ran(a_market())

    total = Sums.read(figures["total"])
    assert total.matches == len(decided.matches) > 0
    assert total.value == total.for_sellers + total.for_buyers == decided.figures["value_vnd"]
    assert total.told_value <= total.value
    for part in ("sellers", "buyers", "goods"):
        cells = [Sums.read(cell) for cell in figures[part].values()]
        assert sum(cell.matched for cell in cells) == total.matched
        assert sum(cell.freight for cell in cells) == total.freight
    assert net(figures)["value"] == total.value
    assert max(kilograms for kilograms, _public in figures["flows"].values()) <= total.matched


def test_told_sums_follow_from_the_steps_of_sealed_bids_only() -> None:
    """Bids on the same step that lead to the same matches at the same prices tell the same."""
    frozen = a_market()
    nudged = replace(
        frozen, needs=tuple(replace(need, bid=(need.bid or 0) + 1) for need in frozen.needs)
    )
    _, one, figures = ran(frozen)
    _, other, nudged_figures = ran(nudged)

    assert [m["price"] for m in one.matches] == [m["price"] for m in other.matches]
    assert figures["total"]["told_value"] == nudged_figures["total"]["told_value"]
    assert figures["total"]["value"] != nudged_figures["total"]["value"]


def test_what_replaced_proposals_held_is_told_by_the_steps_of_sealed_bids() -> None:
    def told(bid: int) -> list[int]:
        frozen = a_market()
        first = replace(frozen.needs[0], bid=bid)
        made = Standing(
            match=7, lot=1, need=1, quantity=1_000, gain=1_000 * (bid - 9_000), open=True
        )
        frozen = replace(frozen, needs=(first, *frozen.needs[1:]), standing=(made,))
        _, decided, _ = ran(a_market())
        moved = replace(decided, figures={**decided.figures, "moves": [{"withdrawn": [7]}]})
        return list(replaced(figures_of(frozen, WORLD, moved)))

    assert told(12_001)[:2] == [1, 1_000]
    assert told(12_001)[2] != told(12_003)[2]
    assert told(12_001)[3] == told(12_003)[3] < told(12_001)[2]


def test_the_busiest_links_are_closed_and_what_is_closed_is_opened() -> None:
    _, _, figures = ran(a_market())
    far = "D887-D886" if "D887-D886" in REFERENCE.links else next(iter(REFERENCE.links))
    state = replace(REFERENCE.state, conditions=(stated(1, Effect.CLOSED, link=far),))

    chosen = links_that_matter(REFERENCE.under(state), figures["flows"], figures["flow_values"])

    assert chosen[0] == LinkChange(Deed.OPEN, far)
    assert len(chosen) <= MOST_LINKS
    assert [change.deed for change in chosen].count(Deed.WIDEN) <= 2
    closed = [change.link for change in chosen[1:] if change.deed is Deed.CLOSE]
    assert closed
    assert len(set(chosen)) == len(chosen)
    assert all(figures["flows"][link][0] for link in closed)


def test_a_canal_that_is_widened_takes_the_boats_of_the_next_class() -> None:
    narrow = next(row for row in REFERENCE.water_links if row.water_class == "IV")

    _, changed = apply(a_market(), REFERENCE, (LinkChange(Deed.WIDEN, narrow.id),))

    after = next(row for row in changed.water_links if row.id == narrow.id)
    assert (after.water_class, after.largest_vessel) == ("III", max(80, narrow.largest_vessel))
    assert changed.fingerprint != REFERENCE.fingerprint
    assert changed.data_fingerprint != REFERENCE.data_fingerprint
    again = changed.under(replace(changed.state, restrictions=()))
    assert again.water_links == changed.water_links
    wide = next(row for row in REFERENCE.water_links if row.water_class == "special")
    assert apply(a_market(), REFERENCE, (LinkChange(Deed.WIDEN, wide.id),))[1] == REFERENCE


def test_widening_canals_never_loses() -> None:
    base = ran(rice_by_boat())[2]
    narrow = [row.id for row in REFERENCE.water_links if row.water_class in ("III", "IV")]

    wide = ran(rice_by_boat(), *(LinkChange(Deed.WIDEN, link) for link in narrow))[2]

    assert base["total"]["afloat"] > 0
    assert wide["bound"] > base["bound"]
    assert wide["total"]["freight"] < base["total"]["freight"]


def rice_by_boat() -> Frozen:
    """Boatloads of paddy from An Giang to Cà Mau, now in ten small boats."""
    paddy: dict[str, Any] = {"commodity": "lua-om18", "quantity": 200_000}
    lot = a_lot(1, **paddy, place="D890", ask=6_000)
    need = a_need(1, **paddy, place="D964", bid=8_000)
    return replace(a_market(), lots=(lot,), needs=(need,))


def test_the_worth_of_a_link_lies_between_its_ends() -> None:
    _, _, base = ran(a_market())
    change = LinkChange(Deed.CLOSE, max(base["flows"], key=lambda link: base["flows"][link][0]))
    _, _, without = ran(a_market(), change)

    closed = worth_of(change, base, without)
    opened = worth_of(replace(change, deed=Deed.OPEN), without, base)

    assert closed["low"] <= closed["value"] <= closed["high"] <= 0
    assert 0 <= opened["low"] <= opened["value"] <= opened["high"]


def test_a_short_bridge_that_much_depends_on_is_among_the_links_that_are_tried() -> None:
    """The shortest road has few tonne-kilometres beside twenty long roads."""
    roads = sorted(REFERENCE.road_links, key=lambda link: (link.km, link.id))
    bridge, long_ones = roads[0].id, [link.id for link in roads[-20:]]
    flows = {bridge: [9_000, 1]} | {link: [8_000, 1] for link in long_ones}

    chosen = links_that_matter(REFERENCE, flows, {bridge: 5, long_ones[0]: 6})

    assert {LinkChange(Deed.CLOSE, bridge), LinkChange(Deed.CLOSE, long_ones[0])} <= set(chosen)


def test_of_links_in_a_row_with_the_same_goods_the_shortest_is_tried_first() -> None:
    roads = sorted(REFERENCE.road_links, key=lambda link: (link.km, link.id))
    short, long, other = roads[0].id, roads[-1].id, roads[-2].id
    flows = {short: [9_000, 1], long: [9_000, 1], other: [9_000, 1]}

    chosen = links_that_matter(REFERENCE, flows, {short: 7, long: 7, other: 5})

    assert chosen == tuple(LinkChange(Deed.CLOSE, link) for link in (short, other, long))


def test_closing_never_gains_even_where_proposals_are_replaced() -> None:
    _, _, base = ran(a_market())
    change = LinkChange(Deed.CLOSE, busiest(base))
    better = copy.deepcopy(base)
    better["total"]["value"] += 502_233
    better["withdrawn"] = [1, 1_000, 0]

    worth = worth_of(change, base, better)

    assert worth["low"] <= worth["value"] == worth["high"] == 0


def busiest(figures: dict[str, Any]) -> str:
    return max(figures["flows"], key=lambda link: (figures["flows"][link][0], link))


def test_closing_links_one_after_the_other_never_gains() -> None:
    closed: list[Change] = []
    _, _, figures = ran(a_market())
    for _ in range(4):
        closed.append(LinkChange(Deed.CLOSE, busiest(figures)))
        _, _, after = ran(a_market(), *closed)
        assert after["bound"] <= figures["bound"]
        assert closed[-1].link not in after["flows"]  # type: ignore[union-attr]
        figures = after
        if not figures["flows"]:
            break


def test_opening_what_is_closed_is_the_market_before_it_was_closed() -> None:
    frozen = a_market()
    _, _, open_ = ran(frozen)
    link = busiest(open_)
    state = replace(REFERENCE.state, conditions=(stated(1, Effect.CLOSED, link=link),))
    reference = REFERENCE.under(state)
    changed, opened = apply(frozen, reference, (LinkChange(Deed.OPEN, link),))

    world = world_with(world_of(reference), opened)
    decided = decide(changed, world, lambda _done, _blocks: None)

    assert figures_of(changed, world, decided)["digest"] == open_["digest"]


def test_nothing_crosses_the_border_of_a_sealed_locality_and_inside_goods_move() -> None:
    frozen = a_market()
    inside = replace(frozen, needs=(*frozen.needs, a_need(9, place="D931", bid=11_000)))

    _, decided, figures = ran(inside, SealedOff("HG"))

    pairs = {(row["lot_id"], row["need_id"]) for row in decided.matches}
    assert {need for lot, need in pairs if lot in (1, 2)} == {9}
    assert {lot for lot, need in pairs if need == 9} <= {1, 2}
    assert figures["total"]["matched"] > 0
