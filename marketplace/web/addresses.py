"""What may stand in an address."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from marketplace.domain.errors import NotFound

LARGEST_ID = 2**31 - 1
LAST_PAGE = 10_000


class Id(IntegerConverter):
    """A number that can be a row's; a larger one is an address that does not exist."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **kwargs})


def init_app(app: Flask) -> None:
    """Let ``<int:…>`` mean an id everywhere."""
    app.url_map.converters["int"] = Id


def page_number() -> int:
    """The page of a list that the address names. Raises `NotFound` for what is no page."""
    text = request.args.get("page", "1")
    if not text.isdecimal() or len(text) > len(str(LAST_PAGE)) or not 1 <= int(text) <= LAST_PAGE:
        raise NotFound("There is no such page.")
    return int(text)
