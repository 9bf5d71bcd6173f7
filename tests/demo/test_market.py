"""Sample markets look like real weeks, and say that they are samples."""

from collections import Counter
from datetime import date
from statistics import median

import pytest

from marketplace.data.reader import read_reference
from marketplace.demo.examples import example_commodities, example_lot
from marketplace.demo.market import board_of_2021, crisis_week, normal_week
from marketplace.demo.sizes import Size, lot_size, round_as_people_do
from marketplace.demo.surplus import SURPLUS_OF_2021, surplus_of_2021
from marketplace.domain.commodities import Catalogue
from marketplace.domain.prices import check_usual

TODAY = date(2026, 11, 25)
REFERENCE = read_reference()
CATALOGUE = Catalogue.from_reference(REFERENCE)
PLACES = {place.id: place for place in REFERENCE.places}


@pytest.fixture(scope="module")
def week():
    return normal_week(TODAY)


@pytest.mark.parametrize(
    "market", [normal_week, board_of_2021, surplus_of_2021], ids=lambda m: m.__name__
)
@pytest.mark.parametrize("today", [TODAY, date(2027, 2, 28), date(2027, 6, 1)], ids=str)
def test_every_listing_is_lawful(market, today):
    drawn = market(today)
    organisations = {organisation.key for organisation in drawn.organisations}
    for lot in drawn.lots:
        goods = CATALOGUE.commodity(lot.commodity)
        CATALOGUE.grade(goods.group, lot.grade)
        assert lot.quantity > 0
        assert lot.ready_on <= lot.until > today
        assert lot.place in PLACES
        assert lot.organisation in organisations
        assert lot.certificates <= set(CATALOGUE.certifications)
        if lot.ask is not None:
            check_usual(lot.ask, goods)
    for need in drawn.needs:
        goods = CATALOGUE.commodity(need.commodity)
        assert need.min_grade is None or CATALOGUE.grade(goods.group, need.min_grade)
        assert 1 <= need.min_quantity <= need.quantity
        assert today <= need.wanted_from <= need.until
        assert need.organisation in organisations
        if need.bid is not None:
            check_usual(need.bid, goods)
    assert len({lot.key for lot in drawn.lots}) == len(drawn.lots)
    assert len({need.key for need in drawn.needs}) == len(drawn.needs)


def test_a_normal_week_has_the_size_and_the_mixture_of_one(week):
    groups = Counter(CATALOGUE.commodity(lot.commodity).group for lot in week.lots)

    assert (len(week.lots), len(week.needs)) == (600, 450)
    assert {group for group, _ in groups.most_common(3)} == {"thuy_san", "lua_gao", "trai_cay"}
    localities = {PLACES[lot.place].locality for lot in week.lots}
    assert localities == {"CT", "ST", "HG", "AG", "KG", "BL", "CM"}
    fruit = [x.quantity for x in week.lots if CATALOGUE.commodity(x.commodity).group == "trai_cay"]
    assert 2_500 < median(fruit) < 10_000


def test_the_same_seed_gives_the_same_week_and_another_gives_another(week):
    assert normal_week(TODAY) == week
    assert normal_week(TODAY, seed=1) != week
    assert normal_week(date(2026, 11, 26)) != week


def test_nothing_out_of_season_is_offered_fresh(week):
    for lot in week.lots:
        goods = CATALOGUE.commodity(lot.commodity)
        if not goods.waits and goods.shelf_hours < 480 and goods.id not in example_commodities():
            assert {11, 12} & set(goods.months)


def test_a_crisis_is_larger_and_cheaper():
    crisis = crisis_week(TODAY)

    assert (len(crisis.lots), len(crisis.needs)) == (4_000, 2_000)
    assert sum(lot.basis != "own" for lot in crisis.lots) > 2_000


def test_the_board_of_2021_has_five_sellers_for_one_buyer():
    board = board_of_2021(TODAY)
    divided = board.with_lots_divided_by(10)

    assert (len(board.lots), len(board.needs)) == (1_009, 206)
    assert divided.lots[0].quantity == max(1, board.lots[0].quantity // 10)


@pytest.mark.parametrize("surplus", SURPLUS_OF_2021, ids=lambda s: s.commodity)
def test_the_surplus_is_what_was_told(surplus):
    lots = [x for x in surplus_of_2021(TODAY).lots if x.commodity == surplus.commodity]

    assert sum(lot.quantity for lot in lots) == surplus.kilograms_a_week
    assert {PLACES[lot.place].locality for lot in lots} == {surplus.locality}


def test_a_divisible_week_has_no_whole_lots(week):
    divisible = week.with_everything_divisible()

    assert not any(lot.whole for lot in divisible.lots)
    assert all(need.splits and need.min_quantity == 1 for need in divisible.needs)
    assert sum(x.quantity for x in divisible.lots) == sum(x.quantity for x in week.lots)


def test_every_name_says_that_it_is_a_sample(week):
    assert all(organisation.name.endswith("(mẫu)") for organisation in week.organisations)
    assert len({organisation.name for organisation in week.organisations}) == len(
        week.organisations
    )
    phones = {organisation.phone for organisation in week.organisations}
    assert len(phones) == len(week.organisations)
    assert all(phone.startswith("0710") and len(phone) == 10 for phone in phones)


def test_there_is_an_example_of_every_reason(week):
    keys = {lot.key for lot in week.lots}
    others = {lot.commodity for lot in week.lots if not lot.key.startswith("L-")}

    assert {example_lot(r) for r in ("grade", "window", "no_route", "whole", "freight")} <= keys
    assert not others & example_commodities()


def test_the_engine_is_told_the_same(week):
    lot, need = week.lots[0], week.needs[0]

    assert week.open_lots()[0].quantity == lot.quantity
    assert week.open_needs()[0].bid == need.bid


@pytest.mark.parametrize(
    ("drawn", "rounded"), [(0.2, 1), (7.4, 7), (17.2, 17), (43, 45), (348, 350), (4_449, 4_500)]
)
def test_quantities_are_round(drawn, rounded):
    assert round_as_people_do(drawn) == rounded


def test_every_good_has_a_size():
    for goods in REFERENCE.commodities:
        assert isinstance(lot_size(goods), Size)


def test_example_lots_lie_where_their_sellers_are(week):
    sellers = {seller.key: seller for seller in week.organisations}

    lots = [lot for lot in week.lots if lot.key.startswith("L-")]

    assert lots
    assert all(sellers[x.organisation].locality == PLACES[x.place].locality for x in lots)
