"""What is wrong with data files: nothing is loaded while anything is."""

from __future__ import annotations

from marketplace.data.files import Files
from marketplace.data.flaws import Flaw, read_tables
from marketplace.data.network_flaws import network_flaws
from marketplace.data.tariff_flaws import tariff_flaws


def flaws_of(source: Files) -> list[Flaw]:
    """All at once, by file and line."""
    tables, flaws = read_tables(source)
    return sorted({*flaws, *network_flaws(tables), *tariff_flaws(tables)})
