"""Where our own figures come from, told in the reader's language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.data.reader import read_reference
from marketplace.web.condition_words import ENGLISH
from marketplace.web.source_words import PHRASES, source_words


def sources() -> set[str]:
    reference = read_reference()
    rows = (
        *reference.road_links,
        *reference.water_links,
        *reference.transfers,
        *reference.truck_rates,
        *reference.boat_rates,
        *reference.handling,
    )
    return {row.source for row in rows}


def test_no_source_of_a_way_or_a_tariff_stays_english_on_a_vietnamese_page(app: Flask) -> None:
    with app.test_request_context(), force_locale("vi"):
        told = [source_words(source) for source in sources()]

    assert told
    assert [words for words in told if ENGLISH.search(words)] == []


def test_in_english_it_stands_as_it_was_noted(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert {source_words(source) for source in sources()} == sources()


@pytest.mark.parametrize("phrase", PHRASES)
def test_each_phrase_is_one_of_the_data(phrase: str) -> None:
    assert any(phrase in source for source in sources())
