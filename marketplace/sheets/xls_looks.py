"""How a sheet of an .xls looks: formats, hidden rows and columns (python-calamine gives values only).

An .xls is a stream of records (MS-XLS) in a file system of its own (MS-CFB). Both are read only as far
as that takes, and every chain of sectors at most once around.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from marketplace.sheets.looks import Looks, unit_in_format

_NO_SECTOR = 0xFFFFFFFA
_STREAMS = ("Workbook", "Book")
_BOUNDSHEET, _FORMAT, _XF, _EOF = 0x85, 0x41E, 0xE0, 0x0A
_ROW, _COLINFO, _NUMBER, _RK, _MULRK, _FORMULA = 0x208, 0x7D, 0x203, 0x27E, 0xBD, 0x06
_ROW_IS_HIDDEN, _COLUMN_IS_HIDDEN = 0x20, 0x01


def looks_of_xls(path: Path, sheet: str) -> Looks:
    """Raises `ValueError`, `struct.error` or `IndexError` for a file that is not as it should be."""
    stream = _workbook(path.read_bytes())
    formats: dict[int, str] = {}
    styles: list[int] = []
    start = None
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET and _text(body, 7, body[6]) == sheet:
            start = struct.unpack_from("<I", body)[0]
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", body)
            formats[number] = _text(body, 4, length)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    if start is None:
        raise ValueError(sheet)
    units = {style: unit_in_format(formats.get(each, "")) for style, each in enumerate(styles)}
    return _looks(stream, start, {style: unit for style, unit in units.items() if unit[0]})


def _looks(stream: bytes, start: int, units: dict[int, tuple[str, int]]) -> Looks:
    looks = Looks()
    for kind, body in _records(stream, start):
        if kind == _ROW:
            if body[12] & _ROW_IS_HIDDEN:
                row = struct.unpack_from("<H", body)[0] + 1
                looks.hide_row(row, row)
        elif kind == _COLINFO:
            first, last, _width, _style, flags = struct.unpack_from("<5H", body)
            if flags & _COLUMN_IS_HIDDEN:
                looks.hide_columns(first, last)
        elif kind in (_NUMBER, _RK, _FORMULA):
            row, column, style = struct.unpack_from("<3H", body)
            if style in units:
                looks.units[row + 1, column] = units[style]
        elif kind == _MULRK:
            row, first = struct.unpack_from("<2H", body)
            for place in range((len(body) - 6) // 6):
                style = struct.unpack_from("<H", body, 4 + 6 * place)[0]
                if style in units:
                    looks.units[row + 1, first + place] = units[style]
    return looks


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each, up to the end of the part that begins there."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _EOF:
            return


def _text(body: bytes, at: int, length: int) -> str:
    """A text from its byte of flags on, which says whether its letters have one byte or two."""
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")


def _workbook(data: bytes) -> bytes:
    """The stream with the records."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    first_directory, cutoff, first_small = (
        struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60)
    )
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError(shift)
    size = 1 << shift
    table = _table(data, size)
    directory = _chain(data, table, first_directory, size, size)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(0, length - 2)].decode("utf-16-le", "replace") in _STREAMS:
            start, stream_size = struct.unpack_from("<II", entry, 116)
            if stream_size >= cutoff:
                return _chain(data, table, start, size, size)[:stream_size]
            small = _chain(data, table, struct.unpack_from("<I", entries[0], 116)[0], size, size)
            small_table = _numbers(_chain(data, table, first_small, size, size))
            return _chain(small, small_table, start, 1 << small_shift, 0)[:stream_size]
    raise ValueError("no workbook")


def _table(data: bytes, size: int) -> list[int]:
    """Of each sector, the one that follows it; no more than there are sectors."""
    most = len(data) // size // (size // 4) + 2
    listed = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, most)):
        if more >= _NO_SECTOR:
            break
        *numbers, more = _numbers(data[size * (more + 1) : size * (more + 2)])
        listed += numbers
    used = [each for each in listed if each < _NO_SECTOR][:most]
    return _numbers(b"".join(data[size * (each + 1) : size * (each + 2)] for each in used))


def _chain(data: bytes, table: list[int], sector: int, size: int, offset: int) -> bytes:
    """The sectors one after the other. ``offset``: of the first, behind the head of the file."""
    parts: list[bytes] = []
    for _ in range(len(table) + 1):
        if sector >= _NO_SECTOR:
            return b"".join(parts)
        parts.append(data[offset + size * sector : offset + size * (sector + 1)])
        sector = table[sector]
    raise ValueError("a chain without an end")


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
