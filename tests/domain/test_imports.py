"""Which row is which lot: everything accounted for, and the same sheet twice changes nothing."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.imports import Known, Row, RowStatus, compare, row_key

A_ROW = st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from([None, 7, 8]))


def rows_of(drawn):
    return [
        Row(number, key, {"quantity": quantity} | ({"ask": ask} if ask else {}))
        for number, (key, quantity, ask) in enumerate(drawn, 1)
    ]


def saved(rows, found, known):
    """The lots as they are known after the import has been saved."""
    before = {one.listing_id: (key, one) for key, lots in known.items() for one in lots}
    new = max(before, default=1000)
    for row in rows:
        what = found[row.number]
        if what.status == RowStatus.NEW:
            new += 1
            before[new] = (row.key, Known(new, row.stated))
        elif what.status == RowStatus.CHANGE:
            key, one = before[what.listing_id]
            before[what.listing_id] = (key, Known(one.listing_id, {**one.stated, **row.stated}))
    after = {}
    for key, one in before.values():
        after.setdefault(key, []).append(one)
    return after


@given(st.lists(A_ROW, max_size=12), st.lists(A_ROW, max_size=12))
def test_the_same_rows_twice_change_nothing(first, then):
    known = saved(rows_of(first), compare(rows_of(first), {}), {})
    rows = rows_of(then)
    found = compare(rows, known)
    known = saved(rows, found, known)

    again = compare(rows, known)

    assert set(found) == set(again) == {row.number for row in rows}
    assert {what.status for what in again.values()} <= {RowStatus.REPEAT}


@given(st.lists(A_ROW, max_size=12), st.lists(A_ROW, max_size=12))
def test_no_lot_is_changed_by_two_rows(first, then):
    known = saved(rows_of(first), compare(rows_of(first), {}), {})

    lots = [what.listing_id for what in compare(rows_of(then), known).values() if what.listing_id]

    assert len(lots) == len(set(lots))


def test_a_lot_that_is_over_is_not_changed_but_listed_anew():
    over = {"a": [Known(1, {"quantity": 5}, may_change=False)]}

    assert compare([Row(1, "a", {"quantity": 5})], over)[1].status == RowStatus.REPEAT
    assert compare([Row(1, "a", {"quantity": 6})], over)[1].status == RowStatus.NEW


def test_an_id_of_the_sheet_goes_before_everything_else():
    assert row_key("L 01", "Ông Ba", "khom", "", "X", "") == row_key("l 01", "", "", "", "", "")
    assert row_key("", "Ông Ba", "khom", "", "X", "") == row_key("", "ong  ba", "khom", "", "X", "")
    assert row_key("", "Ông Ba", "khom", "", "X", "") != row_key("", "Ông Tư", "khom", "", "X", "")
