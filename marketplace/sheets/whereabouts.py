"""Where goods lie, from up to three columns and the headings above a row."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

from marketplace.domain.addresses import only_finer, resolve_address
from marketplace.domain.errors import Rejected
from marketplace.domain.place_names import Sense
from marketplace.domain.places import AmbiguousPlace, Gazetteer, Place, UnknownPlace
from marketplace.sheets.answers import Answered
from marketplace.sheets.table import Record


def written_place(row: Answered) -> str:
    """All that a row and its headings say of a place; empty if nothing does."""
    parts = (row.text(meaning) for meaning in ("commune", "district", "place"))
    return ", ".join(filter(None, parts)) or ", ".join(row.region)


def place_of(row: Answered, gazetteer: Gazetteer, locality: str | None = None) -> Place:
    """From the narrowest column that names one, within what the others and the headings say.

    ``locality``: where several places fit, only those in it may be meant. Raises as `resolve_address`.
    """
    try:
        place = _as_written(row, gazetteer)
        return (
            place
            if locality in (None, place.locality)
            else _nearer(row, gazetteer, place, locality)
        )
    except AmbiguousPlace as error:
        pairs = zip(error.candidates, error.labels, strict=True)
        own = [(place, label) for place, label in pairs if place.locality == locality]
        if not locality or not own:
            raise
        if len(own) == 1:
            return own[0][0]
        labels = [label for _place, label in own]
        raise AmbiguousPlace(error.typed, [place for place, _ in own], labels) from None


def _nearer(row: Answered, gazetteer: Gazetteer, found: Place, locality: str | None) -> Place:
    """What the same words name in the locality, a former commune perhaps; else what was found elsewhere."""
    for name in filter(None, map(row.text, ("commune", "place", "district"))):
        with suppress(Rejected):
            own = _place(name, gazetteer, (locality or "",))
            return own if own.locality == locality else found
    return found


def _as_written(row: Answered, gazetteer: Gazetteer) -> Place:
    place, commune, district = map(row.text, ("place", "commune", "district"))
    if row.answer("place") is not None:
        return _place(place, gazetteer)
    headings = row.region

    def within(name: str, units: Sequence[str], sense: Sense | None = None) -> Place:
        """Within the headings too, unless the cells themselves say otherwise."""
        for around in ([*units, *headings], units):
            for meant in (sense, None):
                with suppress(UnknownPlace):
                    return _place(name, gazetteer, tuple(around), meant)
        return _place(name, gazetteer, tuple(units))

    coarse = [part for part in (district, place) if part and not only_finer(part)]
    if commune and not only_finer(commune):
        return within(commune, coarse, Sense.COMMUNE)
    if district and place in coarse:
        with suppress(UnknownPlace):
            return within(place, [district])
    if district:
        return within(district, [place] if place in coarse else [], Sense.DISTRICT)
    if place in coarse:
        return within(place, [])
    return _place(", ".join(headings) or place, gazetteer)


@lru_cache(maxsize=4_096)  # a list names the same few places in every row
def _place(
    name: str, gazetteer: Gazetteer, units: tuple[str, ...] = (), sense: Sense | None = None
) -> Place:
    return resolve_address(name, gazetteer, units=units, sense=sense)


def headings_of_places(record: Record, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Those of the headings that name a former district, a locality or a town, the nearest first."""
    found = []
    for heading in reversed(record.sections):
        with suppress(Rejected):
            gazetteer.resolve(heading)
            found.append(heading)
    return tuple(found)
