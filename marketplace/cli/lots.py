"""Lots from the shell: a sheet of them, looked at or listed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from marketplace import clock
from marketplace.cli.complaints import told_plainly
from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.imports import RowStatus
from marketplace.domain.listings import Basis
from marketplace.domain.places import Gazetteer
from marketplace.models.reference import current_reference
from marketplace.services import import_reading, import_saving, imports
from marketplace.sheets.drafts import Terms
from marketplace.sheets.encodings import ENCODINGS
from marketplace.sheets.files import read_file
from marketplace.sheets.intake import Passed, ReadRow, passed_lines, read_rows
from marketplace.sheets.layout import PASSED, Sheet, lay_out
from marketplace.sheets.told import problem_told, understood_to_json

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

lots = AppGroup("lots", help="Lots: import a sheet of them.")


@lots.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--organisation", required=True, type=click.IntRange(min=1), help="Who offers them.")
@click.option("--dry-run", is_flag=True, help="Only say what each row is understood as.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--sheet", help="Name of the sheet; without it the first that is not blank.")
@click.option("--encoding", type=click.Choice(sorted(ENCODINGS)), help="What the letters are.")
@click.option(
    "--basis",
    type=click.Choice([basis.value for basis in Basis if basis is not Basis.OWN]),
    help="On which basis a department lists.",
)
@told_plainly
def import_(
    file: Path,
    organisation: int,
    dry_run: bool,
    as_json: bool,
    sheet: str | None,
    encoding: str | None,
    basis: str | None,
) -> None:
    """Read the lots of an .xlsx, .xls, .ods or .csv file, and list them.

    A row is new, changes a lot, repeats one, is passed over (a title, a heading, a total, a blank row), or
    is refused with its problems; what is ambiguous is refused with the candidates to choose from. Rows
    that are not refused are saved, in the name of whoever has been listing for the organisation longest.

    With --dry-run nothing is saved and no database is needed; without one every row that is understood is
    new. Ends with 2 if the file cannot be read.
    """
    laid_out = lay_out(read_file(file.name, file, encoding=encoding, sheet=sheet))
    on = Basis(basis) if basis else Basis.OWN
    actor = None if dry_run else imports.lister_of(organisation)
    read = _read(laid_out, organisation, actor, on)
    if actor is not None:
        _save(file, actor, on, sheet, encoding)
    rows = _told(laid_out, read)
    click.echo(
        json.dumps({"rows": rows}, ensure_ascii=False, indent=2) if as_json else _as_text(rows)
    )


def _read(laid_out: Sheet, organisation: int, actor: Actor | None, basis: Basis) -> list[ReadRow]:
    """Every row, beside the organisation's lots where there is a database."""
    try:
        reference = current_reference()
    except (SQLAlchemyError, LookupError):
        reference, organisation = read_reference(), 0
    gazetteer = Gazetteer.from_reference(reference)
    catalogue, today = Catalogue.from_reference(reference), clock.today()
    terms = Terms(gazetteer, catalogue, today, actor=actor, basis=basis)
    if not organisation:
        return read_rows(laid_out, terms)
    return read_rows(
        laid_out, terms, lambda keys: imports.known_in(organisation, keys, today=today)
    )


def _save(file: Path, actor: Actor, basis: Basis, sheet: str | None, encoding: str | None) -> None:
    """By the same steps as on the page, without waiting for a worker."""
    now, today = clock.now(), clock.today()
    made = imports.begin(
        file.name,
        file.read_bytes(),
        basis=basis,
        actor=actor,
        today=today,
        now=now,
        sheet=sheet,
        encoding=encoding,
    )
    import_reading.read_this(made.id)
    row = imports.show(made.id, actor=actor)
    if imports.to_save(row):
        imports.request_save(row.id, row.version, actor=actor, now=now)
        import_saving.save_this(row.id)


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
