"""What the form of a lot asks about goods of some kinds; closed where the goods do not ask for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.kinds import (
    DETAILS,
    QUARANTINE,
    asked_of,
    parse_age,
    parse_heads,
    spell_age,
)
from marketplace.domain.listings import CODE_LENGTH, NAME_LENGTH
from marketplace.domain.lots import LotDraft
from marketplace.domain.numerals import write
from marketplace.domain.packs import HEAD, Pack, heads_told
from marketplace.web.amounts import read_amount
from marketplace.web.fields import TextField
from marketplace.web.kind_words import LABELS
from marketplace.web.listing_form import ListingForm
from marketplace.web.lookup import world

COUNTS = {"age_days": parse_age, "heads": parse_heads}
DAYS = ("quarantine_on", "best_before")
TEXTS = ("origin", "quarantine_number", "batch_number", "registration_number")


class KindForm(ListingForm):
    """The details that kinds of goods ask for, as people write them."""

    age_days = TextField(LABELS["age_days"])
    heads = TextField(LABELS["heads"])
    origin = TextField(LABELS["origin"], most=NAME_LENGTH)
    quarantine_number = TextField(LABELS["quarantine_number"], most=CODE_LENGTH)
    quarantine_on = TextField(LABELS["quarantine_on"])
    best_before = TextField(LABELS["best_before"])
    batch_number = TextField(LABELS["batch_number"], most=CODE_LENGTH)
    registration_number = TextField(LABELS["registration_number"], most=CODE_LENGTH)

    @property
    def details_shown(self) -> tuple[str, ...]:
        """What the goods ask for and what says something; everything while they are not known."""
        asked = self._asked()
        if asked is None:
            return DETAILS
        said = [name for name in DETAILS if self.opens(name)]
        return tuple(name for name in DETAILS if name in asked or name in said)

    @property
    def details_open(self) -> bool:
        """Whether they must be seen: the goods ask for them, something is told, or is wrong."""
        return bool(self._asked()) or self.opens(*DETAILS)

    def fill_details(self, draft: LotDraft) -> None:
        """Show what a draft says, as a person would have typed it."""
        self.age_days.data = spell_age(draft.age_days) if draft.age_days else ""
        self.heads.data = write(draft.heads) if draft.heads else ""
        for name in DAYS:
            day: date | None = getattr(draft, name)
            self[name].data = day.isoformat() if day else ""
        for name in TEXTS:
            self[name].data = getattr(draft, name)

    def read_details(self, today: date, commodity: Commodity | None) -> dict[str, Any]:
        """What was understood, with a word at each field that was not.

        How many animals there are may have been told with the quantity: "50 con, mỗi con 98 kg".
        """
        counts = {name: self._read_if(name, reader) for name, reader in COUNTS.items()}
        if commodity and "heads" in asked_of(commodity):
            counts["heads"] = self._heads(counts["heads"], commodity)
        days = {name: self._read_if(name, lambda typed: parse_date(typed, today)) for name in DAYS}
        return {**counts, **days, **{name: self[name].data or "" for name in TEXTS}}

    def papers_told(self) -> frozenset[str]:
        """A lot with the number of its quarantine paper holds that paper."""
        return frozenset({QUARANTINE} if self.quarantine_number.data else ())

    def pack(self, commodity: Commodity) -> Pack | None:
        """As the quantity tells it; where it tells a weight only, by the number told beside it."""
        if found := super().pack(commodity):
            return found
        with suppress(Rejected):
            heads = parse_heads(self.heads.data or "")
            return Pack(heads, HEAD, read_amount(self["quantity"].data or "", commodity).least or 1)
        return None

    def _heads(self, told: int | None, commodity: Commodity) -> int | None:
        inside = heads_told(self["quantity"].data or "", commodity)
        if inside and told and inside != told:
            self.reject_at(
                "heads",
                Rejected("The quantity above speaks of %(heads)s animals.", heads=inside),
            )
        return told or inside

    def _read_if(self, name: str, reader: Any) -> Any:
        return self.read(name, reader) if self[name].data else None

    def _asked(self) -> tuple[str, ...] | None:
        """Of the goods that are typed; None where they are not known."""
        with suppress(Rejected):
            return asked_of(world().catalogue.find(self["commodity"].data or ""))
        return None
