"""Workbooks of imports: the template, and refused rows with what is wrong beside each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.domain.actors import Actor
from marketplace.domain.imports import mending_id
from marketplace.domain.listings import lists_for_others
from marketplace.domain.places import PlaceKind
from marketplace.models.imports import SheetImport, SheetRow
from marketplace.sheets.columns import JOINED
from marketplace.web import formats
from marketplace.web.import_words import field_words, problem_words
from marketplace.web.listing_words import place_label
from marketplace.web.lookup import world
from marketplace.web.workbooks import PLAIN, Sheets

COLUMNS = {
    "commodity": ("Mặt hàng", "commodity"),
    "grade": ("Phẩm cấp", "grade"),
    "quantity": ("Số lượng", "quantity"),
    "ask": ("Giá chào", "ask"),
    "place": ("Nơi lấy hàng", "place"),
    "ready_on": ("Từ ngày", "ready_on"),
    "until": ("Đến ngày", "until"),
    "producer": ("Hộ sản xuất", "producer"),
    "phone": ("Điện thoại", "phone"),
    "certificates": ("Chứng nhận", "certificates"),
    "whole": ("Bán nguyên lô", "whole"),
    "note": ("Ghi chú", "note"),
    "id": ("Mã lô", "id"),
}
"""Headers of the template, Vietnamese and English: those of `flask match` where both have them."""
REASON = ("Lý do", "reason")
"""Over the reasons: a header that means nothing when the rows are uploaded again."""


def _spelled(both: tuple[str, str]) -> str:
    return both[1] if str(get_locale()) == "en" else both[0]


def template(actor: Actor, today: date) -> bytes:
    """Two examples that import as they are, and how to fill the columns in."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheets = Sheets(book)
        sheets.add(
            _("Lots"), [_spelled(heads) for heads in COLUMNS.values()], _examples(actor, today)
        )
        sheets.add(_("How to fill it in"), [_("Column"), _("What to write")], _instructions())
    return file.getvalue()


def _examples(actor: Actor, today: date) -> list[list[Any]]:
    first, last = today + timedelta(days=1), today + timedelta(days=8)
    place = _place(actor.locality)
    producer = "HTX Thạnh Thắng" if lists_for_others(actor) else ""
    khom, mit = (formats.name(world().catalogue.commodity(i)) for i in ("khom-cau-duc", "mit-thai"))
    return [
        [khom, "Loại 1", "25,5 tấn", 7800, place, first, last, producer, "", "VietGAP", "", "", "A1"],
        [mit, "", "18 tấn", "9.500 đ/kg", place, first, last, producer, "", "", "x", "", "A2"],
    ]  # fmt: skip


def _place(locality: str | None) -> str:
    """A commune where the lister may list."""
    own = (
        place
        for place in world().gazetteer.places
        if place.kind == PlaceKind.COMMUNE and place.locality == (locality or place.locality)
    )
    return place_label(next(own).id)


def _instructions() -> list[tuple[str, str]]:
    told = {
        "commodity": _("Needed. As people say it: Khóm Cầu Đúc, mít Thái."),
        "grade": _("Empty: ungraded."),
        "quantity": _("Needed, with its unit: 25,5 tấn, 3 tạ, 1.250 kg."),
        "ask": _("₫ per kg, or with its unit. Empty: to be agreed."),
        "place": _("Needed. Commune and former district or province."),
        "ready_on": _("First day of collection, dd/mm/yyyy. Empty: today."),
        "until": _("Last day of collection, dd/mm/yyyy."),
        "producer": _("Whose goods they are. Departments need it."),
        "phone": _("Kept with the row, not shown to anybody else."),
        "certificates": _("Names with commas between: VietGAP, hữu cơ."),
        "whole": _("x if the lot is sold only as a whole."),
        "note": _("What a buyer should know."),
        "id": _("A number of your own. By it a later sheet finds the same lot again."),
    }
    return [(_spelled(COLUMNS[name]), text) for name, text in told.items()]


def refused(row: SheetImport, lines: Sequence[SheetRow]) -> bytes:
    """The rows as they stood, "as above" and headings written out, and why each was refused."""
    columns = [column for column in row.found["columns"] if _is_ours(column)]
    named = {column["meaning"] for column in columns}
    extra = [name for name in ("commodity", "place", "id") if not _is_named(name, named)]
    heads = [column["header"] for column in columns] + [_spelled(COLUMNS[n]) for n in extra]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        Sheets(book).add(
            _("To be mended"),
            [*heads, _spelled(REASON)],
            [
                [
                    *(_cell(line, column) for column in columns),
                    *(_understood(line, name) for name in extra),
                    _reasons(line),
                ]
                for line in lines
            ],
        )
    return file.getvalue()


def _is_ours(column: dict[str, Any]) -> bool:
    return column["header"] not in REASON


def _is_named(name: str, meanings: set[str | None]) -> bool:
    others = {"commune", "district"} if name == "place" else set()
    return bool(meanings & {name, *others})


def _cell(line: SheetRow, column: dict[str, Any]) -> Any:
    """What the file held: a number or a day as such, a text as it was read."""
    meaning, raw = column["meaning"], line.raw.get(column["header"], "")
    cells = (line.cells or {}).get("cells", {})
    if meaning not in cells or meaning in JOINED:
        return raw
    text, number, day = cells[meaning]
    if day is not None:
        return date.fromisoformat(day)
    if number is not None:
        return Decimal(number)
    return text if text.strip() else _understood(line, meaning)


def _understood(line: SheetRow, meaning: str) -> str:
    """What a heading over the row said instead of the cell; of a row without an id, one of ours."""
    if meaning == "id":
        return mending_id(line.import_id, line.number)
    told = line.understood or {}
    if meaning == "commodity" and told.get("commodity"):
        return formats.name(world().catalogue.commodity(told["commodity"]))
    if meaning == "place" and told.get("place"):
        return place_label(told["place"])
    return ""


def _reasons(line: SheetRow) -> str:
    told = (f"{field_words(p['field'])}: {problem_words(p)}" for p in line.problems)
    return " ".join(each.removeprefix(": ") for each in told)
