"""Names of places and the words of type that stand before them: "Phường", "TP", "chợ đầu mối" …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from marketplace.domain.text import alike_words, clean, fold, toned_words


class Sense(IntEnum):
    """What a bare name means first, if it fits several places."""

    LOCALITY = 0
    SEAT = 1
    COMMUNE = 2
    DISTRICT = 3
    OTHER = 4


@dataclass(frozen=True)
class PlaceName:
    """A name taken apart: "Phường Sóc Trăng" is of type phường and has the bare words soc, trang."""

    text: str
    type: str | None
    bare: tuple[str, ...]
    toned: tuple[str, ...]  # the same with their marks

    @classmethod
    def written(cls, text: str) -> PlaceName:
        """A name as our own files spell it: tone marks tell "Tỉnh" from "Tịnh Biên"."""
        bare, toned = alike_words(text), toned_words(text)
        for spelling, type_ in _TYPES:
            if toned[: len(spelling)] == spelling and len(toned) > len(spelling):
                return cls(text, type_, bare[len(spelling) :], toned[len(spelling) :])
        return cls(text, None, bare, toned)

    @classmethod
    def readings(cls, typed: str) -> Iterator[PlaceName]:
        """Ways to read what a person typed, with marks or not. "Cho Moi": a town, then a market."""
        return iter(_readings(typed))

    @property
    def sense(self) -> Sense:
        return _SENSES.get(self.type or "", Sense.OTHER)

    def of_the_same_kind(self, other: PlaceName) -> bool:
        """Both communes, both former districts …: who writes xã for a phường still means it."""
        mine, theirs = _SENSES.get(self.type or ""), _SENSES.get(other.type or "")
        return mine is not None and mine == theirs


@lru_cache(maxsize=4_096)  # a list names the same few places in every row
def _readings(typed: str) -> tuple[PlaceName, ...]:
    bare, toned = alike_words(typed), toned_words(typed)
    found = [PlaceName(typed, None, bare, toned)]
    for start, type_ in _BARE_TYPES:
        if bare[: len(start)] == start and len(bare) > len(start):
            found.append(PlaceName(typed, type_, bare[len(start) :], toned[len(start) :]))
    return tuple(found)


def split_region(typed: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A name alone, or a name and the units that it lies in: "Xã Phú Tân, Cà Mau"."""
    yield typed, ()
    name, *region = (part.strip() for part in re.split(r"[,;()]| [-–] ", clean(typed)))
    units = tuple(part for part in region if part)
    if name and units:
        yield name, units


def is_unit(typed: str, units: frozenset[tuple[str, ...]]) -> bool:
    """Whether one of these bare names is meant: "tỉnh Cà Mau" and "Cà Mau" are the same."""
    return any(reading.bare in units for reading in PlaceName.readings(typed))


def begins(asked: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether every word asked for begins some word of the name."""
    return all(any(word.startswith(start) for word in name) for start in asked)


def has_marks_of(typed: str, name: str) -> bool:
    """Whether a name holds what was typed to the last tone mark."""
    return clean(typed).casefold() in name.casefold() and fold(typed) != clean(typed).casefold()


# Longer spellings before the shorter ones that they begin with.
_SPELLINGS = (
    ("cửa khẩu quốc tế đường thủy", "cửa khẩu"),
    ("cửa khẩu quốc tế", "cửa khẩu"),
    ("cửa khẩu", "cửa khẩu"),
    ("chợ đầu mối nông sản", "chợ"),
    ("chợ đầu mối", "chợ"),
    ("chợ", "chợ"),
    ("cảng cá", "cảng"),
    ("cảng", "cảng"),
    ("thành phố", "thành phố"),
    ("tp", "thành phố"),
    ("thị xã", "thị xã"),
    ("tx", "thị xã"),
    ("thị trấn", "thị trấn"),
    ("tt", "thị trấn"),
    ("huyện", "huyện"),
    ("h", "huyện"),
    ("quận", "quận"),
    ("q", "quận"),
    ("phường", "phường"),
    ("p", "phường"),
    ("xã", "xã"),
    ("x", "xã"),
    ("đặc khu", "đặc khu"),
    ("tỉnh", "tỉnh"),
    ("t", "tỉnh"),
)
_TYPES = tuple((toned_words(spelling), type_) for spelling, type_ in _SPELLINGS)
_BARE_TYPES = tuple((alike_words(spelling), type_) for spelling, type_ in _SPELLINGS)
_SENSES = {
    "tỉnh": Sense.LOCALITY,
    "thị trấn": Sense.SEAT,
    "phường": Sense.COMMUNE,
    "xã": Sense.COMMUNE,
    "đặc khu": Sense.COMMUNE,
    "thành phố": Sense.DISTRICT,
    "thị xã": Sense.DISTRICT,
    "quận": Sense.DISTRICT,
    "huyện": Sense.DISTRICT,
}
