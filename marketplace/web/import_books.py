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
from marketplace.domain.errors import Rejected
from marketplace.domain.imports import mending_id
from marketplace.domain.listings import Side, lists_for_others
from marketplace.domain.places import PlaceKind
from marketplace.domain.text import fold, words
from marketplace.models.imports import SheetImport, SheetRow
from marketplace.sheets.columns import JOINED
from marketplace.sheets.goods import find_good, grade_named_in
from marketplace.sheets.told import problem_from_json, record_from_json
from marketplace.sheets.whereabouts import headings_of_places
from marketplace.web import formats
from marketplace.web.forms import said
from marketplace.web.import_words import field_words
from marketplace.web.listing_words import grade_name, place_label
from marketplace.web.lookup import world
from marketplace.web.workbooks import PLAIN, Sheets

Heads = dict[str, tuple[str, str]]
COLUMNS: Heads = {
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
    "age_days": ("Tuổi", "age"),
    "origin": ("Nguồn gốc", "nursery"),
    "quarantine_number": ("Số giấy kiểm dịch", "quarantine number"),
    "quarantine_on": ("Ngày cấp giấy kiểm dịch", "quarantine day"),
    "best_before": ("Hạn sử dụng", "best before"),
    "batch_number": ("Số lô hoặc số công bố", "batch number"),
    "registration_number": ("Số đăng ký lưu hành", "registration number"),
}
"""Headers of the template, Vietnamese and English: those of `flask match` where both have them."""
COLUMNS_OF_NEEDS: Heads = {
    "commodity": ("Mặt hàng cần mua", "commodity"),
    "grade": ("Phẩm cấp thấp nhất", "min_grade"),
    "quantity": ("Số lượng", "quantity"),
    "ask": ("Giá mua cao nhất", "bid"),
    "open_bid": ("Công khai giá", "open_bid"),
    "place": ("Nơi nhận hàng", "place"),
    "ready_on": ("Từ ngày", "from"),
    "until": ("Đến ngày", "until"),
    "producer": ("Bên mua", "buyer"),
    "phone": ("Điện thoại", "phone"),
    "certificates": ("Chứng nhận", "certificates"),
    "min_quantity": ("Giao ít nhất", "min_quantity"),
    "splits": ("Nhận nhiều nơi góp", "splits"),
    "note": ("Ghi chú", "note"),
    "id": ("Mã số", "id"),
}
HEADS: dict[Side, Heads] = {"lot": COLUMNS, "need": COLUMNS_OF_NEEDS}
REASON = ("Lý do", "reason")
"""Over the reasons: a header that means nothing when the rows are uploaded again."""


def _spelled(both: tuple[str, str]) -> str:
    return both[1] if str(get_locale()) == "en" else both[0]


def template(actor: Actor, today: date, side: Side) -> bytes:
    """Two examples that import as they are, and how to fill the columns in."""
    examples = _lots(actor, today) if side == "lot" else _needs(actor, today)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheets = Sheets(book)
        heads = [_spelled(heads) for heads in HEADS[side].values()]
        sheets.add(_("Lots") if side == "lot" else _("Needs"), heads, examples)
        told = _instructions(side)
        sheets.add(_("How to fill it in"), [_("Column"), _("What to write")], told)
    return file.getvalue()


def _lots(actor: Actor, today: date) -> list[list[Any]]:
    first, last = today + timedelta(days=1), today + timedelta(days=8)
    place = _place(actor.locality)
    producer = "HTX Thạnh Thắng" if lists_for_others(actor) else ""
    khom, mit = _two_goods()
    return [
        [khom, "Loại 1", "25,5 tấn", 7800, place, first, last, producer, "", "VietGAP", "", "", "A1"],
        [mit, "", "18 tấn", "9.500 đ/kg", place, first, last, producer, "", "", "x", "", "A2"],
    ]  # fmt: skip


def _needs(actor: Actor, today: date) -> list[list[Any]]:
    first, last = today + timedelta(days=1), today + timedelta(days=8)
    place = _place(actor.locality)
    buyer = "Công ty Chế biến Hậu Giang" if lists_for_others(actor) else ""
    khom, mit = _two_goods()
    return [
        [khom, "Loại 1", "40 tấn", 9200, "", place, first, last, buyer, "", "VietGAP", "5 tấn", "", "", "M1"],
        [mit, "", "8 tấn", "12.000 đ/kg", "x", place, first, last, buyer, "", "", "", "không", "", "M2"],
    ]  # fmt: skip


def _two_goods() -> tuple[str, str]:
    catalogue = world().catalogue
    return formats.name(catalogue.commodity("khom-cau-duc")), formats.name(
        catalogue.commodity("mit-thai")
    )


def _place(locality: str | None) -> str:
    """A commune where the lister may list."""
    own = (
        place
        for place in world().gazetteer.places
        if place.kind == PlaceKind.COMMUNE and place.locality == (locality or place.locality)
    )
    return place_label(next(own).id)


def _instructions(side: Side) -> list[tuple[str, str]]:
    told = {
        "commodity": _("Needed. As people say it: Khóm Cầu Đúc, mít Thái."),
        "grade": _("Empty: ungraded."),
        "quantity": _("Needed, with its unit: 25,5 tấn, 3 tạ, 1.250 kg, 5-7 tấn."),
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
        "age_days": _("Of seedlings and breeding stock: 25 ngày, 2 tháng."),
        "origin": _("Nursery or maker."),
        "quarantine_number": _("Of breeding stock and live animals."),
        "quarantine_on": _("The day on which it was issued, dd/mm/yyyy."),
        "best_before": _("Of processed goods and inputs, dd/mm/yyyy."),
        "batch_number": _("Of processed goods and inputs."),
        "registration_number": _("Of farm inputs; restricted ones need it."),
    }
    if side == "need":
        told |= {
            "grade": _("The lowest that is accepted. Empty: any."),
            "ask": _("The most, delivered: ₫ per kg, or with its unit. Empty: to be agreed."),
            "open_bid": _("x if everybody may see the price. Empty: it is kept sealed."),
            "ready_on": _("First day of delivery, dd/mm/yyyy. Empty: today."),
            "until": _("Last day of delivery, dd/mm/yyyy."),
            "producer": _("Who wants it. Departments need it."),
            "certificates": _("Those that the goods must have, with commas between."),
            "min_quantity": _("The smallest delivery that is accepted, with its unit. Empty: any."),
            "splits": _("No (không) if all of it must come from one seller. Empty: yes."),
            "note": _("What a seller should know."),
            "id": _("A number of your own. By it a later sheet finds the same need again."),
        }
    return [(_spelled(heads), told[name]) for name, heads in HEADS[side].items()]


def refused(row: SheetImport, lines: Sequence[SheetRow]) -> bytes:
    """The rows as they stood, "as above" and headings written out, and why each was refused."""
    columns = [column for column in row.found["columns"] if _is_ours(column)]
    named = {column["meaning"] for column in columns}
    extra = [name for name in ("commodity", "place", "id") if not _is_named(name, named)]
    spelled = [_spelled(HEADS[row.side][name]) for name in extra]
    heads = [column["header"] for column in columns] + spelled
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        Sheets(book).add(
            _("To be mended"),
            [*heads, _spelled(REASON)],
            [
                [
                    *(_cell(line, column) for column in columns),
                    *(_understood(line, name) for name in extra),
                    _reasons(line, row.side),
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
    text, number, day, *unit = cells[meaning]
    if day is not None:
        return date.fromisoformat(day)
    if number is not None and not unit:
        return Decimal(number)
    return _in_full_name(line, meaning, text) if text.strip() else _understood(line, meaning)


def _in_full_name(line: SheetRow, meaning: str, text: str) -> str:
    """The goods with what the headings say of them: without "Lúa" above it, "OM18" is asked about again."""
    if meaning != "commodity" or not (line.cells or {}).get("section"):
        return text
    if not (found := _understood(line, meaning)):
        record = record_from_json(line.number, line.cells or {}, line.raw)
        places = headings_of_places(record, world().gazetteer)
        nearest = next((each for each in reversed(record.sections) if each not in places), "")
        return text if fold(text).startswith(fold(nearest)) else f"{nearest} {text}"
    try:
        by_itself = find_good(text, (), world().catalogue)
    except Rejected:
        graded = grade_named_in(text)
        grade = (line.understood or {}).get("grade")
        good = world().catalogue.commodity((line.understood or {})["commodity"])
        return f"{found}, {grade_name(good.group, grade)}" if graded and grade else found
    return text if formats.name(by_itself) == found else found


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


def _reasons(line: SheetRow, side: Side) -> str:
    told = (f"{field_words(p['field'], side)}: {_in_full(p)}" for p in line.problems)
    return " ".join(each.removeprefix(": ") for each in told)


def refused_name(row: SheetImport) -> str:
    """After the file whose rows they are, in letters that every header can carry."""
    stem = "-".join(words(row.name.rsplit(".", 1)[0]))[:60] or "import"
    return f"{stem}-{row.id}-{'sua' if str(get_locale()) == 'vi' else 'mend'}.xlsx"


def _in_full(problem: dict[str, Any]) -> str:
    """With the answers that could be meant: a sheet has no buttons."""
    return said(problem_from_json(problem).error)
