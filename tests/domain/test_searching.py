"""Search words with marks mean that very word, without marks every one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domain.searching import is_found, is_phrase_of, marked_words
from marketplace.domain.text import words


@pytest.mark.parametrize(
    ("typed", "names", "found"),
    [
        ("dua", ["Dưa hấu"], True),
        ("dưa", ["dứa"], False),
        ("DƯA", ["Dưa hấu"], True),
        ("sầu rieng", ["Sầu riêng Ri6"], True),
        ("đu đủ", ["Đu đủ"], True),
        ("đu", ["Du lịch"], False),
        ("thuỷ", ["Vị Thủy"], True),
        ("khóm hậu giang", ["Khóm", "Hỏa Lựu, Hậu Giang"], True),
        (unicodedata.normalize("NFD", "dưa hấu"), ["Dưa hấu"], True),
        ("", [], True),
    ],
)
def test_marks_that_were_typed_are_respected(typed, names, found):
    assert is_found(typed, names) is found


@pytest.mark.parametrize(
    ("typed", "name", "phrase"),
    [
        ("dua hau", "Dưa hấu", True),
        ("dua ha", "Dưa hấu không hạt", True),
        ("du hau", "Dưa hấu", False),
        ("hau dua", "Dưa hấu", False),
        ("hoa loc", "Xoài cát Hòa Lộc", True),
        ("dua hau do", "Dưa hấu", False),
        ("", "", True),
    ],
)
def test_a_phrase_stands_side_by_side_in_one_name(typed, name, phrase):
    assert is_phrase_of(typed, [name]) is phrase


@given(st.text())
def test_the_words_are_those_that_the_database_looks_for(text):
    assert tuple(word.bare for word in marked_words(text)) == words(text)
