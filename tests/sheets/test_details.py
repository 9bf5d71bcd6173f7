"""Age, origin, papers and best before of rows: read, kept apart from what a row does not say, refused."""

from datetime import date

import pytest

from marketplace.sheets.answers import weight_key
from tests.sheets.test_drafts import codes, drafted

PIGLETS = {"commodity": "heo giống", "quantity": "80 con"}


def test_what_a_row_says_of_breeding_stock_stands_in_the_lot():
    row = drafted(
        **PIGLETS,
        age_days="45 ngày",
        origin="Trại Tân Tiến",
        quarantine_number="HG 0123",
        quarantine_on="20/11/2026",
    )

    assert row.problems == ()
    assert (row.draft.age_days, row.draft.origin) == (45, "Trại Tân Tiến")
    assert row.draft.quarantine_on == date(2026, 11, 20)
    assert row.stated["quarantine_on"] == "2026-11-20"


def test_an_empty_cell_says_nothing():
    row = drafted(**PIGLETS, age_days="", best_before=" ")

    assert row.problems == ()
    assert not {"age_days", "best_before"} & set(row.stated)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"age_days": "còn nhỏ"}, "age_days"),
        ({"best_before": "sắp hết"}, "best_before"),
        ({"best_before": "1/1/2020"}, "best_before"),
        ({"quarantine_number": "HG 1"}, "quarantine_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(cells, field):
    row = drafted(**PIGLETS, **cells)

    assert row.draft is None
    assert [problem.field for problem in row.problems] == [field]


def test_restricted_goods_need_their_column_and_banned_ones_are_refused():
    medicine = {"commodity": "Thuốc thú y", "quantity": "20 kg"}

    licensed = medicine | {"certificates": "giấy phép buôn bán vật tư"}
    assert drafted(**licensed).draft is None
    assert drafted(**medicine, registration_number="12/TY").draft is None
    assert drafted(**licensed, registration_number="12/TY").draft is not None
    assert codes(drafted(commodity="paraquat", quantity="5 lít")) != []


def test_animals_by_the_head_have_their_number_and_their_weight():
    cows = drafted(commodity="bò thịt", quantity="3 con, mỗi con 350 kg", ask="25 triệu/con")
    lot = cows.draft
    assert (lot.quantity, lot.heads, lot.ask) == (1_050, 3, 71_429)
    assert cows.stated["heads"] == 3

    pigs = {"commodity": "heo hơi", "quantity": "50 con", "ask": "5.500.000/con"}
    asked = drafted(**pigs)
    assert asked.draft is None
    answered = drafted(**pigs, choices={weight_key("con", "heo-hoi"): "100 kg"}).draft

    assert (answered.quantity, answered.heads, answered.ask) == (5_000, 50, 55_000)
    assert drafted(commodity="heo hơi", quantity="5 tấn").draft.heads is None
    bags = drafted(commodity="muối trắng", quantity="100 bao x 25 kg").draft
    assert (bags.quantity, bags.heads) == (2_500, None)
