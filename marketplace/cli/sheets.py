"""Sheets from the shell: looked at or saved, the same for lots and for needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from marketplace import clock
from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor
from marketplace.domain.commodities import Catalogue
from marketplace.domain.imports import RowStatus
from marketplace.domain.listings import Basis, Side
from marketplace.domain.places import Gazetteer
from marketplace.models.reference import current_reference
from marketplace.services import import_laying, import_reading, import_saving, imports
from marketplace.sheets.drafting import Terms
from marketplace.sheets.encodings import ENCODINGS
from marketplace.sheets.files import read_file
from marketplace.sheets.intake import Passed, ReadRow, passed_lines, read_rows
from marketplace.sheets.layout import PASSED, Sheet, lay_out
from marketplace.sheets.told import problem_told, understood_to_json

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.argument("file", type=_FILE),
    click.option(
        "--organisation", required=True, type=click.IntRange(min=1), help="Whose they are."
    ),
    click.option("--dry-run", is_flag=True, help="Only say what each row is understood as."),
    click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
    click.option("--sheet", help="Name of the sheet; without it the first that is not blank."),
    click.option("--encoding", type=click.Choice(sorted(ENCODINGS)), help="What the letters are."),
    click.option(
        "--basis",
        type=click.Choice([basis.value for basis in Basis if basis is not Basis.OWN]),
        help="On which basis a department lists.",
    ),
)


def of_a_sheet(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options of a command that reads a sheet."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def import_sheet(
    side: Side,
    file: Path,
    organisation: int,
    *,
    dry_run: bool,
    as_json: bool,
    sheet: str | None,
    encoding: str | None,
    basis: str | None,
) -> None:
    """Print what every row is understood as, and save what can be saved unless it is a dry run."""
    laid_out = lay_out(read_file(file.name, file, encoding=encoding, sheet=sheet))
    on = Basis(basis) if basis else Basis.OWN
    actor = None if dry_run else imports.lister_of(organisation, side)
    read = _read(laid_out, organisation, actor, on, side)
    if actor is not None:
        _save(file, actor, on, side, sheet, encoding)
    rows = _told(laid_out, read)
    click.echo(
        json.dumps({"rows": rows}, ensure_ascii=False, indent=2) if as_json else _as_text(rows)
    )


def _read(
    laid_out: Sheet, organisation: int, actor: Actor | None, basis: Basis, side: Side
) -> list[ReadRow]:
    """Every row, beside the organisation's listings where there is a database."""
    try:
        reference = current_reference()
    except (SQLAlchemyError, LookupError):
        reference, organisation = read_reference(), 0
    gazetteer = Gazetteer.from_reference(reference)
    catalogue, today = Catalogue.from_reference(reference), clock.today()
    terms = Terms(gazetteer, catalogue, today, actor=actor, basis=basis, side=side)
    if not organisation:
        return read_rows(laid_out, terms)
    return read_rows(
        laid_out, terms, lambda keys: imports.known_in(organisation, keys, today=today, side=side)
    )


def _save(
    file: Path, actor: Actor, basis: Basis, side: Side, sheet: str | None, encoding: str | None
) -> None:
    """By the same steps as on the page, without waiting for a worker."""
    now, today = clock.now(), clock.today()
    made = import_laying.begin(
        file.name,
        file.read_bytes(),
        basis=basis,
        actor=actor,
        today=today,
        now=now,
        sheet=sheet,
        encoding=encoding,
        side=side,
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
