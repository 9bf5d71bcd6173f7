"""Bombs and disguises are refused in little time and memory, honest oddities are read."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from marketplace.sheets import guard
from marketplace.sheets.files import read_file
from tests.sheets import traps

ROOT = Path(__file__).resolve().parents[2]
TRAPS: list[tuple[str, Callable[[], bytes], str]] = [
    ("zip.xlsx", traps.zip_bomb, "Unsafe"),
    ("lying.xlsx", traps.lying_zip_bomb, "Unsafe"),
    ("parts.xlsx", traps.many_parts, "Unsafe"),
    ("entities.xlsx", traps.entity_bomb, "Unsafe"),
    ("corner.xlsx", traps.far_corner, "TooLarge"),
    ("million.xlsx", traps.a_million_cells, "TooLarge"),
    ("repeated.ods", traps.repeated_in_ods, "TooLarge"),
    ("cells.csv", lambda: b"ab," * 1_700_000, "TooLarge"),
    ("rows.csv", lambda: "😀;1\n".encode() * 700_000, "TooLarge"),
    ("21MB.xlsx", lambda: traps.workbook() + b"\0" * 21_000_000, "TooLarge"),
]


@pytest.mark.parametrize(("name", "build", "refusal"), TRAPS, ids=[name for name, *_ in TRAPS])
def test_a_bomb_is_refused_in_two_seconds_and_100_MB(
    name: str, build: Callable[[], bytes], refusal: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(build())

    command = [sys.executable, "-m", "tests.sheets.measured", name, str(path)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    outcome, seconds, megabytes = json.loads(printed)

    assert outcome == refusal
    assert seconds < 2
    assert megabytes < 100


def test_an_extent_that_lies_is_read_as_what_is_there() -> None:
    table = read_file("bảng.xlsx", traps.lying_extent())

    assert [[cell.text for cell in line.cells] for line in table.lines] == [["Khóm", "5"]]


def test_a_cell_far_below_is_named() -> None:
    with pytest.raises(guard.TooLarge, match="1048576"):
        read_file("bảng.xlsx", traps.far_row())


HTML = "<html><table><tr><td>Khóm</td></tr></table></html>".encode()
DISGUISED = [
    ("trang.xlsx", HTML, "web page"),
    ("trang.xls", b"\xef\xbb\xbf\n <!DOCTYPE html>" + HTML, "web page"),
    ("trang.csv", HTML, "no text with columns"),
    ("cũ.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "something else"),
    ("mới.xls", traps.workbook(), "something else"),
    ("mới.csv", traps.workbook(), "no text with columns"),
    ("chữ.xlsx", "Khóm;5 tấn".encode(), "something else"),
    ("thư.docx", traps.workbook(), "Only .xlsx"),
    ("không đuôi", traps.workbook(), "Only .xlsx"),
    ("kho.xlsx", traps.ods(""), "no spreadsheet"),
    ("kho.ods", traps.workbook(), "no spreadsheet"),
    ("văn bản.ods", traps.ods("", mimetype="application/vnd.oasis.opendocument.text"), "no spre"),
]


@pytest.mark.parametrize(("name", "content", "told"), DISGUISED, ids=[d[0] for d in DISGUISED])
def test_what_is_something_else_is_refused(name: str, content: bytes, told: str) -> None:
    with pytest.raises(guard.WrongKind, match=told):
        read_file(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", traps.with_macros()),
        ("a.xlsm", traps.workbook()),
        ("a.xlsb", traps.workbook()),
        ("a.xlsx", traps.with_part(traps.workbook(), "xl/workbook.bin", b"")),
        ("a.xls", traps.old_workbook_with_macros()),
        ("a.ods", traps.with_part(traps.ods(""), "Basic/Standard/Module1.xml", b"<x/>")),
    ],
)
def test_macros_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(guard.HasMacros):
        read_file(name, content)


@pytest.mark.parametrize("name", ["/etc/passwd", "xl/../../x.xml", "C:\\x", "xl\\..\\x", "\\x"])
def test_a_path_in_the_archive_is_refused(name: str) -> None:
    with pytest.raises(guard.Unsafe, match="elsewhere"):
        read_file("a.xlsx", traps.with_part(traps.workbook(), name, b"<x/>"))


def test_an_entity_in_other_letters_is_refused() -> None:
    with pytest.raises(guard.Unsafe, match="words of its own"):
        read_file("a.xlsx", traps.entity_bomb_in_utf_16())


def test_two_parts_of_one_name_are_refused() -> None:
    target = BytesIO(traps.workbook())
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(traps.SHEET, b"<x/>")

    with pytest.raises(guard.Unsafe, match="two parts"):
        read_file("a.xlsx", target.getvalue())


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_a_password_is_asked_away(name: str) -> None:
    with pytest.raises(guard.Locked):
        read_file(name, traps.encrypted())


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(part: float) -> None:
    content = traps.workbook()

    with pytest.raises(guard.Broken):
        read_file("a.xlsx", content[: int(len(content) * part)])


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_an_empty_file_is_refused(name: str) -> None:
    with pytest.raises(guard.Broken, match="empty"):
        read_file(name, b"")


@pytest.mark.parametrize("at", range(40, 5_000, 911))
def test_a_damaged_file_is_refused_or_read_but_breaks_nothing(at: int) -> None:
    content = bytearray(traps.workbook())
    content[at % len(content)] ^= 0xFF

    with suppress(guard.UnreadableFile):
        read_file("a.xlsx", bytes(content))


def test_the_process_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    real = subprocess.run

    def run(*args, **kwargs):
        seen.update(kwargs["env"])
        return real(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", run)
    read_file("a.xlsx", traps.workbook())

    assert set(seen) == {"PYTHONPATH", "PATH"}
