"""The public file: no names, nothing that follows from a sealed bid, and every commitment opens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from marketplace.matching import Outcome
from marketplace.solving import file_columns
from marketplace.solving.commitments import commitment, salt
from marketplace.solving.file_columns import Shown
from marketplace.solving.full_file import Names, Recorded
from marketplace.solving.gains import gains_of
from marketplace.solving.plain import plain
from marketplace.solving.public_file import openings_for, public_file, takes_part
from marketplace.solving.round_file import canonical, digest, read
from tests.files_of_rounds import SECRET, a_recorded_round, recorded
from tests.matching.markets import a_lot, a_market, a_need

COMMITMENT = re.compile(r"[0-9a-f]{64}")
NOBODY: frozenset[tuple[int, int]] = frozenset()


def sections(of: Recorded) -> dict[str, Any]:
    return json.loads(public_file(of).text())["sections"]


def without_commitments(of: Recorded) -> str:
    """All that there is to read."""
    found = sections(of)
    del found["gains"], found["round"]["value"], found["round"]["bound"]
    return COMMITMENT.sub("#", canonical(found))


def at_bids(of: Recorded, bid: np.ndarray) -> Recorded:
    """The same round had these been the bids."""
    market = replace(of.market, needs=of.market.needs.at(bid))
    return recorded(market, [name.sealed for name in of.names.needs])


def other_bids(of: Recorded) -> Iterator[Recorded]:
    """Rounds with other sealed bids and the same matches."""
    sealed = np.array([name.sealed for name in of.names.needs])
    for change in (1, 3, -1, -4):
        other = at_bids(of, np.where(sealed, of.market.needs.bid + change, of.market.needs.bid))
        one, two = of.outcome.matches, other.outcome.matches
        if all(
            np.array_equal(getattr(one, name), getattr(two, name))
            for name in ("lot", "need", "quantity")
        ):
            yield other


def test_nothing_to_read_in_it_depends_on_a_sealed_bid() -> None:
    of = a_recorded_round()
    of = at_bids(of, of.market.needs.bid)
    others = list(other_bids(of))

    assert others
    for other in others:
        assert without_commitments(other) == without_commitments(of)
        assert plain(other.outcome, Outcome) != plain(of.outcome, Outcome)


def test_every_commitment_hides_behind_a_salt_of_its_own() -> None:
    found = COMMITMENT.findall(canonical(sections(a_recorded_round())))

    assert len(set(found)) == len(found) > 100
    assert salt(SECRET, "needs.bid[1]") != salt(SECRET, "needs.bid[2]")
    assert commitment(SECRET, "a", 1) != commitment("6f" * 32, "a", 1)


def test_no_name_and_no_number_of_a_listing_is_in_it() -> None:
    of = a_recorded_round()
    lots = tuple(
        replace(x, id=10**15 + n, party=f"77{n}:Hộ A") for n, x in enumerate(of.names.lots)
    )
    needs = tuple(replace(x, id=10**15, party="88:Vựa B") for x in of.names.needs)

    found = public_file(replace(of, names=Names(lots, needs, of.names.goods))).text()

    assert found.isascii()
    assert "10000000000000" not in found
    assert not any(word in found for word in ("Hộ", "Vựa", "\\u", SECRET, of.head.inputs))


def test_what_is_not_said_to_be_public_is_closed() -> None:
    found = sections(a_recorded_round())

    for section, known in (("market", file_columns.MARKET), ("outcome", file_columns.OUTCOME)):
        for path, (_, allowed) in known.items():
            table, _, column = path.replace("freights.", "carriages.").rpartition(".")
            if table in ("lots", "needs", "goods", "matches"):
                open_ = column in found[table]
                assert open_ == (allowed is not Shown.SEALED), path
                assert open_ != (f"{section}.{path}" in found["closed"]), path
            elif allowed is Shown.SEALED:
                assert f"{section}.{path.split('.')[0]}" in found["closed"], path


def test_bids_are_sealed_where_their_posters_say_so_and_prices_with_their_goods() -> None:
    of = a_recorded_round()
    found = sections(of)
    commodity = [of.market.lots.commodity[lot] for lot in found["matches"]["lot"]]

    for row, name in enumerate(of.names.needs):
        stands = found["needs"]["bid"][row]
        assert isinstance(stands, str) if name.sealed else stands == of.market.needs.bid[row]
    for row, goods in enumerate(commodity):
        for column in ("price", "low", "high"):
            assert isinstance(found["matches"][column][row], int) == (goods == 2), (row, column)
    assert set(commodity) == {0, 1, 2}


def test_an_organisation_opens_its_own_figures_and_no_others() -> None:
    of = a_recorded_round()
    found, names, matches = sections(of), of.names, of.outcome.matches
    parties = {name.organisation for name in (*names.lots, *names.needs)}

    for party in sorted(parties):
        for opening in openings_for(of, party, NOBODY):
            stands = found[opening.section][opening.column][opening.row]
            assert stands == digest(opening.salt + canonical(opening.value))
            if opening.section == "needs":
                assert names.needs[opening.row].organisation == party
                continue
            sells = names.lots[matches.lot[opening.row]].organisation == party
            buys = names.needs[matches.need[opening.row]].organisation == party
            assert {"price": sells or buys, "low": sells, "high": buys}[opening.column]
            if opening.column != "price":
                assert matches.low[opening.row] <= matches.high[opening.row]
    assert any(openings_for(of, party, NOBODY) for party in parties)
    assert openings_for(of, 999, NOBODY) == []
    assert not takes_part(of, 999)


def test_both_ends_open_once_both_have_agreed() -> None:
    of = recorded(a_market([a_lot(organisation=1)], [a_need(organisation=2)]))
    agreed = frozenset({(of.names.lots[0].id, of.names.needs[0].id)})

    before = [x.column for x in openings_for(of, 11, NOBODY)]
    after = [x.column for x in openings_for(of, 11, agreed)]

    assert before == ["price", "low"]
    assert after == ["price", "low", "high"]


def traders(bids: list[int], sealed: list[bool], quantities: list[int]) -> Recorded:
    """As many sellers as buyers, each pair of its own size."""
    lots = [a_lot(organisation=n, quantity=q) for n, q in enumerate(quantities)]
    needs = [
        a_need(organisation=100 + n, quantity=q, bid=bid)
        for n, (q, bid) in enumerate(zip(quantities, bids, strict=True))
    ]
    return recorded(a_market(lots, needs), sealed)


@pytest.mark.parametrize(
    ("sealed", "quantities", "told"),
    [
        ([False] * 3, [1000] * 3, "exactly"),
        ([False] * 2, [1000] * 2, "not"),
        ([True] * 3, [1000] * 3, "rounded"),
        ([True] * 4, [1000] * 4, "rounded"),
        ([True] * 4, [9000, 1000, 1000, 1000], "not"),  # the largest would be found out
        ([True, True, False, False], [1000] * 4, "not"),  # all but two are known
        ([True, False, False, False], [1000] * 4, "not"),
    ],
)
def test_gains_are_told_only_if_no_single_bid_follows(
    sealed: list[bool], quantities: list[int], told: str
) -> None:
    of = traders([12_345 + n for n in range(len(sealed))], sealed, quantities)

    gains = gains_of(of)

    if told == "not":
        assert gains.value is gains.bound is None
        assert gains.table == {"goods": [], "value": [], "bound": [], "rounded_to": []}
    elif told == "exactly":
        assert (gains.value, gains.bound) == (of.outcome.value, of.outcome.bound)
    else:
        [step] = gains.table["rounded_to"]
        assert gains.value == of.outcome.value // step * step
        assert gains.bound == -(-of.outcome.bound // step) * step
        assert step > 1


def test_a_department_that_posts_for_many_is_one_party() -> None:
    of = traders([12_345, 12_346, 12_347], [True] * 3, [1000] * 3)
    needs = tuple(replace(x, party=f"50:{n}") for n, x in enumerate(of.names.needs))

    assert gains_of(replace(of, names=replace(of.names, needs=needs))).value is None


def test_sums_are_those_of_the_matches() -> None:
    of = a_recorded_round()
    gains = gains_of(of)

    assert sum(gains.totals["freight"]) == int(of.outcome.matches.freight.sum())
    assert sum(gains.totals["matches"]) == len(of.outcome.matches)


def test_the_public_file_names_the_full_one() -> None:
    of = a_recorded_round()

    assert sections(of)["round"]["full"] == of.file.hash
    assert read(public_file(of).text().encode()).view == "public"


def test_a_column_that_nobody_has_decided_on_is_closed() -> None:
    assert file_columns.shown("market", "lots.something_new") is Shown.SEALED
    assert file_columns.shown("outcome", "matches.something_new") is Shown.SEALED
