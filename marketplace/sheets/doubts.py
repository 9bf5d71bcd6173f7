"""What is not sure: a question mark behind it, by whoever wrote the cell or by us, makes it a question."""

from __future__ import annotations

import re

from marketplace.domain.commodities import Commodity
from marketplace.domain.errors import Rejected
from marketplace.domain.places import Place
from marketplace.domain.price_ranges import PriceRange, spell_price_range
from marketplace.domain.rates import Amount, spell_amount
from marketplace.domain.text import shorten
from marketplace.domain.text_marks import N_
from marketplace.sheets.problems import Candidates, Problem

DOUBT = "?"
SEVERAL = " | "
"""Between the amounts of a line that names several goods."""
OR = " hay "
"""Between amounts of which only one is that of the goods: "20 con", "100 kg"."""
NONE = "-"
_OR = {"gia": ("giạ", "tấn", "kg"), "tan": ("tấn", "kg")}
"""What the word behind a number may be where it has no marks, and what the number is of where it is none."""
_NUMBER_AND_WORD = re.compile(r"(?P<number>\d[\d.,\s]*?)\s*(?P<word>gia|tan)")


def is_doubted(typed: str) -> bool:
    return typed.rstrip().endswith(DOUBT) and bool(sure(typed))


def sure(typed: str) -> str:
    """The same without the question mark."""
    return typed.rstrip(f" {DOUBT}")


def check_one_amount(typed: str) -> None:
    """Raise `Rejected` for the amounts of several goods."""
    if SEVERAL in typed:
        raise Rejected(
            N_("The line names several goods: %(typed)s. Write each in a line of its own."),
            field="quantity",
            typed=shorten(typed.replace(SEVERAL, "; ")),
        )


def doubt(
    meaning: str, typed: str, found: object, good: Commodity | None, place_label: str = ""
) -> Problem:
    """The question whether what was read is meant. ``found`` is what it would be read as."""
    error = Rejected(
        N_("“%(typed)s” can mean several things. Choose what is meant, or write it."),
        field=meaning,
        typed=shorten(sure(typed)),
    )
    return Problem(
        meaning, f"{meaning}_unsure", error, _candidates(meaning, typed, found, good, place_label)
    )


def _candidates(
    meaning: str, typed: str, found: object, good: Commodity | None, place_label: str
) -> Candidates:
    if good and meaning == "quantity" and OR in typed:
        return tuple((each, each) for each in sure(typed).split(OR))
    if good and (said := _NUMBER_AND_WORD.fullmatch(sure(typed))):
        each = (f"{said['number']} {unit}" for unit in _OR[said["word"]])
        return tuple((one, one) for one in each)
    if good and isinstance(found, Amount):
        return ((spell_amount(found, good),) * 2,)
    if good and isinstance(found, PriceRange):
        price = spell_price_range(found, good)
        return ((price, price), (NONE, N_("no price: to be agreed")))
    if isinstance(found, Commodity):
        return ((found.id, found.name_vi),)
    if isinstance(found, Place):
        return ((found.id, place_label),)
    return ()
