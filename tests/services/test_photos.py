"""Photos: taken in, shown on lots, dropped when nobody uses them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.errors import Forbidden, NotFound, Rejected
from marketplace.domain.lots import LotDraft
from marketplace.domain.photos import MOST_PHOTOS, PhotoUse
from marketplace.domain.series import Rhythm, recurrence
from marketplace.models.base import db
from marketplace.models.listing_pages import find
from marketplace.models.lots import Lot
from marketplace.models.photos import Photo
from marketplace.models.series import Series
from marketplace.models.stored_files import StoredFile
from marketplace.services import lots, photos, series, stored_files
from tests.factories import PINEAPPLE, VI_THANH, a_lot, an_actor
from tests.paper_factories import a_certificate
from tests.paper_factories import a_photo as a_kept_photo
from tests.picture_factories import a_photo


def change(lot_id, version, actor, uses):
    there = lots.whole_draft_of(lots.lot_to_edit(lot_id, actor=actor))
    return lots.change_lot(
        lot_id, version, replace(there, photos=uses, note=f"{version}"),
        actor=actor, today=clock.today(), now=clock.now(),
    )  # fmt: skip


def shown(lot_id):
    db.session.expire_all()
    lot = find(Lot, lot_id)
    assert lot is not None
    return [(photo.id, photo.alt) for photo in lot.photos]


def test_a_photo_is_kept_in_two_sizes_and_seen_by_its_own_people_until_a_lot_has_it(each_app):
    actor = an_actor()

    photo = photos.keep(a_photo(), actor=actor, now=clock.now())

    small = photos.file_of(photo.id, small=True, actor=actor)
    assert small.media_type == "image/webp"
    assert len(stored_files.content_of(small)) == small.size < 40_000
    for other in (None, an_actor()):
        with pytest.raises(NotFound):
            photos.file_of(photo.id, small=True, actor=other)
    lot = a_lot(organisation=actor.organisation_id)
    change(lot.id, 1, actor, (PhotoUse(photo.id),))
    assert photos.file_of(photo.id, small=False, actor=None).media_type == "image/jpeg"


def test_buyers_upload_no_photos(app):
    with pytest.raises(Forbidden):
        photos.keep(b"", actor=an_actor(Role.BUYER), now=clock.now())


def test_a_lot_shows_its_photos_in_order_and_loses_those_that_are_left_out(each_app):
    actor = an_actor()
    lot = a_lot(organisation=actor.organisation_id)
    one, two, three = (a_kept_photo(actor).id for _ in range(3))

    change(lot.id, 1, actor, (PhotoUse(two, "ruộng"), PhotoUse(one), PhotoUse(three)))
    assert shown(lot.id) == [(two, "ruộng"), (one, ""), (three, "")]
    change(lot.id, 2, actor, (PhotoUse(three, "trái"), PhotoUse(two, "ruộng")))

    assert shown(lot.id) == [(three, "trái"), (two, "ruộng")]


def test_photos_of_others_too_many_and_those_that_are_gone_are_refused(app):
    actor = an_actor()
    lot = a_lot(organisation=actor.organisation_id)
    for uses, words in (
        ((PhotoUse(a_kept_photo(an_actor()).id),), "not there any more"),
        ((PhotoUse(9_999),), "not there any more"),
        (tuple(PhotoUse(n) for n in range(MOST_PHOTOS + 1)), "At most"),
        ((PhotoUse(a_kept_photo(actor).id, "x" * 201),), "Longer than"),
    ):
        with pytest.raises(Rejected, match=words):
            change(lot.id, 1, actor, uses)


def test_the_same_once_more_has_its_own_photos_of_the_same_files(each_app):
    actor = an_actor()
    lot = a_lot(
        organisation=actor.organisation_id,
        ready_on=clock.today() - timedelta(days=20),
        until=clock.today() - timedelta(days=16),
    )
    photo = a_kept_photo(actor)
    photo.lot_id = lot.id
    db.session.commit()

    draft = lots.draft_again(lot.id, actor=actor, today=clock.today())
    again = lots.publish_lot(draft, actor=actor, today=clock.today(), now=clock.now())

    assert (again.ready_on, again.until) == (clock.today(), clock.today() + timedelta(days=4))
    [copy] = find(Lot, again.id).photos
    assert copy.id != photo.id
    assert copy.file_id == photo.file_id
    assert [number for number, _alt in shown(lot.id)] == [photo.id]


def test_what_no_lot_got_is_dropped_after_two_days(each_app):
    actor, now = an_actor(), clock.now()
    lot = a_lot(organisation=actor.organisation_id)
    used, loose = a_kept_photo(actor), a_kept_photo(actor)
    used.lot_id = lot.id
    unused = loose.file_id
    db.session.commit()

    assert not photos.sweep(now + timedelta(days=1))
    assert photos.sweep(now + timedelta(days=3))
    assert stored_files.sweep(now + timedelta(days=3))
    assert not stored_files.sweep(now + timedelta(days=3))

    assert db.session.scalars(select(Photo.id)).all() == [used.id]
    assert db.session.scalars(select(StoredFile.id)).all() == [used.file_id]
    assert unused != used.file_id


def test_photos_of_a_series_wait_for_its_first_instalment(each_app):
    actor, first = an_actor(), clock.today() + timedelta(days=30)
    photo = a_kept_photo(actor)
    draft = LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=500,
        ask=8_000,
        place=VI_THANH,
        ready_on=first,
        until=first + timedelta(days=3),
        photos=(PhotoUse(photo.id, "khóm"),),
    )
    known = {"actor": actor, "today": clock.today(), "now": clock.now()}
    started = series.start(draft, recurrence(Rhythm.DAILY, first, draft.until), ahead=9, **known)

    assert not photos.sweep(clock.now() + timedelta(days=29))
    assert db.session.scalar(select(Lot.id)) is None

    db.session.get_one(Series, started.id).due_on = None
    db.session.commit()
    assert photos.sweep(clock.now() + timedelta(days=29))


def test_nobody_fills_the_disk_with_photos_that_no_lot_gets(app, monkeypatch):
    monkeypatch.setattr(photos, "MOST_LOOSE", 3)
    actor = an_actor()
    for _ in range(4):
        a_kept_photo(actor)

    photos.keep(a_photo(size=(40, 30)), actor=actor, now=clock.now())

    assert db.session.scalar(select(func.count()).select_from(Photo)) == 3


def test_instalments_of_a_series_have_its_photos_and_certificates(app):
    actor = an_actor()
    photo, paper = a_kept_photo(actor), a_certificate(actor)
    draft = LotDraft(
        commodity=PINEAPPLE,
        grade="loai-1",
        quantity=500,
        ask=8_000,
        place=VI_THANH,
        ready_on=clock.today(),
        until=clock.today() + timedelta(days=3),
        certificates=frozenset({"vietgap"}),
        photos=(PhotoUse(photo.id, "khóm"),),
        papers=frozenset({paper.id}),
    )
    known = {"actor": actor, "today": clock.today(), "now": clock.now()}

    series.start(draft, recurrence(Rhythm.DAILY, draft.ready_on, draft.until), ahead=9, **known)

    for number in db.session.scalars(select(Lot.id)).all():
        db.session.expire_all()
        lot = find(Lot, number)
        assert [(one.file_id, one.alt) for one in lot.photos] == [(photo.file_id, "khóm")]
        assert lots.papers_of(lot) == {paper.id}
