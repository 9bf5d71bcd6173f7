"""Lists are narrowed, counted and ordered as the reader asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.domain.browsing import PAGE, Browsed, Filter, Size, Sort, narrow

TODAY = date(2026, 11, 25)


def a_row(number: int, **changes) -> Browsed:
    values = {
        "id": number,
        "commodity": "khom-cau-duc",
        "group": "trai_cay",
        "locality": "HG",
        "quantity": 1_000,
        "kilograms": 1_000,
        "price": 8_000,
        "first": TODAY,
        "last": TODAY + timedelta(days=5),
        "listed": float(number),
    }
    return Browsed(**{**values, **changes})


def ids(rows, **wanted):
    return narrow(rows, Filter(**wanted), TODAY).ids


def test_the_first_instalment_stands_for_its_series() -> None:
    rows = [
        a_row(1, series=7, first=TODAY + timedelta(days=1), kilograms=500),
        a_row(2, series=7, first=TODAY, kilograms=500),
        a_row(3, series=8, first=TODAY, kilograms=500),
        a_row(4, kilograms=500),
    ]

    one = narrow(rows, Filter(), TODAY)
    each = narrow(rows, Filter(each_instalment=True), TODAY)

    assert (sorted(one.ids), one.total, one.kilograms, one.more) == ([2, 3, 4], 3, 2_000, {2: 1})
    assert one.counts["size"] == {"small": 3}
    assert (sorted(each.ids), each.total, each.more) == ([1, 2, 3, 4], 4, {})
    assert each.counts["size"] == {"small": 4}


def test_the_newest_come_first_and_pages_follow_each_other():
    rows = [a_row(n) for n in range(1, PAGE + 4)]

    first, second = (narrow(rows, Filter(page=n), TODAY) for n in (1, 2))

    assert first.ids[0] == PAGE + 3
    assert second.ids == [3, 2, 1]
    assert (first.total, first.pages) == (PAGE + 3, 2)
    assert narrow(rows, Filter(page=99), TODAY).ids == second.ids


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"groups": frozenset({"thuy_san"})}, [2]),
        ({"localities": frozenset({"ST", "KG"})}, [2]),
        ({"commodities": frozenset({"ca-tra"})}, [2]),
        ({"sizes": frozenset({Size.LARGE})}, [2]),
        ({"certificates": frozenset({"vietgap"})}, [3]),
        ({"within": 3}, [2, 1]),
        ({"from_on": TODAY + timedelta(days=6)}, [3]),
        ({"until": TODAY + timedelta(days=6)}, [2, 1]),
        ({"price_limit": 7_000}, [2]),
    ],
)
def test_each_filter_leaves_what_it_says(wanted, left):
    rows = [
        a_row(1),
        a_row(
            2, group="thuy_san", commodity="ca-tra", locality="ST", kilograms=16_000, price=6_000
        ),
        a_row(
            3,
            first=TODAY + timedelta(days=7),
            last=TODAY + timedelta(days=9),
            certificates=frozenset({"vietgap", "ocop"}),
            price=None,
        ),
    ]

    assert ids(rows, **wanted) == left


def test_a_facet_counts_what_its_other_values_would_show():
    rows = [a_row(1), a_row(2, locality="ST"), a_row(3, locality="ST", group="rau_mau")]
    wanted = Filter(localities=frozenset({"HG"}), groups=frozenset({"trai_cay"}))

    counts = narrow(rows, wanted, TODAY).counts

    assert counts["locality"] == {"HG": 1, "ST": 1}
    assert counts["group"] == {"trai_cay": 1}


def test_cheap_lots_and_dear_needs_come_first_and_no_price_last():
    rows = [a_row(1, price=None), a_row(2, price=9_000), a_row(3, price=7_000)]

    assert ids(rows, sort=Sort.PRICE) == [3, 2, 1]
    assert ids(rows, sort=Sort.PRICE, selling=True) == [2, 3, 1]


def test_the_least_for_which_a_seller_sells():
    rows = [a_row(1, price=None), a_row(2, price=9_000), a_row(3, price=7_000)]

    assert ids(rows, price_limit=8_000, selling=True) == [2]


def test_goods_that_are_called_what_was_typed_come_first():
    rows = [
        a_row(1, goods=("Dưa hấu",), names=("Dưa hấu", "Hậu Giang")),
        a_row(2, goods=("Khóm", "dứa"), names=("Khóm", "dứa", "xã Hỏa Lựu, Hậu Giang")),
        a_row(3, goods=("Lúa",), names=("Lúa", "HTX Dưa Hấu")),
        a_row(4, goods=("Khóm", "dứa"), names=("Khóm", "dứa", "xã Hỏa Lựu, Hậu Giang")),
    ]

    assert ids(rows, text="dua hau") == [1, 3, 4, 2]
    assert ids(rows, text="dua") == [4, 2, 1, 3]
    assert ids(rows, text="") == [4, 3, 2, 1]


def test_landed_prices_order_by_what_arrives():
    rows = [a_row(1, landed=9_000), a_row(2, landed=None), a_row(3, landed=8_500)]

    assert ids(rows, sort=Sort.LANDED, to="M_BINHDIEN") == [3, 1, 2]
    assert ids(rows, to="M_BINHDIEN", price_limit=8_600) == [3]


def test_prices_per_kilogram_and_per_piece_are_not_mixed():
    rows = [a_row(1, price=9_000), a_row(2, price=2_500, unit="piece"), a_row(3, price=4_000)]

    assert narrow(rows, Filter(sort=Sort.PRICE), TODAY).ids == [3, 1, 2]
