"""Further lists as files: what was left out, organisations, members, the inbox, restrictions, tariffs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response, get_template_attribute
from flask_babel import gettext as _

from marketplace.services.restrictions import Restrictions
from marketplace.services.tariffs import Tariff
from marketplace.web import exports, formats, reasons
from marketplace.web.condition_words import restriction_words
from marketplace.web.listing_words import place_label
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


def _restriction(state: str, row: Any) -> Row:
    words = restriction_words(row)
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
