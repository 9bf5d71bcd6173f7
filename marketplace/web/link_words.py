"""How a link is called, what holds on it in words and as a sign, and how a map draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.domain.conditions import Condition, Effect
from marketplace.domain.network import ROAD, SEA, TRANSFER, WATER, RoadLink
from marketplace.domain.stretches import LinkState, Stretch
from marketplace.web import formats

MODES = {ROAD: _l("Road"), WATER: _l("Waterway"), TRANSFER: _l("Change at a quay")}
STATES = {
    LinkState.CLOSED: _l("Closed to traffic"),
    LinkState.LIMITED: _l("Limited"),
    LinkState.LANE: _l("Priority lane"),
    LinkState.WAIT: _l("Waiting time"),
    LinkState.OPEN: _l("Open as usual"),
}
SIGNS = {
    LinkState.CLOSED: ("bad", "ban"),
    LinkState.LIMITED: ("warn", "alert"),
    LinkState.LANE: ("ok", "shield"),
    LinkState.WAIT: ("warn", "clock"),
    LinkState.OPEN: ("mute", "check"),
}
"""Tint and icon of the pill."""
KINDS = {
    "CT": _l("expressway"),
    "QL": _l("national road"),
    "DT": _l("provincial road"),
    "HL": _l("district road"),
    "special": _l("special class"),
    "I": _l("class I"),
    "II": _l("class II"),
    "III": _l("class III"),
    "IV": _l("class IV"),
    SEA: _l("sea"),
}
CONFIDENCE = {
    "sourced": _l("from a source"),
    "unverified": _l("not verified"),
    "estimate": _l("estimate"),
}
ROAD_LOOKS = {"CT": "m-express", "QL": "m-road"}
MARKS = {
    LinkState.CLOSED: ("m-shut-gap", "m-shut"),
    LinkState.LIMITED: ("m-limit",),
    LinkState.LANE: ("m-lane", "m-lane-gap"),
    LinkState.WAIT: ("m-limit",),
}
"""Lines that are drawn over the link itself, the lowest first."""


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals |= {
        "link_modes": MODES,
        "link_states": STATES,
        "link_signs": SIGNS,
        "link_kind": kind,
        "link_confidence": lambda stretch: CONFIDENCE.get(stretch.confidence, stretch.confidence),
    }


def kind(stretch: Stretch) -> str:
    """`expressway`, `ferry, provincial road`, `class III`."""
    words = str(KINDS.get(stretch.kind, stretch.kind))
    if isinstance(stretch.link, RoadLink) and stretch.link.ferry:
        return ", ".join(filter(None, (str(_("ferry")), words)))
    return words


def condition(holding: Condition) -> str:
    """What it says, in a few words."""
    return str(_SAID[Effect(holding.effect)](holding))


def sign(holding: Iterable[Condition]) -> str:
    """The same for a map, without words: `✕`, `5 t`, `6–18h`, `150 %`, `+30′`."""
    found = {each.effect: _SIGN[each.effect](each) for each in holding}
    if Effect.LANE in found:
        found.pop(Effect.CLOSED, None)
    return " ".join(found[effect] for effect in Effect if found.get(effect))


def look(stretch: Stretch) -> str:
    """The class by which a style sheet draws a link on which nothing special holds."""
    if stretch.mode == WATER:
        return "m-canal m-open-sea" if stretch.kind == SEA else "m-canal"
    if stretch.mode == TRANSFER:
        return "m-transfer"
    if isinstance(stretch.link, RoadLink) and stretch.link.ferry:
        return "m-road m-ferry"
    return ROAD_LOOKS.get(stretch.kind, "m-road m-minor")


def marks(states: Iterable[LinkState]) -> tuple[str, ...]:
    """Classes of the lines over it. A priority lane opens what is closed to others."""
    found = set(states)
    if LinkState.LANE in found:
        found.discard(LinkState.CLOSED)
    ordered = (state for state in LinkState if state in found)
    return tuple(dict.fromkeys(mark for state in ordered for mark in MARKS.get(state, ())))


def _closed(_holding: Condition) -> Any:
    return _("closed")


def _load(holding: Condition) -> Any:
    return _("vehicles up to %(load)s only", load=formats.quantity(holding.most or 0))


def _hours(holding: Condition) -> Any:
    return _(
        "open from %(opens)s to %(closes)s",
        opens=_clock(holding.opens or 0),
        closes=_clock(holding.closes or 0),
    )


def _lane(holding: Condition) -> Any:
    words = _("priority lane, %(percent)s %% of the usual speed", percent=holding.percent)
    return words + (_(", with %(paper)s", paper=holding.paper) if holding.paper else "")


def _wait(holding: Condition) -> Any:
    minutes = holding.minutes or 0
    return ngettext("%(num)s minute of waiting", "%(num)s minutes of waiting", minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _short_clock(minutes: int) -> str:
    return f"{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


_SAID: dict[Effect, Callable[[Condition], Any]] = {
    Effect.CLOSED: _closed,
    Effect.LOAD: _load,
    Effect.HOURS: _hours,
    Effect.LANE: _lane,
    Effect.WAIT: _wait,
}
_SIGN: dict[Effect, Callable[[Condition], str]] = {
    Effect.CLOSED: lambda _each: "✕",
    Effect.LOAD: lambda each: f"≤{(each.most or 0) / 1000:g} t",
    Effect.HOURS: lambda each: f"{_short_clock(each.opens or 0)}–{_short_clock(each.closes or 0)}h",
    Effect.LANE: lambda _each: "",
    Effect.WAIT: lambda each: f"+{each.minutes}′",
}
