"""Lots from the shell: a sheet of them, looked at or listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.cli import AppGroup

from marketplace.cli.complaints import told_plainly
from marketplace.cli.sheets import import_sheet, of_a_sheet

lots = AppGroup("lots", help="Lots: import a sheet of them.")


@lots.command(name="import")
@of_a_sheet
@told_plainly
def import_(file: Path, organisation: int, **options: Any) -> None:
    """Read the lots of an .xlsx, .xls, .ods or .csv file, and list them.

    A row is new, changes a lot, repeats one, is passed over (a title, a heading, a total, a blank row), or
    is refused with its problems; what is ambiguous is refused with the candidates to choose from. Rows
    that are not refused are saved, in the name of whoever has been listing for the organisation longest.

    With --dry-run nothing is saved and no database is needed; without one every row that is understood is
    new. Ends with 2 if the file cannot be read.
    """
    import_sheet("lot", file, organisation, **options)
