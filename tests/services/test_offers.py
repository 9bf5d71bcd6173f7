"""Lists of what is open: found, priced to the door, with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.browsing import Filter, Sort
from marketplace.domain.programme import Decision, Verdict
from marketplace.models.admissions import admissions
from marketplace.models.base import db
from marketplace.services import desk, offers, organisations
from marketplace.services.reference import current_world
from tests.factories import BINH_DIEN, VI_THANH, a_lot, a_need, an_actor, an_organisation
from tests.programme_factories import admitted, an_entry_for, decided

TODAY = clock.today()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database in the block."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def lots(**wanted):
    return [s.listing.id for s in offers.open_lots(Filter(**wanted), today=TODAY).shown]


@pytest.mark.parametrize("text", ["sau rieng", "Sầu riêng", "SẦU RIÊNG", "sầu  rieng ri6", "rieng"])
def test_durians_are_found_however_they_are_typed(each_app, text):
    durian = a_lot(commodity="sau-rieng-ri6")
    a_lot()

    assert lots(text=text) == [durian.id]


@pytest.mark.parametrize("text", ["vi thanh", "hỏa lựu khóm", "dứa", "Hậu Giang"])
def test_a_lot_is_found_by_place_organisation_and_other_names(app, text):
    lot = a_lot(organisation=an_organisation(name="HTX Khóm Hỏa Lựu"))
    a_lot(commodity="ca-tra", place="C31135")

    assert lots(text=text) == [lot.id]


def test_words_of_goods_stand_before_words_out_of_several_names(each_app):
    melon = a_lot(commodity="dua-hau")
    pineapple = a_lot()  # also "dứa", in Hậu Giang

    assert lots(text="dua hau") == [melon.id, pineapple.id]
    assert lots(text="dưa hấu") == [melon.id]
    assert lots(text="Dứa Hậu Giang") == [pineapple.id]
    assert lots(text="dua hau", size=1) == [melon.id]
    assert lots(text="dua hau", size=1, page=2) == [pineapple.id]


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE lot; --", "x" * 10_000, "🍍", "\0"])
def test_strange_search_words_find_nothing_or_all_and_break_nothing(each_app, text):
    lot = a_lot()

    assert lots(text=text) in ([], [lot.id])


def test_what_is_over_sold_out_or_withdrawn_is_not_on_offer(app):
    a_lot(until=TODAY - timedelta(days=1), ready_on=TODAY - timedelta(days=2))
    a_lot(withdrawn_at=clock.now())
    lot = a_lot()

    assert lots() == [lot.id]


def test_the_landed_price_is_the_ask_and_the_quote_of_the_whole_open_quantity(app):
    lot = a_lot(quantity=25_500, ask=7_800)
    world = current_world()
    good = world.catalogue.commodity(lot.commodity_id)
    quote = world.atlas.quote(VI_THANH, BINH_DIEN, good, 25_500)

    [shown] = offers.open_lots(Filter(to=BINH_DIEN), today=TODAY).shown

    assert shown.quote == quote
    assert shown.freight == round(quote.cost / 25_500)
    assert shown.landed == 7_800 + shown.freight
    assert offers.landed(lot, BINH_DIEN) == shown


def test_lots_are_ordered_by_the_very_price_that_they_show(app):
    for n, place in enumerate(("C31321", "C30292", "C31135", "D916", "C30316")):
        a_lot(place=place, ask=8_000 + 100 * n, quantity=700 * (n + 1))
    a_lot(ask=None)

    shown = offers.open_lots(Filter(to=BINH_DIEN, sort=Sort.LANDED), today=TODAY).shown

    prices = [each.landed for each in shown]
    assert prices[-1] is None
    assert prices[:-1] == sorted(prices[:-1])


def test_a_sealed_bid_orders_and_filters_nothing(app):
    a_need(bid=20_000)
    known = a_need(bid=9_000, bid_sealed=False)

    def found(**wanted):
        page = offers.open_needs(Filter(**wanted), today=TODAY)
        return [each.listing.id for each in page.shown]

    assert found(price_limit=8_000) == [known.id]
    assert found(sort=Sort.PRICE)[0] == known.id
    assert found(sort=Sort.LANDED, to=VI_THANH)[0] == known.id


def test_an_island_has_no_landed_price(app):
    island = next(p for p in current_world().gazetteer.places if p.island)
    a_lot(place=island.id)

    [shown] = offers.open_lots(Filter(to=BINH_DIEN), today=TODAY).shown

    assert (shown.quote, shown.landed) == (None, None)


@pytest.mark.parametrize("kind", ["lots", "needs", "desk"])
def test_a_list_takes_as_many_statements_for_fifty_rows_as_for_five(app, kind):
    actor = an_actor(Role.OFFICER)
    ask = {
        "lots": lambda: offers.open_lots(Filter(text="khom", to=BINH_DIEN), today=TODAY),
        "needs": lambda: offers.open_needs(Filter(text="khom", to=VI_THANH), today=TODAY),
        "desk": lambda: desk.show_desk(actor, today=TODAY),
    }[kind]

    def list_more(number: int) -> int:
        for _ in range(number):
            a_lot(organisation=actor.organisation_id, certificates=["vietgap"])
            a_need(organisation=actor.organisation_id, certificates=["vietgap"])
        db.session.remove()
        with statements() as asked:
            ask()
        return len(asked)

    assert list_more(5) == list_more(45)


def test_lists_say_of_every_lot_whether_the_programme_takes_it(app):
    """As `admissions` says it: of an organisation, a producer, everybody, too early, revoked."""
    department = an_actor(Role.OFFICER)
    own, other = a_lot(), a_lot()
    late = a_lot(ready_on=TODAY + timedelta(days=40), until=TODAY + timedelta(days=45))
    of_producer = [
        a_lot(organisation=department.organisation_id, producer=producer, basis="request")
        for producer in ("HTX Kỳ Như", "HTX Thạnh Lợi")
    ]
    admitted(own)
    admitted(late, last=TODAY + timedelta(days=30))
    revoked = a_lot()
    decided(admitted(revoked), Decision(verdict=Verdict.REVOKE, reason="Thu hồi từ hôm nay"))
    decided(an_entry_for(department, producer="htx kỳ như"), actor=an_actor(Role.COORDINATOR))
    everybody = a_lot(commodity="mit-thai")
    for_all = an_entry_for(department, organisation=None, commodity="mit-thai")
    decided(for_all, actor=an_actor(Role.COORDINATOR))

    found = {
        shown.listing.id: shown.programme for shown in offers.open_lots(Filter(), today=TODAY).shown
    }

    rows = [own, other, late, *of_producer, revoked, everybody]
    said = admissions(db.session, rows, TODAY)
    assert found == {lot.id: said[lot.id].admitted for lot in rows}
    assert set(lots(programme=True)) == {own.id, of_producer[0].id, everybody.id}
    counts = offers.open_lots(Filter(localities=frozenset({"CM"})), today=TODAY).narrowed.counts
    assert not counts["programme"]


def test_a_renamed_organisation_is_found_by_its_new_name(app):
    lot = a_lot()
    keeper = an_actor(Role.ADMINISTRATOR)
    draft = organisations.draft_of(lot.organisation_id, actor=keeper)

    organisations.edit(lot.organisation_id, replace(draft, name="HTX Bình Minh Mới"), actor=keeper)

    assert lots(text="binh minh moi") == [lot.id]
    assert lots(text=draft.name) == []
