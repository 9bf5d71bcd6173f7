"""Pictures are drawn anew: what is kept are points, and what would do harm is refused."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from marketplace.uploads import kinds, pictures
from marketplace.uploads.kinds import PAPERS, PICTURES, BadUpload, checked_kind
from marketplace.uploads.pictures import LARGE, SCAN, SMALL, redrawn
from tests.picture_factories import HIDDEN, a_bomb, a_pdf, a_photo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_two_sizes(kind):
    large, small = redrawn(a_photo(kind), (LARGE, SMALL), field="photos")

    assert (large.width, large.height, large.media_type) == (1_600, 1_200, "image/jpeg")
    assert (small.width, small.height, small.media_type) == (320, 240, "image/webp")
    assert Image.open(io.BytesIO(small.content)).size == (320, 240)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_where_and_when_is_left(kind):
    sent = a_photo(kind, located=True)
    assert b"3310" in sent

    for made in redrawn(sent, (LARGE, SMALL, SCAN), field="photos"):
        kept = Image.open(io.BytesIO(made.content))
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                  "progressive", "progression", "loop", "background"}  # fmt: skip
        for trace in (b"3310", b"Exif", b"2026:11:26", HIDDEN):
            assert trace not in made.content


def test_a_photo_stands_upright_without_its_note_that_it_is_turned():
    [made] = redrawn(a_photo(size=(800, 600), turn=6), (LARGE,), field="photos")

    kept = Image.open(io.BytesIO(made.content)).convert("L")
    assert kept.size == (600, 800)
    assert kept.getpixel((300, 790)) > kept.getpixel((300, 10))  # what was right is below now


def test_a_small_picture_is_not_blown_up_and_what_shines_through_is_white():
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, "PNG")

    [made] = redrawn(out.getvalue(), (LARGE,), field="photos")

    assert (made.width, made.height) == (40, 30)
    assert Image.open(io.BytesIO(made.content)).getpixel((20, 15)) == (255, 255, 255)


def test_a_picture_of_400_million_points_is_refused_before_one_is_read():
    begun = time.monotonic()

    with pytest.raises(BadUpload, match="20000 × 20000"):
        redrawn(a_bomb(), (LARGE,), field="photos")

    assert time.monotonic() - begun < 2


def test_what_needs_too_much_memory_ends_its_own_process_only(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_POINTS", 10**9)

    with pytest.raises(BadUpload, match="too much memory or time"):
        redrawn(a_bomb(30_000), (LARGE,), field="photos")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused(kind):
    whole = a_photo(kind)

    with pytest.raises(BadUpload, match="damaged or incomplete"):
        redrawn(whole[: len(whole) // 2], (LARGE,), field="photos")


@pytest.mark.parametrize(
    "content", [SVG, HTML, b"GIF89a" + bytes(40), b"PK\x03\x04", b"\xff\xd8", b"MZ" + bytes(90)]
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content):
    for among in (PICTURES, PAPERS):
        with pytest.raises(BadUpload, match="This is no"):
            checked_kind(content, among, field="file")


def test_a_heic_picture_is_named():
    with pytest.raises(BadUpload, match="HEIC"):
        checked_kind(b"\0\0\0\x18ftypheic" + bytes(20), PICTURES, field="photos")


def test_sizes_are_limited_and_a_pdf_is_no_photo():
    with pytest.raises(BadUpload, match="larger than 5 MB"):
        checked_kind(a_photo() + bytes(6_000_000), PICTURES, field="photos")
    with pytest.raises(BadUpload, match="empty"):
        checked_kind(b"", PICTURES, field="photos")
    with pytest.raises(BadUpload, match="no JPEG"):
        checked_kind(a_pdf(), PICTURES, field="photos")
    assert checked_kind(a_pdf(), PAPERS, field="file") is kinds.Kind.PDF


def test_what_is_hidden_behind_a_picture_is_gone():
    [made] = redrawn(a_photo(size=(60, 40)) + HTML, (LARGE,), field="photos")

    assert b"script" not in made.content
