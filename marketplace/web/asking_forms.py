"""The forms in which one side asks the other: "I want to buy", "I have these goods"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import NAME_LENGTH
from marketplace.domain.lots import LotDraft
from marketplace.domain.needs import NeedDraft
from marketplace.domain.wishes import Wish
from marketplace.web import listing_words as words
from marketplace.web.fields import CheckboxesField, PickField, TextField
from marketplace.web.formats import day_range, quantity
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world

NEW = "new"


class AskingForm(ListingForm):
    """What both forms share: one of my own listings, or a new one of the quantity that I type."""

    price_field = ""

    commodity = HiddenField()
    """Not asked for: it is the other listing's."""

    def offer(self, own: Sequence[Any], good: Commodity) -> None:
        """Let the person choose among these; with none of them there is nothing to choose."""
        self["commodity"].data = words.goods(good)
        if not own:
            del self["mine"]
            return
        self["mine"].choices = [
            *(
                SelectChoice(str(listing.id), own_words(listing, good.base_unit_vi))
                for listing in own
            ),
            SelectChoice(NEW, _("None of these: a new one")),
        ]
        if not self["mine"].data:
            self["mine"].data = str(own[0].id)

    @property
    def chosen(self) -> int | None:
        """The number of the own listing that was chosen."""
        if "mine" not in self or self["mine"].data in (None, NEW):
            return None
        choices = [choice.value for choice in self["mine"].choices]
        return int(self["mine"].data) if self["mine"].data in choices else None

    def refuse_here(self, error: Rejected, good: Commodity) -> None:
        """As `refuse`; what the terms call the price is this form's own field."""
        if error.field == "price":
            error.field = self.price_field
        self.refuse(error, good)


class AskForm(AskingForm):
    """For a lot: how much, delivered where and when, at which price at most."""

    price_field = "bid"

    mine = RadioField(_l("For which of your needs?"), choices=[], validate_choice=False)
    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    buyer = TextField(_l("Who wants it"), most=NAME_LENGTH)
    quantity = TextField(_l("Quantity"))
    quantity_pick = PickField(_l("How much?"))
    bid = TextField(_l("Highest price, delivered"))
    price_pick = PickField(_l("Which price?"))
    place = TextField(_l("Place of delivery"))
    place_pick = PickField(_l("Which place?"))
    from_on = TextField(_l("First day of delivery"))
    until = TextField(_l("Last day of delivery"))

    def wish(self, good: Commodity, today: date) -> Wish | None:
        """What was understood; None, and a word at every field that was not."""
        amount = self.read_quantity("quantity", good)
        bid = self.read_price("bid", good)
        if self.chosen is not None:
            ready = amount is not None and not self.errors
            return Wish(quantity=amount or 0, mine=self.chosen, price=bid) if ready else None
        place = self.read_place()
        from_on, until = self.read_day("from_on", today), self.read_day("until", today)
        if amount is None or place is None or from_on is None or until is None or self.errors:
            return None
        draft = NeedDraft(
            commodity=good.id,
            quantity=amount,
            bid=bid,
            place=place.id,
            from_on=from_on,
            until=until,
            **self.for_whom("buyer"),
            price_confirmed=self.price_confirmed(bid),
        )
        return Wish(quantity=amount, need=draft)


class OfferForm(AskingForm):
    """For a need: how much, from where and when, at which price at the farm."""

    price_field = "ask"

    mine = RadioField(_l("Which of your lots?"), choices=[], validate_choice=False)
    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    producer = TextField(_l("Whose goods"), most=NAME_LENGTH)
    quantity = TextField(_l("Quantity"))
    quantity_pick = PickField(_l("How much?"))
    ask = TextField(_l("Asking price at the farm"))
    price_pick = PickField(_l("Which price?"))
    place = TextField(_l("Pick-up place"))
    place_pick = PickField(_l("Which place?"))
    ready_on = TextField(_l("First day of pick-up"))
    until = TextField(_l("Last day of pick-up"))
    grade = SelectField(_l("Grade"), choices=words.grade_choices, validate_choice=False)
    certificates = CheckboxesField(
        _l("Certificates"), choices=words.certificate_choices, validate_choice=False
    )

    def wish(self, good: Commodity, today: date) -> Wish | None:
        """What was understood; None, and a word at every field that was not."""
        amount = self.read_quantity("quantity", good)
        ask = self.read_price("ask", good)
        if self.chosen is not None:
            ready = amount is not None and not self.errors
            return Wish(quantity=amount or 0, mine=self.chosen, price=ask) if ready else None
        place = self.read_place()
        ready_on, until = self.read_day("ready_on", today), self.read_day("until", today)
        if amount is None or place is None or ready_on is None or until is None or self.errors:
            return None
        draft = LotDraft(
            commodity=good.id,
            grade=self["grade"].data or world().catalogue.default_grade(good.group).id,
            quantity=amount,
            ask=ask,
            place=place.id,
            ready_on=ready_on,
            until=until,
            certificates=frozenset(self["certificates"].data or ()),
            **self.for_whom("producer"),
            price_confirmed=self.price_confirmed(ask),
        )
        return Wish(quantity=amount, lot=draft)


def own_words(listing: Any, unit: str) -> str:
    """How much of an own listing is open, where and when."""
    first = getattr(listing, "from_on", None) or listing.ready_on
    days = day_range(first, listing.until)
    return f"{quantity(listing.open_quantity, unit)} · {listing.place.name} · {days}"
