"""What a row leaves open: what cannot be read, and what has to be asked, with the answers to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from marketplace.domain.addresses import PartlyKnownPlace
from marketplace.domain.commodities import (
    AmbiguousCommodity,
    Catalogue,
    Commodity,
    UnknownCommodity,
)
from marketplace.domain.errors import Rejected
from marketplace.domain.numerals import readings
from marketplace.domain.papers import UnknownCertificate
from marketplace.domain.places import AmbiguousPlace, Gazetteer, UnknownPlace
from marketplace.domain.price_ranges import AmbiguousPrice, PriceRange, slipped, spell_price_range
from marketplace.domain.prices import UnusualPrice
from marketplace.domain.quantities import (
    AmbiguousQuantity,
    MissingUnit,
    NotWhole,
    UnknownWeight,
    spell_base_units,
)
from marketplace.domain.rates import AmbiguousAmount, spell_amount
from marketplace.domain.spans import AmbiguousDay, spell_day
from marketplace.sheets.answers import weight_key
from marketplace.sheets.goods import UncertainCommodity

Candidates = tuple[tuple[str, str], ...]
_ROUNDED_FROM = 100
"""Half a kilogram more or less of so many is none that anybody misses; still it is asked."""
MISSING = "missing"
UNIT_WEIGHT = "unit_weight"
UNIT_MISSING = "unit_missing"


@dataclass(frozen=True)
class Problem:
    """One thing that a person must say: ``field`` is what a choice answers, ``code`` what is wrong.

    ``candidates`` are (value, label): a value chosen stands in for the cell and is read as it would
    be. ``key``: under it an answer serves every row that says the same; None: this row only.
    ``unread``: why what somebody has answered does not serve.
    """

    field: str
    code: str
    error: Rejected
    candidates: Candidates = ()
    key: str | None = None
    unread: Rejected | None = None

    @property
    def asks(self) -> bool:
        """Whether an answer mends it, without changing the sheet."""
        return bool(self.candidates) or self.code == UNIT_WEIGHT


def problem_of(error: Rejected, field: str, typed: str, good: Commodity | None = None) -> Problem:
    """The question that an error stands for. ``good``: what amounts and prices are of."""
    error = _without_codes(error)
    if isinstance(error, UnknownWeight):
        key = weight_key(error.holder, good.id if good else "")
        return Problem("unit", UNIT_WEIGHT, error, _weights(error, good), key)
    if isinstance(error, MissingUnit):
        units = ((reading.words.split()[-1], reading.words) for reading in error.readings)
        return Problem("unit", UNIT_MISSING, error, tuple(dict(units).items()))
    code, candidates = _of_goods(error, field, typed, good)
    return Problem(field, code, error, candidates)


def _of_goods(
    error: Rejected, field: str, typed: str, good: Commodity | None
) -> tuple[str, Candidates]:
    if good and isinstance(error, AmbiguousQuantity):
        said = [r.words for r in error.readings] or _rounded(typed, good)
        return "quantity_ambiguous", tuple((each, each) for each in said)
    if good and isinstance(error, AmbiguousAmount):
        amounts = (spell_amount(amount, good) for amount in error.amounts)
        return "quantity_ambiguous", tuple((each, each) for each in amounts)
    if good and isinstance(error, NotWhole):
        thousand = error.amount * 1_000
        said = [*_around(error.amount, good)]
        said += [spell_base_units(int(thousand), good)] if thousand == int(thousand) else []
        return "quantity_not_whole", tuple((each, each) for each in said)
    if good and isinstance(error, AmbiguousPrice):
        return f"{field}_ambiguous", tuple(_price(price, good) for price in error.prices)
    if good and isinstance(error, UnusualPrice):
        prices = [p for p in (error.suggested, error.price) if p is not None]
        return f"{field}_unusual", tuple(_price(PriceRange(p, p), good) for p in prices)
    if good and field in ("ask", "bid") and (price := slipped(typed, good)):
        return f"{field}_unreadable", (_price(PriceRange(price, price), good),)
    return _of_names(error, field)


def _rounded(typed: str, good: Commodity) -> list[str]:
    """ "1,250.5 kg" of what is counted in whole kilograms: 1.250 kg or 1.251 kg."""
    number = re.match(r"[\d.,]+", typed.strip())
    values = readings(number[0]) if number else ()
    return (
        [*_around(max(values), good)] if values and typed.strip().endswith(good.base_unit) else []
    )


def _around(amount: Decimal, good: Commodity) -> Iterator[str]:
    """The whole amounts below and above one that is none, where that is no large step."""
    if amount >= _ROUNDED_FROM:
        yield spell_base_units(int(amount), good)
        yield spell_base_units(int(amount) + 1, good)


def _of_names(error: Rejected, field: str) -> tuple[str, Candidates]:
    if isinstance(error, AmbiguousCommodity | UncertainCommodity):
        return "commodity_ambiguous", tuple((c.id, c.name_vi) for c in error.candidates)
    if isinstance(error, UnknownCommodity):
        return "commodity_unknown", ()
    if isinstance(error, AmbiguousPlace):
        pairs = zip(error.candidates, _labels(error), strict=True)
        return "place_ambiguous", tuple((place.id, label) for place, label in pairs)
    if isinstance(error, PartlyKnownPlace):
        return "place_partly_known", ((error.place.id, error.place.name),)
    if isinstance(error, UnknownPlace):
        return "place_unknown", ()
    if isinstance(error, AmbiguousDay):
        return f"{field}_ambiguous", tuple((d.isoformat(), spell_day(d)) for d in error.days)
    if isinstance(error, UnknownCertificate):
        return "certificate_unclear", tuple((paper, paper) for paper in sorted(error.candidates))
    return f"{field}_unreadable", ()


def _labels(error: AmbiguousPlace) -> list[str]:
    return [label.rsplit(" [", 1)[0] for label in error.labels]


def _without_codes(error: Rejected) -> Rejected:
    """With the names of what may be meant; their ids are for the command line."""
    if isinstance(error, AmbiguousCommodity):
        error.params["list"] = "; ".join(good.name_vi for good in error.candidates[:8])
    if isinstance(error, AmbiguousPlace):
        error.params["list"] = "; ".join(_labels(error))
    return error


def with_labels(
    problem: Problem, catalogue: Catalogue, gazetteer: Gazetteer, good: Commodity | None
) -> Problem:
    """Candidates that are ids with the names that people know; "-" is none of them."""
    labels = dict(problem.candidates)
    if problem.code == "grade_unreadable" and good:
        labels = {grade.id: grade.name_vi for grade in catalogue.grades(good.group)} | {"-": "–"}
    if problem.code == "certificate_unclear":
        labels = {paper: catalogue.certifications[paper].name_vi for paper in labels} | {"-": "–"}
    if problem.code == "place_partly_known":
        labels = {place: gazetteer.label(gazetteer.get(place)) for place in labels}
    return replace(problem, candidates=tuple(labels.items()))


def _price(price: PriceRange, good: Commodity) -> tuple[str, str]:
    said = spell_price_range(price, good)
    return said, said


def _weights(error: UnknownWeight, good: Commodity | None) -> Candidates:
    """A giạ of paddy is 20 kg in most places and 22 in some; nobody knows what a thùng holds."""
    if error.holder == "gia" and good and good.group == "lua_gao":
        return (("20 kg", "1 giạ = 20 kg"), ("22 kg", "1 giạ = 22 kg"))
    return ()
