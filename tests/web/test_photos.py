"""Photos in the form of a lot, on its page and on lists, and the same lot once more in two taps."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.photos import Photo
from marketplace.services.lots import withdraw_lot
from marketplace.web import proof_forms
from tests.factories import VI_THANH, a_lot, a_need, an_actor
from tests.paper_factories import a_certificate, relied_on
from tests.picture_factories import a_bomb, a_pdf, a_photo
from tests.web.test_lots import GOOD, text

TODAY = clock.today()
SMALL = a_photo(size=(40, 30))


@pytest.fixture
def seller(app):
    return an_actor(Role.SELLER)


@pytest.fixture
def member(client_of, seller):
    return client_of(seller)


def send(member, *files, step="review", url="/lots/new", **changes):
    sent = [(io.BytesIO(content), f"{n}.jpg") for n, content in enumerate(files)]
    data = {**GOOD, **changes, "step": step, "photo_files": sent}
    answer = member.post(url, data=data)
    answer.request.environ["wsgi.input"].close()  # large ones lie in a file
    return answer


def carried(page):
    """What the page would send of its photos."""
    return re.findall(r'name="photos" value="([^"]*)"', page.get_data(as_text=True))


def test_a_lot_is_listed_with_its_photo(member, client):
    review = send(member, a_photo(located=True))

    assert review.status_code == 200
    assert 'src="/photos/1/small"' in review.get_data(as_text=True)
    answer = send(member, step="save", photos=carried(review))
    assert answer.status_code == 302
    page = client.get(answer.location).get_data(as_text=True)
    assert 'src="/photos/1"' in page
    assert 'alt="Ảnh 1: Khóm' in page
    assert 'src="/photos/1/small"' in client.get("/lots").get_data(as_text=True)
    assert not Image.open(io.BytesIO(client.get("/photos/1").data)).getexif()


def test_a_photo_stays_when_another_field_is_refused(member):
    page = send(member, SMALL, quantity="nhiều")

    assert page.status_code == 422
    assert carried(page) == ["1"]
    review = send(member, photos=["1"], **{"photo-1": "Khóm ở ruộng"})
    assert carried(review) == ["1:Khóm ở ruộng"]
    answer = send(member, step="save", photos=carried(review))
    assert 'alt="Khóm ở ruộng"' in member.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg><script>alert(1)</script></svg>", "không phải ảnh"),
        (a_pdf(), "không phải ảnh"),
        (a_photo()[:20_000], "hỏng hoặc thiếu"),
        (a_photo() + bytes(6_000_000), "lớn hơn 5 MB"),
        (a_bomb(), "20.000 × 20.000"),
    ],
)
def test_a_bad_file_is_said_at_its_field_and_nothing_else_is_lost(member, content, words):
    page = send(member, content, SMALL)

    assert page.status_code == 422
    assert words in text(page)
    assert carried(page) == ["1"]  # the good one
    assert "khóm cầu đúc" in page.get_data(as_text=True)


def test_more_photos_than_a_lot_may_have_are_not_taken(member, monkeypatch):
    monkeypatch.setattr(proof_forms, "MOST_PHOTOS", 1)

    page = send(member, *[SMALL] * 2, step="edit:photos")

    assert carried(page) == ["1"]
    assert "nhiều nhất 1 ảnh" in text(page)


def test_photos_are_moved_and_removed_by_buttons(member):
    page = send(member, SMALL, a_photo(size=(41, 30)), step="edit:photos")
    assert page.status_code == 200

    moved = send(member, step="edit:photo-up:2", photos=["1", "2"], **{"photo-2": "sau"})
    assert carried(moved) == ["2", "1"]
    assert 'value="sau"' in moved.get_data(as_text=True)
    dropped = send(member, step="edit:photo-drop:2", photos=["2", "1"])
    assert carried(dropped) == ["1"]


def test_photos_of_a_lot_are_changed_with_it(member, seller):
    lot = a_lot(organisation=seller.organisation_id)
    page = send(member, SMALL, url=f"/lots/{lot.id}/edit", version="1")

    answer = send(
        member, step="save", url=f"/lots/{lot.id}/edit", version="1", photos=carried(page)
    )

    assert answer.status_code == 302
    form = member.get(f"/lots/{lot.id}/edit")
    assert carried(form) == ["1"]
    send(member, step="save", url=f"/lots/{lot.id}/edit", version="2")
    assert db.session.scalar(select(func.count()).select_from(Photo)) == 0


def test_photos_of_others_cannot_be_taken(member, client_of):
    other = client_of(an_actor())
    send(other, SMALL, step="edit:photos")

    assert member.get("/photos/1/small").status_code == 404
    assert "không còn nữa" in text(send(member, step="save", photos=["1:"]))
    for odd in ("0", "-1", "x", "999999999999", "1:" + "x" * 300, "²"):
        assert send(member, step="review", photos=[odd]).status_code in (200, 422)


def test_a_file_says_what_it_is_and_may_do_nothing(member, client):
    answer = send(member, step="save", photos=carried(send(member, SMALL)))
    assert answer.status_code == 302

    first = client.get("/photos/1")

    assert first.headers["Content-Type"] == "image/jpeg"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Content-Security-Policy"].strip() == "default-src 'none'; sandbox"
    assert "private" in first.headers["Cache-Control"]
    again = client.get("/photos/1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/photos/7").status_code == 404


def test_a_former_lot_is_listed_again_in_two_taps(member, seller):
    lot = a_lot(
        organisation=seller.organisation_id,
        quantity=2_000,
        certificates=["vietgap", "ocop"],
        ready_on=TODAY - timedelta(days=40),
        until=TODAY - timedelta(days=36),
        note="Trái to",
    )
    relied_on(lot, a_certificate(seller, expires_on=TODAY - timedelta(days=1)))
    page = member.get(f"/lots/{lot.id}").get_data(as_text=True)
    [link] = re.findall(r'href="(/lots/new\?from=[^"]*)"', page)

    review = member.get(link.replace("&amp;", "&"))

    shown = text(review)
    assert review.status_code == 200
    assert "Đọc lại" in shown
    assert "OCOP" in shown
    assert "VietGAP" not in shown  # it has expired
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"',
                             review.get_data(as_text=True)))  # fmt: skip
    answer = member.post(link.replace("&amp;", "&"), data={**fields, "step": "save"})
    assert answer.status_code == 302
    new = db.session.scalars(select(Lot).order_by(Lot.id.desc()).limit(1)).one()
    assert (new.ready_on, new.until) == (TODAY, TODAY + timedelta(days=4))
    assert (new.quantity, new.note) == (2_000, "Trái to")


def test_a_withdrawn_lot_comes_back_with_all_that_was_listed(member, seller):
    lot = a_lot(organisation=seller.organisation_id, quantity=3_000)
    withdraw_lot(lot.id, 1, actor=seller, now=clock.now())

    assert "3 tấn" in text(member.get(f"/lots/new?from={lot.id}&step=review"))
    other = a_lot()
    assert member.get(f"/lots/new?from={other.id}&step=review").status_code == 404


def test_what_cannot_be_listed_as_it_was_is_shown_in_the_form(member, seller):
    lot = a_lot(organisation=seller.organisation_id, ask=80, place=VI_THANH)

    page = member.get(f"/lots/new?from={lot.id}&step=review")

    assert page.status_code == 422
    assert "80" in text(page)


def test_a_need_is_posted_again_in_two_taps_too(client_of):
    buyer = an_actor(Role.BUYER)
    need = a_need(organisation=buyer.organisation_id, until=TODAY, from_on=TODAY - timedelta(3))

    assert "Đọc lại" in text(client_of(buyer).get(f"/needs/new?from={need.id}&step=review"))
