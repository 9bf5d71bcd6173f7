"""Further lists as files: what was left out, people, papers, the inbox, prices, distances, tariffs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response, get_template_attribute
from flask_babel import gettext as _

from marketplace.models.programme import ProgrammeEntry
from marketplace.services.certificate_pages import Kept
from marketplace.services.places import Distances
from marketplace.services.restrictions import Restrictions
from marketplace.services.road_states import RoadStates
from marketplace.services.tariffs import Tariff
from marketplace.web import exports, formats, reasons
from marketplace.web.condition_words import effect_words, restriction_words, scope_title
from marketplace.web.listing_words import certificate_names, place_label
from marketplace.web.programme_words import entry_asked, entry_state, entry_whose
from marketplace.web.workbooks import Row


def left_out(entries: Sequence[Any]) -> Response:
    """Lots or needs of a round that found no partner, or only for a part, with the reason."""
    heads = [
        *(_("Lot or need"), _("Goods"), _("Organisation"), _("Place"), _("Quantity"), _("Unit")),
        *(_("Matched"), _("Reason"), _("Why"), _("What would have to change")),
    ]
    return exports.answer("left-out", _("Left out"), heads, map(_left_out, entries))


def _left_out(entry: Any) -> Row:
    listing = entry.lot if entry.lot_id is not None else entry.need
    is_lot, why = entry.lot_id is not None, reasons.explain(entry)
    number = listing.id
    return [
        _("Lot %(number)s", number=number) if is_lot else _("Need %(number)s", number=number),
        formats.name(listing.commodity),
        listing.organisation.name,
        place_label(listing.place_id),
        entry.quantity,
        formats.unit(listing.commodity.base_unit_vi),
        entry.matched,
        str(why.title),
        str(why.text),
        str(why.change or ""),
    ]


def organisations(listed: Sequence[Any], kinds: Mapping[Any, Any]) -> Response:
    """Who takes part, what they are and how many people they have here."""
    heads = [_("Name"), _("What it is"), _("Locality"), _("Members")]
    rows: Iterable[Row] = (
        [one.name, str(kinds[one.kind]), one.locality_id, one.members] for one in listed
    )
    return exports.answer("organisations", _("Organisations"), heads, rows)


def members(people: Sequence[Any], roles: Mapping[Any, Any]) -> Response:
    """The people of an organisation."""
    heads = [_("Name"), _("Role"), _("E-mail"), _("Telephone"), _("State")]
    rows: Iterable[Row] = (
        [
            one.name,
            str(roles[one.role]),
            one.email,
            formats.phone(one.phone) if one.phone else None,
            _("invited, has no password yet") if one.invited else None,
        ]
        for one in people
    )
    return exports.answer("members", _("Members"), heads, rows)


def inbox(notices: Sequence[Any]) -> Response:
    """Notices as the page words them."""
    words = get_template_attribute("inbox/index.html", "words")
    rows: Iterable[Row] = (
        [
            formats.moment(notice.created_at),
            " ".join(str(words(notice.kind, notice.details)).split()),
            None if notice.read_at else _("new"),
        ]
        for notice in notices
    )
    return exports.answer("inbox", _("Inbox"), [_("When"), _("Notice"), _("State")], rows)


def restrictions(listed: Restrictions) -> Response:
    """Which goods may not move where, with the papers that lift it, and since when."""
    heads = [
        *(_("State"), _("Goods"), _("Place"), _("Restriction"), _("Papers")),
        *(_("First day"), _("Last day"), _("Reason"), _("Source")),
    ]
    parts = (
        (_("In force"), listed.now),
        (_("Soon"), listed.coming),
        (_("Over or lifted"), listed.over),
    )
    rows: Iterable[Row] = (_restriction(state, one.row) for state, ones in parts for one in ones)
    return exports.answer("restrictions", _("Goods under restriction"), heads, rows)


def conditions(stated: RoadStates) -> Response:
    """What is closed, limited or opened: of which link or area, from when to when, who says so."""
    heads = [
        *(_("State"), _("Link"), _("What holds"), _("First day"), _("Last day")),
        *(_("Reason"), _("Source"), _("Organisation")),
    ]
    parts = (
        (_("In force"), stated.now),
        (_("Soon"), stated.coming),
        (_("Over or lifted"), stated.over),
    )
    rows: Iterable[Row] = (
        [
            *(state, scope_title(one.scope, one.link), effect_words(one.row)),
            *(one.row.first, one.row.last, one.row.reason, one.row.source),
            one.row.organisation.name,
        ]
        for state, ones in parts
        for one in ones
    )
    return exports.answer("conditions", _("State of the ways"), heads, rows)


def scenarios(listed: Sequence[Any]) -> Response:
    """What-ifs that one may see, and whether they are solved."""
    heads = [_("Scenario"), _("Made by"), _("Market of"), _("State")]
    rows: Iterable[Row] = (
        [one.name, one.owner.name, one.day, _("Solved") if one.state == "done" else _("Not solved")]
        for one in listed
    )
    return exports.answer("scenarios", _("What if"), heads, rows)


def applications(entries: Sequence[ProgrammeEntry]) -> Response:
    """Goods for which somebody has applied to the programme, how they stand, and what waits."""
    heads = [
        *(_("Goods"), _("Locality"), _("Whose goods"), _("Organisation"), _("When")),
        *(_("State"), _("What waits")),
    ]
    rows: Iterable[Row] = (
        [
            *(formats.name(one.commodity), one.locality_id, entry_whose(one), one.applicant.name),
            *(formats.moment(one.asked_at), entry_state(one).word),
            asked.word if (asked := entry_asked(one)) else "",
        ]
        for one in entries
    )
    return exports.answer("applications", _("Applications"), heads, rows)


def _restriction(state: str, row: Any) -> Row:
    words = restriction_words(row.record())
    return [
        *(state, words["goods"], words["place"], words["forbids"], words["papers"]),
        *(row.first, row.last, row.reason, row.source),
    ]


def tariffs(
    listed: Mapping[Any, Sequence[Tariff]],
    subject: Callable[[Any, str], str],
    figures: Callable[[Any], str],
) -> Response:
    """All prices, those that count today and those before and after."""
    heads = [_("Tariff"), _("Price"), _("Valid from"), _("State"), _("Source"), _("Confidence")]
    rows: Iterable[Row] = (
        [
            subject(one.kind, one.subject),
            figures(price.rate),
            price.rate.valid_from,
            state,
            price.rate.source,
            price.rate.confidence,
        ]
        for ones in listed.values()
        for one in ones
        for state, prices in (
            (_("Counts today"), [one.now]),
            (_("Soon"), one.coming),
            (_("Before"), one.before),
        )
        for price in prices
    )
    return exports.answer("tariffs", _("Tariffs"), heads, rows)


def prices(listed: Sequence[Any]) -> Response:
    """Market prices of one round."""
    heads = [
        *(_("Round"), _("Goods"), _("Locality"), _("Grade"), _("Unit"), _("From, ₫"), _("To, ₫")),
        *(_("On offer, kg"), _("Lots"), _("Needs")),
    ]
    rows: Iterable[Row] = (
        [
            price.round_id,
            formats.name(price.commodity),
            price.locality_id,
            price.grade,
            formats.unit(price.commodity.base_unit_vi),
            *(price.low, price.high, price.kilograms, price.lots, price.needs),
        ]
        for price in listed
    )
    return exports.answer("prices", _("Market prices"), heads, rows)


def distances(table: Distances) -> Response:
    """From each seat to each other one, to markets, ports and border gates: a line each."""
    heads = [
        *(_("From"), _("To"), _("Goods"), _("Load, kg")),
        *(_("Kilometres"), _("Hours"), _("Freight, ₫ per tonne"), _("By boat")),
    ]
    ways = (
        (origin, destination, leg)
        for matrix in (table.seats, table.outside)
        for origin, legs in zip(matrix.origins, matrix.legs, strict=True)
        for destination, leg in zip(matrix.destinations, legs, strict=True)
        if origin.id != destination.id
    )
    rows: Iterable[Row] = (
        [
            *(origin.name, destination.name, formats.name(table.goods), table.kilograms),
            *(leg.km, leg.hours, leg.per_tonne, _("yes") if leg.by_boat else _("no")),
        ]
        for origin, destination, leg in ways
    )
    return exports.answer("distances", _("Routes"), heads, rows)


def certificates(kept: Sequence[Kept]) -> Response:
    """The organisation's certificates and how many open lots rely on each."""
    heads = [
        *(_("Certificate"), _("Number"), _("Holder"), _("Issuer"), _("What it covers")),
        *(_("Issued on"), _("Last day"), _("Withdrawn"), _("Lots")),
    ]
    rows: Iterable[Row] = (
        [
            certificate_names([one.row.certification_id]),
            *(one.row.number, one.row.holder, one.row.issuer, one.row.scope),
            *(one.row.issued_on, one.row.expires_on),
            *(_("yes") if one.row.withdrawn_at else _("no"), one.lots),
        ]
        for one in kept
    )
    return exports.answer("certificates", _("Certificates"), heads, rows)
