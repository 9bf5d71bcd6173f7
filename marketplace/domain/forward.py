"""Expected harvests: offered before they are sure, taken by those who said that they take them so.

How sure is told in three words; the books, the engine and everybody's figures know only whether it
is confirmed.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.quantities import spell_quantity
from marketplace.domain.text_marks import N_

REMIND_DAYS = 3
"""So many days before the first day a holder is reminded to confirm."""


class UnlikelyHarvest(Rejected):
    """Far from what was expected: asked back before it counts, whatever it was meant to be."""


class Confidence(IntEnum):
    """How likely a harvest is to come as it is offered, in percent."""

    SURE = 90
    FAIR = 70
    DOUBTFUL = 50


def word_for(percent: int) -> Confidence:
    """The word that is nearest; of two the more careful one."""
    return min(sorted(Confidence), key=lambda word: abs(word - percent))


def check_expected(confidence: int | None, first: date, today: date) -> None:
    """Raise `Rejected` unless it is a harvest still to come, and as likely as a percentage can be."""
    if confidence is None:
        return
    if not 1 <= confidence <= 100:
        raise Rejected("Choose how sure the harvest is.", field="confidence")
    if first <= today:
        raise Rejected(
            "The first day of an expected harvest lies ahead. If the goods are there, say so above.",
            field="confidence",
        )


def check_still_sure(
    before: int | None, after: int | None, promised: int, *, confirmed: bool = False
) -> None:
    """Raise `Rejected` where a confirmed harvest or goods that somebody counts on became unsure."""
    if before is not None or after is None:
        return
    if confirmed:
        raise Rejected(
            "This harvest has been confirmed. If it failed, withdraw the lot or lower its quantity.",
            field="confidence",
        )
    if promised:
        raise Rejected(
            "Part of this lot is held or sold as sure goods, so it cannot become an expected harvest.",
            field="confidence",
        )


def check_likely(quantity: int, expected: int, commodity: Commodity) -> None:
    """Raise `UnlikelyHarvest` where it became more than twice or less than half of what was expected.

    That is a wrong unit or a key held too long oftener than a harvest; who means it says so.
    """
    if expected <= 2 * quantity and quantity <= 2 * expected:
        return
    raise UnlikelyHarvest(
        N_("%(expected)s were expected, you wrote %(typed)s. Is that right?"),
        field="quantity",
        expected=spell_quantity(expected, commodity),
        typed=spell_quantity(quantity, commodity),
    )


def is_due(first: date, today: date) -> bool:
    """Whether its holder should be reminded to confirm: the first day is near, and not over."""
    return today < first <= today + timedelta(days=REMIND_DAYS)


def has_lapsed(first: date, today: date) -> bool:
    """Whether the first day came without a confirmation."""
    return first <= today
