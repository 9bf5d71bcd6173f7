"""From the file to what we understood: no figure of a realistic sheet is corrupted on the way."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.data.reader import read_reference
from marketplace.domain.commodities import Catalogue
from marketplace.domain.places import Gazetteer
from marketplace.sheets.files import read_file
from marketplace.sheets.layout import lay_out
from marketplace.sheets.message import read_message
from marketplace.sheets.table import Table
from marketplace.sheets.understanding import Understood, understand
from tests.sheets import bulletins
from tests.sheets.old_fonts import in_tcvn3, in_vni, in_windows
from tests.sheets.test_message import MESSAGE
from tests.sheets.traps import workbook

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def words() -> tuple[Gazetteer, Catalogue]:
    reference = read_reference()
    return Gazetteer.from_reference(reference), Catalogue.from_reference(reference)


def understood(table: Table, words: tuple[Gazetteer, Catalogue]) -> dict[int, Understood]:
    """What each record of the table was understood as, by the number of its row."""
    gazetteer, catalogue = words
    sheet = lay_out(table)
    return {
        record.number: understand(
            record, gazetteer=gazetteer, catalogue=catalogue, today=TODAY, headers=sheet.headers
        )
        for record in sheet.records
    }


BULLETINS = {"unicode": bulletins.bulletin(), "vni": bulletins.bulletin(in_vni)}


@pytest.mark.parametrize("letters", BULLETINS)
def test_a_bulletin_says_what_it_said(letters: str, words: tuple[Gazetteer, Catalogue]) -> None:
    rows = understood(read_file("bản tin.xlsx", BULLETINS[letters]), words)

    assert {number: row.quantity_most for number, row in rows.items()} == {
        10: 60_000, 11: 125_000, 16: 28_000, 17: 12_500,
    }  # fmt: skip
    assert [row.commodity for row in rows.values()] == [
        "mang-cau-xiem", "cam-sanh", "khom-cau-duc", "khom-cau-duc",
    ]  # fmt: skip
    assert rows[11].ready_on == rows[10].ready_on == date(2026, 12, 1)
    assert rows[17].until == date(2026, 11, 29)
    assert [row.phones for row in rows.values()] == [
        ("0939123456",), ("0909000111",), ("02933888777",), ("0918222333",),
    ]  # fmt: skip
    assert [row.problems for row in rows.values()] == [()] * 4


CALL = bulletins.as_csv(bulletins.CALL_FOR_BUYERS)
CALLS = {
    "tìm đầu ra.xlsx": workbook(bulletins.CALL_FOR_BUYERS),
    "utf-8.csv": CALL.encode(),
    "windows.csv": in_windows(CALL),
    "tcvn3.csv": in_tcvn3(CALL).encode("latin-1"),
    "vni.csv": in_vni(CALL).encode("cp1252"),
    "utf-16.txt": CALL.replace(";", "\t").encode("utf-16"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_for_buyers_says_what_it_said(name: str, words: tuple[Gazetteer, Catalogue]) -> None:
    rows = understood(read_file(name, CALLS[name]), words)

    assert (rows[2].quantity_least, rows[2].quantity_most, rows[2].per) == (5_000, 10_000, "day")
    assert (rows[2].ask_least, rows[2].phones) == (7_800, ("0900123412",))
    assert (rows[3].quantity_least, rows[3].quantity_most) == (400_000, None)
    assert (rows[3].ask_least, rows[3].ask_most) == (6_000, 6_150)
    assert rows[3].place == rows[2].place
    assert (rows[3].ready_on, rows[3].until) == (date(2026, 11, 24), date(2026, 11, 29))
    assert rows[3].phones == ("0901234567", "02923888999")
    assert {problem.field for problem in rows[4].problems} == {"quantity", "place"}
    assert (rows[5].quantity_most, rows[5].per) == (40_000, "day")
    assert rows[7].quantity_most == 25_300_000


def test_goods_in_headings_are_understood(words: tuple[Gazetteer, Catalogue]) -> None:
    rows = understood(read_file("a.xlsx", workbook(bulletins.BY_GOODS)), words)

    assert [(row.commodity, row.quantity_most) for row in rows.values()] == [
        ("khom-cau-duc", 12_500), ("khom-cau-duc", 3_000), ("xoai-keo", 800),
    ]  # fmt: skip


def test_a_message_says_what_it_said(words: tuple[Gazetteer, Catalogue]) -> None:
    rows = understood(read_message(MESSAGE), words)

    assert (rows[2].commodity, rows[2].grade) == ("khom-cau-duc", "loai-1")
    assert (rows[2].quantity_most, rows[2].ask_most) == (5_000, 7_800)
    assert (rows[3].quantity_least, rows[3].quantity_most, rows[3].per) == (2_000, 3_000, "day")
    assert (rows[7].quantity_least, rows[7].ask_least) == (10_000, 4_200)
