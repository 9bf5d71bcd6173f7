"""The picture of a round: a page, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from marketplace.domain.errors import NotFound
from marketplace.domain.rounds import RoundState
from marketplace.services import picture, rounds
from marketplace.web import formats, language, maps, pictures, workbooks
from marketplace.web.credits import credits_of
from marketplace.web.listing_words import locality_name
from marketplace.web.session import maybe_actor, public

bp = Blueprint("picture", __name__, url_prefix="/rounds")

WIDEST = 320
LONGEST = 40
MOST_LINKS = 15
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/<int:round_id>/picture")
@public
def show(round_id: int) -> ResponseReturnValue:
    """What moves where, who gains, what the credits cost, and a sentence for the newspaper."""
    brought = _brought(round_id, request.args.get("commodity", "")[:LONGEST])
    round_ = brought.round
    return render_template(
        "rounds/picture.html",
        round=round_,
        picture=brought,
        kept=brought.kept,
        sentences=_sentences(brought),
        rows=_gain_rows(brought.localities),
        ends=_end,
        credits=credits_of(round_),
        ground=maps.ground(),
        flows=maps.flow_lines(brought.flows),
        busiest=maps.busiest(brought.flows, MOST_LINKS),
        bars=[
            pictures.bound_bar(
                (round_.result or {}).get("value_vnd", 0),
                (round_.result or {}).get("bound_vnd", 0),
                width,
            )
            for width in (1040, 360)
        ],
    )


@bp.get("/<int:round_id>.xlsx")
@public
def workbook(round_id: int) -> ResponseReturnValue:
    """The same in a file; there is none of a round whose figures are not public."""
    brought = _brought(round_id)
    if brought.total is None:
        raise NotFound("There is no such file.")
    content = workbooks.of_round(brought, brought.total, _sentences(brought))
    answer = make_response(content)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = f"attachment; filename=round-{round_id}.xlsx"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _brought(round_id: int, commodity: str = "") -> picture.Picture:
    round_ = rounds.show_round(round_id, actor=maybe_actor())
    if round_.result is None:
        raise NotFound("There is no such round.")
    return picture.picture(round_, actor=maybe_actor(), commodity=commodity)


def _sentences(brought: picture.Picture) -> dict[str, str]:
    """One sentence for a newspaper in each language; none of a round that is not published."""
    if brought.round.state != RoundState.PUBLISHED:
        return {}
    if brought.total is None or not brought.total.matches:
        return {}
    sentences = {}
    for code in language.LANGUAGES:
        with force_locale(code):
            sentences[code] = _sentence(brought, brought.total)
    return sentences


def _sentence(brought: picture.Picture, total: picture.Gains) -> str:
    result = brought.round.result or {}
    text: str = _(
        "Round %(number)s of %(day)s matched %(tonnes)s t of goods from %(lots)s with %(needs)s",
        number=brought.round.id,
        day=formats.day(brought.round.shown_on),
        tonnes=formats.tonnes(total.matched),
        lots=ngettext("%(num)s lot", "%(num)s lots", brought.lots),
        needs=ngettext("%(num)s need", "%(num)s needs", brought.needs),
    )
    if brought.goods:
        most, gains = brought.goods[0]
        text += _(
            ", most of all %(goods)s (%(tonnes)s t)",
            goods=formats.name(most),
            tonnes=formats.tonnes(gains.matched),
        )
    if brought.kept and result.get("bound_vnd"):
        text += _("; the common gain is %(value)s", value=formats.short_money(brought.kept.value))
    elif result.get("bound_vnd"):
        text += _(
            "; the common gain is %(value)s, %(share)s of the most that is proved to be possible",
            value=formats.short_money(result["value_vnd"]),
            share=formats.percent(result["value_vnd"] / result["bound_vnd"]),
        )
    ending: str = _("; a match holds once both sides have agreed.")
    return text + ending


def _end(end: str) -> str:
    """The name of a locality; places outside the seven have their own."""
    return locality_name(end)


@dataclass(frozen=True)
class _Segment:
    start: float
    length: float
    fill: str


def _gain_rows(
    localities: Sequence[tuple[str, picture.Gains | None]],
) -> list[tuple[str, picture.Gains | None, list[_Segment]]]:
    """Each locality with the three parts of its bar, on one scale."""
    most = max((sum(_parts(g)) for _, g in localities if g), default=0) or 1
    return [
        (code, gains, _segments(_parts(gains), WIDEST / most) if gains else [])
        for code, gains in localities
    ]


def _parts(gains: picture.Gains) -> tuple[int, int, int]:
    return gains.for_sellers, gains.for_buyers, gains.freight


def _segments(parts: Sequence[int], scale: float) -> list[_Segment]:
    segments, start = [], 0.0
    for part, fill in zip(parts, ("f-s", "f-d", "f-line"), strict=True):
        segments.append(_Segment(round(start, 1), round(part * scale, 1), fill))
        start += part * scale
    return segments
