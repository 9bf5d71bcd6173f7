"""Letters from before Unicode and Unicode in its several forms, found out and named."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.sheets.encodings import ENCODINGS, UnreadableLetters, decode, mend
from marketplace.sheets.old_letters import from_misread, from_tcvn3, from_vni
from marketplace.sheets.syllables import is_syllable
from tests.sheets.old_fonts import iconv, in_tcvn3, in_vni, in_windows, misread

TEXT = (
    "Tên sản phẩm;Sản lượng;Giá bán;Địa chỉ\n"
    "Khóm Cầu Đúc;5 - 10 tấn mỗi ngày;7.800đ;xã Hỏa Lựu, thành phố Vị Thanh\n"
    "Lươn thịt;hơn 400 kg;1.250,5;huyện Phụng Hiệp\n"
)
SMALL = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
FILES = {
    "utf-8": TEXT.encode(),
    "utf-8-sig": TEXT.encode("utf-8-sig"),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "utf-16-le": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16-be": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "windows-1258": in_windows(TEXT),
    "tcvn3": in_tcvn3(TEXT).encode("latin-1"),
    "vni": in_vni(TEXT).encode("cp1252"),
}


@pytest.mark.parametrize("encoding", FILES)
def test_every_encoding_is_found_out(encoding: str) -> None:
    text, found = decode(FILES[encoding])

    assert found == encoding
    assert text.casefold() == TEXT.casefold()


@pytest.mark.parametrize("encoding", FILES)
def test_the_person_can_name_it(encoding: str) -> None:
    text, found = decode(FILES[encoding], encoding)

    assert (text.casefold(), found) == (TEXT.casefold(), encoding)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_found_without_its_mark(codec: str) -> None:
    assert decode(TEXT.encode(codec)) == (TEXT, codec)


def test_the_wrong_name_is_refused_or_shows_other_letters() -> None:
    with pytest.raises(UnreadableLetters):
        decode(FILES["tcvn3"], "utf-8")

    assert decode(FILES["tcvn3"], "windows-1258")[0] != TEXT


def test_letters_that_fit_nothing_are_not_guessed() -> None:
    with pytest.raises(UnreadableLetters, match="cannot be told"):
        decode("ж я ф ю щ".encode("koi8-r") * 5)
    with pytest.raises(UnreadableLetters, match="none of the encodings"):
        decode(b"x", "klingon")


@pytest.mark.parametrize("word", TEXT.replace(";", " ").replace(",", " ").split())
def test_the_words_of_our_goods_are_syllables(word: str) -> None:
    assert is_syllable(word) or word.isascii() or "." in word


def test_another_program_reads_the_same() -> None:
    lower = TEXT.lower()

    assert iconv(in_tcvn3(lower).encode("latin-1"), "TCVN5712-1") == lower
    assert unicodedata.normalize("NFC", iconv(in_windows(TEXT), "CP1258")) == TEXT


def test_every_encoding_can_be_named() -> None:
    assert {*FILES, "misread"} == {*ENCODINGS}
    assert decode(misread(TEXT).encode(), "misread") == (TEXT, "misread")


@given(st.text())
@settings(deadline=None)
def test_misread_letters_come_back(text: str) -> None:
    assert from_misread(misread(text)) == unicodedata.normalize("NFC", text)


@given(st.text(SMALL + " ,;0123456789"))
@settings(deadline=None)
def test_small_letters_come_back_from_every_old_font(text: str) -> None:
    assert from_tcvn3(in_tcvn3(text)) == text
    assert from_vni(in_vni(text)) == text


@given(st.text(SMALL.upper() + SMALL))
@settings(deadline=None)
def test_capitals_come_back_from_vni_and_windows(text: str) -> None:
    assert from_vni(in_vni(text)) == text
    assert decode(in_windows(text), "windows-1258")[0] == text


@pytest.mark.parametrize(
    ("font", "write"), [("tcvn3", in_tcvn3), ("vni", in_vni), ("misread", misread)]
)
def test_cells_typed_in_an_old_font_are_read_as_they_were_shown(font: str, write) -> None:
    cells = ["Khóm Cầu Đúc", "xã Hỏa Lựu", "cỏ", "12 tấn", "VietGAP", "7.800", ""]

    mended, found = mend([write(cell) for cell in cells])

    assert (mended, found) == (cells, font)


def test_cells_in_unicode_stay_beside_those_in_an_old_font() -> None:
    cells = ["Sản lượng", "Cá", in_tcvn3("Khóm Cầu Đúc"), in_tcvn3("Dưa hấu"), "tấn"]

    mended, found = mend(cells)

    assert (mended, found) == (["Sản lượng", "Cá", "Khóm Cầu Đúc", "Dưa hấu", "tấn"], "tcvn3")


def test_the_person_can_say_that_there_is_no_old_font() -> None:
    cells = [in_tcvn3("Khóm Cầu Đúc"), in_tcvn3("Dưa hấu")]

    assert mend(cells, "utf-8") == (cells, None)
    assert mend(["Tôm thẻ", "Mực ống"]) == (["Tôm thẻ", "Mực ống"], None)


def test_marks_that_stand_apart_are_joined() -> None:
    mended, found = mend([unicodedata.normalize("NFD", "Sầu riêng")])

    assert (mended, found) == (["Sầu riêng"], "decomposed")
