"""Does what a reason names hold? Each change is made and the commodity solved again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import TODAY
from marketplace.demo.market import normal_week
from marketplace.demo.records import SampleMarket
from marketplace.matching import solve
from marketplace.solving import (
    LeftOutRecord,
    NearbyRecord,
    OpenLot,
    OpenNeed,
    RoundResult,
    assemble,
    changed,
    read_outcome,
)
from marketplace.solving.world import World

DOCUMENT = Path("docs/reasons.md")
MONEY = {"price", "freight", "bid", "outbid"}
PLACES = ("first", "second", "third")
RESULTS = ("matched", "obstacle gone", "neither")


@dataclass(frozen=True)
class Tried:
    """A change that was made: of which side, named as how near a counterpart, for which reason.

    result : "matched", "obstacle gone", "neither", or "no change" where the owner could make none
    """

    side: str
    place: int
    because: str
    result: str


@dataclass(frozen=True)
class Commodity:
    """What is open of one commodity on one day."""

    lots: tuple[OpenLot, ...]
    needs: tuple[OpenNeed, ...]
    today: date

    def solved(self, world: World) -> RoundResult:
        market, index = assemble(self.lots, self.needs, world.atlas, world.catalogue, self.today)
        return read_outcome(solve(market), market, index, world.atlas, world.catalogue)

    def with_change(self, record: LeftOutRecord, near: NearbyRecord) -> Commodity:
        lots, needs = self.lots, self.needs
        if record.side == "lot":
            lots = tuple(changed(x, near.change) if x.id == record.id else x for x in lots)
        else:
            needs = tuple(changed(x, near.change) if x.id == record.id else x for x in needs)
        return Commodity(lots, needs, self.today)


def by_commodity(week: SampleMarket) -> Iterator[Commodity]:
    """Each commodity that is both on offer and wanted: they do not mix, so each stands alone."""
    lots, needs = week.open_lots(), week.open_needs()
    for commodity in sorted({lot.commodity for lot in lots} & {need.commodity for need in needs}):
        yield Commodity(
            tuple(lot for lot in lots if lot.commodity == commodity),
            tuple(need for need in needs if need.commodity == commodity),
            week.today,
        )


def tried(world: World, market: Commodity, most: int = 3) -> Iterator[Tried]:
    """Make the changes that the reasons name for up to ``most`` counterparts, one at a time."""
    for record in market.solved(world).left_out:
        for place, near in enumerate(record.nearest[:most]):
            result = _result(world, market, record, near) if near.change else "no change"
            yield Tried(record.side, place, near.hurdles[0].because, result)


def _result(world: World, market: Commodity, record: LeftOutRecord, near: NearbyRecord) -> str:
    again = market.with_change(record, near).solved(world)
    moved = sum(
        match.quantity
        for match in again.matches
        if (match.lot if record.side == "lot" else match.need) == record.id
    )
    if moved > record.matched:
        return "matched"
    [left] = [x for x in again.left_out if (x.side, x.id) == (record.side, record.id)]
    return "obstacle gone" if _is_gone(left, near) else "neither"


def _is_gone(left: LeftOutRecord, near: NearbyRecord) -> bool:
    """Whether what was named first no longer stands between the two."""
    named = near.hurdles[0].because
    for still in left.nearest:
        if still.counterpart == near.counterpart:
            return named not in {hurdle.because for hurdle in still.hurdles}
    return named not in MONEY


def write_reasons(world: World, seeds: Sequence[int]) -> None:
    """Twenty sample weeks, printed and written into the documents."""
    found: list[Tried] = []
    for seed in seeds:
        week = normal_week(TODAY, seed)
        of_week = [one for market in by_commodity(week) for one in tried(world, market)]
        found += of_week
        print(f"  week {seed:2}: {share(one for one in of_week if one.place == 0):.1%} hold")
    text = "\n".join(
        [
            _head(len(seeds), len(week.lots), len(week.needs)),
            *_by_place(found),
            *_by_kind(found),
            "",
        ]
    )
    print(text)
    DOCUMENT.write_text(text, encoding="utf-8")


def share(found: Iterable[Tried]) -> float:
    """Of the changes that could be made, those that brought a match or removed the obstacle."""
    results = Counter(one.result for one in found)
    made = sum(results[result] for result in RESULTS)
    return 1 - results["neither"] / made if made else 1.0


def _head(weeks: int, lots: int, needs: int) -> str:
    return f"""# How often a reason holds

Written by `python -m benchmarks reasons`: {weeks} sample weeks of {lots} lots and {needs} needs, four of five bids
sealed. Each change that a reason names, for the nearest counterpart and for the next two, is made alone and the
commodity solved again. It holds if more is matched, or if what was named first no longer stands between the two.
"""


def _by_place(found: list[Tried]) -> Iterator[str]:
    yield "| counterpart | changes | matched | obstacle gone | neither | holds |\n|---|---|---|---|---|---|"
    for place, name in enumerate(PLACES):
        yield _row([name], [one for one in found if one.place == place])
    yield ""


def _by_kind(found: list[Tried]) -> Iterator[str]:
    yield "The first by kind. Where nothing could be named (no road, an ask below 0 ₫), nothing was changed.\n"
    yield "| side | reason | changes | matched | obstacle gone | neither | holds |\n|---|---|---|---|---|---|---|"
    kinds: dict[tuple[str, str], list[Tried]] = defaultdict(list)
    for one in found:
        if one.place == 0:
            kinds[one.side, one.because].append(one)
    for (side, because), of_kind in sorted(kinds.items()):
        yield _row([side, f"`{because}`"], of_kind)


def _row(cells: list[str], found: list[Tried]) -> str:
    results = Counter(one.result for one in found)
    counts = [results[result] for result in RESULTS]
    holds = f"{share(found):.1%}" if sum(counts) else "–"
    return f"| {' | '.join([*cells, *(f'{n:,}' for n in (sum(counts), *counts)), holds])} |"
