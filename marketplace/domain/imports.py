"""Imports of sheets: what becomes of each row, and which row is which lot or need.

Rows are known again by an id of the sheet's own, else by whose goods they are, of which kind and grade,
where and from which day: `row_key`. What a row states beside that is compared with what was stated
last: `compare`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import zip_longest

from marketplace.domain.listings import Side
from marketplace.domain.text import clean, fold

_OUR_ID = re.compile(r"(?:(?P<lot>lo|lot)|nhu cau|need) (?P<number>\d{1,9})")
_MENDED = re.compile(r"N\d{1,9}-\d{1,9}")
Stated = Mapping[str, object]
"""What a row says of its lot, by field of the draft, as JSON has it; what it does not say is missing."""


class RowStatus(StrEnum):
    """What becomes of a line. Every line of a sheet has exactly one."""

    NEW = "new"
    CHANGE = "change"
    REPEAT = "repeat"
    ASKED = "asked"
    REFUSED = "refused"
    PASSED = "passed over"
    UNREAD = "unread"
    """Only while the sheet is being read."""


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    READING = "reading"
    OPEN = "open"
    TO_SAVE = "to_save"
    SAVING = "saving"
    SAVED = "saved"
    DISCARDED = "discarded"
    FAILED = "failed"


def row_key(
    own_id: str, producer: str, commodity: str, grade: str, place: str, ready_on: str
) -> str:
    """By what a row of an organisation is known again."""
    by_id = clean(own_id).casefold()
    if ours := _OUR_ID.fullmatch(fold(own_id)):
        return own_key(int(ours["number"]), "lot" if ours["lot"] else "need")
    parts = ("id", by_id) if by_id else ("goods", fold(producer), commodity, grade, place, ready_on)
    return sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def mending_id(import_id: int, number: int) -> str:
    """The id that a refused row is given, so that, mended, it changes no lot of the rows beside it."""
    return f"N{import_id}-{number}"


def is_mended(own_id: str) -> bool:
    """Whether a row carries such an id."""
    return _MENDED.fullmatch(clean(own_id)) is not None


def own_key(listing_id: int, side: Side = "lot") -> str:
    """The key of a row whose id is one of ours, as our own sheets write it: "Lô 12", "Nhu cầu 7"."""
    return sha256(f"{side}\x1f{listing_id}".encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Row:
    """A row that could be a lot."""

    number: int
    key: str
    stated: Stated


@dataclass(frozen=True)
class Known:
    """A lot or need that is known by a key, and what was stated of it last. ``may_change``: it is still on."""

    listing_id: int
    stated: Stated
    may_change: bool = True


@dataclass(frozen=True)
class Found:
    """What a row is. ``differs`` names the fields that a change touches."""

    status: RowStatus
    listing_id: int | None = None
    differs: frozenset[str] = frozenset()


def compare(rows: Iterable[Row], known: Mapping[str, Sequence[Known]]) -> dict[int, Found]:
    """What each row is, by its number.

    Among rows of one key those that state nothing new go first, each with a lot of its own; the others
    change the lots that are left, in their order, and what is left of them is new. A row that says
    the same as another of its sheet repeats it.
    """
    by_key: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    found: dict[int, Found] = {}
    for key, alike in by_key.items():
        found |= _compare_alike(alike, list(known.get(key, ())))
    return found


def _compare_alike(rows: Sequence[Row], left: list[Known]) -> dict[int, Found]:
    found: dict[int, Found] = {}
    once: list[Row] = []
    for row in rows:
        if any(row.stated == other.stated for other in once):
            found[row.number] = Found(RowStatus.REPEAT)
        else:
            once.append(row)
    for is_same in (_equal, _agree):  # the very same first, so that no other takes its lot
        for row in once:
            same = next((one for one in left if is_same(row.stated, one.stated)), None)
            if row.number not in found and same is not None:
                left.remove(same)
                found[row.number] = Found(RowStatus.REPEAT, same.listing_id)
    others = [row for row in once if row.number not in found]
    free = [one for one in left if one.may_change]
    for row, lot in zip_longest(others, free[: len(others)]):
        found[row.number] = (
            Found(RowStatus.CHANGE, lot.listing_id, differing(row.stated, lot.stated))
            if lot
            else Found(RowStatus.NEW)
        )
    return found


def _equal(stated: Stated, before: Stated) -> bool:
    return stated == before


def _agree(stated: Stated, before: Stated) -> bool:
    return not differing(stated, before)


def differing(stated: Stated, before: Stated) -> frozenset[str]:
    """Fields of which a row states something else than was stated before."""
    return frozenset(name for name, value in stated.items() if before.get(name) != value)
