"""The sheet of a file that holds the list, read and laid out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from marketplace.sheets.files import read_file, sheets_of
from marketplace.sheets.layout import Sheet, lay_out

_TRIED = 12  # sheets; a workbook with more is asked for by name


def open_sheet(
    name: str,
    content: bytes | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Sheet:
    """The sheet of that name, else the first with a header over goods, else the first with anything.

    Covers and instructions before the list are passed over. Raises `Rejected`.
    """
    if sheet is not None:
        return lay_out(read_file(name, content, encoding=encoding, sheet=sheet), mapping=mapping)
    first = lay_out(read_file(name, content, encoding=encoding), mapping=mapping)
    if _is_a_list(first):
        return first
    for other in sheets_of(name, content)[:_TRIED]:
        if other != first.table.sheet:
            found = lay_out(
                read_file(name, content, encoding=encoding, sheet=other), mapping=mapping
            )
            if _is_a_list(found):
                return found
    return first


def _is_a_list(sheet: Sheet) -> bool:
    return sheet.header is not None and bool(sheet.records)
