"""Certificates in a browser: entered, chosen for lots, seen by everybody, opened by few."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.models.base import db
from marketplace.models.certificates import Certificate
from marketplace.models.notices import Notice
from marketplace.services import certificate_reminders
from tests.factories import a_lot, an_actor
from tests.paper_factories import a_certificate, relied_on
from tests.picture_factories import a_pdf, a_photo
from tests.web.test_lots import GOOD, text

TODAY, DAY = clock.today(), timedelta(days=1)
PAPER = {
    "certification": "vietgap",
    "number": "VG-12/2026",
    "issuer": "Trung tâm Chất lượng Nam Bộ",
    "issued_on": (TODAY - timedelta(days=30)).isoformat(),
    "expires_on": (TODAY + timedelta(days=300)).isoformat(),
    "scope": "Khóm, 12 ha",
}


@pytest.fixture
def seller(app):
    return an_actor(Role.SELLER)


@pytest.fixture
def member(client_of, seller):
    return client_of(seller)


def send(member, content=b"", url="/certificates/new", name="a.pdf", **changes):
    file = {"file": (io.BytesIO(content), name)} if content else {}
    answer = member.post(url, data={**PAPER, **changes, **file})
    answer.request.environ["wsgi.input"].close()  # large ones lie in a file
    return answer


def test_a_certificate_is_entered_with_its_file(member, client):
    answer = send(member, a_pdf())

    assert answer.status_code == 302
    shown = text(member.get(answer.location))
    for words in ("VG-12/2026", "Trung tâm Chất lượng Nam Bộ", "Khóm, 12 ha", "Hiệu lực đến"):
        assert words in shown
    assert "VG-12/2026" in text(member.get("/certificates"))
    assert "VG-12/2026" in text(client.get(answer.location))
    assert "Đăng nhập để xem tệp" in text(client.get(answer.location))


def test_the_list_is_searched_and_its_file_holds_what_is_shown(seller, member):
    assert 'role="search"' not in member.get("/certificates").get_data(as_text=True)
    a_certificate(seller, number="VG-1", issuer="Chi cục Hậu Giang")
    a_certificate(seller, number="OC-2", certification_id="ocop", expires_on=TODAY - DAY)

    for query, there, gone in (
        ("q=hau+giang", "VG-1", "OC-2"),
        ("state=expired", "OC-2", "VG-1"),
        ("certification=ocop&state=", "OC-2", "VG-1"),
    ):
        page = text(member.get(f"/certificates?{query}"))
        assert there in page and gone not in page, query  # noqa: PT018
        file = member.get(f"/certificates?{query}&as=csv").get_data(as_text=True)
        assert there in file and gone not in file, query  # noqa: PT018
    assert "Không có giấy nào phù hợp" in text(member.get("/certificates?q=khong+co"))
    odd = member.get("/certificates?state=gone&certification=no-such&q=%00%E2%80%8B")
    assert odd.status_code == 200
    assert "VG-1" in text(odd)


def test_its_file_is_for_people_with_an_account(member, client, client_of):
    where = send(member, a_pdf()).location + "/file"

    assert client.get(where).status_code == 302
    answer = client_of(an_actor(Role.BUYER)).get(where)

    assert answer.data == a_pdf()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].strip() == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "không phải tệp"),
        (a_pdf(b"4 0 obj<</S/JavaScript/JS(x)>>endobj\n"), "chứa chương trình"),
        (a_pdf()[:99], "hỏng hoặc thiếu"),
        (a_pdf() + bytes(6_000_000), "lớn hơn 5 MB"),
    ],
)
def test_a_bad_file_is_said_at_its_field(member, content, words):
    page = send(member, content)

    assert page.status_code == 422
    assert words in text(page)
    assert "VG-12/2026" in page.get_data(as_text=True)


def test_a_file_stays_when_something_else_is_wrong(member):
    page = send(member, a_photo(size=(40, 30)), number="", expires_on="")

    shown = text(page)
    assert page.status_code == 422
    assert "Nhập số" in shown
    assert "đánh dấu là giấy không ghi hạn" in shown
    assert "Đã nhận tệp: ảnh" in shown
    [kept] = re.findall(r'name="sent_file"[^>]*value="(\d+)"', page.get_data(as_text=True))
    answer = send(member, sent_file=kept, expires_on="", endless="y")
    assert "không ghi hạn" in text(member.get(answer.location))


def test_it_is_replaced_and_its_history_kept(member, seller):
    where = send(member, a_pdf()).location
    later = (TODAY + timedelta(days=900)).isoformat()
    form = member.get(f"{where}/edit").get_data(as_text=True)
    [version] = re.findall(r'name="version"[^>]*value="(\d+)"', form)
    new = a_pdf(b"% new\n")

    refused = send(member, new, f"{where}/edit", version="0", expires_on=later)
    answer = send(member, new, f"{where}/edit", version=version, expires_on=later)

    assert refused.status_code == 409
    assert answer.status_code == 302
    assert member.get(f"{where}/file").data == new
    assert member.get(f"{where}/file?version=1").data == a_pdf()
    assert "Thay giấy" in text(member.get(where))


def test_it_is_withdrawn_once_asked(member, client):
    where = send(member, a_pdf()).location

    page = member.get(f"{where}/withdraw")
    member.post(f"{where}/withdraw", data={"version": "1", "reason": "Không làm nữa"})

    assert "không còn được tính" in text(page)
    assert "Đã rút" in text(client.get(where))
    assert "Không làm nữa" in text(member.get(where))
    assert "Không làm nữa" not in text(client.get(where))
    assert client.get(f"{where}/file").status_code == 302


def test_others_find_no_way_to_change_it(member, client_of):
    where = send(member, a_pdf()).location
    other = client_of(an_actor())

    for page in (f"{where}/edit", f"{where}/withdraw", f"{where}/file?version=1"):
        assert other.get(page).status_code == 404
    assert other.get(f"{where}/file?version=x").status_code == 404


def test_a_lot_relies_on_it_by_one_tick(member, client):
    number = send(member, a_pdf()).location.rpartition("/")[2]
    form = member.get("/lots/new").get_data(as_text=True)
    assert f'name="papers" type="checkbox" value="{number}"' in form

    review = member.post("/lots/new", data={**GOOD, "papers": [number], "step": "review"})
    answer = member.post("/lots/new", data={**GOOD, "papers": [number], "step": "save"})

    assert "VietGAP số VG-12/2026, đến" in text(review)
    shown = text(client.get(answer.location))
    assert f"/certificates/{number}" in shown
    assert "bên bán tự khai" not in shown
    assert "có giấy chứng nhận:" in text(client.get("/lots"))
    edit = member.get(f"{answer.location}/edit").get_data(as_text=True)
    assert re.search(rf'<input checked[^>]*name="papers"[^>]*value="{number}"', edit)
    assert not re.search(r'<input checked[^>]*name="certificates"', edit)


def test_a_lapsed_one_is_told_to_its_own_people_only(member, seller, client):
    lot = a_lot(organisation=seller.organisation_id, certificates=["vietgap", "ocop"])
    relied_on(lot, a_certificate(seller, expires_on=TODAY - timedelta(days=1)))

    assert "không được tính" in text(member.get(f"/lots/{lot.id}"))
    seen = text(client.get(f"/lots/{lot.id}"))
    assert "OCOP" in seen
    assert "VietGAP" not in seen
    export = client.get("/lots?format=csv").get_data(as_text=True)
    assert "VietGAP" not in export


def test_a_department_says_whose_it_is_and_strangers_do_not_learn_it(client_of, client):
    member = client_of(an_actor(Role.OFFICER))

    assert "Hãy ghi giấy của ai" in text(send(member, a_pdf()))
    where = send(member, a_pdf(), holder="Hộ ông Tư").location

    assert "Hộ ông Tư" in text(member.get(where))
    assert "Hộ ông Tư" not in text(client.get(where))


def test_the_inbox_says_that_it_expires(member, seller):
    row = a_certificate(seller, expires_on=TODAY + timedelta(days=12))
    certificate_reminders.remind_next(clock.now(), TODAY)

    page = member.get("/inbox").get_data(as_text=True)

    assert f'href="/certificates/{row.id}"' in page
    assert f"{row.number} hết hạn ngày" in text(member.get("/inbox"))
    assert db.session.query(Notice).count() == 1
    assert db.session.get_one(Certificate, row.id).told_soon == row.expires_on
