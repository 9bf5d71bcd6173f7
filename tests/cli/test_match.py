"""``flask match`` reads two files, writes two, and stops before solving at a row it cannot read."""

import csv
import json

import pytest
from click.testing import CliRunner

from marketplace.cli.match import match

LOTS = "id,commodity,grade,quantity,ask,place,ready_on,until,certificates,whole\n"
NEEDS = "id,commodity,min_grade,quantity,bid,place,from,until,certificates,min_quantity,splits\n"
LOT = "khom-1,khom-cau-duc,,40000,9000,Vị Thanh,2026-11-25,2026-12-01,,\n"
NEED = "cho-1,khom-cau-duc,,15000,11500,cho dau moi binh dien,2026-11-25,2026-12-01,,,\n"


@pytest.fixture
def run(tmp_path):
    """Run the command on the texts of two files; returns result, match rows and report."""

    def run(lots, needs, *options):
        (tmp_path / "lots.csv").write_text(lots, encoding="utf-8")
        (tmp_path / "needs.csv").write_text(needs, encoding="utf-8")
        out, report = tmp_path / "matches.csv", tmp_path / "report.json"
        files = [str(tmp_path / "lots.csv"), str(tmp_path / "needs.csv")]
        arguments = [*files, "--out", str(out), "--report", str(report), *options]
        result = CliRunner().invoke(match, arguments)
        if result.exit_code:
            assert not out.exists()
            return result, None, None
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return result, rows, json.loads(report.read_text(encoding="utf-8"))

    return run


def test_a_lot_meets_a_need(run):
    result, rows, report = run(LOTS + LOT, NEEDS + NEED)

    assert result.exit_code == 0
    assert rows == [
        {
            "lot": "khom-1",
            "need": "cho-1",
            "quantity": "15000",
            "freight_vnd": "7658000",
            "price_low": "9000",
            "price": "10000",
            "price_high": "10989",
            "market_price": "9000",
            "mode": "truck",
            "vehicle": "15t*1",
            "trips": "1",
            "km": "187.0",
            "hours": "3.04",
        }
    ]
    assert (report["value_vnd"], report["blocks"]) == (29_842_000, 1)
    assert 0 <= report["gap"] < 0.001
    [left] = report["left_out"]
    assert (left["side"], left["id"], left["quantity"], left["reason"]) == (
        "lot",
        "khom-1",
        25_000,
        "partly",
    )


def test_every_row_left_out_has_a_reason_and_what_would_have_had_to_change(run):
    lots = LOTS + (
        "cheap,khom-cau-duc,,1000,9000,D930,2026-11-25,2026-12-01,,\n"
        "dear,khom-cau-duc,,15000,12000,D930,2026-11-25,2026-12-01,,\n"
        "late,khom-cau-duc,,15000,9000,D930,2026-12-05,2026-12-09,,\n"
        "poor,khom-cau-duc,che-bien,15000,9000,D930,2026-11-25,2026-12-01,,\n"
        "alone,xoai-cat-hoa-loc,,15000,9000,D930,2026-11-25,2026-12-01,,\n"
        "whole,khom-cau-duc,,50000,9000,D930,2026-11-25,2026-12-01,,yes\n"
    )
    needs = NEEDS + ("n,khom-cau-duc,xo,15000,11500,M_BINHDIEN,2026-11-25,2026-12-01,,5000,\n")

    _, rows, report = run(lots, needs)

    told = {row["id"]: (row["reason"], row["change"]) for row in report["left_out"]}
    assert rows == []
    assert told["cheap"] == ("minimum", {"quantity": 5000})
    assert told["dear"] == ("price", {"ask": 10_950})
    assert told["late"] == ("window", {"ready_on": "2026-12-01"})
    assert told["poor"] == ("grade", {"grade": "xo"})
    assert told["alone"] == ("no_counterpart", {})
    assert told["whole"] == ("whole", {"whole": False})


def test_files_in_another_order_have_the_same_matches(run):
    second = LOT.replace("khom-1", "khom-0").replace("40000", "9000")

    _, straight, _ = run(LOTS + LOT + second, NEEDS + NEED)
    _, mixed, _ = run(LOTS + second + LOT, NEEDS + NEED)

    assert sorted(mixed, key=lambda r: r["lot"]) == sorted(straight, key=lambda r: r["lot"])


def test_a_range_that_whole_vehicles_leave_empty_is_blank(run):
    other = LOT.replace("khom-1", "khom-2").replace("40000", "500").replace("9000", "8000")

    _, rows, _ = run(LOTS + LOT + other, NEEDS + NEED)

    assert all((row["price_low"] == "") == (row["price_high"] == "") for row in rows)
    assert all(row["price"] for row in rows)


def test_who_named_no_price_trades_at_the_catalogues(run):
    lots = LOTS + LOT.replace(",9000,", ",,")

    result, rows, _ = run(lots, NEEDS + NEED.replace("11500", "25000"))

    assert result.exit_code == 0
    assert len(rows) == 1


def test_no_day_of_collection_lies_before_the_day_that_is_named(run):
    _, rows, report = run(LOTS + LOT, NEEDS + NEED, "--today", "2026-12-02")

    assert rows == []
    assert {row["reason"] for row in report["left_out"]} == {"window"}


def test_nothing_on_either_side_is_an_empty_round(run):
    result, rows, report = run(LOTS, NEEDS)

    assert (result.exit_code, rows) == (0, [])
    assert (report["value_vnd"], report["bound_vnd"], report["gap"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("id", ""),
        ("id", "x" * 300),
        ("commodity", "thanh long Mỹ"),
        ("grade", "hạng sang"),
        ("quantity", "0"),
        ("quantity", "-5"),
        ("quantity", "1.250"),
        ("quantity", "abc"),
        ("quantity", ""),
        ("quantity", "9" * 40),
        ("ask", "1e9"),
        ("ask", "-1"),
        ("place", "Sài Lầy"),
        ("place", ""),
        ("ready_on", "25/11/2026"),
        ("ready_on", "2026-13-01"),
        ("until", "2026-11-01"),
        ("certificates", "vietgap;nonsense"),
        ("whole", "maybe"),
    ],
)
def test_a_bad_cell_is_named_with_file_line_and_column(run, column, wrong):
    cells = dict(zip(LOTS.strip().split(","), LOT.strip().split(","), strict=True))
    row = ",".join((cells | {column: wrong}).values()) + "\n"

    result, _, _ = run(LOTS + LOT + row.replace("khom-1", "khom-2"), NEEDS + NEED)

    assert result.exit_code == 2
    assert f"lots.csv:3: {column}: " in result.stderr


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("min_quantity", "20000"), ("splits", "2"), ("from", "soon"), ("bid", "11,5")],
)
def test_bad_cells_of_needs_are_named_too(run, column, wrong):
    cells = dict(zip(NEEDS.strip().split(","), NEED.strip().split(","), strict=True))
    row = ",".join(f'"{cell}"' for cell in (cells | {column: wrong}).values()) + "\n"

    result, _, _ = run(LOTS + LOT, NEEDS + row)

    assert result.exit_code == 2
    assert f"needs.csv:2: {column}: " in result.stderr


def test_all_bad_rows_of_both_files_are_named_at_once(run):
    bad = LOT.replace("40000", "many")

    result, _, _ = run(LOTS + bad + LOT + LOT, NEEDS + NEED.replace("15000", "x"))

    assert result.stderr.splitlines()[0].startswith("lots.csv:2: quantity: ")
    assert result.stderr.splitlines()[1].startswith("lots.csv:4: id: ")
    assert result.stderr.splitlines()[2].startswith("needs.csv:2: quantity: ")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "lots.csv:1: id: "),
        (LOTS.replace(",whole", ""), "lots.csv:1: whole: "),
        (LOTS.replace("whole", "entire"), "lots.csv:1: entire: "),
        (LOTS + "a,b,c\n", "lots.csv:2: whole: "),
        (LOTS + LOT.replace("khom-1", "khom\x00"), "lots.csv:2: id: "),
        (LOTS + '"unfinished', "lots.csv:"),
    ],
)
def test_a_file_that_is_no_list_of_lots_is_refused(run, text, where):
    result, _, _ = run(text, NEEDS + NEED)

    assert result.exit_code == 2
    assert where in result.stderr


def test_a_file_in_another_encoding_is_refused(run, tmp_path):
    result, _, _ = run(LOTS + LOT, NEEDS + NEED)
    (tmp_path / "matches.csv").unlink()
    (tmp_path / "lots.csv").write_bytes((LOTS + LOT).encode("utf-16"))
    names = [str(tmp_path / name) for name in ("lots.csv", "needs.csv")]

    result = CliRunner().invoke(
        match, [*names, "--out", str(tmp_path / "m.csv"), "--report", str(tmp_path / "r.json")]
    )

    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_all_bad_cells_of_a_row_are_named_in_the_order_of_the_columns(run):
    lot = "khom-1,khom-cau-duc,hạng sang,many,9000,Sài Lầy,soon,2026-12-01,nonsense,maybe\n"
    need = "cho-1,nothing,,0,x,,2026-11-25,2026-11-01,,,2\n"

    result, _, _ = run(LOTS + lot, NEEDS + need)

    named = [line.split(": ")[:2] for line in result.stderr.splitlines()]
    columns = ["grade", "quantity", "place", "ready_on", "certificates", "whole"]
    assert named[: len(columns)] == [["lots.csv:2", column] for column in columns]
    columns = ["commodity", "quantity", "bid", "place", "until", "splits"]
    assert named[6:] == [["needs.csv:2", column] for column in columns]


def test_quantities_beyond_what_is_counted_exactly_are_named_with_their_lines(run):
    lots = [LOT.replace("khom-1", f"k{n}").replace("40000", str(2**34 - 1 + n)) for n in range(3)]

    result, _, _ = run(LOTS + "".join(lots), NEEDS + NEED.replace("15000", "9" * 12))

    named = [line.rsplit("more than", 1)[0] for line in result.stderr.splitlines()]
    assert named == [
        "lots.csv:3: quantity: 17179869184 is ",
        "lots.csv:4: quantity: 17179869185 is ",
        "needs.csv:2: quantity: 999999999999 is ",
    ]


def test_money_that_would_not_be_exact_is_refused_with_its_line(run):
    need = NEED.replace("15000", "10000000").replace("11500", "900000000")

    result, _, _ = run(LOTS + LOT, NEEDS + NEED + need.replace("cho-1", "cho-2"))

    assert result.exit_code == 2
    assert result.stderr.startswith("needs.csv:3: quantity: is beyond what is counted exactly")


def test_needs_that_are_too_much_together_are_refused_at_the_line_that_is_too_much(run):
    need = NEED.replace("15000", "10000000").replace("11500", "200000000")

    result, _, _ = run(
        LOTS + LOT, NEEDS + "".join(need.replace("1,", f"{n},", 1) for n in range(5))
    )

    assert result.exit_code == 2
    assert [line[:14] for line in result.stderr.splitlines()] == [
        "needs.csv:4: q",
        "needs.csv:5: q",
        "needs.csv:6: q",
    ]


@pytest.mark.parametrize("option", ["--out", "--report"])
def test_a_folder_that_does_not_exist_is_named_before_anything_is_solved(run, tmp_path, option):
    result, _, _ = run(LOTS + LOT, NEEDS + NEED, option, str(tmp_path / "none" / "file"))

    assert result.exit_code == 2
    assert result.stderr == f"there is no folder {tmp_path / 'none'} to write file in\n"
    assert not (tmp_path / "report.json").exists()


def test_no_more_is_claimed_than_is_proved(run):
    few, _, report = run(LOTS + LOT, NEEDS + NEED)
    none, _, _ = run(LOTS, NEEDS)

    assert 0 < report["gap"] < 0.0005
    assert "at least 99.9% of anything possible" in few.output
    assert "0 matches worth 0 ₫; 0 left out" in none.output


def test_without_time_goods_are_matched_in_a_hurry_and_named(run):
    result, rows, report = run(LOTS + LOT, NEEDS + NEED, "--seconds", "0")

    assert [row["lot"] for row in rows] == ["khom-1"]
    assert report["hurried"] == ["khom-cau-duc"]
    assert "no time for: khom-cau-duc" in result.output


PADDY = "lua,lua-om18,,100000,6500,Năm Căn,2026-11-25,2026-12-05,,\n"
MILL = "xay,lua-om18,,100000,7500,cho dau moi binh dien,2026-11-25,{until},,,\n"


def test_a_hundred_tonnes_of_paddy_go_by_boat(run):
    _, [row], _ = run(LOTS + PADDY, NEEDS + MILL.format(until="2026-12-05"))

    assert (row["mode"], row["vehicle"], row["trips"]) == ("boat", "boat80t*1+boat20t*1", "2")
    assert float(row["hours"]) > 24
    assert row["quantity"] == "100000"


def test_they_go_by_truck_where_boats_would_be_late(run):
    """Goods leave in the morning, and what takes more than a day arrives on the next one."""
    _, [by_boat], _ = run(LOTS + PADDY, NEEDS + MILL.format(until="2026-12-05"))
    _, [row], _ = run(LOTS + PADDY, NEEDS + MILL.format(until="2026-11-25"))

    assert (row["mode"], row["vehicle"]) == ("truck", "28t*3+15t*1+1t*1")
    assert float(row["hours"]) < 24
    assert int(row["freight_vnd"]) > int(by_boat["freight_vnd"])


def test_vehicles_of_both_modes_carry_one_match_together(run):
    """The truck carries more; the match takes as long as the boat."""
    few = PADDY.replace("100000", "44000")
    _, [row], _ = run(LOTS + few, NEEDS + MILL.format(until="2026-12-05"))

    assert (row["mode"], row["vehicle"], row["quantity"]) == ("truck", "28t*1+boat20t*1", "44000")
    assert float(row["hours"]) > 24
