"""Flows by link: proportional for coordinators, safe for everybody."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from marketplace.domain.flows import Load, flows
from marketplace.domain.rounds import LEAST_PARTIES


def loads_of(goods: str, parties: int, links: tuple[str, ...], first: int = 0) -> list[Load]:
    return [Load(goods, 1_000, n, 100 + n, links) for n in range(first, first + parties)]


def test_goods_count_on_every_link_of_their_way_once():
    found = flows([Load("khom", 1_000, 1, 2, ("a", "b", "a"))], exact=True)

    assert found == {"a": 1_000, "b": 1_000}


def test_a_link_that_two_sellers_use_is_for_coordinators():
    loads = loads_of("khom", 3, ("a",)) + loads_of("khom", 2, ("b",))

    assert flows(loads, exact=True) == {"a": 3_000, "b": 2_000}
    assert "b" not in flows(loads)


def test_flows_of_one_commodity_are_its_own():
    loads = loads_of("khom", 4, ("a",)) + loads_of("lua", 5, ("a", "b"), first=50)

    assert flows(loads, goods="khom") == {"a": 4_000}
    assert flows(loads, goods="lua") == {"a": 5_000, "b": 5_000}
    assert flows(loads, goods="tom") == {}


def test_what_is_hidden_does_not_follow_from_the_rest():
    loads = loads_of("khom", 3, ("a",)) + loads_of("lua", 1, ("a",), first=50)

    assert flows(loads) == {"a": 4_000}
    assert flows(loads, goods="khom") == {}
    assert flows(loads, goods="khom", exact=True) == {"a": 3_000}


@pytest.mark.parametrize("seed", range(60))
def test_no_difference_of_public_figures_tells_of_fewer_than_three(seed: int):
    chance = random.Random(seed)
    kinds, links = ["khom", "lua", "tom"], ["a", "b", "c", "d"]
    loads = [
        Load(
            chance.choice(kinds),
            chance.randint(1, 9_000),
            chance.randrange(8),
            100 + chance.randrange(8),
            tuple(chance.sample(links, chance.randint(1, 4))),
        )
        for _ in range(chance.randint(1, 40))
    ]

    total, by_goods = flows(loads), {kind: flows(loads, goods=kind) for kind in kinds}

    for link in total:
        parties = defaultdict(set)
        for load in loads:
            if link in load.links and link not in by_goods[load.goods]:
                parties["sellers"].add(load.seller)
                parties["buyers"].add(load.buyer)
        hidden_by_rule = [k for k in kinds if link not in by_goods[k]]
        if parties and len(hidden_by_rule) < len(kinds):
            assert min(len(side) for side in parties.values()) >= LEAST_PARTIES
    for kind, shown in by_goods.items():
        for link in shown:
            those = [load for load in loads if load.goods == kind and link in load.links]
            assert len({load.seller for load in those}) >= LEAST_PARTIES
            assert len({load.buyer for load in those}) >= LEAST_PARTIES
