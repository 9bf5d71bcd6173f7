"""``flask route`` answers in numbers that other programs read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace import clock
from marketplace.services.routes import quote_route
from tests.condition_factories import VI_THANH_ROAD, a_condition, a_restriction
from tests.conftest import make_app

APPS: list[Flask] = []


@pytest.fixture(scope="module", autouse=True)
def without_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An installation on which nothing has been set up."""
    APPS.append(make_app(tmp_path_factory.mktemp("nothing")))
    yield APPS[-1]
    APPS.clear()


def run(*arguments, goods="khom-cau-duc", kilograms="15000", app=None):
    asked = ["route", *arguments, "--commodity", goods, "--kilograms", kilograms]
    return (app or APPS[0]).test_cli_runner().invoke(args=asked)


def test_the_answer_has_the_keys_of_the_contract():
    result = run("Vị Thanh", "cho dau moi binh dien", "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {"from", "to", "km", "hours", "cost_vnd", "mode", "vehicle", "links"} <= set(answer)
    assert (answer["from"], answer["to"]) == ("D930", "M_BINHDIEN")
    assert answer["km"] == 187.0
    assert answer["cost_vnd"] == 7_658_000
    assert answer["vehicle"] == "15t*1"
    assert sum(link["km"] for link in answer["links"]) == pytest.approx(answer["km"], abs=0.06)


def test_the_answer_is_the_quote_that_pages_show():
    answer = json.loads(run("C31321", "Sóc Trăng", "--json", kilograms="33000").stdout)

    quote = quote_route("phuong vi thanh", "D941", "Khóm Cầu Đúc", 33_000, today=None).quote
    assert (answer["cost_vnd"], answer["km"]) == (quote.cost, quote.km)


def test_without_json_it_is_for_people():
    result = run("Cần Thơ", "Sóc Trăng")

    assert result.exit_code == 0
    assert "TP Cần Thơ (Ninh Kiều) → TP Sóc Trăng" in result.stdout
    assert "estimate" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("Châu Thành", "Cần Thơ"), 2, "6 places are called Châu Thành"),
        (("Cần Thơ", "Phú Tân"), 2, "D888"),
        (("Cần Thơ", "Hà Nội"), 2, "was not found"),
        (("Cần Thơ", "Đặc khu Phú Quốc"), 1, "no open route"),
    ],
)
def test_what_cannot_be_answered_says_why(arguments, code, message):
    result = run(*arguments)

    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""


def test_without_a_database_the_files_answer_and_none_is_made(without_database):
    result = run("Cần Thơ", "Sóc Trăng")

    assert result.stdout.endswith("by the data files alone\n")
    assert list(Path(without_database.instance_path).glob("*.db")) == []


def test_it_knows_what_officers_have_stated_unless_files_alone_are_asked_for(app):
    asked = {"app": app, "kilograms": "2000", "goods": "lua-st25"}
    before = json.loads(run("C31321", "D926", "--json", **asked).stdout)
    a_condition()
    a_restriction(commodity_id="lua-st25", papers=("vietgap",))

    after = json.loads(run("C31321", "D926", "--json", **asked).stdout)
    files = json.loads(run("C31321", "D926", "--json", "--as-data", **asked).stdout)

    today = clock.today().isoformat()
    assert [a["day"] for a in (before, after, files)] == [today, today, None]
    assert VI_THANH_ROAD in [link["id"] for link in before["links"]]
    assert VI_THANH_ROAD not in [link["id"] for link in after["links"]]
    assert (before["cost_vnd"], before["links"]) == (files["cost_vnd"], files["links"])
    assert after["cost_vnd"] > before["cost_vnd"]
    assert [one["papers"] for one in after["restrictions"]] == [["vietgap"]]
    assert files["restrictions"] == []
    told = run("C31321", "D926", **asked).stdout
    assert "with vietgap only" in told
    assert f"as it is on {today}, with 1 closures" in told


def test_a_database_that_does_not_answer_is_said(tmp_path):
    (tmp_path / "marketplace.db").write_bytes(b"no database at all" * 99)
    broken = make_app(tmp_path)

    result = run("Cần Thơ", "Sóc Trăng", app=broken)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--as-data" in result.stderr
    assert run("Cần Thơ", "Sóc Trăng", "--as-data", app=broken).exit_code == 0


@pytest.mark.parametrize("goods", ["xyz", "Sầu riêng", "", "\0"])
def test_goods_must_be_known(goods):
    result = run("Cần Thơ", "Sóc Trăng", goods=goods)

    assert result.exit_code == 2


@pytest.mark.parametrize("kilograms", ["0", "-5", "abc", "1e9", "99999999999999999999"])
def test_weights_must_be_sensible(kilograms):
    assert run("Cần Thơ", "Sóc Trăng", kilograms=kilograms).exit_code == 2
