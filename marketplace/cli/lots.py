"""Lots from the shell: a sheet of them, looked at or listed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import RowStatus
from marketplace.domain.places import Gazetteer
from marketplace.sheets.drafts import Terms
from marketplace.sheets.encodings import ENCODINGS
from marketplace.sheets.files import read_file
from marketplace.sheets.intake import Passed, ReadRow, passed_lines, read_rows
from marketplace.sheets.layout import PASSED, Sheet, lay_out
from marketplace.sheets.told import problem_told, understood_to_json

BAD_INPUT = 2
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

lots = AppGroup("lots", help="Lots: import a sheet of them.")


@lots.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--organisation", required=True, type=click.IntRange(min=1), help="Who offers them.")
@click.option("--dry-run", is_flag=True, help="Only say what each row is understood as.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--sheet", help="Name of the sheet; without it the first that is not blank.")
@click.option("--encoding", type=click.Choice(sorted(ENCODINGS)), help="What the letters are.")
def import_(
    file: Path,
    organisation: int,
    dry_run: bool,
    as_json: bool,
    sheet: str | None,
    encoding: str | None,
) -> None:
    """Read the lots of an .xlsx, .xls, .ods or .csv file.

    With --dry-run no database is needed and nothing is changed. A row is new, changes a lot, repeats
    one, is passed over (a title, a heading, a total, a blank row), or is refused with its problems; what is
    ambiguous is refused with the candidates to choose from.

    Ends with 2 if the file cannot be read.
    """
    try:
        laid_out = lay_out(read_file(file.name, file, encoding=encoding, sheet=sheet))
    except Rejected as error:
        _stop(error)
    if not dry_run:
        _stop("Nothing is saved yet from the shell: add --dry-run, or use the page.")
    rows = _told(laid_out, read_rows(laid_out, _terms()))
    click.echo(
        json.dumps({"rows": rows}, ensure_ascii=False, indent=2) if as_json else _as_text(rows)
    )


def _stop(error: object) -> NoReturn:
    click.echo(f"Error: {error}", err=True)
    raise click.exceptions.Exit(BAD_INPUT)


def _terms() -> Terms:
    reference = read_reference()
    return Terms(
        Gazetteer.from_reference(reference), Catalogue.from_reference(reference), clock.today()
    )


def _told(sheet: Sheet, read: list[ReadRow]) -> list[dict[str, Any]]:
    """Every line of the sheet, in order."""
    rows = [*map(_passed, passed_lines(sheet)), *map(_row, read)]
    return sorted(rows, key=lambda row: int(row["row"]))


def _row(read: ReadRow) -> dict[str, Any]:
    status = read.found.status
    return {
        "row": read.number,
        "status": str(RowStatus.REFUSED if status == RowStatus.ASKED else status),
        "raw": dict(read.raw),
        "understood": understood_to_json(read.drafted.understood),
        "problems": [problem_told(problem) for problem in read.drafted.problems],
    }


def _passed(line: Passed) -> dict[str, Any]:
    return {
        "row": line.number,
        "status": str(RowStatus.PASSED),
        "why": PASSED[line.why],
        "raw": dict(line.raw),
        "understood": None,
        "problems": [],
    }


def _as_text(rows: list[dict[str, Any]]) -> str:
    lines = [_line(row) for row in rows if row["status"] != RowStatus.PASSED]
    counts = Counter(row["status"] for row in rows)
    total = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
    return "\n".join([*lines, f"{len(rows)} rows: {total or 'nothing'}"])


def _line(row: dict[str, Any]) -> str:
    """`   12 new      khom-cau-duc 25000 kg, C31338, until 2026-11-29`"""
    said = row["understood"]
    amount = "–".join(
        dict.fromkeys(str(n) for n in (said["quantity_least"], said["quantity_most"]) if n)
    )
    per = f" a {said['per']}" if said["per"] else ""
    parts = (
        f"{said['commodity'] or '?'} {amount or '?'} {said['unit'] or ''}{per}".rstrip(),
        said["place"] or "?",
        f"until {said['until'] or '?'}",
    )
    told = [f"{row['row']:6} {row['status']:8} {', '.join(parts)}"]
    told += [f"{'':16}{problem['field']}: {problem['message']}" for problem in row["problems"]]
    return "\n".join(told)
