"""Places as people type them, and names that pages repeat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue, Commodity, CommodityGroup
from marketplace.domain.places import Gazetteer

SUGGESTED = 8


@dataclass(frozen=True)
class Suggestion:
    """A text that means exactly one thing, and what tells it apart."""

    value: str
    note: str


@cache
def gazetteer() -> Gazetteer:
    """All places; made once per process, the data files are part of the program."""
    return Gazetteer.from_reference(read_reference())


@cache
def catalogue() -> Catalogue:
    """All goods; made once per process."""
    return Catalogue.from_reference(read_reference())


@cache
def locality_names() -> dict[str, str]:
    """Names of the seven by their letters, in the programme's order."""
    return {locality.id: locality.name for locality in read_reference().localities}


@cache
def provinces_of_today() -> dict[str, str]:
    """The name of the province that each of the seven belongs to today."""
    names = {province.code: province.name for province in read_reference().provinces}
    return {locality.id: names[locality.province] for locality in read_reference().localities}


def find_places(text: str) -> list[Suggestion]:
    """Places for what has been typed so far; the value can be resolved again."""
    provinces = {province.code: province.name for province in read_reference().provinces}
    return [
        Suggestion(gazetteer().label(place), provinces.get(place.province or "", ""))
        for place in gazetteer().search(text, SUGGESTED)
    ]


def find_commodities(text: str) -> list[Commodity]:
    """Goods for what has been typed so far."""
    return catalogue().search(text, SUGGESTED)


def group_names() -> dict[str, CommodityGroup]:
    """Commodity groups by id."""
    return catalogue().groups
