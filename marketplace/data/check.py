"""What is wrong with data files: nothing is loaded while anything is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marketplace.data.files import Files
from marketplace.data.flaws import Flaw, Table, read_tables
from marketplace.data.network_flaws import network_flaws
from marketplace.data.tariff_flaws import tariff_flaws


def flaws_of(source: Files) -> list[Flaw]:
    """All at once, by file and line; of each cell the first that is found."""
    read = read_tables(source)
    found = [
        *read.flaws,
        *_dangling(read.tables),
        *network_flaws(read.tables),
        *tariff_flaws(read.tables),
    ]
    first: dict[tuple[str, int, str], Flaw] = {}
    for flaw in found:
        first.setdefault((flaw.file, flaw.line, flaw.column), flaw)
    # Of files that say nothing the program's own rows were looked at: those are not to blame.
    return sorted(
        flaw for flaw in first.values() if flaw in read.flaws or flaw.file not in read.unread
    )


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
