"""A what-if as a workbook, with the figures that its reader sees on the page."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import xlsxwriter
from flask_babel import gettext as _

from marketplace.models.scenarios import Scenario
from marketplace.services.scenario_outcomes import Figures, Outcome, Pair, Part, Values
from marketplace.web import formats, reasons
from marketplace.web.listing_words import goods, locality_name
from marketplace.web.lookup import world
from marketplace.web.scenario_words import TRIED, change_words, link_name
from marketplace.web.workbooks import PLAIN, Row, Sheets


def of_outcome(scenario: Scenario, outcome: Outcome) -> bytes:
    """Both markets side by side: summary, localities, commodities, links, reasons."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheets = Sheets(book)
        heads = [_("Figure"), _("As it is"), _("What if"), _("Difference")]
        sheets.add(
            _("Summary"), heads, [*_about(scenario), *_summary(outcome)], note=_estimate(scenario)
        )
        for name, first, part in (
            (_("By selling locality"), _("Selling locality"), outcome.by_seller),
            (_("By buying locality"), _("Buying locality"), outcome.by_buyer),
        ):
            rows = [_pair(locality(pair.key), pair) for pair in part.pairs]
            sheets.add(name, _pair_heads(first), rows, note=_hidden(part))
        rows = [_pair(commodity(pair.key), pair) for pair in outcome.by_goods.pairs]
        sheets.add(
            _("By commodity"), _pair_heads(_("Commodity")), rows, note=_hidden(outcome.by_goods)
        )
        sheets.add(
            _("Links"),
            [_("Link"), _("Kilograms as it is"), _("Kilograms what if"), _("Difference")],
            [(link_name(link), b, a, a - b) for link, (b, a) in outcome.flows.items()],
        )
        if outcome.reasons:
            titles = reasons.titles("lot")
            sheets.add(
                _("Why lots stay"),
                [
                    _("Reason"),
                    _("Lots as it is"),
                    _("Lots what if"),
                    _("Kilograms as it is"),
                    _("Kilograms what if"),
                ],
                [
                    (str(titles.get(reason, reason)), before[0], after[0], before[1], after[1])
                    for reason, before, after in outcome.reasons
                ],
            )
    return file.getvalue()


def of_links(scenario: Scenario, values: Values) -> bytes:
    """The worth of each link."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheets = Sheets(book)
        heads = [_("Link"), _("Tried"), _("Common gain, VND")]
        if values.exact:
            heads += [_("At least, VND"), _("At most, VND")]
        heads += [
            _("Kilograms"),
            _("Freight, VND"),
            _("Tonne-kilometres"),
            _("Kilograms over it as it is"),
        ]
        sheets.add(
            _("The worth of links"),
            heads,
            [
                (
                    link_name(worth.change.link),
                    str(TRIED[worth.change.deed]),
                    worth.gain,
                    *((worth.low, worth.high) if values.exact else ()),
                    worth.matched,
                    worth.freight,
                    round(worth.tonne_km),
                    worth.flow,
                )
                for worth in values.links
            ],
            note=_estimate(scenario),
        )
        sheets.add(_("Summary"), [_("Figure"), _("Value")], [row[:2] for row in _about(scenario)])
    return file.getvalue()


def locality(key: str) -> str:
    """Its name; of places outside the seven, that."""
    return locality_name(key) if key else str(_("outside the seven"))


def commodity(key: str) -> str:
    """In the reader's language."""
    return goods(world().catalogue.commodity(key))


def _about(scenario: Scenario) -> list[Row]:
    changes: Sequence[Row] = [(_("What is changed"), change_words(one)) for one in scenario.changes]
    return [
        (_("Name"), scenario.name),
        (_("Made by"), f"{scenario.owner.name}, {scenario.organisation.name}"),
        (_("Market of"), scenario.day),
        (_("Note"), scenario.note),
        *changes,
    ]


def _summary(outcome: Outcome) -> list[Row]:
    if outcome.total is None:
        return [(_("Not shown: fewer than three parties"),)]
    before, after = outcome.total.before, outcome.total.after
    rows: list[Row] = [
        (label, of(before), of(after), of(after) - of(before)) for label, of in measures()
    ]
    if any(outcome.withdrawn):
        for label, (was, would) in (
            (_("Held by proposals that are replaced, VND"), outcome.replaced),
            (_("Common gain less that, VND"), outcome.net),
        ):
            rows.append((label, was, would, would - was))
    if outcome.bounds:
        low, high = outcome.bounds
        rows.append((_("Upper bound, VND"), low, high, high - low))
    return rows


def measures() -> list[tuple[str, Callable[[Figures], int | float]]]:
    """What both markets are compared by."""
    return [
        (_("Matches"), lambda f: f.matches),
        (_("Kilograms matched"), lambda f: f.matched),
        (_("Kilograms by boat"), lambda f: f.afloat),
        (_("Common gain, VND"), lambda f: f.value),
        (_("For sellers, VND"), lambda f: f.for_sellers),
        (_("For buyers after freight, VND"), lambda f: f.for_buyers),
        (_("Freight, VND"), lambda f: f.freight),
        (_("Tonne-kilometres"), lambda f: round(f.tonne_km)),
        (_("Hours on the way, on average"), lambda f: round(f.hours, 2)),
    ]


def _pair_heads(first: str) -> list[str]:
    return [
        first,
        _("Kilograms as it is"),
        _("Kilograms what if"),
        _("Sellers gain as it is, VND"),
        _("Sellers gain what if, VND"),
        _("Buyers gain as it is, VND"),
        _("Buyers gain what if, VND"),
        _("Common gain, difference, VND"),
    ]


def _pair(name: str, pair: Pair) -> Row:
    before, after = pair.before, pair.after
    return (
        name,
        before.matched,
        after.matched,
        before.for_sellers,
        after.for_sellers,
        before.for_buyers,
        after.for_buyers,
        pair.gain,
    )


def _hidden(part: Part) -> str:
    if not part.hidden:
        return ""
    return str(_("Rows that would tell of fewer than three sellers or buyers are not listed."))


def _estimate(scenario: Scenario) -> str:
    return str(
        _(
            "An estimate of a model from the market of %(day)s; freight by list prices.",
            day=formats.day(scenario.day),
        )
    )
