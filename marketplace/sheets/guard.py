"""What is no harmless spreadsheet is refused before anything reads it, with what to do about it.

The bytes are looked at from outside: size, first signs, the archive's own list, and every XML part once
in a stream that stops at its limits. Nothing is unpacked to a disk. What still goes wrong later happens
in a process with little memory and time (`workbook_process`).
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import PurePath
from typing import BinaryIO, Literal

from marketplace.domain.errors import Rejected
from marketplace.domain.text_marks import N_

MOST_BYTES = 20 * 1024 * 1024
MOST_TEXT_BYTES = 5 * 1024 * 1024
MOST_ROW = 300_000  # letters of one row of a text
MOST_CELLS = 300_000  # that hold something: ten thousand rows of thirty columns
MOST_ROWS = 100_000  # from the first to the last that holds something
MOST_MERGED = 20_000  # ranges; further ones are not looked at
_MOST_ENTRIES = 2_000
_MOST_LISTING = 1024 * 1024  # bytes of the archive's list of entries
_MOST_UNPACKED = 64 * 1024 * 1024
_STEEPEST = 200  # times that a part of more than a megabyte may grow
_STEP = 1 << 18

Format = Literal["xlsx", "xls", "ods", "text"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMATS: dict[str, Format] = {
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
}
_MACRO_ENDINGS = {".xlsm", ".xlsb", ".xltm", ".xlam", ".xla", ".xlt"}
_WEB_PAGE = re.compile(
    rb"\s*<(?:!doctype|html|head|meta|table|body|\?xml|div|style)", re.IGNORECASE
)
_BINARY = (
    _ZIP,
    _OLE,
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
)
_DOCTYPE = re.compile(
    b"|".join(
        re.escape(word.encode(codec))
        for word in ("<!DOCTYPE", "<!ENTITY")
        for codec in ("utf-8", "utf-16-le", "utf-16-be")
    )
)
_MACRO_PARTS = re.compile(
    r"(?:^|/)(?:vbaProject\w*\.bin|macrosheets/|Basic/|Scripts/)", re.IGNORECASE
)


class UnreadableFile(Rejected):
    """A file that is not read, and why."""


class TooLarge(UnreadableFile):
    """More bytes, parts, rows or cells than a list of goods has."""


class WrongKind(UnreadableFile):
    """No spreadsheet, or another one than its name says."""


class HasMacros(UnreadableFile):
    """A workbook with programs in it."""


class Locked(UnreadableFile):
    """A file that asks for a password."""


class Unsafe(UnreadableFile):
    """An archive built to do harm, or one that cannot be told from such."""


class Broken(UnreadableFile):
    """A file that was cut off or damaged."""


REFUSALS = {c.__name__: c for c in (TooLarge, WrongKind, HasMacros, Locked, Unsafe, Broken)}


def check_size(size: int, most: int = MOST_BYTES) -> None:
    """Raise `TooLarge` if a file has more bytes."""
    if size > most:
        raise TooLarge(
            N_("The file has %(size)s MB; at most %(most)s MB are read. Upload the list in parts."),
            size=-(-size // 1_000_000),
            most=most // (1024 * 1024),
        )


def format_of(name: str, content: bytes) -> Format:
    """What the file is, if its name and its first signs agree. Raises `UnreadableFile`."""
    check_size(len(content))
    ending = PurePath(name).suffix.lower()
    if ending in _MACRO_ENDINGS:
        raise _macros()
    if ending not in _FORMATS:
        raise WrongKind(
            N_("Only .xlsx, .xls, .ods and .csv are read. Save the table as one of these.")
        )
    if not content.strip(b"\0\t\r\n "):
        raise Broken(N_("The file is empty."))
    found = _FORMATS[ending]
    if found == "text":
        _check_text(content)
    else:
        _check_signs(found, ending, content)
    return found


def check_archive(file: BinaryIO, kind: Format) -> None:
    """Look through an .xlsx or .ods before anything reads it. Raises `UnreadableFile`."""
    _check_listing(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_names(entries)
            _check_kind(archive, kind)
            _check_sizes(entries)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(archive, entry)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, struct.error, ValueError) as error:
        raise broken() from error
    except RuntimeError as error:
        raise locked() from error


def locked() -> Locked:
    return Locked(N_("The file asks for a password. Save it without one and upload it again."))


def too_many_cells() -> TooLarge:
    return TooLarge(
        N_(
            "The sheet is too large, or something stands far below or beside the table. Copy the "
            "table into a new file and upload that."
        )
    )


def too_long(row: int) -> TooLarge:
    return TooLarge(
        N_("The sheet goes on to row %(row)s. Delete what stands far below the table."), row=row
    )


def broken() -> Broken:
    return Broken(
        N_("The file is damaged or was cut off. Open it, save it anew and upload it again.")
    )


def _check_signs(kind: Format, ending: str, content: bytes) -> None:
    """Raise unless the first bytes are those of this kind."""
    if _WEB_PAGE.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise WrongKind(
            N_(
                "This is a web page with the name of a spreadsheet. Open it in a spreadsheet program "
                "and save it as .xlsx."
            )
        )
    ole = content.startswith(_OLE)
    if ole and "EncryptedPackage".encode("utf-16-le") in content:
        raise locked()
    if not content.startswith(_OLE if kind == "xls" else _ZIP):
        raise WrongKind(
            N_(
                "The file is called %(ending)s but is something else. Open it in a spreadsheet "
                "program and save it as .xlsx."
            ),
            ending=ending,
        )
    if ole and "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros()


def _check_text(content: bytes) -> None:
    check_size(len(content), MOST_TEXT_BYTES)
    if content.startswith(_BINARY) or _WEB_PAGE.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise WrongKind(
            N_("This is no text with columns. Save the table as .xlsx or .csv and upload that.")
        )


def _check_listing(file: BinaryIO) -> None:
    """Bound the list of entries before Python makes objects of it."""
    file.seek(0, 2)
    size = file.tell()
    start = max(0, size - 66_000)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < 22:
        raise broken()
    entries, length = struct.unpack("<HL", tail[found + 10 : found + 16])
    beyond_32_bits = tail[max(0, found - 20) : found].startswith(b"PK\x06\x07")
    if beyond_32_bits or entries > _MOST_ENTRIES or length > _MOST_LISTING:
        raise _bomb()


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    for name in (*names, *(entry.orig_filename for entry in entries)):
        if name.startswith(("/", "\\")) or re.search(
            r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[A-Za-z]:|\0", name
        ):
            raise Unsafe(N_("The file holds names of files elsewhere. It is not read."))
    if len(set(names)) < len(names):
        raise Unsafe(N_("The file holds two parts of one name. It is not read."))
    if any(_MACRO_PARTS.search(name) for name in names):
        raise _macros()


def _check_kind(archive: zipfile.ZipFile, kind: Format) -> None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise _macros()
    parts = {"[Content_Types].xml"} if kind == "xlsx" else {"mimetype", "content.xml"}
    is_it = parts <= names
    if is_it and kind == "ods":
        with archive.open("mimetype") as file:
            is_it = file.read(100).startswith(b"application/vnd.oasis.opendocument.spreadsheet")
    if is_it and kind == "xlsx":
        is_it = any(name.lower().endswith("workbook.xml") for name in names)
        with archive.open("[Content_Types].xml") as file:
            if b"macroEnabled" in file.read(_STEP):
                raise _macros()
    if not is_it:
        raise WrongKind(
            N_("This is an archive, but no spreadsheet. Save the table as .xlsx and upload that.")
        )


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise _bomb()
    for entry in entries:
        if entry.flag_bits & 1:
            raise locked()
        if entry.file_size > max(1 << 20, _STEEPEST * entry.compress_size):
            raise _bomb()


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack a part once, in steps: no longer than it says, and without definitions of its own."""
    said, entry.file_size = entry.file_size, _MOST_UNPACKED + 1
    unpacked, before = 0, b""
    try:
        with archive.open(entry) as part:
            while step := part.read(_STEP):
                unpacked += len(step)
                if unpacked > said:
                    raise _bomb()
                if _DOCTYPE.search(before + step):
                    raise Unsafe(
                        N_(
                            "The file defines words of its own that may grow without end. It is not read."
                        )
                    )
                before = step[-40:]
    finally:
        entry.file_size = said


def _macros() -> HasMacros:
    return HasMacros(N_("The file may hold macros. Save it as .xlsx without them."))


def _bomb() -> Unsafe:
    return Unsafe(N_("Unpacked, this file would be far too large. Copy the table into a new file."))
