"""Where the header of a table stands, in one line or more, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from marketplace.sheets.columns import (
    JOINED,
    MEANINGS,
    Guess,
    by_content,
    guesses,
    key,
    seen_in,
)
from marketplace.sheets.table import Cell, Line, Ranges, Table, letter, lies_in

_LOOKED_AT = 100  # lines; titles and letters to the reader are shorter
_MOST_LINES = 3
_MOST_COLUMNS = 16_384
_BRACKETS_ONLY = re.compile(r"^[(\[](?=.*[^\W\d_]).{1,40}[)\]]$")
_LONGEST = 90


@dataclass(frozen=True)
class Column:
    """A column: what stands over it, or its letter, and what it was taken to mean.

    ``guessed`` tells whether we found the meaning out or a person said it. ``sample`` is the first text
    that a record has in it. What is ``hidden`` in the spreadsheet means something only if a person says so.
    """

    index: int
    header: str
    meaning: str | None
    sample: str
    guessed: bool
    hidden: bool = False

    @property
    def unseen(self) -> bool:
        """Whether nobody sees what stands in it, and nobody has said that it counts."""
        return self.hidden and self.meaning in (None, "ignore")


@dataclass(frozen=True)
class Header:
    """The lines of a header, as places in the lines of the table, and the texts over each column."""

    first: int
    last: int
    parts: tuple[tuple[str, ...], ...]  # by column, from top to bottom, none twice
    trust: int


def find_header(table: Table, mapping: Mapping[str, str]) -> Header | None:
    """The lines that name most columns, the earliest of such; None if none names two.

    ``mapping``: keys of headers that a person has named before; they count as known.
    """
    best: Header | None = None
    for first, line in enumerate(table.lines[:_LOOKED_AT]):
        if line.blank:
            continue
        for found in _grown(table, first, mapping):
            goes_on = best is not None and best.first == first and found.trust == best.trust
            if goes_on or found.trust > (best.trust if best else 0):
                best = found
    return best if best and _names_two(best, mapping) else None


def columns_of(
    parts: Sequence[tuple[str, ...]],
    rows: Sequence[Line],
    mapping: Mapping[str, str],
    hidden: Ranges = (),
) -> tuple[Column, ...]:
    """The columns, without samples, with the meanings that fit best: one column for each, mostly."""
    width = max([len(parts), *(len(row.cells) for row in rows)], default=0)
    over = [*parts, *[()] * (width - len(parts))]
    under = [[row.cells[i] for row in rows if i < len(row.cells)] for i in range(width)]
    named = _unlike([" ".join(texts) for texts in over])
    said = {i: mapping[key(name)] for i, name in enumerate(named) if key(name) in mapping}
    unseen = {i for i in range(width) if lies_in(i, hidden)}
    found = _given_out(over, under, said, unseen)
    return tuple(
        Column(i, named[i], found.get(i), "", i not in said, i in unseen) for i in range(width)
    )


def _grown(table: Table, first: int, mapping: Mapping[str, str]) -> Iterator[Header]:
    """The header that begins in this line, with one line, two, three."""
    line = table.lines[first]
    if len({*_named_in([(t,) for t in _texts(line) if t], mapping)}) < 2:
        return
    parts: tuple[tuple[str, ...], ...] = tuple((t,) if t else () for t in _across(table, line))
    yield Header(first, first, parts, _trust(parts, line, mapping))
    for last in range(first + 1, min(first + _MOST_LINES, len(table.lines))):
        below = table.lines[last]
        if not _goes_on(table, line, below):
            return
        parts = tuple(
            (*top, low) if low and low not in top else top
            for top, low in zip_longest(parts, _texts(below), fillvalue=())
        )
        yield Header(first, last, parts, _trust(parts, below, mapping))


def _texts(line: Line) -> tuple[str, ...]:
    return tuple(" ".join(cell.text.split()) for cell in line.cells)


def _across(table: Table, line: Line) -> tuple[str, ...]:
    """The texts of a line, those of merged cells over all the columns that they span."""
    texts = list(_texts(line))
    for left, right in _spans(table, line):
        if left < len(texts) and texts[left]:
            texts += [""] * (right + 1 - len(texts))
            texts[left : right + 1] = [texts[left]] * (right + 1 - left)
    return tuple(texts)


def _spans(table: Table, line: Line) -> list[tuple[int, int]]:
    """First and last column of what begins in the line and is merged across several columns."""
    return [
        (left, right)
        for top, _, left, right in table.merged
        if top == line.number and left < right < _MOST_COLUMNS
    ]


def _goes_on(table: Table, line: Line, below: Line) -> bool:
    """Whether the line below is one more of the same header and no goods."""
    low = _texts(below)
    filled = [i for i, text in enumerate(low) if text]
    if not filled or any(c.number is not None or c.day is not None for c in below.cells):
        return False
    own = [i for i in filled if i < len(line.cells) and not line.cells[i].blank]
    known = [i for i in filled if _BRACKETS_ONLY.match(low[i]) or guesses(low[i])]
    if not known or any(len(low[i]) > _LONGEST for i in filled):
        return False
    grouped = {i for left, right in _spans(table, line) for i in range(left, right + 1)}
    alone = [i for i in own if i not in grouped and not _leads(line, low, i)]
    return 2 * len(known) >= len(filled) and all(_BRACKETS_ONLY.match(low[i]) for i in alone)


def _leads(line: Line, low: Sequence[str], column: int) -> bool:
    """Whether the next column has only a text below: one heading for both, without merging."""
    after = column + 1
    bare = after >= len(line.cells) or line.cells[after].blank
    return bare and after < len(low) and bool(low[after])


def _trust(parts: Sequence[tuple[str, ...]], line: Line, mapping: Mapping[str, str]) -> int:
    """How much speaks for a header: columns named, less figures and sentences in it."""
    known: dict[str, int] = {}
    for guess in _named_in(parts, mapping):
        known[guess.meaning] = max(guess.trust, known.get(guess.meaning, 0))
    figures = sum(cell.number is not None or cell.day is not None for cell in line.cells)
    sentences = sum(len(text) > _LONGEST for texts in parts for text in texts)
    return sum(known.values()) - 3 * figures - sentences


def _named_in(parts: Sequence[tuple[str, ...]], mapping: Mapping[str, str]) -> Iterator[Guess]:
    """The likeliest meaning of each column that has one; what a person mapped counts for itself."""
    for texts in parts:
        name = key(" ".join(texts))
        if name in mapping:
            yield Guess(f"={name}", 3)
        elif found := _guesses(texts):
            yield found[0]


def _guesses(texts: tuple[str, ...]) -> list[Guess]:
    """What the texts over a column may mean, most trusted first: the lowest, all together, the highest."""
    each = (*texts[:0:-1], " ".join(texts), *texts[:1])
    found = [guess for text in each for guess in guesses(text)]
    return sorted(found, key=lambda guess: -guess.trust)


def _names_two(header: Header, mapping: Mapping[str, str]) -> bool:
    named = {*_named_in(header.parts, mapping)}
    return len({guess.meaning for guess in named}) > 1 and any(guess.trust > 2 for guess in named)


def _unlike(texts: Sequence[str]) -> list[str]:
    """Names for columns: no two alike, and the letter where a column has none."""
    names: dict[str, None] = {}
    for index, text in enumerate(texts):
        name = " ".join(text.split()) or letter(index)
        while name in names:
            name = f"{name} ({letter(index)})"
        names[name] = None
    return list(names)


def _given_out(
    over: Sequence[tuple[str, ...]],
    under: Sequence[Sequence[Cell]],
    said: Mapping[int, str],
    unseen: Set[int],
) -> dict[int, str]:
    """Meanings by column: first what a person said, then by trust, each but `JOINED` once."""
    found = {i: meaning for i, meaning in said.items() if meaning in MEANINGS}
    offers = sorted(
        (-guess.trust, i, turn, guess.meaning)
        for i in range(len(under))
        if i not in said and i not in unseen
        for turn, guess in enumerate(_offers(over[i], under[i]))
    )
    taken = set(found.values()) - JOINED - {"ignore"}
    for _, i, _, meaning in offers:
        if i not in found and meaning not in taken:
            found[i] = meaning
            taken |= {meaning} - JOINED - {"ignore"}
    return found


def _offers(texts: tuple[str, ...], cells: Sequence[Cell]) -> list[Guess]:
    if not texts:
        seen = seen_in(cells)
        return [Guess(seen, 0)] if seen else []
    offered = _guesses(texts)
    if offered:
        better = by_content(texts[-1], offered[0].meaning, cells)
        if better and better != offered[0].meaning:
            offered.insert(0, Guess(better, offered[0].trust))
    return offered
