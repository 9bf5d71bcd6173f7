"""``flask route`` answers in numbers that other programs read."""

import json

import pytest
from click.testing import CliRunner

from marketplace.cli.route import route
from marketplace.services.routes import quote_route


def run(*arguments, goods="khom-cau-duc", kilograms="15000"):
    asked = [*arguments, "--commodity", goods, "--kilograms", kilograms]
    return CliRunner().invoke(route, asked)


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

    quote = quote_route("phuong vi thanh", "D941", "Khóm Cầu Đúc", 33_000).quote
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


@pytest.mark.parametrize("goods", ["xyz", "Sầu riêng", "", "\0"])
def test_goods_must_be_known(goods):
    result = run("Cần Thơ", "Sóc Trăng", goods=goods)

    assert result.exit_code == 2


@pytest.mark.parametrize("kilograms", ["0", "-5", "abc", "1e9", "99999999999999999999"])
def test_weights_must_be_sensible(kilograms):
    assert run("Cần Thơ", "Sóc Trăng", kilograms=kilograms).exit_code == 2
