"""Every reason has words for both sides, and sealed figures only in bands."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.matching import Reason
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.needs import Need
from marketplace.models.rounds import RoundEntry
from marketplace.services import rounds, solve
from marketplace.web import reasons
from tests.factories import a_lot, a_need, an_actor
from tests.round_factories import a_round, an_entry

DETAILS = {
    "left": 400,
    "place": "Chợ đầu mối Bình Điền",
    "km": 187.4,
    "grade_vi": "loại 1",
    "grade_en": "grade 1",
    "certificate_vi": "VietGAP",
    "certificate_en": "VietGAP",
    "numbers": {
        "days": 2,
        "minutes_left": 1_500,
        "minutes_asked": 4_320,
        "per_unit": 417,
        "limit": 12_000,
    },
}


def an_explained(app: Flask, side: str, key: str, because: str) -> reasons.Reason:
    entry = an_entry(
        a_round(),
        a_lot() if side == "lot" else a_need(),
        reason=key,
        matched=600 if key == "partly" else 0,
        details={**DETAILS, "because": because},
    )
    return explained(app, entry.id)


def explained(app: Flask, entry_id: int) -> reasons.Reason:
    lot, need = joinedload(RoundEntry.lot), joinedload(RoundEntry.need)
    entry = db.session.scalars(
        select(RoundEntry)
        .where(RoundEntry.id == entry_id)
        .options(lot.options(joinedload(Lot.commodity), joinedload(Lot.place)))
        .options(need.options(joinedload(Need.commodity), joinedload(Need.place)))
    ).one()
    with app.test_request_context():
        return reasons.explain(entry)


@pytest.mark.parametrize("key", [reason.value for reason in Reason if reason != Reason.PARTLY])
@pytest.mark.parametrize("side", ["lot", "need"])
def test_every_reason_has_a_title_a_sentence_and_what_to_do(
    app: Flask, side: str, key: str
) -> None:
    said = an_explained(app, side, key, key)

    for words in (said.title, said.text, said.change):
        assert words
        assert "?" not in words
        assert "None" not in words
    assert "417" not in said.text + said.change


@pytest.mark.parametrize(
    ("side", "numbers", "words"),
    [
        ("lot", {"limit": 1}, "từ xã Lúa đến Chợ đầu mối Bình Điền phải có VietGAP"),
        ("need", {"limit": 1}, "từ Chợ đầu mối Bình Điền đến xã Lúa phải có VietGAP"),
        ("lot", {}, "hiện chưa được chở hàng này từ xã Lúa đến Chợ đầu mối Bình Điền"),
    ],
)
def test_restricted_movement_is_told_in_the_direction_of_the_goods(
    app: Flask, side: str, numbers: dict[str, int], words: str
) -> None:
    listing = a_lot() if side == "lot" else a_need()
    details = {**DETAILS, "because": "movement", "numbers": numbers}
    entry = an_entry(a_round(), listing, reason="movement", details=details)

    said = explained(app, entry.id)

    assert words.replace("xã Lúa", listing.place.name) in said.text
    assert said.change


def test_rounds_from_before_figures_were_told_say_them_in_bands(app: Flask) -> None:
    said = an_explained(app, "lot", "freight", "freight")

    assert "300\u00a0–\u00a0600\u00a0₫/kg" in said.text
    assert said.nearest == ()


def test_what_was_matched_in_part_says_how_much_and_why_not_the_rest(app: Flask) -> None:
    said = an_explained(app, "lot", "partly", "outbid")

    assert "600\u00a0kg" in said.text
    assert "Bị lô khác lợi hơn lấy chỗ" in said.text


@pytest.mark.parametrize(
    ("side", "words"), [("lot", "không còn ai cần"), ("need", "không còn ai chào")]
)
def test_who_found_a_partner_for_a_part_is_not_told_that_there_is_none(
    app: Flask, side: str, words: str
) -> None:
    said = an_explained(app, side, "partly", "no_counterpart")

    assert words in said.text
    assert "Chưa ai" not in said.text
    assert "Phiên này không có" not in said.text


@pytest.mark.parametrize(
    ("lot", "need", "words"),
    [
        ({"grade": "xo"}, {"min_grade": "loai-1"}, "nhận từ"),
        ({}, {"certificates": ["vietgap"]}, "đòi VietGAP"),
        ({"ask": 13_000}, {}, "trả thấp hơn giá chào"),
        (
            {"quantity": 2_000, "whole": True},
            {},
            "chỉ bán trọn; nơi gần ghép được nhất nhận 1\u00a0tấn",
        ),
    ],
)
def test_the_engine_fills_what_the_texts_need(
    app: Flask, lot: dict[str, Any], need: dict[str, Any], words: str
) -> None:
    listed = a_lot(**lot)
    a_need(**need)
    rounds.request_round(actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today())
    solve.solve_next(lambda: False)

    for entry_id in db.session.scalars(select(RoundEntry.id)).all():
        assert "?" not in explained(app, entry_id).text
    mine = db.session.scalars(select(RoundEntry.id).where(RoundEntry.lot_id == listed.id)).one()
    assert words in explained(app, mine).text


def solved(app: Flask, listing: Lot | Need) -> reasons.Reason:
    """What a round says of a listing."""
    rounds.request_round(actor=an_actor(Role.COORDINATOR), now=clock.now(), today=clock.today())
    solve.solve_next(lambda: False)
    column = RoundEntry.lot_id if isinstance(listing, Lot) else RoundEntry.need_id
    entry = db.session.scalars(select(RoundEntry.id).where(column == listing.id)).one()
    return explained(app, entry)


def test_of_a_rest_it_is_not_said_that_nobody_wants_these_goods(app: Flask) -> None:
    lot, _need = a_lot(quantity=1_400), a_need(quantity=1_000)

    said = solved(app, lot)

    assert "không còn ai cần mặt hàng này" in said.text
    assert "Chưa ai cần mặt hàng này" not in said.text
    assert "Không có nhu cầu" not in said.text


def test_of_a_need_for_more_it_is_not_said_that_nobody_offers_these_goods(app: Flask) -> None:
    _lot, need = a_lot(quantity=1_000), a_need(quantity=1_400)

    said = solved(app, need)

    assert "không còn ai chào mặt hàng này" in said.text
    assert "Chưa ai bán mặt hàng này" not in said.text


def test_a_need_that_may_be_split_is_told_that_the_lot_may_not(app: Flask) -> None:
    _lot, need = a_lot(quantity=12_000, whole=True), a_need(quantity=4_000, splits=True)

    said = solved(app, need)

    assert said.title == "Bên bán chỉ bán trọn lô, lớn hơn nhu cầu này"
    assert "chỉ bán trọn: 12\u00a0tấn" in said.text
    assert said.change == "nhận 12\u00a0tấn một lần, hoặc hỏi bên bán chia lô."


def test_a_lot_that_may_be_split_is_told_that_the_need_may_not(app: Flask) -> None:
    lot, _need = a_lot(quantity=4_000), a_need(quantity=12_000, splits=False)

    said = solved(app, lot)

    assert said.title == "Bên mua chỉ nhận một lần, nhiều hơn lô này"
    assert said.change == "chào 12\u00a0tấn một lần, hoặc hỏi bên mua nhận một phần."


def test_the_three_nearest_are_told_with_all_that_each_would_have_taken(app: Flask) -> None:
    lot = a_lot(ask=13_000)
    for need in (
        {"certificates": ["vietgap"]},
        {"bid": 9_000},
        {"min_grade": "loai-1", "certificates": ["vietgap"]},
        {"bid": 5_000, "bid_sealed": False},
    ):
        a_need(**need)

    said = solved(app, lot)

    assert len(said.nearest) == 3
    assert [near.changes for near in said.nearest][:1] == [
        (f"giá chào thấp hơn khoảng {said.text.split('khoảng ')[1].split()[0]}\u00a0₫/kg",)
    ]
    assert any("có VietGAP" in near.changes for near in said.nearest)
    assert all(near.place and near.km and all(near.changes) for near in said.nearest)


OF_BOTH = [
    "grade", "certificate", "not_eligible", "window", "freshness", "no_route", "freight", "outbid",
    "minimum", "whole",
]  # fmt: skip


@pytest.mark.parametrize(
    ("side", "kind"),
    [
        ("lot", "price"),
        ("need", "bid"),
        *((side, kind) for side in ("lot", "need") for kind in OF_BOTH),
    ],
)
def test_every_hurdle_has_words_for_what_it_would_have_taken(
    app: Flask, side: str, kind: str
) -> None:
    hurdle = {"because": kind, **{n: v for n, v in DETAILS.items() if n not in ("place", "km")}}
    entry = an_entry(
        a_round(),
        a_lot() if side == "lot" else a_need(),
        reason=kind,
        details={
            **DETAILS,
            "because": kind,
            "nearest": [{"place": "Cái Răng", "hurdles": [hurdle]}],
        },
    )

    [near] = explained(app, entry.id).nearest

    [change] = near.changes
    assert change
    assert "?" not in change


@pytest.mark.parametrize(
    ("way", "said"), [("earlier", "sớm hơn 6 ngày"), ("later", "trễ hơn 6 ngày")]
)
def test_days_stand_behind_the_comparison_in_vietnamese(app: Flask, way: str, said: str) -> None:
    with app.test_request_context():
        assert ngettext(f"%(num)s day {way}", f"%(num)s days {way}", 6) == said


@pytest.mark.parametrize(
    ("days", "change", "near"),
    [
        (-4, "nhận hàng sớm hơn 4 ngày.", "nhận sớm hơn 4 ngày"),
        (0, "không phải làm gì; chờ lô gần hơn hoặc thu hoạch sau.", "giữ được lâu hơn"),
    ],
)
def test_a_need_that_asks_no_freshness_is_not_told_to_ask_for_less(
    app: Flask, days: int, change: str, near: str
) -> None:
    numbers = {"minutes_left": -190, "minutes_asked": 1, "days": days}
    hurdles = [{"because": "freshness", "numbers": numbers}]
    details = {"numbers": numbers, "nearest": [{"place": "Cái Răng", "hurdles": hurdles}]}
    entry = an_entry(a_round(), a_need(), reason="freshness", details=details)

    said = explained(app, entry.id)

    assert said.text == "Hàng hỏng trước khi tới nơi (quá 3\u00a0giờ 10\u00a0phút)."
    assert said.change == change
    assert near in said.nearest[0].changes[0]
