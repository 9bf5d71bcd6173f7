"""Files with flaws are told with file, line, column and all flaws at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.data.check import flaws_of
from marketplace.data.files import Files
from marketplace.data.network_flaws import off_shore, straight_km

FIRST_ROAD = "D916-D919,D916,D919,"
LIST_PRICE = '"list price of vantailuule.vn, year unknown (about 2022–2024)"'
FIRST_CANAL = "W_CHAUDOC--W_CAIDAU,W_CHAUDOC,W_CAIDAU,sông Hậu,22,I,2000,11"


def changed(directory: Path, name: str, old: str, new: str) -> Files:
    """The program's own file with one piece of text changed, in a directory of its own."""
    text = Files().text(name)
    assert old in text
    (directory / f"{name}.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    return Files(directory)


def test_the_programs_own_files_have_no_flaws() -> None:
    assert flaws_of(Files()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "told"),
    [
        ("road_links", FIRST_ROAD, "D916-D919,D916,D000,", 2, "end", "no node D000"),
        ("road_links", "3-2 – Cái Răng,6.5,", "3-2 – Cái Răng,-6.5,", 2, "km", "-6.5"),
        ("road_links", "3-2 – Cái Răng,6.5,", "3-2 – Cái Răng,5.5,", 2, "km", "straight line"),
        ("road_links", "3-2 – Cái Răng,6.5,", "3-2 – Cái Răng,nan,", 2, "km", "nan"),
        ("road_links", "3-2 – Cái Răng,6.5,", "3-2 – Cái Răng,6;5,", 2, "km", "“6;5”"),
        ("road_links", ",QL,45,no,CT,", ",QL,0,no,CT,", 2, "kmh", "no speed"),
        ("road_links", ",QL,45,no,CT,", ",QL,45,maybe,CT,", 2, "ferry", "maybe"),
        ("road_links", ",QL,45,no,CT,", ",QL,45,no,XX,", 2, "localities", "no locality XX"),
        ("road_links", "id,start,end", "id,start,finish", 1, "end", "no such column"),
        ("road_links", "6.5,QL,45", "6.5,XX,45", 2, "class", "“XX” is none of CT, QL, DT, HL"),
        ("road_links", 'length estimated",estimate', 'length estimated",', 2, "confidence", "“”"),
        ("road_links", 'length estimated",estimate', 'length",sure', 2, "confidence", "“sure”"),
        ("truck_rates", LIST_PRICE, " ", 2, "source", "where this comes from"),
        ("road_nodes", "10.38639,105.43518", "9.2,104.2", 2, "lat", "lies in the sea"),
        ("road_nodes", "10.38639,105.43518", "105.43518,10.38639", 2, "lat", "outside"),
        ("water_nodes", "10.034,105.79", "8.6,106.9", 8, "lat", "lies in the sea"),
        ("water_links", FIRST_CANAL, FIRST_CANAL.replace(",I,", ",IX,"), 2, "class", "“IX”"),
        ("water_links", FIRST_CANAL, FIRST_CANAL.replace("2000", "0"), 2, "largest_vessel_t", ""),
        ("transfers", "W_TANCHAU,D887", "W_NOWHERE,D887", 2, "quay", "no quay W_NOWHERE"),
        ("places", "D916,0,no,W_CANTHO", "D916,0,no,W_NONE", 2, "quay", "no quay W_NONE"),
        ("truck_rates", "200000,20000,17000", "200000,20000,1700", 2, "vnd_per_km_18", "falls"),
        ("truck_rates", "200000,20000,17000", "200000,free,17000", 2, "vnd_per_km_5", "“free”"),
        ("truck_rates", "1t,1000,200000", "1t,1000,-200000", 2, "fixed_vnd", "negative"),
        ("boat_rates", "300000,22000", "300000,0", 2, "vnd_per_km", "no price"),
        ("places", ",CT,92,", ",CT,93,", 2, "province", "provinces.csv has no 93"),
        ("handling", "*,150", "khac,150", 1, "group", "no row “*”"),
        ("handling", "lua_gao,100", "lua_gao,100000", 2, "vnd_per_kg", "more than"),
    ],
)
def test_a_flaw_is_told_with_file_line_and_column(
    tmp_path: Path, name: str, old: str, new: str, line: int, column: str, told: str
) -> None:
    flaws = flaws_of(changed(tmp_path, name, old, new))

    assert (f"{name}.csv", line, column) in {(f.file, f.line, f.column) for f in flaws}
    assert any(told in flaw.text for flaw in flaws)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "road_links.csv:1: the file is empty"),
        (b"PK\x03\x04\xff", "road_links.csv:1: not text in UTF-8 (byte 5): save it as “CSV UTF-8”"),
        (b"{}\n", "road_links.csv:1: not a CSV file with the columns id, start, end"),
        (b"a,b\n" + b"x" * 200_000, "road_links.csv:1: not a CSV file: field larger"),
    ],
)
def test_a_file_that_is_no_table_is_told_once_and_no_other_is_blamed(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "road_links.csv").write_bytes(content)

    [flaw] = flaws_of(Files(tmp_path))

    assert str(flaw).startswith(told)


@pytest.mark.parametrize("name", ["road_links", "water_nodes", "localities", "handling"])
def test_a_file_of_column_names_alone_is_told_once(tmp_path: Path, name: str) -> None:
    header = Files().text(name).splitlines()[0]
    (tmp_path / f"{name}.csv").write_text(f"{header}\n", "utf-8")

    told = [str(flaw) for flaw in flaws_of(Files(tmp_path))]

    assert told == [f"{name}.csv:1: there is no row below the column names"]


@pytest.mark.parametrize("km", ["-6.5", "nan", "inf"])
def test_each_flaw_is_told_once(tmp_path: Path, km: str) -> None:
    source = changed(tmp_path, "road_links", "3-2 – Cái Răng,6.5,", f"3-2 – Cái Răng,{km},")

    assert len(flaws_of(source)) == 1


def test_a_link_that_stands_twice_names_the_first_line(tmp_path: Path) -> None:
    text = Files().text("road_links")
    first = text.splitlines()[1]
    again = first.replace("D916-D919,D916,D919", "again,D919,D916")
    (tmp_path / "road_links.csv").write_text(f"{text}{first}\n{again}\n", encoding="utf-8")

    flaws = flaws_of(Files(tmp_path))

    assert [(flaw.line, flaw.column) for flaw in flaws] == [
        (162, "id"),
        (162, "start"),
        (163, "start"),
    ]
    assert all("stands in line 2 already" in flaw.text for flaw in flaws)


def test_all_flaws_are_told_at_once(tmp_path: Path) -> None:
    changed(tmp_path, "road_links", "3-2 – Cái Răng,6.5,QL,45", "3-2 – Cái Răng,-1,QL,-5")
    changed(tmp_path, "truck_rates", "200000,20000", "200000,x")
    (tmp_path / "roads.csv").write_text("id\n", encoding="utf-8")
    (tmp_path / "handling.csv").write_bytes(b"group\xff\n")

    told = [str(flaw) for flaw in flaws_of(Files(tmp_path))]

    for start in ("roads.csv:1", "truck_rates.csv:2", "road_links.csv:2: km", "handling.csv:1"):
        assert any(line.startswith(start) for line in told), start
    assert any(line.startswith("road_links.csv:2: kmh") for line in told)


def test_rows_that_are_too_short_or_too_long_are_flaws(tmp_path: Path) -> None:
    text = Files().text("handling")
    (tmp_path / "handling.csv").write_text(f"{text}a,1\nb,1,2024-01-01,x,estimate,more\n", "utf-8")

    flaws = flaws_of(Files(tmp_path))

    assert [(flaw.line, flaw.column) for flaw in flaws] == [(7, "valid_from"), (8, "")]


def test_islands_and_quays_at_sea_are_no_flaws() -> None:
    assert off_shore((9.973, 104.848)) > 10  # Hòn Tre, which a sea route leads to
    assert off_shore((10.034, 105.79)) == 0


def test_the_straight_line_is_that_of_the_globe() -> None:
    assert straight_km((10.03711, 105.78825), (9.17682, 105.15242)) == pytest.approx(118.4, abs=0.1)
