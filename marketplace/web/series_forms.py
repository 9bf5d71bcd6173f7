"""What the forms of lots and needs ask about goods that come again and again, and the forms of series."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import DAYS_AHEAD
from marketplace.domain.lots import LotDraft
from marketplace.domain.packs import WeightUnsaid, heads_told
from marketplace.domain.rates import Amount, spell_amount
from marketplace.domain.series import (
    MOST_DAYS_EACH,
    Recurrence,
    Rhythm,
    SeriesState,
    Side,
    Terms,
    in_all,
    recurrence,
    rhythm_of,
)
from marketplace.domain.series_changes import StateChange, TermsChange
from marketplace.domain.text import fold
from marketplace.web import formats
from marketplace.web import listing_words as words
from marketplace.web.amounts import amounts_meant, read_amount
from marketplace.web.fields import (
    CheckboxesField,
    PickField,
    TextField,
    required,
    spell_place,
    spell_price,
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

LONGER = timedelta(weeks=4)
"""So much later the last day is that is proposed to who wants a series to go on."""
EACH, ALL = "each", "all"
"""Answers to a quantity for every day: so much each time, or what that comes to once."""

OUR_FIELDS = {"ask": "price", "bid": "price", "until": "last", "min_grade": "grade"}
"""Fields of lots and needs that the forms of series call differently."""


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
            weekdays = _weekdays(self["weekdays"].data)
            days_each = self.read("days_each", _days) if self["days_each"].data else None
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


def _weekdays(chosen: Iterable[str] | None) -> frozenset[int]:
    """Those that there are, of whatever a browser may send."""
    known = {str(number): number for number in range(7)}
    return frozenset(known[day] for day in chosen or () if day in known)


def _days(typed: str) -> int:
    """A number of days: "3", "3 ngày"."""
    found = re.fullmatch(r"(\d{1,3})(?: ?(?:ngay|days?))?", fold(typed))
    if not found:
        raise Rejected("Write a number of days from 1 to %(most)s.", most=MOST_DAYS_EACH)
    return int(found[1])


class _SeriesForm(ListingForm):
    """What the forms share that change a series from a day on."""

    since = TextField(_l("From which day"))

    @classmethod
    def asked(cls) -> Self:
        """The form as the address fills it: a review changes nothing, so it has an address of its own,
        and Back from it sends nothing again. Else as it was sent, or empty."""
        if request.method == "GET" and "step" in request.args:
            return cls(formdata=request.args, meta={"csrf": False})
        return cls()

    @property
    def step(self) -> str:
        """Which button was pressed; nothing where none was."""
        return request.values.get("step", "review" if self.is_submitted() else "")

    def tell(self, error: Rejected, good: Commodity) -> None:
        """Show what the domain rejects, at our fields or above the form, where nothing is said yet."""
        for each in list(error.each()):
            each.others = ()
            each.field = OUR_FIELDS.get(each.field or "", each.field)
            if each.field not in self or not self[each.field].errors:
                self.refuse(each, good)


class StateForm(_SeriesForm):
    """From when (to when) a series pauses, goes on, or is stopped."""

    until = TextField(_l("To which day"))

    def change(self, state: SeriesState, today: date) -> StateChange:
        """What was understood; what was not has a word at its field."""
        since = self.read_day("since", today) or today
        until = None
        if "until" in self and self["until"].data:
            until = self.read("until", lambda typed: parse_date(typed, today))
        return StateChange(since=since, until=until, state=state)


class TermsForm(_SeriesForm):
    """What may be other from a day on."""

    quantity = TextField(_l("Quantity of each instalment"))
    quantity_pick = PickField(_l("How much?"))
    price = TextField(_l("Price per kg or piece"))
    price_pick = PickField(_l("Which price?"))
    weekdays = CheckboxesField(
        _l("On which days of the week"), choices=weekday_choices, validate_choice=False
    )
    days_each = TextField(_l("Days to hand over each instalment"))
    last = TextField(_l("Last day"))
    place = TextField(_l("Place"))
    place_pick = PickField(_l("Which place?"))
    grade = SelectField(_l("Grade"), choices=[], validate_choice=False)
    certificates = CheckboxesField(
        _l("Certificates"), choices=words.certificate_choices, validate_choice=False
    )

    def offer_grades(self, good: Commodity, side: Side) -> None:
        """Those of the goods' group; of a need any grade, too. Lots are picked up, needs delivered."""
        self.place.label.text = _("Pick-up place") if side == "lot" else _("Place of delivery")
        catalogue = world().catalogue
        grades = [
            SelectChoice(each.id, formats.name(each)) for each in catalogue.grades(good.group)
        ]
        self.grade.choices = (
            grades if side == "lot" else [SelectChoice("", _("Any grade")), *grades]
        )

    def propose_longer(self, today: date) -> None:
        """Four more weeks, as far as dates can be entered."""
        last = parse_date(self.last.data or "", today)
        latest = today + timedelta(days=DAYS_AHEAD)
        self.last.data = min(last + LONGER, max(last, latest)).isoformat()

    @property
    def opens_besides(self) -> bool:
        """Whether place, grade and certificates must be seen: something is wrong there."""
        return any(self[each].errors for each in ("place", "grade", "certificates"))

    def fill_terms(self, terms: Terms, good: Commodity, since: date) -> None:
        """Show what holds, as a person would have typed it."""
        draft, recurs = terms.draft, terms.recurs
        self.since.data = since.isoformat()
        self.last.data = recurs.last.isoformat()
        self.weekdays.data = [str(day) for day in sorted(recurs.weekdays)]
        self.days_each.data = str(recurs.days_each)
        if isinstance(draft, LotDraft):
            ends, price = Amount(draft.quantity, draft.quantity_most or draft.quantity), draft.ask
        else:
            ends, price = Amount(draft.quantity_least or draft.quantity, draft.quantity), draft.bid
        self.quantity.data = spell_amount(ends, good)
        self.price.data = spell_price(price, good) if price is not None else ""
        self.place.data = spell_place(world().gazetteer.get(draft.place))
        self.grade.data = (draft.grade if isinstance(draft, LotDraft) else draft.min_grade) or ""
        self.certificates.data = sorted(draft.certificates)

    def change(self, there: Terms, good: Commodity, today: date) -> TermsChange:
        """What was understood; of what was not, a word at its field and what is there now."""
        amount = self._amount(good)
        price = self.read_price("price", good)
        lot = isinstance(there.draft, LotDraft)
        sure, other = there.draft.quantity, None
        if amount and amount.least and amount.most:
            sure, other = (amount.least, amount.most) if lot else (amount.most, amount.least)
        weekdays = _weekdays(self.weekdays.data)
        return TermsChange(
            since=self.read_day("since", today) or today,
            last=self.read_day("last", today) or there.recurs.last,
            weekdays=weekdays,
            days_each=self.read("days_each", _days) or there.recurs.days_each,
            quantity=sure,
            other_end=None if other == sure else other,
            price=price,
            price_confirmed=self.price_confirmed(price),
            besides={**self._besides(lot=lot), **self._heads(there.draft, sure, good)},
        )

    def _heads(self, draft: Any, quantity: int, good: Commodity) -> dict[str, Any]:
        """How many animals another weight is: as it says, else nobody knows any more."""
        if not getattr(draft, "heads", None) or quantity == draft.quantity:
            return {}
        return {"heads": heads_told(self.quantity.data or "", good)}

    def _besides(self, *, lot: bool) -> dict[str, Any]:
        """Place, grade and certificates; nothing where a page did not ask for them."""
        if self.place.data is None:
            return {}
        place, grade = self.read_place(), self.grade.data or None
        found: dict[str, Any] = {"certificates": frozenset(self.certificates.data or ())}
        if place is not None:
            found["place"] = place.id
        if grade or not lot:
            found["grade" if lot else "min_grade"] = grade
        return found

    def _amount(self, good: Commodity) -> Amount | None:
        def read(typed: str) -> Amount:
            amount = read_amount(typed, good)
            return Amount(amount.least, amount.most)

        return self.read("quantity", required(read, _("Enter the quantity.")))
