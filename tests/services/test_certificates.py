"""Certificates: kept, replaced, withdrawn; counting while they are valid and not a day longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.browsing import Filter
from marketplace.domain.certificates import Standing
from marketplace.domain.errors import Forbidden, NotFound, Rejected, Stale
from marketplace.domain.lots import LotDraft
from marketplace.domain.matches import DropReason, MatchState
from marketplace.domain.wishes import Wish
from marketplace.models.base import db
from marketplace.models.certificates import CertificateVersion, papers_held
from marketplace.models.listing_pages import find
from marketplace.models.lots import Lot
from marketplace.models.notices import Notice, OutboxMessage
from marketplace.models.open_market import open_market
from marketplace.notifications import words
from marketplace.services import (
    certificate_pages,
    certificate_reminders,
    certificates,
    direct,
    lots,
    offers,
    publishing,
    stored_files,
)
from marketplace.solving.rows import lot_record
from tests.factories import PINEAPPLE, VI_THANH, a_lot, a_need, an_actor
from tests.paper_factories import a_certificate, a_certificate_draft, a_file, relied_on
from tests.picture_factories import a_photo
from tests.round_factories import a_round, drafted

DAY = timedelta(days=1)


def keep(actor, **said):
    return certificates.keep(
        a_certificate_draft(**said),
        a_file(actor),
        actor=actor,
        now=clock.now(),
        today=clock.today(),
    )


def a_draft(**said) -> LotDraft:
    today = clock.today()
    values = {
        "commodity": PINEAPPLE,
        "grade": "loai-1",
        "quantity": 500,
        "ask": 8_000,
        "place": VI_THANH,
        "ready_on": today,
        "until": today + 5 * DAY,
    }
    return LotDraft(**{**values, **said})


def publish(draft, actor):
    return lots.publish_lot(draft, actor=actor, today=clock.today(), now=clock.now())


def test_certificates_are_found_by_words_kind_and_state(each_app):
    actor, today = an_actor(Role.OFFICER), clock.today()
    several = [
        a_certificate(actor, holder="HTX Kỳ Như", number="VG-0417/2025"),
        a_certificate(actor, expires_on=today - DAY, holder="HTX Thạnh Lợi"),
        a_certificate(actor, expires_on=today + 9 * DAY, certification_id="ocop"),
        a_certificate(actor, issued_on=today + DAY),
        a_certificate(actor, withdrawn_at=clock.now(), expires_on=today - DAY),
        a_certificate(actor, expires_on=None),
    ]
    a_certificate(an_actor(), holder="HTX Kỳ Như")

    def found(**sought):
        wanted = certificate_pages.Sought(**sought)
        rows, _pages = certificate_pages.mine(actor=actor, today=today, sought=wanted)
        return {one.row.id for one in rows}

    for state in Standing:
        assert found(standing=state) == {r.id for r in several if r.standing(today) is state}, state
        assert found(standing=state)
    assert found(text="ky nhu") == found(text="0417") == {several[0].id}
    assert found(certification="ocop") == {several[2].id}
    assert found(text="thanh loi", standing=Standing.VALID) == set()
    assert len(found()) == 6


def test_a_certificate_is_kept_with_its_file_and_history(each_app):
    actor = an_actor()

    row = keep(actor)

    page = certificate_pages.show(row.id, actor=actor, today=clock.today())
    assert [one.change for one in page.versions] == ["entered"]
    assert certificate_pages.file_of(row.id, actor=actor).media_type == "application/pdf"
    with pytest.raises(Rejected, match="kept already"):
        keep(actor)


def test_a_photo_of_a_paper_is_drawn_anew(app):
    actor = an_actor()
    file_id = a_file(actor, a_photo(located=True))

    file = stored_files.taken(file_id, actor=actor)

    assert file is not None
    assert file.media_type == "image/jpeg"
    assert stored_files.taken(file_id, actor=an_actor()) is None


def test_all_that_is_wrong_is_told_at_once(app):
    wrong = a_certificate_draft(number="", issuer="", expires_on=clock.today() - DAY)

    with pytest.raises(Rejected) as caught:
        certificates.check(wrong, None, actor=an_actor(Role.OFFICER), today=clock.today())

    said = {each.field for each in caught.value.each()}
    assert said == {"holder", "number", "issuer", "expires_on", "file"}


def test_only_those_who_list_keep_certificates_and_only_with_their_own_file(app):
    buyer, seller = an_actor(Role.BUYER), an_actor()

    with pytest.raises(Forbidden):
        a_file(buyer)
    with pytest.raises(Rejected, match="Choose the file"):
        certificates.check(
            a_certificate_draft(), a_file(an_actor()), actor=seller, today=clock.today()
        )


def test_a_replaced_certificate_keeps_its_lots_and_what_it_said(each_app):
    actor = an_actor()
    row = a_certificate(actor, expires_on=clock.today() + 3 * DAY)
    lot = relied_on(a_lot(organisation=actor.organisation_id, certificates=["vietgap"]), row)
    draft = replace(certificates.draft_of(row), expires_on=clock.today() + 500 * DAY)
    known = {"actor": actor, "now": clock.now(), "today": clock.today()}

    with pytest.raises(Rejected, match="send the file"):
        certificates.change(row.id, 1, draft, row.file_id, **known)
    certificates.change(row.id, 1, draft, a_file(actor), **known)

    with pytest.raises(Stale):
        certificates.change(row.id, 1, draft, a_file(actor), **known)
    assert held(lot, clock.today() + 400 * DAY) == {"vietgap"}
    assert db.session.scalars(select(CertificateVersion.version)).all() == [1, 2]


def test_a_certificate_counts_on_its_last_day_and_no_longer(each_app):
    today = clock.today()
    row = a_certificate(expires_on=today)
    lot = relied_on(a_lot(certificates=["vietgap", "ocop"]), row)

    assert held(lot, today) == {"vietgap", "ocop"}
    assert held(lot, today + DAY) == {"ocop"}


def test_it_must_be_valid_when_the_goods_are_handed_over_at_the_earliest(each_app):
    today = clock.today()
    row = a_certificate(expires_on=today + 5 * DAY)
    later = {"ready_on": today + 6 * DAY, "until": today + 9 * DAY, "certificates": ["vietgap"]}
    lot = relied_on(a_lot(**later), row)

    assert held(lot, today) == frozenset()
    actor = an_actor()
    own = a_certificate(actor, expires_on=today + 5 * DAY)
    draft = a_draft(ready_on=today + 6 * DAY, until=today + 9 * DAY)
    papers = {"certificates": frozenset({"vietgap"}), "papers": frozenset({own.id})}
    with pytest.raises(Rejected, match="not valid on"):
        publish(replace(draft, **papers), actor)


def held(lot: Lot, day: date) -> frozenset[str]:
    """What counts, as statements find it and as the loaded row says it."""
    by_statement = papers_held(db.session, [lot.id], day).get(lot.id, frozenset())
    db.session.expire_all()
    loaded = find(Lot, lot.id)
    assert loaded is not None
    assert frozenset(paper.id for paper in loaded.papers_on(day)) == by_statement
    assert lot_record(loaded, day).certificates == by_statement
    return by_statement


def test_a_withdrawn_one_counts_nowhere(each_app):
    actor = an_actor()
    row = a_certificate(actor)
    lot = relied_on(a_lot(organisation=actor.organisation_id, certificates=["vietgap"]), row)

    certificates.withdraw(row.id, 1, "hết dùng", actor=actor, now=clock.now())

    [found] = open_market(db.session, clock.today(), clock.now()).lots
    assert lot_record(found, clock.today()).certificates == frozenset()
    wanted = Filter(certificates=frozenset({"vietgap"}))
    assert offers.open_lots(wanted, today=clock.today()).shown == []
    with pytest.raises(Rejected, match="withdrawn"):
        certificates.withdraw(row.id, 2, "", actor=actor, now=clock.now())
    with pytest.raises(NotFound):
        certificate_pages.file_of(row.id, actor=an_actor())
    assert certificate_pages.show(row.id, actor=actor, today=clock.today()).lots == [lot]


def test_a_lapsed_certificate_is_not_enough_for_a_buyer_who_asks_for_it(app):
    row = a_certificate(expires_on=clock.today() - DAY)
    lot = relied_on(a_lot(certificates=["vietgap"]), row)
    buyer = an_actor(Role.BUYER)
    need = a_need(organisation=buyer.organisation_id, certificates=["vietgap"])

    with pytest.raises(Rejected, match="certificate that the lot does not hold"):
        direct.consider_buying(
            lot.id, Wish(quantity=100, mine=need.id), actor=buyer, today=clock.today()
        )


def test_publishing_drops_a_match_whose_certificate_has_lapsed_meanwhile(each_app):
    row = a_certificate()
    lot, need = relied_on(a_lot(certificates=["vietgap"]), row), a_need(certificates=["vietgap"])
    round_ = a_round()
    match = drafted(round_, lot, need, quantity=800)
    row.withdrawn_at = clock.now()
    db.session.commit()

    coordinator = an_actor(Role.COORDINATOR)
    publishing.publish(
        round_.id, actor=coordinator, now=clock.now(), today=clock.today(), answer_hours=48
    )

    db.session.refresh(match)
    assert (match.state, match.drop_reason) == (MatchState.DROPPED, DropReason.PAPERS_LAPSED)


def test_a_lot_is_listed_with_a_certificate_of_its_own_people_only(each_app):
    actor, officer = an_actor(), an_actor(Role.OFFICER)
    own, others = a_certificate(actor), a_certificate()
    farm = a_certificate(officer, holder="HTX Kỳ Như")
    named = {"certificates": frozenset({"vietgap"})}

    lot = publish(a_draft(**named, papers=frozenset({own.id})), actor)

    assert lots.papers_of(find(Lot, lot.id)) == {own.id}
    with pytest.raises(Rejected, match="your own organisation"):
        publish(a_draft(**named, papers=frozenset({others.id})), actor)
    of_other = a_draft(**named, papers=frozenset({farm.id}), producer="Hộ Tư", basis="request")
    with pytest.raises(Rejected, match="of HTX Kỳ Như"):
        publish(of_other, officer)
    publish(replace(of_other, producer="htx ky nhu"), officer)


def test_what_rests_on_a_lapsed_certificate_does_not_become_named_only_by_a_change(each_app):
    actor = an_actor()
    row = a_certificate(actor, expires_on=clock.today())
    draft = a_draft(certificates=frozenset({"vietgap"}), papers=frozenset({row.id}))
    lot = publish(draft, actor)
    row.expires_on = clock.today() - DAY
    db.session.commit()

    there = lots.whole_draft_of(lots.lot_to_edit(lot.id, actor=actor))
    known = {"actor": actor, "today": clock.today(), "now": clock.now()}
    lots.change_lot(lot.id, 1, replace(there, note="khác"), **known)

    assert held(lot, clock.today()) == frozenset()
    only_named = replace(there, papers=frozenset())
    with pytest.raises(Rejected, match="Enter the one that follows"):
        lots.change_lot(lot.id, 2, only_named, **known)
    without = replace(there, certificates=frozenset(), papers=None, note="nữa")
    lots.change_lot(lot.id, 2, without, **known)
    assert lots.papers_of(find(Lot, lot.id)) == frozenset()


def test_its_holder_is_told_a_month_before_and_on_the_last_day_once_each(each_app):
    today, now = clock.today(), clock.now()
    actor = an_actor()
    row = a_certificate(actor, expires_on=today + 30 * DAY)
    a_certificate(actor, expires_on=today + 31 * DAY, number="later")
    a_certificate(actor, expires_on=None, number="never")
    relied_on(a_lot(organisation=actor.organisation_id, certificates=["vietgap"]), row)

    assert sweep(today - DAY) == []
    assert sweep(today) == ["certificate_soon"]
    assert sweep(today) == []
    row = db.session.get_one(type(row), row.id)
    assert row.version == 1  # being told is no change
    later = [certificate_reminders.remind_next(now, today + 30 * DAY) for _ in range(3)]

    assert later == [True, True, False]  # the other one's month has come, too
    letters = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [one.kind for one in letters] == [
        "certificate_soon", "certificate_last", "certificate_soon"]  # fmt: skip
    for language, subject in (("vi", "hết hạn ngày"), ("en", "expires on")):
        told = words.write(letters[0].kind, letters[0].details, language)
        assert subject in told.subject
        assert f"/certificates/{row.id}" in told.text
        assert told.html
    last = words.write(letters[1].kind, letters[1].details, "vi")
    assert last.subject.startswith("Hôm nay là ngày cuối của VietGAP")


def sweep(day: date) -> list[str]:
    """Kinds of what is told on that day."""
    seen = set(db.session.scalars(select(Notice.id)))
    while certificate_reminders.remind_next(clock.now(), day):
        pass
    return [one.kind for one in db.session.scalars(select(Notice)) if one.id not in seen]


def test_the_list_has_first_what_expires_first(app):
    actor, today = an_actor(), clock.today()
    over = a_certificate(actor, expires_on=today - DAY)
    never = a_certificate(actor, expires_on=None)
    late = a_certificate(actor, expires_on=today + 90 * DAY)
    soon = a_certificate(actor, expires_on=today + 9 * DAY)
    a_certificate()

    kept, pages = certificate_pages.mine(actor=actor, today=today)

    assert [one.row.id for one in kept] == [soon.id, late.id, never.id, over.id]
    assert [one.standing for one in kept] == ["soon", "valid", "valid", "expired"]
    assert pages == 1
    offered = certificate_pages.offered(actor=actor, today=today)
    assert [one.id for one in offered] == [soon.id, late.id, never.id]
