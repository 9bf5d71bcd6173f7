"""What each credit did to a round, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.models.rounds import MatchRound
from marketplace.solving.credits import A_ROUND_WAITED, MOST_WAITED, MOVED, SOON, SOON_DAYS


@dataclass(frozen=True)
class Credit:
    """Its name, the VND of common gain that it gave up, and the kilograms matched besides."""

    name: str
    cost: int
    kilograms: int


def credits_of(round_: MatchRound) -> list[Credit]:
    """Rounds stored before there were several have the one for every kilogram."""
    result = round_.result or {}
    names = {
        "moved": _("%(vnd)s ₫ for every kilogram matched", vnd=MOVED),
        "soon": _(
            "%(vnd)s ₫ for a kilogram that spoils within %(days)s days", vnd=SOON, days=SOON_DAYS
        ),
        "waited": _(
            "%(vnd)s ₫ a kilogram for each round that left it over, at most %(most)s",
            vnd=A_ROUND_WAITED,
            most=MOST_WAITED,
        ),
    }
    if "credit_moved_vnd" not in result:
        cost, kilograms = result.get("credit_vnd", 0), result.get("credit_kilograms", 0)
        return [Credit(names["moved"], cost, kilograms)]
    return [
        Credit(name, result[f"credit_{key}_vnd"], result[f"credit_{key}_kilograms"])
        for key, name in names.items()
    ]
