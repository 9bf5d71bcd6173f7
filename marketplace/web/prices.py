"""The price board: a page for people, a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.domain.errors import NotFound
from marketplace.models.price_board import BoardPrice
from marketplace.services import price_board
from marketplace.web import export_lists, exports, price_charts
from marketplace.web.addresses import LARGEST_ID, page_number
from marketplace.web.lookup import world
from marketplace.web.session import public

bp = Blueprint("prices", __name__)

ALL = "all"
LONGEST = 40
WIDTHS = (520, 340)
"""Of the pictures, at a desk and on a telephone."""
COLUMNS = (
    "round",
    "day",
    "locality",
    "locality_name",
    "commodity",
    "commodity_name",
    "commodity_name_en",
    "grade",
    "unit",
    "low_vnd",
    "high_vnd",
    "kilograms",
    "lots",
    "needs",
)
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one in the system's old code page and breaks every tone mark."""
KEPT = 300
"""Seconds that anybody may keep the file: a board never changes once it is there."""


@bp.get("/prices")
@public
def index() -> ResponseReturnValue:
    """The latest round's market prices, or an older one's; with goods chosen also as a picture."""
    commodity, locality = _asked("commodity"), _asked("locality")
    board = price_board.show_board(_round(), commodity, locality, page_number())
    if board.round is None and request.args.get("round"):
        raise NotFound("There is no price board of this round.")
    if exports.wanted():
        number = board.round.id if board.round else 0
        return export_lists.prices(price_board.rows_of(number, commodity, locality))
    chosen = commodity if commodity in board.goods else ""
    return render_template(
        "prices/index.html",
        board=board,
        asked={"commodity": commodity, "locality": locality, "round": request.args.get("round")},
        goods=_choices(board.goods, commodity),
        localities=_choices_of_localities(board.localities, locality),
        rows=list(_with_bars(board.prices)),
        charts=_charts(board.prices) if chosen and board.prices else [],
        moved=_moved(board.prices) if chosen and board.prices else None,
    )


@bp.get("/prices.csv")
@public
def feed() -> ResponseReturnValue:
    """The same rows for programs and spreadsheets; of every round with ``round=all``."""
    every = request.args.get("round") == ALL
    asked = None if every else _round()
    if asked is not None and not price_board.has_board(asked):
        raise NotFound("There is no price board of this round.")
    number = None if every else asked or price_board.latest_round()
    prices: Sequence[BoardPrice] = []
    if every or number is not None:
        prices = price_board.rows_of(number, _asked("commodity"), _asked("locality"))
    return _file(prices)


def _file(prices: Sequence[BoardPrice]) -> ResponseReturnValue:
    days = price_board.days_of([price.round_id for price in prices])
    names = {each.id: each.name for each in world().reference.localities}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for price in prices:
        writer.writerow(
            (
                price.round_id,
                days[price.round_id].isoformat(),
                price.locality_id,
                names[price.locality_id],
                price.commodity_id,
                price.commodity.name_vi,
                price.commodity.name_en,
                price.grade,
                price.commodity.base_unit,
                price.low,
                price.high,
                price.kilograms,
                price.lots,
                price.needs,
            )
        )
    answer = make_response((BYTE_ORDER_MARK + text.getvalue()).encode())
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = "attachment; filename=prices.csv"
    answer.cache_control.public, answer.cache_control.max_age = True, KEPT
    answer.add_etag()
    return answer.make_conditional(request)


def _round() -> int | None:
    """The round that the address names. Raises `NotFound` for what is no number."""
    text = request.args.get("round", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > len(str(LARGEST_ID)) or int(text) > LARGEST_ID:
        raise NotFound("There is no price board of this round.")
    return int(text)


def _asked(name: str) -> str:
    """An id of the catalogue; what is too long to be one finds nothing anyway."""
    return request.args.get(name, "").replace("\0", "")[:LONGEST]


def _choices(on_board: Sequence[str], asked: str) -> list[tuple[str, Any]]:
    """The goods on the board, and those that were asked for and are not on it."""
    known = {commodity.id: commodity for commodity in world().catalogue.commodities}
    wanted = [asked] if asked in known and asked not in on_board else []
    return [(one, known[one]) for one in (*on_board, *wanted)]


def _choices_of_localities(on_board: Sequence[str], asked: str) -> list[str]:
    known = {locality.id for locality in world().reference.localities}
    return sorted({*on_board, *({asked} & known)})


def _with_bars(
    prices: Sequence[BoardPrice],
) -> Iterator[tuple[BoardPrice, price_charts.Bar | None]]:
    """Each price with its interval on the scale of its goods, if they have others."""
    for _goods, same in groupby(prices, key=lambda price: price.commodity_id):
        alike = list(same)
        drawn = price_charts.bars(alike) if len(alike) > 1 else [None]
        yield from zip(alike, drawn, strict=True)


def _charts(prices: Sequence[BoardPrice]) -> list[dict[str, Any]]:
    return [
        {
            "width": width,
            "bars": list(
                zip(prices, price_charts.bars(prices, width, price_charts.MARGIN), strict=True)
            ),
        }
        for width in WIDTHS
    ]


def _moved(prices: Sequence[BoardPrice]) -> dict[str, Any]:
    """How the interval moved from round to round where most of these goods lie."""
    most = max(prices, key=lambda price: price.kilograms)
    past = price_board.history(most.commodity_id, most.locality_id, most.grade)
    intervals = [price for _round, price in past]
    return {
        "of": most,
        "past": past,
        "charts": [
            {
                "width": width,
                "columns": list(zip(past, price_charts.columns(intervals, width), strict=True)),
            }
            for width in WIDTHS
        ],
    }
