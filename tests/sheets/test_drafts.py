"""A row as a lot: what it needs, what is asked once for all rows, and what cannot be listed yet."""

from dataclasses import replace
from datetime import date

from marketplace.data.reader import read_reference
from marketplace.domain.actors import Actor, Role
from marketplace.domain.commodities import Catalogue
from marketplace.domain.drafts import draft_from_json, draft_to_json
from marketplace.domain.imports import RowStatus
from marketplace.domain.listings import Basis
from marketplace.domain.places import Gazetteer
from marketplace.sheets import drafting as drafts
from marketplace.sheets import told
from marketplace.sheets.drafting import Terms
from marketplace.sheets.drafts import draft_row
from marketplace.sheets.table import Cell, Record

REFERENCE = read_reference()
TERMS = {
    "gazetteer": Gazetteer.from_reference(REFERENCE),
    "catalogue": Catalogue.from_reference(REFERENCE),
    "today": date(2026, 11, 25),
}
USUAL = {"commodity": "Khóm Cầu Đúc", "quantity": "5 tấn", "place": "Xã Hỏa Lựu", "until": "1/12"}
OFFICER = Actor(1, 1, Role.OFFICER, "CT", "Sở")


def drafted(own=None, choices=None, actor=None, basis=Basis.OWN, **cells):
    record = Record(1, {name: Cell(text) for name, text in {**USUAL, **cells}.items()}, {})
    terms = Terms(
        **TERMS, actor=actor, basis=basis, choices=choices or {}, own={1: own} if own else {}
    )
    return draft_row(record, terms)


def codes(row):
    return [problem.code for problem in row.problems]


def test_a_clear_row_is_a_lot():
    row = drafted(ask="7.800đ/kg", note="VietGAP", whole="x")

    assert (row.status, row.problems) == (RowStatus.NEW, ())
    assert (row.draft.quantity, row.draft.ask, row.draft.whole) == (5_000, 7_800, True)
    assert (row.draft.ready_on, row.draft.until) == (date(2026, 11, 25), date(2026, 12, 1))
    assert "ready_on" not in row.stated, "today was filled in, the row does not say it"
    assert row.stated["certificates"] == ["vietgap"]


def test_a_rate_is_asked_about_and_then_a_series():
    row = drafted(quantity="5–10 tấn mỗi ngày")
    once = drafted(quantity="5–10 tấn")

    assert (row.understood.quantity_least, row.understood.per) == (5_000, "day")
    assert (row.status, codes(row)) == (RowStatus.ASKED, ["quantity_rate"])

    regular = drafted(quantity="5–10 tấn mỗi ngày", choices={drafts.QUANTITY_RATE: drafts.REGULAR})
    assert (regular.draft.quantity, regular.draft.quantity_most) == (5_000, 10_000)
    assert regular.stated["recurs"] == "daily"
    assert regular.key != once.key
    assert "recurs" not in once.stated


def test_a_rate_can_be_listed_once_with_what_it_comes_to():
    at_once = {drafts.QUANTITY_RATE: drafts.ONCE}

    daily = drafted(quantity="5–10 tấn mỗi ngày", choices=at_once)
    weekly = drafted(quantity="7 tấn/tuần", until="08/12/2026", choices=at_once)
    broken = drafted(quantity="7 tấn/tuần", until="09/12/2026", choices=at_once)

    assert (daily.draft.quantity, daily.draft.quantity_most) == (35_000, 70_000)
    assert "recurs" not in daily.stated
    assert weekly.draft.quantity == 14_000
    assert (broken.status, codes(broken)) == (RowStatus.REFUSED, ["quantity_rate"])


def test_a_range_is_listed_with_what_is_sure_and_a_range_of_prices_is_asked_about():
    row = drafted(quantity="5-7 tấn", ask="6.000 - 6.500")
    assert (row.status, codes(row)) == (RowStatus.ASKED, ["ask_range"])

    answered = drafted(
        quantity="5-7 tấn", ask="6.000 - 6.500", choices={drafts.ASK_RANGE: drafts.MOST}
    )
    assert (answered.draft.quantity, answered.draft.quantity_most) == (5_000, 7_000)
    assert answered.draft.ask == 6_500


def test_an_open_end_is_sure_from_below_only():
    assert drafted(quantity="hơn 400 tấn").draft.quantity == 400_000

    assert codes(drafted(quantity="tối đa 400 tấn")) == ["quantity_open"]
    at_most = drafted(quantity="tối đa 400 tấn", choices={drafts.QUANTITY_OPEN: drafts.NAMED})
    assert at_most.draft.quantity == 400_000


def test_a_missing_last_day_is_asked_about():
    row = drafted(until="")
    assert (row.status, codes(row)) == (RowStatus.ASKED, ["missing"])

    assert drafted(until="", choices={drafts.LAST_DAY: "2026-12-02"}).draft.until.day == 2
    assert drafted(until="", choices={drafts.LAST_DAY: "hôm kia"}).status == RowStatus.ASKED


def test_what_is_over_or_breaks_a_rule_is_refused():
    assert drafted(until="1/11/2026").status == RowStatus.REFUSED
    assert drafted(quantity="-5 tấn").status == RowStatus.REFUSED
    assert codes(drafted(whole="đôi khi")) == ["whole_unreadable"]


def test_a_telephone_number_that_cannot_be_read_hinders_nothing():
    row = drafted(phone="12345")

    assert (row.status, codes(row)) == (RowStatus.NEW, ["phone_unreadable"])


def test_a_department_says_whose_goods_they_are_and_lists_its_own_locality_only():
    row = drafted(actor=replace(OFFICER, locality="HG"), basis=Basis.REQUEST)
    assert [(p.field, drafts.can_be_answered(p)) for p in row.problems] == [("producer", True)]

    elsewhere = drafted(actor=OFFICER, basis=Basis.REQUEST, ask="7.500-8.000", until="")
    assert codes(elsewhere) == ["place_against_rules"], "nothing else is asked"


def test_what_is_stored_comes_back():
    row = drafted(quantity="5-7 tấn", until="1/11/2026", commodity="khóm cầu đúc")
    draft = drafted(ask="7.800", certificates="VietGAP").draft
    record = Record(
        3, {"quantity": Cell("5"), "until": Cell("1/12", day=date(2026, 12, 1))}, {}, "A"
    )

    assert draft_from_json(draft_to_json(draft)) == draft
    assert told.record_from_json(3, told.record_to_json(record), {}) == record
    for problem in row.problems:
        back = told.problem_from_json(told.problem_to_json(problem))
        assert (str(back.error), back.code, back.candidates) == (
            str(problem.error), problem.code, problem.candidates,
        )  # fmt: skip
