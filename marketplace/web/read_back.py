"""Says while somebody types what has been understood so far."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.domain.commodities import Commodity
from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected
from marketplace.domain.packs import parse_pack
from marketplace.domain.quantities import parse_quantity
from marketplace.web.amounts import read_amount, read_price
from marketplace.web.fields import SHORT
from marketplace.web.formats import long_day
from marketplace.web.forms import said
from marketplace.web.lookup import world
from marketplace.web.series_words import of_amount
from marketplace.web.session import public
from marketplace.web.understood import of_commodity, of_place, of_price, of_quantity

bp = Blueprint("read_back", __name__, url_prefix="/read-back")


@bp.get("/commodity")
@public
def commodity() -> ResponseReturnValue:
    """What goods ``commodity`` names."""
    return _said(lambda: of_commodity(_good()))


@bp.get("/quantity")
@public
def quantity() -> ResponseReturnValue:
    """How much ``quantity`` (or ``min_quantity``) of ``commodity`` is."""
    typed = request.args.get("quantity") or request.args.get("min_quantity", "")
    good = _good_or_none()
    if good is None or not typed:
        return _said(str)
    if request.args.get("quantity"):
        return _said(lambda: _amount(typed[:SHORT], good), ask_back=True)
    return _said(lambda: of_quantity(parse_quantity(typed[:SHORT], good), good), ask_back=True)


@bp.get("/price")
@public
def price() -> ResponseReturnValue:
    """What ``ask`` or ``bid`` means for ``quantity`` of ``commodity``."""
    typed = request.args.get("ask") or request.args.get("bid", "")
    pack = parse_pack(_arg("quantity"), _good()) if _good_or_none() else None
    return _said(
        lambda: of_price(
            read_price(typed[:SHORT], _good(), pack, _arg("quantity")), _good(), _quantity()
        )
    )


@bp.get("/place")
@public
def place() -> ResponseReturnValue:
    """Where ``place`` is."""
    return _said(lambda: of_place(world().gazetteer.resolve(_arg("place"))))


@bp.get("/day")
@public
def day() -> ResponseReturnValue:
    """Which day ``ready_on``, ``from_on`` or ``until`` is."""
    typed = next((v for v in map(_arg, ("ready_on", "from_on", "until")) if v), "")
    return _said(lambda: long_day(parse_date(typed, clock.today())))


def _amount(typed: str, good: Commodity) -> str:
    """One quantity with its weight and trips; a range or a rate as it stands."""
    amount = read_amount(typed, good)
    if amount.least == amount.most and amount.per is None:
        return of_quantity(amount.least or 0, good)
    return of_amount(amount, good)


def _arg(name: str) -> str:
    return request.args.get(name, "")[:SHORT]


def _good() -> Commodity:
    return world().catalogue.find(_arg("commodity"), in_groups=True)


def _good_or_none() -> Commodity | None:
    try:
        return _good()
    except Rejected:
        return None


def _quantity() -> int | None:
    try:
        return read_amount(_arg("quantity"), _good()).least
    except Rejected:
        return None


def _said(words: Callable[[], str], *, ask_back: bool = False) -> ResponseReturnValue:
    """The words as they stand under a field; nothing while it cannot be understood yet.

    With ``ask_back`` what hinders is told at once: for a quantity, half of it is no better a start.
    """
    text = question = ""
    try:
        text = words()
    except Rejected as error:
        question = said(error) if ask_back else ""
    return render_template("lots/read_back.html", text=text, question=question)
