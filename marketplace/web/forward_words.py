"""Words for expected harvests, on forms, lists and pages."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from marketplace.domain.browsing import Kind
from marketplace.domain.forward import Confidence, word_for

CONFIDENCE = {
    Confidence.SURE: _l("almost certain"),
    Confidence.FAIR: _l("fairly sure"),
    Confidence.DOUBTFUL: _l("not sure yet"),
}
KINDS = {
    Kind.FORWARD: _l("Expected harvests"),
    Kind.SURE: _l("Sure goods"),
}
NEED_KINDS = {
    Kind.FORWARD: _l("Take expected harvests"),
    Kind.SURE: _l("Take sure goods only"),
}


def init_app(app: Flask) -> None:
    """Give templates the words of confidence."""
    app.jinja_env.globals |= {
        "expected_words": expected_words,
        "harvest_kind_words": lambda kind: KINDS[kind],
        "order_kind_words": lambda kind: NEED_KINDS[kind],
    }
    app.jinja_env.filters["iso_day"] = date.fromisoformat


def confidence_words(percent: int) -> str:
    """`khá chắc` of 70."""
    return str(CONFIDENCE[word_for(percent)])


def expected_words(percent: int) -> str:
    """`Dự kiến, khá chắc` of 70."""
    return str(_("Expected, %(confidence)s", confidence=confidence_words(percent)))


def confidence_choices() -> list[SelectChoice]:
    """Sure goods first, which nearly all are."""
    expected = [
        SelectChoice(str(int(word)), _("Expected, %(confidence)s", confidence=words))
        for word, words in CONFIDENCE.items()
    ]
    return [SelectChoice("", _("The goods are there, or certain to come")), *expected]


def read_confidence(typed: str | None) -> int | None:
    """The percentage of a choice; None for sure goods, and 0, which the rules refuse, for anything
    else that a browser may send."""
    if not typed:
        return None
    return int(typed) if typed in {str(int(word)) for word in Confidence} else 0


def chosen_for(percent: int | None) -> str:
    """The choice that stands for it."""
    return "" if percent is None else str(int(word_for(percent)))
