"""What the forms of lots and needs ask about goods that come again and again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import DAYS_AHEAD
from marketplace.domain.packs import WeightUnsaid
from marketplace.domain.rates import Amount, spell_amount
from marketplace.domain.series import (
    MOST_DAYS_EACH,
    Recurrence,
    Rhythm,
    in_all,
    recurrence,
    rhythm_of,
)
from marketplace.domain.text import fold
from marketplace.web.amounts import amounts_meant, read_amount
from marketplace.web.fields import (
    CheckboxesField,
    TextField,
)
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world
from marketplace.web.series_words import (
    ONCE,
    amount_words,
    of_amount,
    rhythm_choices,
    weekday_choices,
)
from marketplace.web.understood import of_quantity

EACH, ALL = "each", "all"
"""Answers to a quantity for every day: so much each time, or what that comes to once."""


class RecurringForm(ListingForm):
    """A form whose quantity may be a range or a rate, and whose goods may come again and again."""

    recurs: Recurrence | None = None
    """Set by `draft`; none for goods that come once."""

    rhythm = RadioField(
        _l("Does it come again?"), choices=rhythm_choices, default=ONCE, validate_choice=False
    )
    weekdays = CheckboxesField(
        _l("On which days of the week"), choices=weekday_choices, validate_choice=False
    )
    days_each = TextField(_l("Days to hand over each instalment"))
    open_end = BooleanField(
        _l("The last day is not known yet"), false_values=(False, "False", "false", "")
    )

    def only_once(self) -> None:
        """Of a single lot or need that is there nothing of it is asked."""
        for name in ("rhythm", "weekdays", "days_each", "open_end"):
            del self[name]

    def suggest_rhythm(self, asked: str) -> None:
        """Begin with what the address asks for."""
        if asked in set(Rhythm):
            self["rhythm"].data = asked

    @property
    def shows_series(self) -> bool:
        """Whether the folded fields must be seen."""
        names = ("rhythm", "weekdays", "days_each", "open_end")
        wrong = any(self[name].errors for name in names)
        return wrong or self._rhythm is not None or bool(self["open_end"].data)

    @property
    def _rhythm(self) -> Rhythm | None:
        chosen = self["rhythm"].data if "rhythm" in self else ONCE
        return Rhythm(chosen) if chosen in set(Rhythm) else None

    @cached_property
    def understood(self) -> dict[str, str]:
        """As in `ListingForm`; a range or a rate is read back, too."""
        found: dict[str, str] = super().understood
        typed = self["quantity"].data or ""
        if typed and "quantity" not in found and not self["quantity"].errors:
            with suppress(Rejected):
                good = world().catalogue.find(self["commodity"].data or "")
                amount = read_amount(typed, good)
                once = amount.per is None and amount.least == amount.most
                found["quantity"] = (
                    of_quantity(amount.least or 0, good) if once else of_amount(amount, good)
                )
        return found

    def read_amount(self, commodity: Commodity | None) -> Amount | None:
        """From least to most, perhaps for every day or week; what is ambiguous is asked back."""
        field, pick = self["quantity"], self["quantity_pick"]
        typed = field.data or ""
        if not typed or commodity is None:
            quantity = self.read_quantity("quantity", commodity)
            return None if quantity is None else Amount(quantity, quantity)
        good: Commodity = commodity
        try:
            return read_amount(typed, good)
        except WeightUnsaid as error:
            self.reject_at("quantity", error)
            return None
        except Rejected as error:
            meant = amounts_meant(error, good)
            if not meant:
                quantity = self.read_quantity("quantity", commodity)
                return None if quantity is None else Amount(quantity, quantity)
            chosen = pick.picked(key for key, _words in meant)
            if chosen is not None:
                field.data = meant[chosen][0]
                return read_amount(field.data, good)
            pick.offer(meant)
            self.reject_at("quantity", error)
            return None

    def read_last_day(self, today: date) -> date | None:
        """The last day; of a series whose end is not known as far ahead as dates can be entered."""
        if self._rhythm and self["open_end"].data:
            return today + timedelta(days=DAYS_AHEAD)
        return self.read_day("until", today)

    def read_series(
        self,
        amount: Amount | None,
        commodity: Commodity | None,
        first: date | None,
        last: date | None,
    ) -> Amount | None:
        """Sets `recurs`; the amount of an instalment or, of what comes once, of all of it."""
        if amount is None or commodity is None:
            return None
        if amount.per:
            amount = self._settle_rate(amount, commodity, first, last)
        rhythm = self._rhythm
        if rhythm and first and last:
            weekdays = weekdays_of(self["weekdays"].data)
            days_each = self.read("days_each", days_of) if self["days_each"].data else None
            self.recurs = recurrence(rhythm, first, last, weekdays=weekdays, days_each=days_each)
        return amount

    def _settle_rate(
        self, amount: Amount, good: Commodity, first: date | None, last: date | None
    ) -> Amount | None:
        """What a quantity for every day or week means under the rhythm; asked where none is chosen."""
        plain = Amount(amount.least, amount.most)
        rhythm, said = self._rhythm, rhythm_of(amount.per or "day")
        if rhythm:
            if (rhythm is Rhythm.WEEKLY) == (said is Rhythm.WEEKLY):
                return plain
            self.reject_at(
                "quantity",
                Rejected(
                    "Write how much each instalment is: “%(typed)s” does not fit the days chosen.",
                    typed=(self["quantity"].data or "")[:60],
                ),
            )
            return None
        total = _total(amount, said, first, last)
        picked = self["quantity_pick"].data
        if picked == EACH and "rhythm" in self:
            self["rhythm"].data = said.value
            return plain
        if picked == ALL and total:
            self["quantity"].data = spell_amount(total, good)
            return total
        self._ask_about_rate(plain, total, said, good)
        return None

    def _ask_about_rate(
        self, amount: Amount, total: Amount | None, said: Rhythm, good: Commodity
    ) -> None:
        each = amount_words(amount.least, amount.most, good.base_unit_vi)
        offered = []
        if "rhythm" in self:
            daily = _("As a series: %(quantity)s every day", quantity=each)
            weekly = _("As a series: %(quantity)s every week", quantity=each)
            offered.append((EACH, daily if said is Rhythm.DAILY else weekly))
        if total:
            whole = amount_words(total.least, total.most, good.base_unit_vi)
            offered.append(
                (ALL, _("Once: %(quantity)s from the first to the last day", quantity=whole))
            )
        self["quantity_pick"].offer(offered)
        self.reject_at(
            "quantity",
            Rejected(
                "“%(typed)s” comes again and again. Choose how it is to be listed.",
                typed=(self["quantity"].data or "")[:60],
            ),
        )


def _total(amount: Amount, said: Rhythm, first: date | None, last: date | None) -> Amount | None:
    """What it comes to from the first to the last day; none where that is no whole number of weeks."""
    if first is None or last is None or not first <= last <= first + timedelta(days=DAYS_AHEAD):
        return None
    days = (last - first).days + 1
    if said is Rhythm.WEEKLY and days % 7:
        return None
    return in_all(amount, recurrence(said, first, last))


def weekdays_of(chosen: Iterable[str] | None) -> frozenset[int]:
    """Those that there are, of whatever a browser may send."""
    known = {str(number): number for number in range(7)}
    return frozenset(known[day] for day in chosen or () if day in known)


def days_of(typed: str) -> int:
    """A number of days: "3", "3 ngày"."""
    found = re.fullmatch(r"(\d{1,3})(?: ?(?:ngay|days?))?", fold(typed))
    if not found:
        raise Rejected("Write a number of days from 1 to %(most)s.", most=MOST_DAYS_EACH)
    return int(found[1])
