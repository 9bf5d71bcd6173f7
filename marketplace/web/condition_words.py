"""Words for what holds of roads and goods, in the reader's language."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.domain.conditions import Effect, Kind, Restriction, RestrictionDraft
from marketplace.domain.links import Scope
from marketplace.domain.network import ROAD, TRANSFER, RoadLink, WaterLink
from marketplace.domain.stretches import Stretch
from marketplace.web.formats import day, day_range, name, number, percent, quantity
from marketplace.web.link_words import CONFIDENCE, MODES, condition
from marketplace.web.link_words import kind as class_words
from marketplace.web.listing_words import certificate_names, locality_name, place_label
from marketplace.web.lookup import world
from marketplace.web.source_words import source_words

EFFECTS = {
    Effect.CLOSED: _l("Closed"),
    Effect.LOAD: _l("Small vehicles only"),
    Effect.HOURS: _l("Open by the hour"),
    Effect.LANE: _l("Priority lane"),
    Effect.WAIT: _l("Wait"),
}
EFFECT_NOTES = {
    Effect.CLOSED: _l("nobody passes"),
    Effect.LOAD: _l("say how large a vehicle may be"),
    Effect.HOURS: _l("say from when to when; others wait"),
    Effect.LANE: _l("faster, and open where others are stopped"),
    Effect.WAIT: _l("a sluice, a checkpoint, a queue"),
}
SIGNS = {
    Effect.CLOSED: ("bad", "ban"),
    Effect.LOAD: ("warn", "truck"),
    Effect.HOURS: ("warn", "clock"),
    Effect.LANE: ("ok", "arrow"),
    Effect.WAIT: ("wait", "clock"),
}
"""Tint and icon of each effect; the word stands beside it."""
KINDS = {
    Kind.ORDER: _l("Order or report"),
    Kind.HOLIDAY: _l("Holiday"),
    Kind.SLUICE: _l("Sluice"),
    Kind.TIDE: _l("Tide"),
    Kind.OTHER: _l("Other event"),
}
ENGLISH = re.compile(r"\b(own|of|line|total|estimated?|price|the|and)\b")
"""Words that tell sources in English from those in Vietnamese; names of places stand in both."""
DIRECTIONS = {
    "leaving": _l("may not leave"),
    "entering": _l("may not enter"),
    "both": _l("may neither leave nor enter"),
}


def init_app(app: Flask) -> None:
    """Give them to templates."""
    app.jinja_env.globals |= {
        "effect_words": effect_words,
        "figure_words": figure_words,
        "effect_sign": lambda effect: SIGNS[Effect(effect)],
        "effect_name": lambda effect: EFFECTS[Effect(effect)],
        "kind_words": lambda kind: KINDS[Kind(kind)],
        "mode_words": lambda mode: MODES[mode],
        "link_title": link_title,
        "link_facts": link_facts,
        "scope_title": scope_title,
        "days_words": days_words,
        "restriction_words": restriction_words,
        "held_words": held_words,
        "source_language": source_language,
        "source_words": source_words,
        "iso_day": lambda text: day(date.fromisoformat(text)),
        "confidence_words": lambda confidence: CONFIDENCE[confidence],
    }


def effect_words(thing: Any) -> str:
    """What a condition, a draft or a row says, with its figures, as a line of its own."""
    words = condition(thing)
    return words[:1].upper() + words[1:]


def figure_words(thing: Any) -> str:
    """What stands beside the one word of an effect; nothing where the word says it all."""
    if Effect(thing.effect) is Effect.CLOSED:
        return ""
    if Effect(thing.effect) is not Effect.LANE:
        return effect_words(thing)
    speed = _("speed %(share)s of the usual", share=percent(thing.percent / 100, 0))
    return str(speed + (_(", with %(paper)s", paper=thing.paper) if thing.paper else ""))


def source_language(source: str) -> str:
    """In which of our two languages a source is noted, for those who have pages read to them."""
    return "en" if ENGLISH.search(source) else "vi"


def days_words(first: date, last: date | None) -> str:
    """“25/11/2026 – 03/12/2026”, “from 25/11/2026 until lifted”."""
    if last is not None:
        return day_range(first, last)
    return str(_("from %(day)s until lifted", day=day(first)))


def held_words(row: Any) -> str:
    """The days of a version; of one that lifts an entry those on which the entry held."""
    if not row.withdrawn:
        return days_words(row.first, row.last)
    lifted = row.made_at.astimezone(clock.HERE).date()
    if row.last is not None and row.last < lifted:
        return days_words(row.first, row.last)
    if lifted < row.first:
        return str(_("lifted before it held"))
    return str(_("from %(day)s, lifted on %(lifted)s", day=day(row.first), lifted=day(lifted)))


def restriction_words(stated: Restriction | RestrictionDraft) -> dict[str, str]:
    """Of which goods, what it forbids, where, and the papers that lift it, none for a ban."""
    known = world().catalogue
    group = known.groups[stated.group or ""] if not stated.commodity else None
    place, locality = stated.place, stated.locality
    return {
        "goods": name(group or known.commodity(stated.commodity or "")),
        "place": place_label(place) if place else locality_name(locality or ""),
        "forbids": str(DIRECTIONS[stated.direction]),
        "papers": certificate_names(stated.papers),
    }


def link_title(link: Stretch) -> str:
    """“QL61C: Một Ngàn – Vị Thanh”, “Quay Vị Thanh – road at Vị Thanh”."""
    if link.mode == TRANSFER:
        return str(_("%(quay)s, to the road at %(road)s", quay=link.ends[0], road=link.ends[1]))
    return f"{link.name}: {link.between}"


def scope_title(scope: Scope, link: Stretch | None) -> str:
    """What something is stated of, in words."""
    if link is not None:
        return link_title(link)
    if scope.link is not None:
        return scope.link  # it has left the data files
    where = locality_name(scope.locality) if scope.locality else ""
    if scope.mode == ROAD:
        return str(_("All roads of %(place)s", place=where) if where else _("All roads"))
    return str(_("All waterways of %(place)s", place=where) if where else _("All waterways"))


def link_facts(link: Stretch) -> list[tuple[str, str]]:
    """The figures that rounds and prices count with."""
    record = link.link
    facts = [(_("Length"), f"{number(record.km, 1)} km")]
    if isinstance(record, RoadLink):
        facts += [
            (_("Class"), class_words(link)),
            (_("Usual speed"), f"{number(record.kmh)} km/h"),
        ]
    elif isinstance(record, WaterLink):
        facts += [
            (_("Class"), class_words(link)),
            (_("Usual speed"), f"{number(record.kmh)} km/h"),
            (_("Largest vessel"), quantity(1000 * record.largest_vessel)),
        ]
    else:
        facts += [
            (_("Reloading"), f"{number(record.vnd_per_tonne)} ₫/{_('tonne')}"),
            (_("Takes"), _("%(hours)s hours", hours=number(record.hours, 1))),
        ]
    return [(str(label), str(text)) for label, text in facts]
