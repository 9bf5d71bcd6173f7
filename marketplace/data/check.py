"""What is wrong with data files: nothing is loaded while anything is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marketplace.data.files import Files
from marketplace.data.flaws import Flaw, Table, read_tables
from marketplace.data.network_flaws import network_flaws
from marketplace.data.tariff_flaws import tariff_flaws


def flaws_of(source: Files) -> list[Flaw]:
    """All at once, by file and line."""
    tables, flaws = read_tables(source)
    return sorted({*flaws, *_dangling(tables), *network_flaws(tables), *tariff_flaws(tables)})


POINTS = [
    ("localities", "province", "provinces"),
    ("places", "locality", "localities"),
    ("places", "province", "provinces"),
    ("commodities", "group", "groups"),
    ("commodities", "transport_need", "transport_needs"),
]
"""Of each part the fields that name a row of another."""


def _dangling(tables: Mapping[str, Table]) -> Iterator[Flaw]:
    for part, field, other in POINTS:
        for line, record in tables[part].rows:
            named = getattr(record, field)
            if named is not None and named not in tables[other].ids:
                yield tables[part].flaw(line, field, f"{tables[other].file} has no {named}")
