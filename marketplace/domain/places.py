"""Where goods start from and go to, and how a name leads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

Units = frozenset[tuple[str, ...]]
"""Bare names of the units that a place lies in."""

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


@dataclass(frozen=True)
class FormerPlace:
    """A commune that was given up on 1 July 2025, and the communes of today that its land is part of."""

    name: str  # with its type: "Xã Phú Hội"
    district: str  # id of the seat of its former district
    locality: str
    becomes: tuple[str, ...]  # ids of places; several where it was split
    source: str
    confidence: str


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
        self.typed = typed
        self.candidates = tuple(candidates)
        self.labels = tuple(labels)


@dataclass(frozen=True)
class _Entry:
    """One of the names of a place: today's, or that of a former commune which is part of it."""

    name: PlaceName
    place: Place
    around: Units
    district: Units = frozenset()  # of a former commune: what its district was called
    told: str = ""  # of a former commune: its name with its district

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
    never guessed; "Xã Phú Tân, Cà Mau" says which one. A former commune leads to today's, unless one
    of today bears its name; who also names its former district is asked which of the two is meant.
    """

    def __init__(
        self,
        places: Iterable[Place],
        localities: Iterable[Locality] = (),
        provinces: Iterable[Province] = (),
        former: Iterable[FormerPlace] = (),
    ) -> None:
        self.places = tuple(places)
        self._by_id = {place.id.casefold(): place for place in self.places}
        self._regions = {x.id: x.name for x in localities} | {x.code: x.name for x in provinces}
        self._region_names = frozenset(PlaceName.written(x).bare for x in self._regions.values())
        self._entries = [
            _Entry(PlaceName.written(text), place, self._units_around(place))
            for place in self.places
            for text in (place.name, *place.also)
        ]
        self._by_bare = _by_bare(self._entries)
        self._former = _by_bare(entry for old in former for entry in self._entries_of(old))

    @classmethod
    def from_reference(cls, reference: Reference) -> Gazetteer:
        return cls(
            reference.places,
            reference.localities,
            reference.provinces,
            reference.former_places,
        )

    @property
    def regions(self) -> Sequence[str]:
        """Names of the localities and of today's provinces."""
        return tuple(dict.fromkeys(self._regions.values()))

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
            if found := self._found(name, units):
                return self._only_one(typed, found)
        raise UnknownPlace(typed)

    def resolve_in(self, name: str, units: Sequence[str], sense: Sense | None = None) -> Place:
        """The place of that name that lies in all these units: former district, locality, province.

        ``sense``: only a commune, a former district … may be meant. Stricter than `resolve`, which reads
        what somebody types now: "Vị Thủy" in a list can be the commune or the former district.
        """
        typed = ", ".join(map(clean, (name, *units)))
        if not clean(name) or len(typed) > _LONGEST:
            raise UnknownPlace(typed)
        found = self._found(clean(name), units, sense)
        if not found:
            raise UnknownPlace(typed)
        if sense is None and all(entry.place.kind == PlaceKind.COMMUNE for entry in found):
            districts = self._found(clean(name), units, Sense.DISTRICT)
            found = [*found, *(e for e in districts if not self._names_itself(e, units))]
        return self._only_one(typed, found)

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

    def former_name(self, text: str, place: Place) -> str:
        """The former commune in ``place`` that a text names, unless it names the place as of today; else nothing."""
        if any(entry.place == place for entry in _called(text, self._by_bare)):
            return ""
        former = (e.name.text for e in _called(text, self._former) if e.place == place)
        return next(former, "")

    def _found(
        self, name: str, units: Sequence[str], sense: Sense | None = None
    ) -> Sequence[_Entry]:
        """What a name means in these units; nothing if there is none such."""
        today = [e for e in _called(name, self._by_bare) if _lies_in(e, units)]
        if sense is not None:
            today = [e for e in today if e.sense == sense]
        if sense not in (None, Sense.COMMUNE):
            return _meant(today)
        former = [e for e in _called(name, self._former) if _lies_in(e, units)]
        former = [e for e in former if any(_is_town_of(e, unit) for unit in units)] or former
        meant = _meant(today) if today else former
        if former and all(entry.place.kind == PlaceKind.COMMUNE for entry in meant):
            old = [e for e in former if any(self._is_district_of(e, unit) for unit in units)]
            return [*meant, *(e for e in old if e not in meant)]
        return meant

    def _names_itself(self, district: _Entry, units: Sequence[str]) -> bool:
        """ "Phụng Hiệp, huyện Phụng Hiệp" is the commune: no district lies in itself."""
        names = self._district(district.place.id) - self._region_names
        return any(is_unit(unit, names) for unit in units)

    def _is_district_of(self, entry: _Entry, unit: str) -> bool:
        return is_unit(unit, entry.district - self._region_names)

    def _only_one(self, typed: str, found: Sequence[_Entry]) -> Place:
        entries = {entry.place: entry for entry in reversed(found)}
        places = sorted(entries, key=lambda place: (place.kind != PlaceKind.SEAT, place.id))
        if len(places) == 1:
            return places[0]
        labels = [self._label_of_candidate(place, entries[place]) for place in places]
        raise AmbiguousPlace(typed, places, labels)

    def _label_of_candidate(self, place: Place, entry: _Entry) -> str:
        name = entry.name.text
        called = place.name if name == place.name else f"{name} ({place.name})"
        if entry.told:
            called = f"{place.name} ({entry.told})"
        region = self._regions.get(place.locality or "")
        return ", ".join(part for part in (called, region) if part) + f" [{place.id}]"

    def _units_around(self, place: Place) -> Units:
        """Bare names of the former district, the locality and the province that a place lies in."""
        codes = (place.locality, place.province)
        names = [self._regions[code] for code in codes if code in self._regions]
        return _bare(names) | self._district(place.node) | _ids(place.locality)

    def _district(self, seat_id: str) -> Units:
        """What a former district is called, and its seat."""
        seat = self._by_id.get(seat_id.casefold())
        return _bare((seat.name, *seat.also)) if seat else frozenset()

    def _entries_of(self, old: FormerPlace) -> Iterator[_Entry]:
        """A former commune as a name of each of the communes that its land is part of."""
        district = self._district(old.district)
        told = f"{old.name}, {_called_district(self._by_id.get(old.district.casefold()))}"
        for place_id in old.becomes:
            if place := self._by_id.get(place_id.casefold()):
                around = self._units_around(place) | district
                for name in (old.name, *other_numeral(old.name)):
                    yield _Entry(PlaceName.written(name), place, around, district, told)

    def _rank(self, entry: _Entry, asked: tuple[str, ...], typed: str) -> tuple[int, ...] | None:
        name = alike_words(entry.name.text)
        around = tuple(word for unit in entry.around for word in unit)
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


def other_numeral(name: str) -> Iterator[str]:
    """Phường 7 of Phường VII, and the other way round: lists of one town have both."""
    *before, last = name.split()
    for roman, figure in _NUMERALS.items():
        if last in (roman, figure):
            yield " ".join((*before, figure if last == roman else roman))


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_NUMERALS = {roman: str(number) for number, roman in enumerate(_ROMAN, 1)}


def _by_bare(entries: Iterable[_Entry]) -> dict[tuple[str, ...], list[_Entry]]:
    found: dict[tuple[str, ...], list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.name.bare, []).append(entry)
    return found


def _called(name: str, index: Mapping[tuple[str, ...], list[_Entry]]) -> list[_Entry]:
    """All that have a name, in the first way to read it that any has."""
    for asked in PlaceName.readings(name):
        same = index.get(asked.bare, [])
        same = [entry for entry in same if entry.name.toned == asked.toned] or same
        if asked.type is None and same:
            return same
        if exact := [entry for entry in same if entry.name.type == asked.type]:
            return exact
        if alike := [entry for entry in same if entry.name.of_the_same_kind(asked)]:
            return alike
        if asked.sense == Sense.SEAT and (old := [entry for entry in same if entry.district]):
            return old  # a town was given up as a commune, whatever it had been before
    return []


def _lies_in(entry: _Entry, units: Sequence[str]) -> bool:
    return all(is_unit(unit, entry.around) for unit in units)


def _is_town_of(entry: _Entry, unit: str) -> bool:
    """ "TP Sóc Trăng" is the town and not the locality of that name."""
    return any(
        reading.type in ("thành phố", "thị xã") and reading.bare in entry.district
        for reading in PlaceName.readings(unit)
    )


def _bare(names: Iterable[str]) -> Units:
    return frozenset(PlaceName.written(name).bare for name in names)


def _ids(locality: str | None) -> Units:
    """HG for Hậu Giang, TPCT for Cần Thơ, as lists shorten them."""
    short = {"CT": ("ct", "tpct")}.get(locality or "", (locality or "",))
    return frozenset(alike_words(name) for name in short if name)


def _called_district(seat: Place | None) -> str:
    """The name of a former district: that of its seat where both are one."""
    names = [PlaceName.written(text) for text in (seat.name, *seat.also)] if seat else []
    districts = (name.text for name in names if name.sense == Sense.DISTRICT)
    return next((text for text in districts if "(" not in text), "")


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
