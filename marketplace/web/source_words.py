"""Where a figure of our own data comes from, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from marketplace.domain.text_marks import N_

PHRASES = (
    N_(
        "km: 1.3 × straight line; fee: both moves at 40,000 ₫/t, the lower figure for loading bags by hand;"
        " hours: own estimate"
    ),
    N_("own knowledge of the road, length estimated"),
    N_("own knowledge, not checked"),
    N_("largest cargo vessel estimated"),
    N_("below 51 km by the ratio to"),
    N_("as far as it goes: list to"),
    N_("own knowledge / estimate"),
    N_("own knowledge; estimate"),
    N_("at one end by hand"),
    N_("length own estimate"),
    N_("year unknown (about"),
    N_("the smaller counts"),
    N_("beyond extrapolated"),
    N_("the least counts"),
    N_("list price of"),
    N_("own knowledge"),
    N_("straight line"),
    N_("own estimate"),
    N_("vessels"),
    N_("class"),
    N_("(own)"),
    N_("estimate"),
    N_("total"),
)
"""What the files say in English, whole sentences before their parts."""


def source_words(source: str) -> str:
    """The source with our own remarks in the reader's language; names and titles stay as they are."""
    for phrase in PHRASES:
        if phrase in source:
            source = source.replace(phrase, gettext(phrase))
    return source
