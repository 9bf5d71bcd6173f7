"""Where goods start from and go to, and how a name leads there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from marketplace.domain.errors import Rejected
from marketplace.domain.place_names import (
    PlaceName,
    Sense,
    begins,
    has_marks_of,
    is_unit,
    split_region,
)
from marketplace.domain.text import alike_words, clean, shorten
from marketplace.domain.text_marks import N_

if TYPE_CHECKING:
    from marketplace.domain.reference import Locality, Province, Reference

_LONGEST = 120


class PlaceKind(StrEnum):
    """What a place is. A seat is the town from which a former district was run."""

    COMMUNE = "commune"
    SEAT = "seat"
    MARKET = "market"
    BORDER = "border"
    PORT = "port"
    JUNCTION = "junction"


@dataclass(frozen=True)
class Place:
    """Anything goods start from or go to, hung on the roads, and on the canals if there are, by an access leg."""

    id: str
    name: str  # with its type: "Phường Sóc Trăng"
    kind: PlaceKind
    also: tuple[str, ...]  # other names, each with its type: "Huyện Phụng Hiệp", "Tỉnh Hậu Giang"
    locality: str | None  # CT, ST, HG, AG, KG, BL, CM; None outside the seven
    province: str | None  # code of today's province (since 2025-07-01); None outside the three
    lat: float
    lon: float
    node: str  # road node that the access leg ends at: the seat of the former district
    access_km: float
    island: bool  # no road leads there
    note: str
    source: str
    confidence: str
    quay: str | None = None  # water node that boats reach by small canals; an island's by sea
    quay_km: float = 0.0


class UnknownPlace(Rejected):
    """No place has that name."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            N_("“%(typed)s” was not found. Type a commune, market or port."),
            field="place",
            typed=shorten(typed),
        )


class AmbiguousPlace(Rejected):
    """Several places have that name: ``candidates``, and ``labels`` that tell them apart."""

    def __init__(self, typed: str, candidates: Sequence[Place], labels: Sequence[str]) -> None:
        super().__init__(
            N_("%(n)s places are called %(typed)s: %(list)s"),
            field="place",
            n=len(candidates),
            typed=shorten(typed),
            list="; ".join(labels),
        )
        self.candidates = tuple(candidates)
        self.labels = tuple(labels)


@dataclass(frozen=True)
class _Entry:
    """One of the names of a place."""

    name: PlaceName
    place: Place

    @property
    def sense(self) -> Sense:
        if self.place.kind == PlaceKind.SEAT and self.name.type is None:
            return Sense.SEAT
        in_the_seven = self.place.kind in (PlaceKind.SEAT, PlaceKind.COMMUNE)
        return self.name.sense if in_the_seven else Sense.OTHER


class Gazetteer:
    """All places, found by id or by name, with or without tone marks and words of type.

    A bare name of a locality means its seat; the seat of a former district goes before a commune of
    the same name, which is asked for with its type. What still fits several places is asked back,
    never guessed; "Xã Phú Tân, Cà Mau" says which one.
    """

    def __init__(
        self,
        places: Iterable[Place],
        localities: Iterable[Locality] = (),
        provinces: Iterable[Province] = (),
    ) -> None:
        self.places = tuple(places)
        self._by_id = {place.id.casefold(): place for place in self.places}
        self._regions = {x.id: x.name for x in localities} | {x.code: x.name for x in provinces}
        self._entries = [
            _Entry(PlaceName.written(text), place)
            for place in self.places
            for text in (place.name, *place.also)
        ]
        self._by_bare: dict[tuple[str, ...], list[_Entry]] = {}
        for entry in self._entries:
            self._by_bare.setdefault(entry.name.bare, []).append(entry)
        self._around = {place.id: self._units_around(place) for place in self.places}

    @classmethod
    def from_reference(cls, reference: Reference) -> Gazetteer:
        return cls(reference.places, reference.localities, reference.provinces)

    def get(self, place_id: str) -> Place:
        """Raises `UnknownPlace`."""
        try:
            return self._by_id[place_id.casefold()]
        except KeyError:
            raise UnknownPlace(place_id) from None

    def resolve(self, text: str) -> Place:
        """The place that a person means. Raises `UnknownPlace` or `AmbiguousPlace`."""
        typed = clean(text)
        if len(typed) > _LONGEST:
            raise UnknownPlace(typed)
        if place := self._by_id.get(typed.casefold()):
            return place
        for name, units in split_region(typed):
            found = [entry for entry in self._called(name) if self._lies_in(entry.place, units)]
            if found:
                return self._only_one(typed, _meant(found))
        raise UnknownPlace(typed)

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Places where every word typed begins a word of the name or region, best first."""
        typed = clean(text)
        asked = alike_words(typed)
        if not asked or len(typed) > _LONGEST:
            return []
        best: dict[Place, tuple[int, ...]] = {}
        for entry in self._entries:
            rank = self._rank(entry, asked, typed)
            if rank is not None:
                best[entry.place] = min(rank, best.get(entry.place, rank))
        ranked = sorted(best, key=lambda place: (best[place], place.name, place.id))
        return ranked[:limit]

    def label(self, place: Place) -> str:
        """The name with its locality, which tells places of one name apart."""
        region = self._regions.get(place.locality or "")
        return f"{place.name}, {region}" if region and region not in place.name else place.name

    def _called(self, name: str) -> list[_Entry]:
        for asked in PlaceName.readings(name):
            same = self._by_bare.get(asked.bare, [])
            same = [entry for entry in same if entry.name.toned == asked.toned] or same
            if asked.type is None and same:
                return same
            if exact := [entry for entry in same if entry.name.type == asked.type]:
                return exact
            if alike := [entry for entry in same if entry.name.of_the_same_kind(asked)]:
                return alike
        return []

    def _only_one(self, typed: str, found: Sequence[_Entry]) -> Place:
        names = {entry.place: entry.name.text for entry in reversed(found)}
        places = sorted(names, key=lambda place: (place.kind != PlaceKind.SEAT, place.id))
        if len(places) == 1:
            return places[0]
        labels = [self._label_of_candidate(place, names[place]) for place in places]
        raise AmbiguousPlace(typed, places, labels)

    def _label_of_candidate(self, place: Place, name: str) -> str:
        called = place.name if name == place.name else f"{name} ({place.name})"
        region = self._regions.get(place.locality or "")
        return ", ".join(part for part in (called, region) if part) + f" [{place.id}]"

    def _lies_in(self, place: Place, units: Sequence[str]) -> bool:
        return all(is_unit(unit, self._around[place.id]) for unit in units)

    def _units_around(self, place: Place) -> frozenset[tuple[str, ...]]:
        """Bare names of the former district, the locality and the province that a place lies in."""
        codes = (place.locality, place.province)
        names = [PlaceName.written(self._regions[code]) for code in codes if code in self._regions]
        seat = self._by_id.get(place.node.casefold(), place)
        names += [PlaceName.written(text) for text in (seat.name, *seat.also)]
        return frozenset(name.bare for name in names)

    def _rank(self, entry: _Entry, asked: tuple[str, ...], typed: str) -> tuple[int, ...] | None:
        name = alike_words(entry.name.text)
        around = tuple(word for unit in self._around[entry.place.id] for word in unit)
        if not begins(asked, name + around) or not any(begins((a,), name) for a in asked):
            return None
        if asked in (entry.name.bare, name):
            nearness = 0
        elif entry.name.bare[: len(asked)] == asked:
            nearness = 1
        else:
            nearness = 2 if begins(asked, name) else 3
        tones = 0 if has_marks_of(typed, entry.name.text) else 1
        last = int(entry.place.kind == PlaceKind.JUNCTION)
        return (last, nearness, tones, entry.sense, len(entry.name.bare))


def _meant(found: Sequence[_Entry]) -> Sequence[_Entry]:
    """Of all that have a name, those that it means: one, or several to ask back."""
    by_sense = {sense: [e for e in found if e.sense == sense] for sense in Sense}
    if locality := by_sense[Sense.LOCALITY]:
        return locality
    seats, communes, districts = (
        by_sense[sense] for sense in (Sense.SEAT, Sense.COMMUNE, Sense.DISTRICT)
    )
    several = len(communes) > 1 or _one_name_for_several(districts)
    if seats and not _one_name_for_several(districts):
        return seats
    if several:
        return [*districts, *seats, *communes]
    return communes or districts or by_sense[Sense.OTHER]


def _one_name_for_several(districts: Sequence[_Entry]) -> bool:
    """Two Phú Tân, four Châu Thành; a huyện and a thị xã Long Mỹ are told apart by their seats."""
    named = {(entry.name.type, entry.place.id) for entry in districts}
    return len({type_ for type_, _ in named}) < len(named)
