"""``flask route``: which way goods go and what it costs."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext

from marketplace import clock
from marketplace.domain.errors import Rejected
from marketplace.domain.network import ROAD, TRANSFER, WATER
from marketplace.services.routes import MOST_KILOGRAMS, Answer, quote_route
from marketplace.transport.network import Link
from marketplace.transport.quotes import NoRoute, Quote, Route

BAD_INPUT = 2
NO_ROUTE = 1


@click.command("route")
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.option("--commodity", required=True, help="Id or name of the goods, as khom-cau-duc.")
@click.option("--kilograms", required=True, type=click.IntRange(1, MOST_KILOGRAMS))
@click.option(
    "--as-data",
    is_flag=True,
    help="By the data files alone, without what officers have stated; needs no database.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@with_appcontext
def route(
    origin: str, destination: str, commodity: str, kilograms: int, as_data: bool, as_json: bool
) -> None:
    """Print the cheapest way to bring goods from one place to another, as it is today.

    Closures, limits, lanes, waits and prices that officers have stated count where a database is set
    up; where none is, the data files alone answer, and it says so.

    FROM and TO are names or ids of communes, former district seats, markets, ports or border gates,
    with or without tone marks: "Vị Thanh", "xa hoa luu", "chợ đầu mối Bình Điền", D930.

    Ends with 1 if no way is open, with 2 if a name is unknown or fits several places.
    """
    today = None if as_data else clock.today()
    try:
        answer = quote_route(origin, destination, commodity, kilograms, today=today)
    except NoRoute as error:
        _stop(error, NO_ROUTE)
    except Rejected as error:
        _stop(error, BAD_INPUT)
    click.echo(_as_json(answer) if as_json else _as_text(answer))


def _stop(error: Rejected, code: int) -> NoReturn:
    click.echo(f"Error: {error}", err=True)
    raise click.exceptions.Exit(code)


def _as_json(answer: Answer) -> str:
    found: dict[str, Any] = {
        "from": answer.origin.id,
        "from_name": answer.origin.name,
        "to": answer.destination.id,
        "to_name": answer.destination.name,
        "commodity": answer.commodity.id,
        "kilograms": answer.kilograms,
        "day": answer.day.isoformat() if answer.day else None,
        "conditions": answer.conditions,
        "restrictions": [
            {
                "number": one.id,
                "direction": one.direction,
                "place": one.place,
                "locality": one.locality,
                "papers": list(one.papers),
                "until": one.last.isoformat() if one.last else None,
            }
            for one in answer.restrictions
        ],
        **_plain(answer.quote),
    }
    other = answer.quote.alternative
    found["alternative"] = None if other is None else _plain(other)
    return json.dumps(found, ensure_ascii=False, indent=2)


def _plain(quote: Quote) -> dict[str, Any]:
    return {
        "km": quote.km,
        "hours": round(quote.hours, 2),
        "cost_vnd": quote.cost,
        "handling_vnd": quote.handling,
        "mode": quote.mode,
        "vehicle": quote.vehicle,
        "trips": quote.trips,
        "tariff_date": quote.tariff.isoformat(),
        "confidence": quote.confidence,
        "links": _links(quote.route),
        "legs": [
            {
                "mode": leg.mode,
                "vehicle": leg.vehicle,
                "km": leg.route.km,
                "hours": round(leg.route.hours, 2),
                "cost_vnd": leg.cost,
                "links": [link.id for link in leg.route.links],
            }
            for leg in quote.legs
        ],
    }


def _links(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "id": link.id,
            "mode": link.mode,
            "road": link.road,
            "from": link.start,
            "to": link.end,
            "km": link.metres / 1000,
            "hours": round(link.seconds / 3600, 2),
            "paper": link.paper,
        }
        for link in route.links
    ]


def _as_text(answer: Answer) -> str:
    quote = answer.quote
    lines = [
        f"{answer.origin.name} → {answer.destination.name}",
        f"{answer.kilograms:,} kg of {answer.commodity.name_en} ({answer.commodity.name_vi})",
        _summary(quote),
        f"{quote.cost:,} ₫, {quote.cost / answer.kilograms:,.0f} ₫/kg,"
        f" list prices of {quote.tariff} ({quote.confidence})",
    ]
    for leg in quote.legs:
        if len(quote.legs) > 1:
            lines.append(f"{leg.mode}: {leg.vehicle}, {leg.cost:,} ₫")
        lines += [
            f"  {link.metres / 1000:6.1f} km  {_said(link)}"
            + (f" (priority lane: {link.paper})" if link.paper else "")
            for link in leg.route.links
        ]
    other = quote.alternative
    if other is not None:
        lines.append(f"instead {_summary(other)}: {other.cost:,} ₫ ({other.confidence})")
    lines += [
        f"restricted ({one.direction}): "
        + (f"with {', '.join(one.papers)} only" if one.papers else "may not move")
        + (f", until {one.last}" if one.last else "")
        for one in answer.restrictions
    ]
    lines.append(
        f"as it is on {answer.day}, with {answer.conditions} closures, limits, lanes and waits"
        " in force anywhere"
        if answer.day
        else "by the data files alone"
    )
    return "\n".join(lines)


def _summary(quote: Quote) -> str:
    return f"{quote.km:.1f} km, {quote.hours:.1f} h, {quote.mode}: {quote.vehicle}"


def _said(link: Link) -> str:
    nameless = {ROAD: "local road", WATER: "small canal", TRANSFER: "transfer"}
    return link.road or nameless[link.mode]
