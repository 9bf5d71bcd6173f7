"""What a link is worth: which ten matter most, and the market with each of them changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.domain.conditions import Effect
from marketplace.domain.network import RoadLink, Transfer, WaterLink
from marketplace.domain.reference import Reference
from marketplace.domain.scenarios import Deed, LinkChange
from marketplace.solving.scenario_figures import net
from marketplace.solving.scenarios import LIMITS, is_about, wider

MOST_LINKS = 10
MOST_STATED = 2
"""Of the trials, so many at most are of links that are closed or limited now."""
MOST_NARROW = 1
"""And so many of canals too narrow for some boats, widened."""


def links_that_matter(
    reference: Reference, flows: Mapping[str, Sequence[int]], values: Mapping[str, int]
) -> tuple[LinkChange, ...]:
    """What to try: what is closed or limited now opened or widened, narrow canals widened, others closed.

    ``flows``: kilograms over each link come first in its list; ``values``: VND of the matches over it.
    What is stated or narrow is tried by tonne-kilometres, then length. What is closed are in turn
    two of the greatest value and one of the most tonne-kilometres: a bridge is short, however much
    depends on it. Of links in a row that carry the very same goods the others come last.
    A busy narrow canal is tried both ways.
    """
    lengths = _lengths(reference)
    loads = {link: flows.get(link, [0])[0] * km for link, km in lengths.items()}
    order = sorted(lengths, key=lambda link: (-loads[link], -lengths[link], link))
    rows = reference.links if reference.conditions else {}
    stated = [c for link in order if link in rows and (c := _undone(reference, rows[link]))]
    chosen = stated[:MOST_STATED]
    taken = {change.link for change in chosen}
    free = [link for link in order if loads[link] and link not in taken]
    canals = {row.id: row for row in reference.water_links}
    narrow = [
        LinkChange(Deed.WIDEN, link)
        for link in free
        if link in canals and wider(canals[link], reference.boat_rates) != canals[link]
    ]
    alone = _one_of_a_row(sorted(free, key=lambda link: (lengths[link], link)), flows, values)
    by_value = sorted(alone, key=lambda link: (-values.get(link, 0), link))
    by_load = [link for link in free if link in alone]
    rest = [link for link in free if link not in alone]
    busy = [LinkChange(Deed.CLOSE, link) for link in (*_in_turn(by_value, by_load), *rest)]
    chosen += narrow[:MOST_NARROW]
    return (*chosen, *busy[: MOST_LINKS - len(chosen)])


def _one_of_a_row(
    links: Sequence[str], flows: Mapping[str, Sequence[int]], values: Mapping[str, int]
) -> set[str]:
    """The first of those with the same kilograms and the same value over them."""
    first: dict[tuple[object, ...], str] = {}
    for link in links:
        goods = (flows[link][0], values[link]) if link in values else (link,)
        first.setdefault(goods, link)
    return set(first.values())


def _in_turn(by_value: Sequence[str], by_load: Sequence[str]) -> list[str]:
    """Two of the first list, one of the second, and so on, none twice."""
    found: list[str] = []
    for number, link in enumerate(by_load):
        found += [*by_value[2 * number : 2 * number + 2], link]
    return list(dict.fromkeys(found))


def _undone(reference: Reference, link: RoadLink | WaterLink | Transfer) -> LinkChange | None:
    """Opened where it is closed, widened where it is limited."""
    effects = {one.effect for one in reference.conditions if is_about(one, link)}
    if Effect.CLOSED in effects:
        return LinkChange(Deed.OPEN, link.id)
    return LinkChange(Deed.WIDEN, link.id) if effects & set(LIMITS) else None


def _lengths(reference: Reference) -> dict[str, float]:
    return {link: row.km for link, row in reference.links.items()}


def worth_of(
    change: LinkChange, base: Mapping[str, Any], figures: Mapping[str, Any]
) -> dict[str, Any]:
    """What is kept of one trial: what it changes, and between which ends the true worth lies.

    Each market's best value lies between what was found and its bound, so the difference of the best
    values lies between ``low`` and ``high``. Whatever can be done with a link closed can be done with
    it open too, so closing never gains and opening never loses; that cuts one end off, and also what
    was found, where the search came out better in the market that allows less.
    """
    before, after = net(base), net(figures)
    low, high = after["value"] - before["bound"], after["bound"] - before["value"]
    gains = {name: figures["total"][name] - base["total"][name] for name in COMPARED}
    gains |= {name: after[name] - before[name] for name in ("value", "told_value")}
    cut = min if change.deed is Deed.CLOSE else max
    gains |= {name: cut(gains[name], 0) for name in ("value", "told_value")}
    return {
        "deed": change.deed.value,
        "link": change.link,
        **gains,
        "low": cut(low, 0),
        "high": cut(high, 0),
        "flow": base["flows"].get(change.link, [0, 1])[0],
        "public": int(_public(base, change.link)),
    }


COMPARED = ("value", "told_value", "matched", "freight", "kilogram_km")


def _public(base: Mapping[str, Any], link: str) -> bool:
    """Whether three parties a side use it, or nobody."""
    kilograms, public = base["flows"].get(link, [0, 1])
    return bool(public) or not kilograms
