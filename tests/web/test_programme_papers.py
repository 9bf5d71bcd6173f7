"""Papers of an application: sent with the form, chosen of one's own, opened by few."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.domain.actors import Role
from marketplace.domain.programme import MOST_PAPERS, Decision, EvidenceKind, Verdict
from marketplace.models.base import db
from marketplace.models.shown_papers import ShownPaper
from marketplace.models.stored_files import StoredFile
from tests.factories import an_actor, an_organisation
from tests.paper_factories import a_certificate, a_file
from tests.picture_factories import a_pdf, a_photo
from tests.programme_factories import a_criterion, an_entry_with_papers, decided
from tests.web.test_programme import APPLY, text

TODAY = clock.today()


@pytest.fixture
def seller(app):
    return an_actor()


@pytest.fixture
def member(client_of, seller):
    return client_of(seller)


@pytest.fixture
def row(app):
    return a_criterion()


def send(member, row, *contents, url=APPLY, **typed):
    files = [(io.BytesIO(content), f"C:\\giấy\\sổ {n}.pdf") for n, content in enumerate(contents)]
    data = {f"{name}_{row.id}" if name != "note" else name: v for name, v in typed.items()}
    seen = data.pop(f"seen_{row.id}", "0")
    answer = member.post(url, data={"seen": seen, f"files_{row.id}": files, **data})
    answer.request.environ["wsgi.input"].close()  # large ones lie in a file
    return answer


def kept(page, row):
    """Numbers of the files that the form carries along."""
    boxes = re.findall(rf'<input[^>]*name="kept_{row.id}"[^>]*>', page.get_data(as_text=True))
    return [re.search(r'value="(\d+)"', box)[1] for box in boxes if " checked" in box]


def papers() -> list[ShownPaper]:
    return list(db.session.scalars(select(ShownPaper).order_by(ShownPaper.id)))


def test_files_go_along_and_officers_open_them_from_the_queue(member, row, client_of):
    sent = send(member, row, a_pdf(), a_photo(size=(60, 40), located=True))

    assert sent.status_code == 302
    officer = client_of(an_actor(Role.OFFICER))
    queue = officer.get("/programme/queue").get_data(as_text=True)
    links = re.findall(r'href="(/programme/\d+/papers/\d+)"', queue)
    assert "sổ 0.pdf (PDF, 1 kB)" in text(officer.get("/programme/queue"))
    first, second = (officer.get(link) for link in links)
    assert first.data == a_pdf()
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert first.headers["Content-Security-Policy"].strip() == "default-src 'none'; sandbox"
    assert second.mimetype == "image/jpeg"
    assert b"Exif" not in second.data
    assert all(link in officer.get(sent.location).get_data(as_text=True) for link in links)


def test_only_who_applied_and_who_decides_open_them(seller, row, client, client_of):
    entry = an_entry_with_papers(seller, files=(a_file(seller),))
    decided(entry)  # now everybody knows of the entry
    where = f"/programme/{entry.id}/papers/{papers()[0].id}"
    elsewhere = an_organisation(locality_id="CM")

    assert client.get(where).status_code == 302
    for other in (
        an_actor(),
        an_actor(Role.BUYER),
        an_actor(Role.READER),
        an_actor(Role.ADMINISTRATOR),
        an_actor(Role.OFFICER, elsewhere),
    ):
        assert client_of(other).get(where).status_code == 404, other.role
    for one in (seller, an_actor(Role.OFFICER), an_actor(Role.COORDINATOR)):
        assert client_of(one).get(where).status_code == 200, one.role
    assert client_of(seller).get("/programme/99/papers/1").status_code == 404
    assert client_of(seller).get(f"/programme/{entry.id}/papers/99").status_code == 404


BAD_FILES = [
    (b"<html><script>alert(1)</script></html>", "không phải tệp"),
    (a_pdf(b"4 0 obj<</S/JavaScript/JS(x)>>endobj\n"), "chứa chương trình"),
    (a_pdf() + bytes(6_000_000), "lớn hơn 5 MB"),
    (b"%PDF-1.7 <html>", "hỏng hoặc thiếu"),
]


def test_a_bad_file_is_said_at_its_field_and_the_good_one_stays(member, row):
    for content, words in BAD_FILES:
        page = send(member, row, a_pdf(), content, text="Sổ số 12")

        assert page.status_code == 422, words
        assert words in text(page)
        assert "sổ 0.pdf" in text(page)
        [number] = kept(page, row)
    assert send(member, row, kept=[number]).status_code == 302
    assert [str(paper.file_id) for paper in papers()] == [number]


def test_what_was_sent_stays_when_another_field_is_refused(member, row):
    page = send(member, row, a_pdf(), b"GIF89a", link="javascript:alert(1)", note="n" * 1_001)

    assert page.status_code == 422
    assert all(words in text(page) for words in ("https://", "không phải tệp", "1000"))
    [number] = kept(page, row)
    unticked = send(member, row, text="Sổ số 12")
    assert unticked.status_code == 302
    assert papers() == []
    assert db.session.get(StoredFile, int(number)) is not None


def test_forged_numbers_show_nothing(member, row):
    for number in ("0", "999", "9" * 12, "-4", "x"):
        for name in ("kept", "certificates"):
            page = send(member, row, text="Sổ số 12", **{name: [number]})

            assert page.status_code == 422, (name, number)
    assert papers() == []


def test_a_file_or_certificate_of_others_is_refused(member, row):
    other = an_actor()
    theirs, certificate = a_file(other), a_certificate(other)

    page = send(member, row, kept=[str(theirs)])
    assert page.status_code == 422
    assert "Tệp không còn" in text(page)
    page = send(member, row, certificates=[str(certificate.id)])
    assert page.status_code == 422
    assert "của chính đơn vị" in text(page)
    assert papers() == []


def test_a_certificate_that_is_kept_shows_what_stood_on_it_then(seller, member, row, client_of):
    certificate = a_certificate(seller, number="VG-77")
    assert "VG-77" in text(member.get(APPLY))

    sent = send(member, row, certificates=[str(certificate.id)])

    assert sent.status_code == 302
    page = text(client_of(an_actor(Role.OFFICER)).get(sent.location))
    assert "VietGAP, số VG-77" in page
    assert "Trung tâm Chất lượng" in page
    certificate = db.session.merge(certificate)
    certificate.withdrawn_at = clock.now()
    db.session.commit()
    assert member.get(f"{sent.location}/papers/{papers()[0].id}").status_code == 200


def test_an_expired_certificate_and_one_of_another_producer_are_refused(seller, row, client_of):
    member = client_of(seller)
    over = a_certificate(seller, number="VG-0", expires_on=TODAY - timedelta(days=1))
    assert "VG-0" not in text(member.get(APPLY))
    page = send(member, row, certificates=[str(over.id)])
    assert page.status_code == 422
    assert "VG-0 hôm nay không còn" in text(page)

    officer = an_actor(Role.OFFICER)
    department = client_of(officer)
    certificate = a_certificate(officer, holder="HTX Kỳ Như")
    for producer, status in (("HTX Thạnh Lợi", 422), ("htx kỳ như", 302)):
        data = {"seen": "0", "producer": producer, f"certificates_{row.id}": [certificate.id]}
        assert department.post(APPLY, data=data).status_code == status, producer


def test_who_answers_keeps_what_was_shown_unless_it_is_unticked(seller, member, row):
    entry = an_entry_with_papers(seller, files=(a_file(seller),))
    decided(entry, Decision(verdict=Verdict.MORE, reason="Gửi thêm trang sau"))
    url = f"/programme/{entry.id}/apply"
    before = kept(member.get(url), row)

    stale = send(member, row, a_pdf(b"% 2\n"), url=url, kept=before, seen="1")
    assert stale.status_code == 409
    both = kept(stale, row)
    assert len(both) == 2
    assert send(member, row, url=url, kept=both, seen="2").status_code == 302

    shown = member.get(f"/programme/{entry.id}").get_data(as_text=True)
    assert len(re.findall(r"/papers/\d+", shown)) == 2


def test_too_many_files_are_refused(member, row):
    page = send(member, row, *[a_pdf()] * (MOST_PAPERS + 1))

    assert page.status_code == 422
    assert f"Mỗi tiêu chí tối đa {MOST_PAPERS}" in text(page)
    assert len(kept(page, row)) == MOST_PAPERS


def test_statements_take_files_besides(member):
    row = a_criterion(evidence=EvidenceKind.STATEMENT)

    page = send(member, row, a_pdf())
    assert page.status_code == 422
    sent = send(member, row, text="Trồng ở xã Hỏa Lựu", kept=kept(page, row))

    assert sent.status_code == 302
    assert len(papers()) == 1
