"""The cells of a row, and what a person answered in their stead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.domain.numerals import plain
from marketplace.domain.text import clean, fold
from marketplace.sheets.table import SECTIONS, Cell, Record

SHARED = frozenset({"commodity", "grade", "place", "unit", "certificates"})
"""Whose answers hold for every row that says the same. "3 tạ" of rice is not "3 tạ" of potatoes."""


def choice_key(field: str, typed: str) -> str:
    """The key of an answer that holds wherever the same is said, whatever its letters' size."""
    same = fold(typed) if field == "unit" else clean(typed).casefold()
    return f"{field}={same}"


def weight_key(holder: str, good: str) -> str:
    """The key of what one con, bó or thùng of a good holds: a con of pig is no con of chicken."""
    return choice_key("unit", f"{holder} / {good}")


def is_remembered(key: str) -> bool:
    """Whether an answer under this key is about words, and means the same in the next sheet."""
    field, _equals, typed = key.partition("=")
    return field in SHARED and bool(typed.strip())


def goods_in(key: str) -> str:
    """The words for goods that an answer under this key is about, without the headings; else nothing."""
    field, _equals, typed = key.partition("=")
    return typed.rsplit(SECTIONS, 1)[-1] if field == "commodity" else ""


@dataclass(frozen=True)
class Answered:
    """A record under answers: by `choice_key` for all rows that say the same, by meaning for this one.

    ``region``: those of its headings that say where its goods lie.
    """

    record: Record
    choices: Mapping[str, str]
    region: tuple[str, ...] = ()

    def cell(self, meaning: str) -> Cell:
        return self.record.cells.get(meaning, Cell())

    def key(self, meaning: str) -> str | None:
        """The key under which an answer serves other rows too; None where it cannot.

        Goods and places mean what they mean under their headings, so these are part of the key; but
        goods are the same in every district.
        """
        if meaning not in SHARED:
            return None
        columns = ("commune", "district", "place") if meaning == "place" else (meaning,)
        typed = [self.cell(column).text for column in columns]
        of_goods = [each for each in self.record.sections if each not in self.region]
        headings = {"commodity": of_goods, "place": self.region}.get(meaning, ())
        return choice_key(meaning, SECTIONS.join(filter(str.strip, (*headings, *typed))))

    def answer(self, meaning: str) -> str | None:
        """What somebody answered, for this row or for all that say the same."""
        if meaning in self.choices:
            return self.choices[meaning]
        key = self.key(meaning)
        return self.choices.get(key) if key else None

    def weights(self, good: str) -> str | Mapping[str, str]:
        """What one con, bó or thùng of that good holds: as answered for this row, or by the word for it."""
        if _is_weight(said := self.choices.get("unit", "")):
            return said
        prefix, suffix = choice_key("unit", ""), f" / {good}"
        return {
            key.removeprefix(prefix).removesuffix(suffix): said
            for key, said in self.choices.items()
            if key.startswith(prefix) and key.endswith(suffix) and _is_weight(said)
        }

    def text(self, meaning: str) -> str:
        """What the cell says, or what somebody answered."""
        answer = self.answer(meaning)
        return self.cell(meaning).text.strip() if answer is None else answer

    def figure(self, meaning: str) -> str:
        """The same, and a number that the file holds as the one number that it is, with its unit."""
        cell = self.cell(meaning)
        if cell.number is not None and self.answer(meaning) is None:
            return f"{plain(cell.number)} {cell.unit}".strip()
        return self.text(meaning)

    def unit(self) -> str:
        """The unit that the row has, or that somebody gave it; a weight answered leaves it as it is."""
        said = self.answer("unit") or ""
        return self.cell("unit").text.strip() if not said or _is_weight(said) else said


def _is_weight(said: str) -> bool:
    return any(letter.isdigit() for letter in said)
