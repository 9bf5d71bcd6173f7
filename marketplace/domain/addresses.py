"""Addresses as lists give them: "ấp 3, xã Hỏa Lựu, TP Vị Thanh, Hậu Giang", "Vị Thủy - Hậu Giang"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from marketplace.domain.errors import Rejected
from marketplace.domain.place_names import Sense
from marketplace.domain.places import Gazetteer, Place, UnknownPlace
from marketplace.domain.text import clean, fold, shorten, toned_words
from marketplace.domain.text_marks import N_

_FINER = {
    "ấp", "ap", "kv", "khóm", "khom", "kp", "tổ", "thôn", "đường", "số", "hẻm", "ql", "tl", "đt", "htx", "cty",
    "tht", "dntn", "vựa", "chị", "bà", "ông",
}  # fmt: skip
_FINER_PAIRS = {
    "khu vực", "khu vuc", "khu phố", "khu pho", "quốc lộ", "tỉnh lộ", "hợp tác", "hop tac", "công ty", "cong ty",
    "cơ sở", "co so", "hộ ông", "hộ bà", "hộ anh", "hộ chị", "trang trại", "nông trại", "nhà vườn", "tổ hợp",
    "doanh nghiệp",
}  # fmt: skip
_TYPE_WORDS = {
    "huyện", "h", "tỉnh", "quận", "q", "xã", "x", "phường", "p", "tp", "tx", "tt", "t", "thị", "thành",
}  # fmt: skip
_BARE_TYPE_WORDS = _TYPE_WORDS | {"huyen", "tinh", "quan", "xa", "phuong", "thi", "thanh"}
_PAIRS = {"thị": {"xã", "trấn"}, "thi": {"xa", "tran"}, "thành": {"phố"}, "thanh": {"pho"}}
_COUNTRY = {"viet nam", "vietnam", "vn"}
_LONGEST = 160
_NUMBERED = re.compile(r"(?<!\w)(?:[PpFf](?:\.\s*|\s?)|[Pp]hường\s+)(\d{1,2}|[IVX]{1,4})\b(?!\s*,)")
"""P7, F.7, P. VII and Phường 7 before the name of a town."""


class PartlyKnownPlace(Rejected):
    """A coarser part of an address is known, a finer one is not: ``place`` may be what is meant."""

    def __init__(self, typed: str, part: str, place: Place) -> None:
        super().__init__(
            N_("“%(typed)s”: there is no “%(part)s”. Is %(place)s meant?"),
            field="place",
            typed=shorten(typed),
            part=shorten(part, 40),
            place=place.name,
        )
        self.place = place


def resolve_address(
    text: str, gazetteer: Gazetteer, *, units: Sequence[str] = (), sense: Sense | None = None
) -> Place:
    """The place that an address lies in, however it is cut. ``units``: what other columns say.

    Hamlets, house numbers and the names of farms before the commune are passed over. Raises as
    `Gazetteer.resolve` does, and `PartlyKnownPlace` where only a coarser part of it is known.
    """
    typed = clean(text)
    if len(typed) > _LONGEST:
        raise UnknownPlace(typed)
    with suppress(UnknownPlace):
        return gazetteer.get(typed)
    ways = list(dict.fromkeys(_cut(text, gazetteer)))
    for parts in ways:
        with suppress(UnknownPlace):
            return gazetteer.resolve_in(parts[0], [*parts[1:], *units], sense)
    for parts in ways:
        for start in range(1, len(parts)):
            with suppress(UnknownPlace):
                place = gazetteer.resolve_in(parts[start], [*parts[start + 1 :], *units])
                raise PartlyKnownPlace(typed, parts[0], place)
    raise UnknownPlace(typed)


def former_name_in(text: str, gazetteer: Gazetteer, place: Place) -> str:
    """The former commune that an address names and that lies in ``place`` today; else nothing."""
    parts = dict.fromkeys(part for way in _cut(text, gazetteer) for part in way)
    return next(filter(None, (gazetteer.former_name(part, place) for part in parts)), "")


def only_finer(text: str) -> bool:
    """Whether it says no more than a hamlet, a house or a farm."""
    return not _coarse(re.split(r"[,;()\n]", text))


def _cut(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, ...]]:
    """The address in parts, first as its commas say, then at dashes, words of type, and regions."""
    whole = clean(text)
    text = _NUMBERED.sub(r"phường \1,", text)
    names = re.split(r"[,;\n](?![^(]*\))", text)  # a few places have brackets in their names
    commas = re.split(r"[,;()\n]|\s[-–]\s", text)
    dashes = [piece for part in commas for piece in re.split(r"[-–/]", part)]
    types = [piece for part in dashes for piece in _before_types(part)]
    regions = [piece for part in types for piece in _before_region(part, gazetteer)]
    yield (whole,)
    for parts in (names, commas, dashes, types, regions):
        if coarse := _coarse(parts):
            yield coarse


def _coarse(parts: Sequence[str]) -> tuple[str, ...]:
    """Without the country, and without what is finer than a commune at the beginning."""
    kept = [part for part in map(clean, parts) if part and fold(part) not in _COUNTRY]
    while kept and _is_finer(kept[0]):
        del kept[0]
    return tuple(kept)


def _is_finer(part: str) -> bool:
    words = toned_words(part)
    if not words:
        return True
    if len(_before_types(part)) > 1:  # "ấp 3 xã Hỏa Lựu" names a commune
        return False
    return words[0] in _FINER or " ".join(words[:2]) in _FINER_PAIRS or part[0].isdigit()


def _before_types(part: str) -> list[str]:
    """Cut before "xã", "huyện", "TP" …; without tone marks only where the whole part has none."""
    words = clean(re.sub(r"\b(tp|tx|tt|h|q|p|x|t)\.", r"\1. ", part, flags=re.IGNORECASE)).split()
    known = _TYPE_WORDS if fold(part) != part.casefold() else _BARE_TYPE_WORDS
    pieces: list[list[str]] = [[]]
    for at, word in enumerate(words):
        bare, before = word.strip(".").casefold(), words[at - 1].casefold() if at else ""
        after = words[at + 1].casefold() if at + 1 < len(words) else ""
        begins = bare in known and (bare not in _PAIRS or after in _PAIRS[bare])
        if begins and pieces[-1] and bare not in _PAIRS.get(before, ()):
            pieces.append([])
        pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces]


def _before_region(part: str, gazetteer: Gazetteer) -> list[str]:
    """Cut before the name of a locality or province at the end: "Vị Thủy Hậu Giang"."""
    for name in gazetteer.regions:
        size = len(name.split())
        words = part.split()
        if len(words) > size and fold(" ".join(words[-size:])) == fold(name):
            return [" ".join(words[:-size]), name]
    return [part]
