"""The rows of lists as files: what their pages show, with numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from marketplace import clock
from marketplace.services.offers import Shown
from marketplace.web import exports, formats
from marketplace.web.condition_words import link_title
from marketplace.web.forward_words import confidence_words
from marketplace.web.kind_words import details_in_words
from marketplace.web.link_words import MODES
from marketplace.web.listing_words import certificate_names, grade_name, place_label, whose
from marketplace.web.lookup import world
from marketplace.web.workbooks import Row


def lots(shown: Sequence[Shown]) -> Response:
    """What is left of each lot, by whom, and the landed price where the reader has a place."""
    heads = [
        *(_("Lot"), _("Goods"), _("Grade"), _("Quantity"), _("Unit"), _("Asking price, VND")),
        *(_("Landed price, VND"), _("Place"), _("First day"), _("Last day"), _("Certificates")),
        *(_("Only as a whole"), _("Expected harvest"), _("Programme"), _("Details")),
        _("Offered by"),
    ]
    return exports.answer("lots", _("On offer"), heads, map(_lot, shown))


def _lot(shown: Shown) -> Row:
    lot = shown.listing
    return [
        _("Lot %(number)s", number=lot.id),
        *_goods(lot.commodity_id, lot.grade),
        lot.open_quantity,
        _unit(lot.commodity_id),
        lot.ask,
        shown.landed,
        place_label(lot.place_id),
        lot.ready_on,
        lot.until,
        certificate_names(paper.id for paper in lot.papers_on(clock.today())),
        "x" if lot.whole else None,
        confidence_words(lot.confidence) if lot.confidence is not None else None,
        "x" if shown.programme else None,
        details_in_words(lot, world().catalogue.commodity(lot.commodity_id)) or None,
        whose(lot.producer, lot.organisation.name),
    ]


def needs(shown: Sequence[Shown]) -> Response:
    """What is still wanted; a sealed bid stays sealed."""
    heads = [
        *(_("Need"), _("Goods"), _("Least grade"), _("Quantity"), _("Unit")),
        *(_("Highest price, VND"), _("Place"), _("First day"), _("Last day")),
        *(_("Certificates"), _("Takes expected harvests"), _("Wanted by")),
    ]
    return exports.answer("needs", _("Wanted"), heads, map(_need, shown))


def _need(shown: Shown) -> Row:
    need = shown.listing
    return [
        _("Need %(number)s", number=need.id),
        *_goods(need.commodity_id, need.min_grade),
        need.open_quantity,
        _unit(need.commodity_id),
        None if need.bid_sealed else need.bid,
        place_label(need.place_id),
        need.from_on,
        need.until,
        certificate_names(paper.id for paper in need.certifications),
        "x" if need.accepts_expected else None,
        whose(need.buyer, need.organisation.name),
    ]


def matches(found: Sequence[Any]) -> Response:
    """Matches with both sides, as those see them who may see them."""
    heads = [
        *(_("Match"), _("Goods"), _("Seller"), _("Buyer"), _("Quantity"), _("Unit")),
        *(_("Price, VND"), _("Freight, VND"), _("First day of collection"), _("State")),
    ]
    rows: Iterable[Row] = (
        [
            match.id,
            formats.name(match.lot.commodity),
            match.lot.organisation.name,
            match.need.organisation.name,
            match.quantity,
            formats.unit(match.lot.commodity.base_unit_vi),
            match.price,
            match.freight,
            match.collect_on,
            str(match.state),
        ]
        for match in found
    )
    return exports.answer("matches", _("Matches"), heads, rows)


def rounds(found: Sequence[Any]) -> Response:
    """Rounds by number, day and state."""
    rows: Iterable[Row] = ([each.id, each.shown_on, str(each.state)] for each in found)
    return exports.answer("rounds", _("Rounds"), [_("Round"), _("Day"), _("State")], rows)


def links(found: Sequence[Any]) -> Response:
    """Roads, waterways and quays, as they are listed."""
    heads = [_("Link"), _("Name"), _("Kind"), _("Kilometres"), _("Localities")]
    rows: Iterable[Row] = (
        [
            link.id,
            link_title(link),
            str(MODES[link.mode]),
            round(float(link.link.km), 1),
            ", ".join(link.localities),
        ]
        for link in found
    )
    return exports.answer("links", _("Links"), heads, rows)


def _goods(commodity_id: str, grade: str | None) -> tuple[str, str | None]:
    good = world().catalogue.commodity(commodity_id)
    return formats.name(good), grade_name(good.group, grade) if grade else None


def _unit(commodity_id: str) -> str:
    return formats.unit(world().catalogue.commodity(commodity_id).base_unit_vi)
