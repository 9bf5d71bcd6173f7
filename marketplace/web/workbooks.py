"""A round as a workbook: numbers are numbers, dates are dates, and no cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.services.picture import Gains, Line, Picture
from marketplace.web import formats, reasons
from marketplace.web.credits import credits_of
from marketplace.web.listing_words import grade_name, locality_name

Row = Sequence[str | int | float | date | None]

PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""What people have typed stays text, whatever it begins with."""
WIDEST = 60
LONGEST = 32_000
"""A cell takes 32,767 characters."""
FIGURES = 3
"""So many figures of a sum of money does everybody see."""


def of_round(picture: Picture, total: Gains, sentences: Mapping[str, str]) -> bytes:
    """Summary, matches, localities, moves, credits, and what was left out by reason.

    In the reader's language; the sentence for a newspaper in every one.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheets = Sheets(book)
        sheets.add(_("Summary"), [_("Figure"), _("Value")], _summary(picture, total, sentences))
        cells = _exact_match if picture.exact else _match
        sheets.add(
            _("Matches"), _match_heads(picture), map(cells, picture.lines), note=_withheld(picture)
        )
        sheets.add(_("By locality"), _gain_heads(_("Selling locality")), _localities(picture))
        sheets.add(
            _("From where to where"),
            [_("From"), _("To"), _("Matches"), _("Kilograms")],
            [
                (locality_name(start), locality_name(end), gains.matches, gains.matched)
                for (start, end), gains in picture.moves
            ],
        )
        sheets.add(
            _("Credits"),
            [_("Credit"), _("Common gain given up, VND"), _("Kilograms matched besides")],
            _credits(picture),
        )
        sheets.add(
            _("Left out"),
            [_("Side"), _("Reason"), _("Lots or needs"), _("Kilograms")],
            [
                (
                    _("Lot") if one.side == "lot" else _("Need"),
                    str(reasons.titles(one.side).get(one.reason, one.reason)),
                    one.count,
                    one.kilograms,
                )
                for one in picture.left_out
            ],
        )
    return file.getvalue()


class Sheets:
    """Writes tables, one to a sheet, with a bold head that stays in view."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "#,##0"})
        self._fraction = book.add_format({"num_format": "#,##0.00"})
        self._day = book.add_format({"num_format": "dd/mm/yyyy"})

    def add(self, name: str, heads: Sequence[str], rows: Iterable[Row], note: str = "") -> None:
        """Columns are as wide as what stands in them; ``note`` stands below, an empty row between."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        widths = [len(head) for head in heads]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        number = 0
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(sheet, number, column, value)
                widths[column] = max(widths[column], len(str(value)) + 2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 1, WIDEST))
        if note:
            sheet.write_string(number + 2, 0, note)

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self._day)
        elif isinstance(value, float):
            # A float would be written with sixteen digits: 70.4 as 70.40000000000001.
            sheet.write_number(row, column, Decimal(str(value)), self._fraction)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, value)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._number)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST])


def _summary(picture: Picture, total: Gains, sentences: Mapping[str, str]) -> list[Row]:
    round_, result = picture.round, picture.round.result or {}
    rows: list[Row] = [
        (_("Round"), round_.id),
        (_("Day"), round_.shown_on),
        (_("Matches"), total.matches),
        (_("Kilograms matched"), total.matched),
        (_("Lots"), picture.lots),
        (_("Needs"), picture.needs),
        (_("Organisations that sell"), len(total.sellers)),
        (_("Organisations that buy"), len(total.buyers)),
        *_gain(picture, result),
        (_("Freight, VND"), _money(total.freight, picture)),
        (_("For sellers, VND"), _money(total.for_sellers, picture)),
        (_for_buyers(picture), _money(total.for_buyers, picture)),
    ]
    rows += [
        (_("For the newspaper (%(language)s)", language=code), sentence)
        for code, sentence in sentences.items()
    ]
    if picture.withheld:
        rows.append((_("Matches not listed"), _withheld(picture)))
    return [
        *rows,
        (
            _("Note"),
            _("Proposals of a model. They bind nobody; a match holds once both sides have agreed."),
        ),
    ]


def _gain(picture: Picture, result: Mapping[str, Any]) -> list[Row]:
    """What was published; bound and gap are of the round as solved, and say so where that is more."""
    bound = _money(result.get("bound_vnd", 0), picture)
    gap = round(100 * float(result.get("gap", 0)), 2)
    value = _money(result.get("value_vnd", 0), picture)
    if not picture.kept:
        return [
            (_("Common gain, VND"), value),
            (_("Upper bound, VND"), bound),
            (_("Gap, percent"), gap),
        ]
    return [
        (_("Matches dropped when it was published"), picture.kept.dropped),
        (_("Common gain, VND"), _money(picture.kept.value, picture)),
        (_("Common gain as solved, before that, VND"), value),
        (_("Upper bound of the round as solved, VND"), bound),
        (_("Gap of the round as solved, percent"), gap),
    ]


def _withheld(picture: Picture) -> str:
    """How many matches are not listed, and why; "" if all are."""
    if not picture.withheld:
        return ""
    return str(
        ngettext(
            "%(num)s match is not listed: its goods, locality or move has fewer than three sellers"
            " or buyers, or would tell of such.",
            "%(num)s matches are not listed: their goods, locality or move has fewer than three"
            " sellers or buyers, or would tell of such.",
            picture.withheld,
        )
    )


def _match_heads(picture: Picture) -> list[str]:
    heads = [
        _("Goods"),
        _("Grade"),
        _("From"),
        _("To"),
        _("Quantity"),
        _("Unit"),
        _("Kilograms"),
        _("Kilometres"),
        _("Vehicles"),
        _("Freight, VND"),
        _("First day of collection"),
    ]
    if picture.exact:
        heads += [
            _("Match"),
            _("Lot"),
            _("Need"),
            _("Seller"),
            _("Buyer"),
            _("Ask, VND"),
            _("Bid, VND"),
            _("Price, VND"),
            _("Market price, VND"),
        ]
    return heads


def _match(line: Line) -> list[Any]:
    """What everybody may know of a match: no names and no prices."""
    match = line.match
    return [
        formats.name(line.commodity),
        grade_name(line.commodity.group, match.lot.grade) if match.lot.grade else None,
        locality_name(line.start),
        locality_name(line.end),
        match.quantity,
        formats.unit(line.commodity.base_unit_vi),
        line.kilograms,
        round(float(match.kilometres), 1),
        match.vehicles,
        match.freight,
        match.collect_on,
    ]


def _exact_match(line: Line) -> list[Any]:
    match = line.match
    return [
        *_match(line),
        match.id,
        match.lot_id,
        match.need_id,
        match.lot.organisation.name,
        match.need.organisation.name,
        match.ask,
        match.bid,
        match.price,
        match.market_price,
    ]


def _gain_heads(first: str) -> list[str]:
    return [
        first,
        _("Matches"),
        _("Kilograms"),
        _("For sellers, VND"),
        _("For buyers after freight, VND"),
        _("Freight, VND"),
    ]


def _localities(picture: Picture) -> list[Row]:
    return [
        (
            locality_name(code) if code else _("outside the seven"),
            gains.matches,
            gains.matched,
            _money(gains.for_sellers, picture),
            _money(gains.for_buyers, picture),
            _money(gains.freight, picture),
        )
        if gains
        else (locality_name(code), _("Not shown: fewer than three parties"))
        for code, gains in picture.localities
    ]


def _credits(picture: Picture) -> list[Row]:
    return [(one.name, one.cost, one.kilograms) for one in credits_of(picture.round)]


def _for_buyers(picture: Picture) -> str:
    if picture.exact:
        return str(_("For buyers after freight, VND"))
    return str(_("For buyers after freight, at least, VND"))


def _money(dong: int, picture: Picture) -> int:
    """To the đồng for coordinators; the first figures for everybody."""
    if picture.exact or dong <= 0:
        return dong
    step: int = 10 ** max(0, len(str(dong)) - FIGURES)
    return round(dong / step) * step
