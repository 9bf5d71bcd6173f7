"""Text is made comparable and harmless."""

import pytest

from marketplace.domain.text import clean, fold, has_unseen, shorten, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("SẦU  Riêng", "sau rieng"),
        ("Đường thốt nốt", "duong thot not"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        ("Thuỷ", "thuy"),
        ("", ""),
    ],
)
def test_folding_drops_case_and_marks(typed, folded):
    assert fold(typed) == folded


def test_words_are_letters_and_digits():
    assert words("Lúa ST25 (tươi); 0,7–1,2 kg") == ("lua", "st25", "tuoi", "0", "7", "1", "2", "kg")


def test_cleaning_drops_what_nobody_sees():
    assert clean(" Cần\u200b Thơ\x00\r\n2\u202e ") == "Cần Thơ 2"
    assert clean("Ca\u0302\u0300n") == "Cần"
    assert clean("🐟 <script>") == "🐟 <script>"


def test_unseen_characters_are_noticed_but_line_ends_are_not():
    assert has_unseen("a\0b")
    assert has_unseen("a\u202eb")
    assert not has_unseen("a\r\nb\tc")


def test_quotes_in_messages_stay_short():
    assert len(shorten("x" * 100_000)) == 60
    assert shorten("25,5 tấn") == "25,5 tấn"
