"""The forms in which a what-if is named, changed and copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from marketplace.domain.errors import Rejected
from marketplace.domain.scenarios import (
    NAME_LENGTH,
    NOTE_LENGTH,
    Change,
    Deed,
    FuelChange,
    LinkChange,
    MoreDemand,
    MoreSupply,
    ScenarioKind,
    SealedOff,
    ShutPlace,
)
from marketplace.domain.stretches import Stretch
from marketplace.services import road_states
from marketplace.web import scenario_words as words
from marketplace.web.fields import NoteField, PickField, TextField, member, required
from marketplace.web.formats import number
from marketplace.web.forms import Form
from marketplace.web.link_words import MODES
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world

_PERCENT = re.compile(r"([+−–-]?) ?(\d{1,4}) ?%?")
_COUNT = re.compile(r"\d{1,6}")


class NamingForm(Form):
    """What a scenario is called."""

    name = TextField(_l("Name"), most=NAME_LENGTH)
    note = NoteField(_l("Note"), most=NOTE_LENGTH)


class ScenarioForm(NamingForm):
    """A new scenario: what is asked, and of which market."""

    kind = RadioField(
        _l("What do you ask?"),
        choices=[
            SelectChoice(ScenarioKind.CHANGES.value, _l("What if something changed?")),
            SelectChoice(ScenarioKind.LINKS.value, _l("What is each of the busiest links worth?")),
        ],
        default=ScenarioKind.CHANGES.value,
    )
    afresh = RadioField(
        _l("Proposals that nobody has answered yet"),
        choices=[
            SelectChoice("no", _l("stay held, as for the next round")),
            SelectChoice("yes", _l("count as open again")),
        ],
        default="no",
    )

    @property
    def asked(self) -> ScenarioKind:
        return member(ScenarioKind, self.kind.data) or ScenarioKind.CHANGES


class CopyForm(Form):
    """A copy: its name, and the market that it is tried on."""

    name = TextField(_l("Name"), most=NAME_LENGTH)
    market = RadioField(
        _l("On which market?"),
        choices=[
            SelectChoice("same", _l("The same copy, so that both can be compared")),
            SelectChoice("now", _l("The market as it is now")),
        ],
        default="same",
    )


class LinkForm(ListingForm):
    """One link, as people call it, and what is done to it."""

    link = TextField(_l("Link"))
    link_pick = PickField(_l("Which link?"))
    deed = RadioField(
        _l("What is done to it?"),
        choices=[SelectChoice(deed.value, text) for deed, text in words.DEEDS.items()],
        default=Deed.CLOSE.value,
        validate_choice=False,
    )

    def change(self, today: date) -> Change | None:
        link = self.read_choice(
            "link",
            required(road_states.find_one, _("Choose a link")),
            lambda found: found.id,
            _described,
            _spelt,
        )
        return LinkChange(member(Deed, self.deed.data) or Deed.CLOSE, link.id) if link else None


class FuelForm(Form):
    """Percent, as people write them: 20, +20 %, −15."""

    percent = TextField(_l("Price of fuel, in percent more"))

    def change(self, today: date) -> Change | None:
        found = _PERCENT.fullmatch((self.percent.data or "").strip())
        if found is None:
            self.reject(Rejected("Write a number of percent, such as 20 or −10.", field="percent"))
            return None
        sign, digits = found.groups()
        return FuelChange(int(digits) * (-1 if sign and sign != "+" else 1))


class SealedForm(Form):
    """One of the seven."""

    locality = SelectField(_l("Locality"), choices=lambda: _localities(), validate_choice=False)

    def change(self, today: date) -> Change | None:
        return SealedOff(self.locality.data or "")


class ShutForm(ListingForm):
    """A place, as people say it."""

    place = TextField(_l("Market, port or commune"))
    place_pick = PickField(_l("Which place?"))

    def change(self, today: date) -> Change | None:
        place = self.read_place()
        return ShutPlace(place.id) if place else None


class _AddedForm(ListingForm):
    """What sellers and buyers that are added have in common."""

    commodity = TextField(_l("Commodity"))
    commodity_pick = PickField(_l("Which one?"))
    quantity = TextField(_l("Quantity of each"))
    quantity_pick = PickField(_l("How much?"))
    price_pick = PickField(_l("Which price?"))
    place_pick = PickField(_l("Which place?"))
    first = TextField(_l("First day"))
    until = TextField(_l("Last day"))

    def read_change(
        self, kind: Callable[..., Change], price: str, count: str, today: date
    ) -> Change | None:
        """The change, if every field can be understood."""
        commodity = self.read_commodity()
        values: dict[str, Any] = {
            "commodity": commodity.id if commodity else None,
            "quantity": self.read_quantity("quantity", commodity),
            "place": getattr(self.read_place(), "id", None),
            "first": self.read_day("first", today),
            "until": self.read_day("until", today),
            count: self.read(count, _count),
        }
        dong = self.read_price(price, commodity)
        if self.errors or None in values.values():
            return None
        return kind(**values, **{price: dong})

    def fill_days(self, today: date, later: date) -> None:
        """Show a window to begin with."""
        self.first.data, self.until.data = today.isoformat(), later.isoformat()


class SupplyForm(_AddedForm):
    """More goods on offer."""

    sellers = TextField(_l("How many sellers"), default="1")
    ask = TextField(_l("Asking price at the farm"))
    place = TextField(_l("Pick-up place"))

    def change(self, today: date) -> Change | None:
        return self.read_change(MoreSupply, "ask", "sellers", today)


class DemandForm(_AddedForm):
    """More buyers."""

    buyers = TextField(_l("How many buyers"), default="1")
    bid = TextField(_l("Highest price, delivered"))
    place = TextField(_l("Place of delivery"))

    def change(self, today: date) -> Change | None:
        return self.read_change(MoreDemand, "bid", "buyers", today)


FORMS: dict[str, type[Any]] = {
    "link": LinkForm,
    "fuel": FuelForm,
    "sealed_off": SealedForm,
    "shut": ShutForm,
    "supply": SupplyForm,
    "demand": DemandForm,
}
"""By the names of the kinds of changes."""


def _count(typed: str) -> int:
    if not _COUNT.fullmatch(typed.strip()):
        raise Rejected("Write a whole number, such as 3.")
    return int(typed)


def _described(link: Stretch) -> str:
    return f"{link.title} ({MODES[link.mode]}, {number(link.km, 1)} km)"


def _spelt(link: Stretch) -> str:
    """As it is understood again: the title, or the id where several have that."""
    with suppress(Rejected):
        if road_states.find_one(link.title) == link:
            return link.title
    return link.id


def _localities() -> list[SelectChoice]:
    return [SelectChoice(each.id, each.name) for each in world().reference.localities]
