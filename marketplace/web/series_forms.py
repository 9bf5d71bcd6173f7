"""The forms of series: changed from a day on, paused, stopped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import DAYS_AHEAD
from marketplace.domain.lots import LotDraft
from marketplace.domain.packs import heads_told
from marketplace.domain.rates import Amount, spell_amount
from marketplace.domain.series import (
    SeriesState,
    Side,
    Terms,
)
from marketplace.domain.series_changes import StateChange, TermsChange
from marketplace.web import formats
from marketplace.web import listing_words as words
from marketplace.web.amounts import read_amount
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
from marketplace.web.recurring_form import days_of, weekdays_of
from marketplace.web.series_words import (
    weekday_choices,
)

LONGER = timedelta(weeks=4)
"""So much later the last day is that is proposed to who wants a series to go on."""

OUR_FIELDS = {"ask": "price", "bid": "price", "until": "last", "min_grade": "grade"}
"""Fields of lots and needs that the forms of series call differently."""


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
        weekdays = weekdays_of(self.weekdays.data)
        return TermsChange(
            since=self.read_day("since", today) or today,
            last=self.read_day("last", today) or there.recurs.last,
            weekdays=weekdays,
            days_each=self.read("days_each", days_of) or there.recurs.days_each,
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
