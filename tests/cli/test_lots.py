"""``flask lots import``: what a sheet is understood as, without a database."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from tests.conftest import make_app
from tests.factories import an_actor
from tests.sheets import bulletins
from tests.sheets.traps import workbook


@pytest.fixture
def nowhere(tmp_path: Path) -> Flask:
    """An application whose database holds no table."""
    return make_app(tmp_path / "none")


def ran(app: Flask, *arguments: str, organisation: int = 1) -> tuple[int, str, str]:
    command = ["lots", "import", "--organisation", str(organisation), *arguments]
    result = app.test_cli_runner().invoke(args=command)
    return result.exit_code, result.stdout, result.stderr


def rows_of(app: Flask, path: Path, *options: str, organisation: int = 1) -> list[dict[str, Any]]:
    code, out, err = ran(app, str(path), "--json", *options, organisation=organisation)
    assert code == 0, err
    rows: list[dict[str, Any]] = json.loads(out)["rows"]
    return rows


def test_every_line_of_the_sheet_is_told(nowhere: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bản tin.xlsx"
    path.write_bytes(bulletins.bulletin())

    rows = rows_of(nowhere, path, "--dry-run")

    assert [row["row"] for row in rows] == sorted({row["row"] for row in rows})
    assert Counter(row["status"] for row in rows) == {"new": 4, "passed over": 18}
    [khom] = [row for row in rows if row["row"] == 16]
    assert khom["understood"]["commodity"] == "khom-cau-duc"
    assert khom["understood"]["quantity_least"] == khom["understood"]["quantity_most"] == 28_000
    assert khom["understood"]["until"] == "2026-11-29"
    assert khom["raw"]["Sản lượng Thu hoạch"]


def test_what_is_not_clear_is_refused_with_what_to_choose_from(
    nowhere: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "chao.xlsx"
    path.write_bytes(workbook(bulletins.CALL_FOR_BUYERS))

    rows = {row["row"]: row for row in rows_of(nowhere, path, "--dry-run")}

    rate = rows[2]["understood"]
    assert (rate["quantity_least"], rate["quantity_most"], rate["per"]) == (5_000, 10_000, "day")
    assert rate["phones"] == ["0900123412"]
    assert rows[4]["status"] == "refused"
    [asked] = [p for p in rows[4]["problems"] if p["code"] == "place_ambiguous"]
    assert [each["value"] for each in asked["candidates"]] == ["D892", "D905", "D933", "D942"]
    assert rows[1]["why"] == "column headings"


def test_the_same_row_twice_is_one_lot(nowhere: Flask, tmp_path: Path) -> None:
    path = tmp_path / "hai.csv"
    row = f"Khóm Cầu Đúc;5 tấn;Xã Hỏa Lựu;{clock.today() + timedelta(days=9)}"
    path.write_text(f"Mặt hàng;Số lượng;Địa chỉ;Đến ngày\n{row}\n{row}\n", "utf-8")

    assert [each["status"] for each in rows_of(nowhere, path, "--dry-run")] == [
        "passed over",
        "new",
        "repeat",
    ]


def test_a_file_that_is_none_ends_with_2(nowhere: Flask, tmp_path: Path) -> None:
    path = tmp_path / "gia.xlsx"
    path.write_text("<html>", "utf-8")

    code, out, err = ran(nowhere, str(path), "--dry-run")

    assert (code, out) == (2, "")
    assert "HTML" in err or err.strip()


def test_text_says_the_same_in_a_line_each(nowhere: Flask, tmp_path: Path) -> None:
    path = tmp_path / "chao.xlsx"
    path.write_bytes(workbook(bulletins.CALL_FOR_BUYERS))

    code, out, _ = ran(nowhere, str(path), "--dry-run")

    assert code == 0
    assert "khom-cau-duc 5000–10000 kg a day" in out
    assert out.splitlines()[-1].startswith("7 rows: ")


def test_rows_are_listed_and_known_again(app: Flask, tmp_path: Path) -> None:
    seller = an_actor(Role.SELLER)
    path = tmp_path / "ban.csv"
    last = clock.today() + timedelta(days=9)
    path.write_text(
        f"Mặt hàng;Số lượng;Địa chỉ;Đến ngày\nKhóm Cầu Đúc;5 tấn;Xã Hỏa Lựu;{last}\nMít;-1 tấn;;\n",
        "utf-8",
    )
    told = {"organisation": seller.organisation_id}

    dry = rows_of(app, path, "--dry-run", **told)
    assert [row["status"] for row in dry] == ["passed over", "new", "refused"]
    assert db.session.scalars(select(Lot)).all() == []

    assert [row["status"] for row in rows_of(app, path, **told)][1] == "new"
    assert [lot.quantity for lot in db.session.scalars(select(Lot))] == [5_000]
    assert [row["status"] for row in rows_of(app, path, **told)][1] == "repeat"
    assert len(db.session.scalars(select(Lot)).all()) == 1
    assert ran(app, str(path), organisation=999)[0] == 2
