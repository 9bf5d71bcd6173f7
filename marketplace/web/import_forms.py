"""The answers of an import's page, as a browser sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.models.imports import SheetImport
from marketplace.sheets.columns import MEANINGS

SHARED, SINGLE = "all:", "row:"
"""How the names of answers begin: by `Problem.key`, or by row and field."""
WRITTEN = "own:"
"""And before that, of what is written beside answers to choose from."""
_MOST_DIGITS = 8


@dataclass
class Answers:
    """By key for all rows, by number and field for one. ``preferred``: written though another was chosen."""

    shared: dict[str, str] = field(default_factory=dict)
    single: dict[tuple[int, str], str] = field(default_factory=dict)
    preferred: list[str] = field(default_factory=list)

    def keep(self, name: str, said: str) -> None:
        if name.startswith(SHARED):
            self.shared[name.removeprefix(SHARED)] = said
        elif cell := _cell(name):
            self.single[cell] = said


def read_answers(given: Mapping[str, str], row: SheetImport) -> Answers:
    """What was written or chosen.

    Of both what is written counts: it is the more particular. But what did not serve before and was
    left standing is not written anew.
    """
    answers = Answers()
    for name in dict.fromkeys(each.removeprefix(WRITTEN) for each in given):
        chosen = given.get(name, "").strip()
        written = given.get(f"{WRITTEN}{name}", "").strip()
        if chosen and written == _before(name, row):
            written = ""
        if written or chosen:
            answers.keep(name, written or chosen)
        if written and chosen and written != chosen:
            answers.preferred.append(written)
    return answers


def _cell(name: str) -> tuple[int, str] | None:
    """The row and field that an answer for one row is about."""
    number, _colon, column = name.removeprefix(SINGLE).partition(":")
    known = number.isdecimal() and len(number) < _MOST_DIGITS and column in MEANINGS
    return (int(number), column) if name.startswith(SINGLE) and known else None


def _before(name: str, row: SheetImport) -> str:
    """What was answered last time."""
    if name.startswith(SHARED):
        return row.choices.get(name.removeprefix(SHARED), "")
    number, column = _cell(name) or (0, "")
    return row.own.get(str(number), {}).get(column, "")
