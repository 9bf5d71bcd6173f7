"""Files built to do harm, or to look like what they are not."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable
from functools import cache

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
ROOT = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def workbook(rows: Iterable[Iterable[object]] = (("Mặt hàng", "Số lượng"), ("Khóm", 5))) -> bytes:
    """An .xlsx of these rows from A1; texts stay texts."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("Tổng hợp")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write(number, column, value)
    book.close()
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with this part instead of, or beside, what it has."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, part)
    return target.getvalue()


def ods(rows: str, *, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    """An .ods with these ``<table:table-row>`` elements."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Bảng">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


@cache
def zip_bomb() -> bytes:
    """A sheet of 150 MB of spaces in 0.15 MB."""
    target = io.BytesIO(workbook())
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _ in range(150):
            part.write(b" " * 1_000_000)
    return target.getvalue()


def lying_zip_bomb() -> bytes:
    """The same, said to be of 1,000 bytes everywhere in the archive."""
    true, said = struct.pack("<L", 150_000_000), struct.pack("<L", 1_000)
    return zip_bomb().replace(true, said)


def many_parts() -> bytes:
    """An archive of 20,000 empty parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    return target.getvalue()


def entity_bomb() -> bytes:
    """A billion laughs."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">{laughs}]>'.encode()
    cell = (
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>'
    )
    return with_part(workbook(), SHEET, doctype + ROOT + cell + b"</worksheet>")


def entity_bomb_in_utf_16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "lol">]><x>&a;</x>'
    return with_part(workbook(), "xl/sharedStrings.xml", text.encode("utf-16"))


def far_corner() -> bytes:
    """Two cells, the first and the last of a sheet."""
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = ROOT + b"<sheetData>" + cells + b"</sheetData></worksheet>"
    return with_part(workbook(), SHEET, sheet)


def far_row() -> bytes:
    """A cell in the last row of a narrow sheet."""
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    sheet = ROOT + b"<sheetData>" + cells + b"</sheetData></worksheet>"
    return with_part(workbook(), SHEET, sheet)


def lying_extent() -> bytes:
    """Says that it fills all rows and columns, holds two, and a thousand rows with nothing but a style."""
    cells = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Kh\xc3\xb3m</t></is></c><c r="B1"><v>5</v></c></row>'
    styled = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(2, 1_002))
    dimension = b'<dimension ref="A1:XFD1048576"/>'
    sheet = ROOT + dimension + b"<sheetData>" + cells + styled + b"</sheetData></worksheet>"
    return with_part(workbook(), SHEET, sheet)


def a_million_cells() -> bytes:
    row = "".join(f'<c r="{chr(65 + n)}%d"><v>1</v></c>' for n in range(20))
    rows = "".join(f'<row r="{n}">{row % ((n,) * 20)}</row>' for n in range(1, 50_001))
    return with_part(
        workbook(), SHEET, ROOT + f"<sheetData>{rows}</sheetData></worksheet>".encode()
    )


def repeated_in_ods() -> bytes:
    """One cell of an .ods that stands for a million rows of sixteen thousand."""
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    return ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def with_macros() -> bytes:
    return with_part(workbook(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")


def encrypted() -> bytes:
    """As spreadsheet programs write a workbook with a password: an OLE file with this stream."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    )


def old_workbook_with_macros() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "_VBA_PROJECT_CUR".encode("utf-16-le")
    )
