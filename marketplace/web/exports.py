"""Lists as files: the same address with ``as=xlsx`` or ``as=csv``, every page of the list in one.

A spreadsheet runs a text that begins like a formula. In .xlsx a text is marked as one; .csv has no such
mark, so such a text gets an apostrophe before it, as spreadsheets themselves write it. Numbers
("-5") and telephone numbers ("+84…") are no formulas and stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import xlsxwriter
from flask import Flask, Response, request, url_for

from marketplace.web.downloads import CSV, XLSX, download
from marketplace.web.workbooks import PLAIN, Row, Sheets

Thing = TypeVar("Thing")

KINDS = ("xlsx", "csv")
MOST = 5_000
"""Rows of one file."""
BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
_IS_A_NUMBER = re.compile(r"[+-]?\d[\d .,]*")


def init_app(app: Flask) -> None:
    """Let lists link to their files."""
    app.jinja_env.globals["export_url"] = export_url


def wanted() -> str:
    """``xlsx``, ``csv``, or nothing for the page itself."""
    kind = request.args.get("as", "")
    return kind if kind in KINDS else ""


def export_url(kind: str) -> str:
    """The address of this list as a file, with the same filters."""
    arguments: dict[str, Any] = request.args.to_dict(flat=False) | (request.view_args or {})
    arguments.pop("page", None)
    return url_for(str(request.endpoint), **(arguments | {"as": kind}))


def answer(name: str, title: str, heads: Sequence[str], rows: Iterable[Row]) -> Response:
    """The list as the kind of file that was asked for."""
    if wanted() == "csv":
        return download(as_csv(heads, rows), f"{name}.csv", CSV)
    return download(as_workbook(title, heads, rows), f"{name}.xlsx", XLSX)


def every(page_of: Callable[[int], tuple[Sequence[Thing], int]]) -> list[Thing]:
    """All rows of a list that comes in pages, up to `MOST`."""
    found, pages = page_of(1)
    rows = [*found]
    for page in range(2, pages + 1):
        if len(rows) >= MOST:
            break
        rows += page_of(page)[0]
    return rows[:MOST]


def as_workbook(title: str, heads: Sequence[str], rows: Iterable[Row]) -> bytes:
    """One sheet; texts are texts, numbers numbers, days days."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        Sheets(book).add(title, heads, rows)
    return file.getvalue()


def as_csv(heads: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with a mark, by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([plain_cell(value) for value in row] for row in (heads, *rows))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def plain_cell(value: str | int | float | Decimal | date | None) -> str:
    """A cell that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    runs = _STARTS_A_FORMULA.match(text) and not _IS_A_NUMBER.fullmatch(text)
    return f"'{text}" if runs else text
