"""What is looked at before anything is asked of a row: hidden ones, goods out of reach, strange amounts."""

from __future__ import annotations

from dataclasses import replace

from marketplace.domain.errors import Rejected
from marketplace.domain.lots import check_own_locality
from marketplace.domain.quantities import spell_base_units
from marketplace.domain.rates import parse_amount
from marketplace.domain.text_marks import N_
from marketplace.sheets.answers import choice_key
from marketplace.sheets.drafting import ENDS, HIDDEN_ROWS, NAMED, PASS, READ, Drafted, Drafting
from marketplace.sheets.problems import Problem
from marketplace.sheets.understanding import Understood

USUAL_KILOGRAMS = 2_000_000
"""More of one listing is asked about: thousands of tonnes are a district's harvest, or a slip of a comma."""


def hidden_row(passed: bool) -> Drafted:
    """A row that nobody sees in the spreadsheet: whether it counts is asked once for all of them."""
    if passed:
        return Drafted(Understood(), (), why="hidden")
    error = Rejected(N_("Rows that are hidden in the sheet. Shall they be read?"))
    answers = (
        (PASS, N_("no, pass them over: they are hidden on purpose")),
        (READ, N_("yes, read them like the others")),
    )
    return Drafted(Understood(), (Problem("", "row_hidden", error, answers, HIDDEN_ROWS),))


def elsewhere(drafting: Drafting) -> Problem | None:
    """Why the row is not the lister's to list, wherever of the places that may be meant its goods lie."""
    terms, row = drafting.terms, drafting.row
    if terms.actor is None or terms.locality is None:
        return None
    asked = [p for p in drafting.problems if p.field == "place" and p.code.startswith("place_")]
    meant = [row.place] if row.place else [value for p in asked for value, _ in p.candidates]
    places = [terms.gazetteer.get(place_id) for place_id in meant]
    if not places or any(place.locality == terms.locality for place in places):
        return None
    try:
        check_own_locality(places[0], terms.actor)
    except Rejected as error:
        return Problem("place", "place_against_rules", error)
    return None


def sized(drafting: Drafting, quantity: int | None) -> int | None:
    """The quantity, unless it is more than one listing usually is and nobody has confirmed it.

    What is answered instead is what the row is understood to say.
    """
    if quantity is None or drafting.row.commodity is None:
        return quantity
    good = drafting.terms.catalogue.commodity(drafting.row.commodity)
    if (good.kilograms(quantity) or 0) <= USUAL_KILOGRAMS:
        return quantity
    key = choice_key("quantity", f"large / {drafting.said('quantity')} / {good.id}")
    answer, unread = drafting.choices.get(key), None
    if answer == NAMED:
        return quantity
    if answer:
        try:
            amount = parse_amount(answer, good, unit=drafting.said("unit"))
            said = amount.least or amount.most
            drafting.row = replace(drafting.row, quantity_least=said, quantity_most=said)
            return said
        except Rejected as error:
            unread = error
    large = Rejected(
        N_("%(quantity)s in one listing is more than usual. Is the comma in its place?"),
        field="quantity",
        quantity=spell_base_units(quantity, good),
    )
    less = [spell_base_units(quantity // 1_000, good)] if quantity % 1_000 == 0 else []
    answers = ((NAMED, ENDS[NAMED]), *((each, each) for each in less))
    drafting.problems.append(Problem("quantity", "quantity_large", large, answers, key, unread))
    return None
