"""What a reader asks of a list, from its address; and where the reader is, kept in the session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request, session, url_for
from flask_babel import gettext, ngettext

from marketplace import clock
from marketplace.domain.browsing import WITHIN_DAYS, Filter, Kind, Size, Sort
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.kinds import GoodsKind
from marketplace.domain.numerals import readings
from marketplace.domain.places import Place
from marketplace.domain.text import clean
from marketplace.web import forward_words
from marketplace.web import listing_words as words
from marketplace.web.fields import SHORT, spell_place
from marketplace.web.formats import name
from marketplace.web.forms import said
from marketplace.web.kind_words import KINDS
from marketplace.web.listing_form import candidate_labels
from marketplace.web.lookup import world

MOST_CHOSEN, MOST_SHOWN = 20, 12
LAST_PAGE = 100_000
HIGHEST_PRICE = 10**12
Member = TypeVar("Member", bound=StrEnum)


Candidates = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AskedPlace:
    """Where the reader is, what was typed for it, and places that were meant perhaps."""

    to: Place | None
    typed_to: str
    candidates: Candidates
    """Id and label."""
    errors: dict[str, str]
    """What was not understood, by field."""


@dataclass(frozen=True)
class Asked(AskedPlace):
    """A filter besides."""

    filter: Filter


RECEIVE, SEND = "receive", "send"
"""Two places of a reader: who buys lots receives at the one, who serves needs sends from the other."""


def asked_place(whereto: str) -> AskedPlace:
    """Where the reader says to be, now or earlier."""
    errors: dict[str, str] = {}
    return AskedPlace(*_reader_place(whereto, errors), errors)


def asked(today: date, whereto: str) -> Asked:
    """The filter that the address names; what cannot be understood asks nothing and is told."""
    errors: dict[str, str] = {}
    to, typed_to, candidates = _reader_place(whereto, errors)
    wanted = Filter(
        text=clean(request.args.get("q", "")[:SHORT]),
        groups=_chosen("group"),
        commodities=_chosen("commodity"),
        localities=_chosen("locality"),
        certificates=_chosen("certificate"),
        kind=_member(Kind, request.args.get("kind")),
        goods=frozenset(filter(None, (_member(GoodsKind, s) for s in _chosen("goods")))),
        programme=whereto == RECEIVE and "yes" in _chosen("programme"),
        sizes=frozenset(filter(None, (_member(Size, s) for s in _chosen("size")))),
        within=_number("within", WITHIN_DAYS),
        from_on=_day("from", today, errors),
        until=_day("until", today, errors),
        price_limit=_price(errors),
        to=to.id if to else None,
        sort=_sort(to),
        page=page_asked(),
    )
    return Asked(to, typed_to, candidates, errors, wanted)


def _sort(to: Place | None) -> Sort:
    """As asked; the only price there is, once a place is known, is the one with freight.

    Who has just named another place (``was`` says which it was) asks for the price there.
    """
    moved = request.args.get("was", request.args.get("to")) != request.args.get("to")
    sort = _member(Sort, request.args.get("sort"))
    if to is None:
        return Sort.NEW if sort in (None, Sort.LANDED) else sort
    return Sort.LANDED if moved or sort in (None, Sort.PRICE) else sort


def _reader_place(whereto: str, errors: dict[str, str]) -> tuple[Place | None, str, Candidates]:
    """Where the reader is: as `to` says, else as the session remembers. An empty `to` forgets."""
    typed = request.args.get("to")
    if typed is None:
        return _remembered(whereto)
    session.pop(whereto, None)
    typed = clean(typed[:SHORT])
    if not typed:
        return None, "", ()
    try:
        place = world().gazetteer.resolve(typed)
    except Rejected as error:
        ids = [place.id for place in getattr(error, "candidates", ())]
        candidates = tuple(zip(ids, candidate_labels(error), strict=True))
        errors["to"] = said(error) if not candidates else gettext("Which one do you mean?")
        return None, typed, candidates
    session[whereto] = place.id
    return place, spell_place(place), ()


def _remembered(whereto: str) -> tuple[Place | None, str, Candidates]:
    try:
        place = world().gazetteer.get(str(session[whereto]))
    except (KeyError, Rejected):
        return None, "", ()
    return place, spell_place(place), ()


def lookups() -> dict[str, Any]:
    """What looking up a telephone number must know: when it is, and how many a day are allowed."""
    return {
        "now": clock.now(),
        "most": current_app.extensions["settings"].contact_lookups_per_day,
    }


def init_app(app: Flask) -> None:
    """Give templates the addresses and options of filters."""
    app.jinja_env.globals |= {
        "without": without,
        "with_": with_,
        "groups": lambda: world().catalogue.groups,
        "goods_known": lambda id_: id_ in {each.id for each in world().catalogue.commodities},
        "facet_options": facet_options,
        "size_words": lambda size: words.SIZES[size],
        "lot_sorts": lambda: words.SORTS,
        "need_sorts": lambda: words.NEED_SORTS,
        "plain_day": lambda typed: not typed or (len(typed) == 10 and typed[4] == "-"),
    }


Option = tuple[str, str, int | None, bool]


def facet_options(facet: str, counts: Counter[str], chosen: Iterable[str]) -> list[Option]:
    """Value, label, count, chosen: what there is, most first, and what is chosen although it is not."""
    on = set(map(str, chosen))
    values = _FIXED[facet]() if facet in _FIXED else _common(counts, on)
    return [(value, _label(facet, value), counts[value], value in on) for value in values]


def _common(counts: Counter[str], on: set[str]) -> list[str]:
    common = [value for value, _ in counts.most_common(MOST_SHOWN)]
    return [*common, *sorted(on - set(common))]


_FIXED: dict[str, Callable[[], list[str]]] = {
    "locality": lambda: [each.id for each in world().reference.localities],
    "size": lambda: [size.value for size in Size],
    "kind": lambda: [kind.value for kind in Kind],
    "need_kind": lambda: [kind.value for kind in Kind],
    "within": lambda: [str(days) for days in WITHIN_DAYS],
    "programme": lambda: ["yes"],
}


def _label(facet: str, value: str) -> str:
    catalogue = world().catalogue
    try:
        labels: dict[str, Callable[[], str]] = {
            "group": lambda: name(catalogue.groups[value]),
            "commodity": lambda: name(catalogue.commodity(value)),
            "locality": lambda: words.locality_name(value),
            "certificate": lambda: name(catalogue.certifications[value]),
            "size": lambda: str(words.SIZES[Size(value)]),
            "goods": lambda: str(KINDS[GoodsKind(value)]),
            "kind": lambda: str(forward_words.KINDS[Kind(value)]),
            "need_kind": lambda: str(forward_words.NEED_KINDS[Kind(value)]),
            "programme": lambda: gettext("Admitted to the programme"),
            "within": lambda: str(ngettext("%(num)s day", "%(num)s days", int(value))),
        }
        return labels[facet]()
    except (KeyError, Rejected):
        return value


def without(field: str, value: str | None = None) -> str:
    """The address of this list without one of its filters, from the first page."""
    left: dict[str, Any] = {
        key: [v for v in values if key != field or (value is not None and v != value)]
        for key, values in request.args.to_dict(flat=False).items()
        if key not in ("page", "to", "was")
    }
    return url_for(str(request.endpoint), **{key: v for key, v in left.items() if v})


def with_(**changed: Any) -> str:
    """The address of this list with some of its filters replaced, from the first page."""
    kept = request.args.to_dict(flat=False)
    for passing in ("page", "was"):
        kept.pop(passing, None)
    return url_for(str(request.endpoint), **{**kept, **changed})


def _chosen(name: str) -> frozenset[str]:
    return frozenset(
        clean(value[:SHORT]) for value in request.args.getlist(name)[:MOST_CHOSEN] if value
    )


def _member(kind: type[Member], value: str | None) -> Member | None:
    return kind(value) if value in set(kind) else None


def _number(name: str, known: tuple[int, ...]) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value in map(str, known) else None


def page_asked() -> int:
    """The page of a list that the address names, the first for whatever is no number."""
    value = request.args.get("page", "1")
    return (
        min(int(value), LAST_PAGE)
        if value.isascii() and value.isdecimal() and len(value) < 9
        else 1
    )


def _day(name: str, today: date, errors: dict[str, str]) -> date | None:
    typed = clean(request.args.get(name, "")[:SHORT])
    if not typed:
        return None
    try:
        return parse_date(typed, today)
    except Rejected as error:
        errors[name] = said(error)
        return None


def _price(errors: dict[str, str]) -> int | None:
    typed = clean(request.args.get("price", "")[:SHORT])
    if not typed:
        return None
    known = [value for value in readings(typed) if 0 < value < HIGHEST_PRICE]
    whole = [int(value) for value in known if value == int(value)]
    if len(whole) == 1:
        return whole[0]
    errors["price"] = gettext("Write the price as a number, such as 7.800.")
    return None
