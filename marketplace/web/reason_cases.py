"""The figures of a reason, as texts in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from marketplace.domain.bands import band
from marketplace.models.rounds import RoundEntry
from marketplace.web import formats, language

Words = Callable[["Case"], str]


class Case:
    """One thing that stands between a listing and a counterpart, its figures as texts.

    ``details`` are those of the entry, or of one hurdle of a counterpart. ``told``: its figures
    follow from nothing that is sealed. In rounds from before that was so, they are told in bands.
    """

    def __init__(self, side: str, listing: Any, details: dict[str, Any], *, told: bool) -> None:
        self.side = side
        self.listing = listing
        self.details = details
        self.told = told
        self.numbers: dict[str, int] = details.get("numbers", {})
        self.because = str(details.get("because", ""))
        self.unit: str = listing.commodity.base_unit_vi

    @classmethod
    def of_entry(cls, entry: RoundEntry) -> Case:
        """The reason of an entry, whose listing must be loaded with commodity and place."""
        listing: Any = entry.lot if entry.lot_id is not None else entry.need
        details = {"because": entry.reason, **(entry.details or {})}
        side = "lot" if entry.lot_id is not None else "need"
        return cls(side, listing, details, told="nearest" in details)

    @property
    def commodity(self) -> str:
        commodity = self.listing.commodity
        return str(commodity.name_vi if language.current() == "vi" else commodity.name_en)

    @property
    def place(self) -> str:
        return str(self.details.get("place", "?"))

    @property
    def here(self) -> str:
        return str(self.listing.place.name)

    @property
    def indivisible(self) -> bool:
        """Whether it is this listing that cannot be divided, and not its counterpart."""
        change = self.details.get("change", {})
        return "whole" in change or "splits" in change

    @property
    def km(self) -> str:
        return formats.km(self.details.get("km", 0))

    @property
    def days(self) -> int:
        return int(self.numbers.get("days", 0))

    @property
    def money(self) -> str:
        """By how much a price would have had to change."""
        amount = int(self.numbers.get("per_unit", 0))
        if self.told:
            return formats.per_unit(amount, self.unit)
        return formats.band(*band(amount), self.unit)

    @property
    def has_price(self) -> bool:
        """Whether another price would have been enough."""
        return bool(self.numbers.get("per_unit"))

    @property
    def limit(self) -> str:
        return formats.quantity(int(self.numbers.get("limit", 0)), self.unit)

    @property
    def banned(self) -> bool:
        """Whether no paper lets the goods move."""
        return not self.numbers.get("limit")

    @property
    def left(self) -> str:
        return formats.quantity(int(self.details.get("left", 0)), self.unit)

    def name(self, of: str) -> str:
        """A name that is stored in both languages."""
        return str(self.details.get(f"{of}_{language.current()}", "?"))

    def duration(self, name: str) -> str:
        return duration(max(0, int(self.numbers.get(name, 0))))

    @property
    def spoils(self) -> bool:
        """Whether nothing of the freshness is left: asking for less of it changes nothing."""
        return int(self.numbers.get("minutes_left", 0)) <= 0

    @property
    def staleness(self) -> str:
        """How much freshness is missing on arrival."""
        return duration(self.numbers.get("minutes_asked", 0) - self.numbers.get("minutes_left", 0))


def duration(minutes: int) -> str:
    """In days from two days on."""
    if minutes >= 48 * 60:
        return str(_("%(days)s days", days=formats.number(minutes / 1440, 1)))
    return formats.hours(minutes / 60)
