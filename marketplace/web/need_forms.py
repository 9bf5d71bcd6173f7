"""The form in which a need is posted and changed."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.listings import NAME_LENGTH, NOTE_LENGTH, parse_freshness
from marketplace.domain.needs import NeedDraft
from marketplace.domain.quantities import spell_quantity
from marketplace.domain.rates import Amount, spell_amount
from marketplace.web import listing_words as words
from marketplace.web.fields import (
    CheckboxesField,
    NoteField,
    PickField,
    TextField,
    plain_days,
    spell_price,
)
from marketplace.web.lookup import world
from marketplace.web.recurring_form import RecurringForm


class NeedForm(RecurringForm):
    """A need as people write it; `draft` is what was understood."""

    basis = RadioField(_l("On which basis"), choices=words.basis_choices, validate_choice=False)
    buyer = TextField(_l("Who wants it"), most=NAME_LENGTH)
    commodity = TextField(_l("Commodity"))
    commodity_pick = PickField(_l("Which one?"))
    quantity = TextField(_l("Quantity"))
    quantity_pick = PickField(_l("How much?"))
    bid = TextField(_l("Highest price, delivered"))
    price_pick = PickField(_l("Which price?"))
    bid_sealed = RadioField(
        _l("Who sees this price?"),
        choices=[
            SelectChoice("yes", _l("Nobody: keep it sealed")),
            SelectChoice("no", _l("Everybody")),
        ],
        default="yes",
    )
    place = TextField(_l("Place of delivery"))
    place_pick = PickField(_l("Which place?"))
    from_on = TextField(_l("First day of delivery"))
    until = TextField(_l("Last day of delivery"))
    splits = RadioField(
        _l("From several sellers?"),
        choices=[
            SelectChoice("yes", _l("Yes, in parts too")),
            SelectChoice("no", _l("No, all of it from one")),
        ],
        default="yes",
    )
    accepts_expected = RadioField(
        _l("Expected harvests too?"),
        choices=[
            SelectChoice("no", _l("No, sure goods only")),
            SelectChoice("yes", _l("Yes, ordered ahead")),
        ],
        default="no",
    )
    min_quantity = TextField(_l("Smallest delivery accepted"))
    min_quantity_pick = PickField(_l("How much?"))
    min_grade = SelectField(
        _l("Lowest grade"), choices=words.least_grade_choices, validate_choice=False
    )
    certificates = CheckboxesField(
        _l("Certificates"), choices=words.certificate_choices, validate_choice=False
    )
    fresh = TextField(_l("Days of freshness left on arrival"))
    note = NoteField(_l("Note"), most=NOTE_LENGTH)

    def fill(self, draft: NeedDraft) -> None:
        """Show what a draft says, as a person would have typed it."""
        good = world().catalogue.commodity(draft.commodity)
        self.fill_alike(draft, good)
        least = draft.quantity_least or draft.quantity
        self.quantity.data = spell_amount(Amount(least, draft.quantity), good)
        self.bid.data = spell_price(draft.bid, good) if draft.bid is not None else ""
        self.bid_sealed.data = "yes" if draft.bid_sealed else "no"
        self.splits.data = "yes" if draft.splits else "no"
        self.accepts_expected.data = "yes" if draft.accepts_expected else "no"
        if draft.min_quantity > 1:
            self.min_quantity.data = spell_quantity(draft.min_quantity, good)
        self.from_on.data = draft.from_on.isoformat()
        self.fresh.data = plain_days(draft.fresh_hours)
        self.min_grade.data = draft.min_grade or ""
        if "buyer" in self:
            self.buyer.data = draft.buyer

    def draft(self, today: date, there: NeedDraft | None = None) -> NeedDraft:
        """What was understood; of what was not, a word at its field and what is ``there`` now.

        Only a form without errors has a draft that may be posted.
        """
        instead = there or _any_need(today)
        commodity = self.read_commodity()
        amount = self.read_amount(commodity)
        bid = self.read_price("bid", commodity)
        place = self.read_place()
        from_on = self.read_day("from_on", today)
        until = self.read_last_day(today)
        amount = self.read_series(amount, commodity, from_on, until)
        least = self.read_quantity("min_quantity", commodity) if self.min_quantity.data else 1
        fresh = self.read("fresh", parse_freshness)
        least = least or 1
        return NeedDraft(
            commodity=commodity.id if commodity else instead.commodity,
            quantity=(amount and amount.most) or max(instead.quantity, least),
            quantity_least=amount.least if amount and amount.least != amount.most else None,
            bid=bid,
            bid_sealed=self.bid_sealed.data != "no",
            place=place.id if place else instead.place,
            from_on=from_on or instead.from_on,
            until=until or instead.until,
            min_grade=(self.min_grade.data or None) if commodity else instead.min_grade,
            fresh_hours=fresh or 0,
            certificates=frozenset(self.certificates.data or ()),
            min_quantity=least,
            splits=self.splits.data != "no",
            accepts_expected=self.accepts_expected.data == "yes",
            **self.for_whom("buyer"),
            note=self.note.data or "",
            price_confirmed=self.price_confirmed(bid),
        )


def _any_need(today: date) -> NeedDraft:
    """Stands where something cannot be read, so that the rules can be tried on the rest."""
    good, place = world().catalogue.commodities[0], world().gazetteer.places[0]
    return NeedDraft(
        commodity=good.id, quantity=1, bid=None, place=place.id, from_on=today, until=today
    )
