"""What may stand in an address."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class Id(IntegerConverter):
    """A number that can be a row's; a larger one is an address that does not exist."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **kwargs})


def init_app(app: Flask) -> None:
    """Let ``<int:…>`` mean an id everywhere."""
    app.url_map.converters["int"] = Id
