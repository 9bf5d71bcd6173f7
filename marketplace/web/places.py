"""How far it is, how long it takes, and what freight costs."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from marketplace.domain.conditions import Restriction
from marketplace.domain.errors import Rejected
from marketplace.services import places, restrictions
from marketplace.transport.atlas import NoRoute
from marketplace.web import export_lists, exports, formats, maps
from marketplace.web.forms import Form, said
from marketplace.web.session import public

bp = Blueprint("places", __name__)

GOODS, LOAD = "khom-cau-duc", 15_000
LOADS = (1_000, 2_500, 5_000, 8_000, 15_000, 28_000, 100_000)
LONGEST = 120


class RouteForm(Form):
    """Asked by the address, so that a route can be sent to somebody."""

    class Meta(Form.Meta):
        csrf = False

    origin = StringField(_l("From"), [Length(max=LONGEST)])
    destination = StringField(_l("To"), [Length(max=LONGEST)])
    goods = StringField(_l("Goods"), [Length(max=LONGEST)])
    load = SelectField(_l("Quantity"), coerce=int, default=LOAD)

    def offer_loads(self) -> None:
        """Name the loads in the reader's language."""
        self.load.choices = [SelectChoice(load, formats.quantity(load)) for load in LOADS]


@bp.get("/distances")
@public
def distances() -> ResponseReturnValue:
    """Seven by seven, and any way that is asked for."""
    form = RouteForm(formdata=request.args)
    form.offer_loads()
    load = form.load.data if form.load.data in LOADS else LOAD
    if exports.wanted():
        return export_lists.distances(_table(form, load))
    asked = form.origin.data or form.destination.data
    way, closed = None, None
    try:
        way = _way(form, load) if asked else None
    except NoRoute as error:
        closed = error
    named = (form.origin.data, form.destination.data, form.goods.data or GOODS)
    stops = places.hindered(*named, load) if way or closed else ()
    table = _table(form, load)
    return render_template(
        "places/distances.html",
        form=form,
        table=table,
        way=way,
        stops=stops,
        restricted=_restricted(way) if way else (),
        closed=said(closed) if closed else "",
        island=closed.island if closed else None,
        ground=maps.ground() if way else None,
        drawn=maps.drawn_way(way) if way else None,
    ), 422 if form.errors else 200


def _restricted(way: places.Way) -> tuple[Restriction, ...]:
    return restrictions.met_by_goods(way.goods.id, way.origin.id, way.destination.id)


def _table(form: RouteForm, load: int) -> places.Distances:
    try:
        return places.distances(form.goods.data or GOODS, load)
    except Rejected as error:
        if not form.goods.errors:
            form.reject(Rejected(error.reason, field="goods", **error.params))
        return places.distances(GOODS, load)


def _way(form: RouteForm, load: int) -> places.Way | None:
    """None where something was not understood; raises `NoRoute` where all was."""
    if not form.validate():
        return None
    for field in (form.origin, form.destination):
        if not field.data:
            form.reject(Rejected("Type a commune, market or port.", field=field.name))
    if form.errors:
        return None
    try:
        return places.way(form.origin.data, form.destination.data, form.goods.data or GOODS, load)
    except NoRoute:
        raise
    except Rejected as error:
        form.reject(error)
        return None
