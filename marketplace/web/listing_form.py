"""What the forms of lots and needs share: reading what was typed, field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from marketplace.domain.actors import Actor
from marketplace.domain.bare_prices import PerhapsEach, UnclearPrice
from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.listings import Basis, lists_for_others
from marketplace.domain.packs import Pack, is_price_each, parse_pack
from marketplace.domain.places import Place
from marketplace.domain.prices import UnusualPrice, without_slip
from marketplace.domain.quantities import (
    AmbiguousQuantity,
    MissingUnit,
    parse_quantity,
    spell_base_units,
    spell_quantity,
)
from marketplace.web import kept
from marketplace.web.amounts import read_amount, read_price
from marketplace.web.fields import (
    OnceForm,
    VersionForm,
    member,
    required,
    spell_place,
    spell_price,
)
from marketplace.web.listing_words import goods
from marketplace.web.lookup import world
from marketplace.web.price_choices import price_for, price_of_each, prices_meant
from marketplace.web.session import maybe_actor
from marketplace.web.understood import of_commodity, of_place, of_price, of_quantity

Understood = TypeVar("Understood")


def _candidates(error: Rejected) -> Sequence[Any]:
    """What the text could have meant, where that is why it was rejected."""
    if isinstance(error, AmbiguousQuantity):
        return [reading.quantity for reading in error.readings]
    return getattr(error, "candidates", ())


def candidate_labels(error: Rejected) -> list[str]:
    """How places that were meant perhaps are told apart, without their ids."""
    return [label.rsplit(" [", 1)[0] for label in getattr(error, "labels", ())]


class ListingForm(VersionForm, OnceForm):
    """What the forms of lots and needs share: reading what was typed, field by field."""

    @property
    def is_typed(self) -> bool:
        """Whether it shows what a person typed: sent just now, or kept over a lost session."""
        return self.is_submitted() or kept.typed() is not None

    @property
    def step(self) -> str:
        """Which button was pressed: `review`, `save`, or `edit:` and the field to go back to."""
        return request.form.get("step", "review")

    @cached_property
    def understood(self) -> dict[str, str]:
        """What each field says, in words, where it can be understood and nothing is wrong with it."""
        found: dict[str, str] = {}

        def say(name: str, words: Callable[[str], str]) -> None:
            typed = self[name].data if name in self and not self[name].errors else None
            if typed:
                with suppress(Rejected):
                    found[name] = words(typed)

        say("place", lambda typed: of_place(world().gazetteer.resolve(typed)))
        if "commodity" not in self:
            return found
        try:
            good = world().catalogue.find(self["commodity"].data or "")
        except Rejected:
            return found
        amount = None
        with suppress(Rejected):
            amount = read_amount(self["quantity"].data or "", good).least
        say("commodity", lambda _typed: of_commodity(good))
        for name in ("quantity", "min_quantity"):
            say(name, lambda typed: of_quantity(parse_quantity(typed, good), good))
        for name in ("ask", "bid"):
            say(name, lambda typed: of_price(self._price(typed, good), good, amount))
        return found

    def opens(self, *names: str) -> bool:
        """Whether folded fields must be seen: something was typed there, or is wrong."""
        return any(self[name].data or self[name].errors for name in names)

    def ask_for_whom(self, actor: Actor, name: str) -> None:
        """A department is asked on which basis and for whom (field ``name``), others are not."""
        if not lists_for_others(actor):
            del self["basis"]
            del self[name]

    def for_whom(self, name: str) -> dict[str, Any]:
        """Basis and name as the draft takes them."""
        if "basis" not in self:
            return {}
        basis = member(Basis, self["basis"].data) or Basis.OWN
        return {"basis": basis, name: self[name].data or ""}

    def fill_alike(self, draft: Any, good: Commodity) -> None:
        """Show what drafts of lots and needs have in common."""
        self["commodity"].data = goods(good)
        self["place"].data = spell_place(world().gazetteer.get(draft.place))
        self["until"].data = draft.until.isoformat()
        self["certificates"].data = sorted(draft.certificates)
        self["note"].data = draft.note
        if "basis" in self:
            self["basis"].data = draft.basis

    def read(self, name: str, reader: Callable[[str], Understood]) -> Understood | None:
        """What ``reader`` makes of the field's text; None and a word at the field if it cannot."""
        try:
            return reader(self[name].data or "")
        except Rejected as error:
            self.reject_at(name, error)
            return None

    def read_commodity(self) -> Commodity | None:
        """The good of the catalogue; a name that several have, or a group, is asked back.

        What grows where the goods are, or else where the person is, stands first.
        """
        near = self._locality()

        def find(typed: str) -> Commodity:
            return world().catalogue.find(typed, near=near, in_groups=True)

        return self.read_choice(
            "commodity",
            required(find, _("Enter the goods.")),
            lambda found: found.id,
            goods,
        )

    def _locality(self) -> str | None:
        """Of the place that is typed, if it is known; else of the organisation of who asks."""
        with suppress(Rejected):
            if "place" in self and self["place"].data:
                return world().gazetteer.resolve(self["place"].data).locality
        actor = maybe_actor()
        return actor.locality if actor else None

    def read_quantity(self, name: str, commodity: Commodity | None) -> int | None:
        """Base units of ``commodity``; an ambiguous spelling is asked back."""
        if not self[name].data:
            self.reject_at(name, Rejected("Enter the quantity."))
            return None
        if commodity is None:
            return None  # which unit is meant depends on the goods, and these have an error already
        return self.read_choice(
            name,
            lambda typed: parse_quantity(typed, commodity),
            str,
            lambda amount: spell_quantity(amount, commodity),
            lambda amount: spell_base_units(amount, commodity),
        )

    def read_price(self, name: str, commodity: Commodity | None) -> int | None:
        """₫ per base unit, None for an empty field. A slip of zeros may have been corrected."""
        field, pick = self[name], self["price_pick"]
        if commodity is None or not field.data:
            return None
        if self._awaits_weight(field.data, commodity):
            return None  # said at the quantity already
        try:
            price = self._price(field.data, commodity)
        except UnclearPrice as error:
            price = self._choose_unit(name, error, commodity)
        except PerhapsEach as error:
            price = self._choose_each(name, error, commodity)
        except Rejected as error:
            self.reject_at(name, error)
            return None
        meant = None if price is None else without_slip(price, commodity)
        if meant is not None and pick.data == str(meant):
            price = meant
            field.data = spell_price(price, commodity)
        return price

    def _price(self, typed: str, good: Commodity) -> int | None:
        return read_price(typed, good, self.pack(good), self._beside)

    @property
    def _beside(self) -> str:
        """The amount as it is typed: it helps to understand the price."""
        return (self["quantity"].data or "") if "quantity" in self else ""

    def _choose_unit(self, name: str, error: UnclearPrice, good: Commodity) -> int | None:
        """What was picked of prices for one trứng and for one chục; else they are offered."""
        pick = self["price_pick"]
        chosen = pick.picked(str(reading.price) for reading in error.readings)
        if chosen is not None:
            price: int = error.readings[chosen].price
            self[name].data = spell_price(price, good)
            return price
        pick.offer([(str(r.price), price_for(r, good.base_unit_vi)) for r in error.readings])
        self.reject_at(name, error)
        return None

    def _choose_each(self, name: str, error: PerhapsEach, good: Commodity) -> int | None:
        """The price of each piece or per base unit, with zeros less or not, as it was picked."""
        pick, slip = self["price_pick"], without_slip(error.amount, good)
        if pick.data == error.spelled:
            self[name].data = error.spelled
            return error.share  # none before the weight is told, which is asked at the quantity
        if pick.data in (str(error.amount), str(slip)):
            return error.amount
        pick.offer([(error.spelled, price_of_each(error, good.base_unit_vi))])
        for value, label in prices_meant(error.amount, slip, good.base_unit_vi):
            pick.choices.append(SelectChoice(value, label))
        self.reject_at(name, error)
        return None

    def pack(self, commodity: Commodity) -> Pack | None:
        """What the quantity says by the piece: a price for each is understood with it."""
        return parse_pack(self["quantity"].data or "", commodity) if "quantity" in self else None

    def _awaits_weight(self, price: str, commodity: Commodity) -> bool:
        """Whether the price is for each of pieces whose weight the quantity does not say."""
        unclear = "quantity" in self and bool(self["quantity"].errors)
        return unclear and is_price_each(price, commodity)

    def price_confirmed(self, price: int | None) -> bool:
        """Whether the person has said of this very price that it is right."""
        return price is not None and self["price_pick"].data == str(price)

    def refuse(self, error: Rejected, good: Commodity) -> None:
        """Show what the domain rejected; a price that looks like a slip is asked back."""
        self.reject(error)
        for each in error.each():
            if isinstance(each, UnusualPrice):
                self["price_pick"].offer(
                    prices_meant(each.price, each.suggested, good.base_unit_vi)
                )

    def refuse_besides(self, error: Rejected, good: Commodity) -> None:
        """As `refuse`, but only for fields at which nothing has been said yet."""
        for each in list(error.each()):
            each.others = ()
            if each.field in self and not self[each.field].errors:
                self.refuse(each, good)

    def read_place(self, name: str = "place") -> Place | None:
        """Where it is; a name that several places have is asked back."""
        gazetteer = world().gazetteer
        return self.read_choice(
            name,
            required(gazetteer.resolve, _("Enter a commune, market or port.")),
            lambda place: place.id,
            gazetteer.label,
            spell_place,
        )

    def read_day(self, name: str, today: date) -> date | None:
        """A day; an empty field is an error."""
        return self.read(name, required(lambda typed: parse_date(typed, today), _("Enter a date.")))

    def reject_at(self, name: str, error: Rejected) -> None:
        """Show the reason at a field of ours, whatever the domain calls it."""
        error.field = name
        self.reject(error)

    def read_choice(
        self,
        name: str,
        reader: Callable[[str], Understood],
        key: Callable[[Understood], str],
        label: Callable[[Understood], str],
        retype: Callable[[Understood], str] | None = None,
    ) -> Understood | None:
        """As `read`; where several things fit, they are offered at ``name``_pick.

        What was picked is typed into the field, so that it is understood the next time.
        """
        field, pick = self[name], self[f"{name}_pick"]
        try:
            return reader(field.data or "")
        except Rejected as error:
            candidates = _candidates(error)
            chosen = pick.picked(map(key, candidates))
            if chosen is not None:
                found: Understood = candidates[chosen]
                field.data = (retype or label)(found)
                return found
            labels = candidate_labels(error) or [label(each) for each in candidates]
            pick.offer([(key(each), words) for each, words in zip(candidates, labels, strict=True)])
            if candidates and not isinstance(error, MissingUnit):
                error = Rejected(
                    "“%(typed)s” can be understood in several ways. Choose one, or write more.",
                    typed=(field.data or "")[:60],
                )
            self.reject_at(name, error)
            return None
