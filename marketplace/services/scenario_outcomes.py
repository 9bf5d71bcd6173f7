"""What came out of a what-if, as this person may see it.

Coordinators see every figure. Officers see sums in which a sealed bid is the step below it, and none
that tells of fewer than three parties a side, in either market: `docs/decisions/0018-what-if.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.domain import scenarios as rules
from marketplace.domain.actors import Actor
from marketplace.domain.scenarios import Deed, LinkChange, ScenarioKind
from marketplace.domain.tallies import enough, publishable_in_all
from marketplace.models.scenarios import Scenario
from marketplace.solving.scenario_figures import Sums, net, replaced

MILLION = 10**6
FEW = 20
"""Links that a page lists."""


@dataclass(frozen=True)
class Figures:
    """The figures of one market, or of one part of it, that a page shows. Money in VND."""

    matches: int
    matched: int
    value: int
    freight: int
    for_sellers: int
    for_buyers: int
    tonne_km: float
    hours: float
    """On the way, the mean over all goods by weight."""
    afloat: int
    """Kilograms by boat."""

    @classmethod
    def of(cls, sums: Mapping[str, int], *, exact: bool) -> Figures:
        """Told or exact, of sums."""
        told = "" if exact else "told_"
        matched = sums["matched"]
        return cls(
            matches=sums["matches"],
            matched=matched,
            value=sums[f"{told}value"],
            freight=sums["freight"],
            for_sellers=sums["for_sellers"],
            for_buyers=sums[f"{told}for_buyers"],
            tonne_km=sums["kilogram_km"] / 1000,
            hours=sums["kilogram_minutes"] / 60 / matched if matched > 0 else 0.0,
            afloat=sums["afloat"],
        )


@dataclass(frozen=True)
class Pair:
    """The same of both markets; ``key`` says of what part."""

    key: str
    before: Figures
    after: Figures

    @property
    def gain(self) -> int:
        """What sellers and buyers together have more, in VND."""
        return self.after.value - self.before.value

    @property
    def for_sellers(self) -> int:
        return self.after.for_sellers - self.before.for_sellers

    @property
    def for_buyers(self) -> int:
        return self.after.for_buyers - self.before.for_buyers


@dataclass(frozen=True)
class Part:
    """One way of dividing both markets; ``hidden`` parts tell of too few parties."""

    pairs: Sequence[Pair]
    hidden: int


@dataclass(frozen=True)
class Outcome:
    """Both markets side by side, every sum and part of all matches. ``total`` None: too few take part."""

    exact: bool
    total: Pair | None
    bounds: tuple[int, int] | None
    """Upper bounds, for coordinators."""
    by_seller: Part
    by_buyer: Part
    by_goods: Part
    flows: dict[str, tuple[int, int]]
    """Kilograms over each link before and after."""
    reasons: Sequence[tuple[str, tuple[int, int], tuple[int, int]]]
    """Why lots stay: reason, lots and kilograms of each market; for coordinators."""
    withdrawn: tuple[int, int]
    """Open proposals that each market replaces."""
    replaced: tuple[int, int]
    """VND that these held: to be taken off the value of the market that replaces them."""
    hurried: bool
    """Whether there was not time enough for all goods."""

    @property
    def net(self) -> tuple[int, int]:
        """The common gain of both markets less what they replace: what they are compared by."""
        if self.total is None:
            return 0, 0
        before, after = self.replaced
        return self.total.before.value - before, self.total.after.value - after


@dataclass(frozen=True)
class Worth:
    """One link: what the market gains with it changed. Bounds and exact sums for coordinators.

    Money in whole millions, ``low`` and ``high`` away from each other: a finer estimate pretends.
    """

    change: LinkChange
    gain: int
    low: int | None
    high: int | None
    matched: int
    freight: int
    tonne_km: float
    flow: int


@dataclass(frozen=True)
class Values:
    """The worth of links, the greatest first; ``hidden`` ones carry goods of too few parties."""

    exact: bool
    total: Figures | None
    links: Sequence[Worth]
    hidden: int
    flows: dict[str, int]


def outcome(scenario: Scenario, *, actor: Actor) -> Outcome:
    """Of a scenario that is solved."""
    exact = rules.may_make(actor)
    runs = [scenario.result["baseline"], scenario.result["scenario"]]
    sums = [Sums.read(run["total"]) for run in runs]
    public = exact or all(not each.matches or enough([each]) for each in sums)
    parts = [_part(runs, name, exact=exact) if public else Part((), 0) for name in PARTS]
    before, after = (Figures.of(run["total"], exact=exact) for run in runs)
    held = [replaced(run)[2 if exact else 3] for run in runs]
    return Outcome(
        exact=exact,
        total=Pair("", before, after) if public else None,
        bounds=(net(runs[0])["bound"], net(runs[1])["bound"]) if exact else None,
        by_seller=parts[0],
        by_buyer=parts[1],
        by_goods=parts[2],
        flows=_flows(runs, exact=exact) if public else {},
        reasons=_reasons(runs) if exact else (),
        withdrawn=(runs[0]["withdrawn"][0], runs[1]["withdrawn"][0]),
        replaced=(held[0], held[1]),
        hurried=any(run["hurried"] for run in runs),
    )


PARTS = ("sellers", "buyers", "goods")


def values(scenario: Scenario, *, actor: Actor) -> Values:
    """Of the links that have been tried by now."""
    exact = rules.may_make(actor)
    base = scenario.result["baseline"]
    public = exact or enough([Sums.read(base["total"])])
    rows = [row for row in scenario.result["links"] if exact or (public and row["public"])]
    found = [
        Worth(
            change=LinkChange(Deed(row["deed"]), row["link"]),
            gain=_whole(row["value" if exact else "told_value"]),
            low=row["low"] // MILLION * MILLION if exact else None,
            high=-(-row["high"] // MILLION) * MILLION if exact else None,
            matched=row["matched"],
            freight=_whole(row["freight"]),
            tonne_km=row["kilogram_km"] / 1000,
            flow=row["flow"],
        )
        for row in rows
    ]
    return Values(
        exact=exact,
        total=Figures.of(net(base), exact=exact) if public else None,
        links=sorted(found, key=lambda worth: (-abs(worth.gain), worth.change.link)),
        hidden=len(scenario.result["links"]) - len(rows),
        flows={link: before for link, (before, _) in _flows([base], exact=exact).items()}
        if public
        else {},
    )


def _whole(dong: int) -> int:
    return round(dong / MILLION) * MILLION


def exact_figures(scenario: Scenario) -> dict[str, Any]:
    """Totals of both markets, or the worth of each link: for whoever has the machine at hand."""
    names = [name for name in ("baseline", "scenario") if name in scenario.result]
    told: dict[str, Any] = {name: net(scenario.result[name]) for name in names}
    return told | {"links": scenario.result["links"]} if "links" in scenario.result else told


def is_solved(scenario: Scenario) -> bool:
    """Whether all that was asked for is there."""
    part = "links" if scenario.kind == ScenarioKind.LINKS else "scenario"
    return part in scenario.result


def _part(runs: Sequence[Mapping[str, Any]], name: str, *, exact: bool) -> Part:
    cells = [{key: Sums.read(kept) for key, kept in run[name].items()} for run in runs]
    keys = {key for run in cells for key in run}
    shown = keys if exact else publishable_in_all(cells)
    nothing = Sums()
    pairs = []
    for key in shown:
        before, after = (Figures.of(vars(run.get(key, nothing)), exact=exact) for run in cells)
        pairs.append(Pair(key, before, after))
    pairs.sort(key=lambda pair: (-abs(pair.gain), -pair.before.matched, pair.key))
    return Part(pairs, len(keys) - len(shown))


def _flows(runs: Sequence[Mapping[str, Any]], *, exact: bool) -> dict[str, tuple[int, int]]:
    """Kilograms of the first and the last run."""
    links = {link for run in runs for link in run["flows"]}
    found = {}
    for link in sorted(links):
        there = [run["flows"].get(link, (0, 1)) for run in runs]
        if exact or all(public for _kilograms, public in there):
            found[link] = (there[0][0], there[-1][0])
    return found


def _reasons(
    runs: Sequence[Mapping[str, Any]],
) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    names = {name for run in runs for name in run["reasons"]}
    rows = []
    for name in names:
        before, after = (tuple(run["reasons"].get(name, (0, 0))) for run in runs)
        rows.append((name, before, after))
    return sorted(rows, key=lambda row: (-abs(row[2][1] - row[1][1]), row[0]))
