"""Needs from the shell: a sheet of them, looked at or posted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.cli import AppGroup

from marketplace.cli.complaints import told_plainly
from marketplace.cli.sheets import import_sheet, of_a_sheet

needs = AppGroup("needs", help="Needs: import a sheet of them.")


@needs.command(name="import")
@of_a_sheet
@told_plainly
def import_(file: Path, organisation: int, **options: Any) -> None:
    """Read the needs of an .xlsx, .xls, .ods or .csv file, and post them.

    As `flask lots import`: rows that are not refused are saved, in the name of whoever has been posting
    for the organisation longest. A bid is sealed unless a column says that everybody may see it.
    """
    import_sheet("need", file, organisation, **options)
