"""What goes over which link: for everybody without figures that tell of fewer than three parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.domain.tallies import Matched, publishable


@dataclass(frozen=True)
class Load:
    """Matched goods and the links that they go over."""

    goods: str
    kilograms: int
    seller: int
    buyer: int
    links: tuple[str, ...]


def flows(loads: Iterable[Load], *, goods: str = "", exact: bool = False) -> dict[str, int]:
    """Kilograms by link, of one commodity if named.

    Unless ``exact`` a link is left out that fewer than three parties a side use, and what was left
    out of some goods never follows from the figure of all goods less those of the others.
    """
    by_link: defaultdict[str, dict[str, Matched]] = defaultdict(dict)
    for load in loads:
        for link in dict.fromkeys(load.links):
            tally = by_link[link].setdefault(load.goods, Matched())
            tally.add(load.kilograms, load.seller, load.buyer)
    tallies = {
        link: found
        for link, of_goods in by_link.items()
        if (found := of_goods.get(goods) if goods else _together(of_goods.values()))
    }
    if not exact:
        shown = publishable(tallies.items())
        tallies = {link: tally for link, tally in shown.items() if tally is not None}
    if goods and not exact:
        tallies = {
            link: tally
            for link, tally in tallies.items()
            if publishable(by_link[link].items())[goods]
        }
    return {link: tally.matched for link, tally in tallies.items()}


def _together(tallies: Iterable[Matched]) -> Matched:
    total = Matched()
    for tally in tallies:
        total.matches += tally.matches
        total.matched += tally.matched
        total.sellers |= tally.sellers
        total.buyers |= tally.buyers
    return total
