"""The market that is worked by hand in the docs has the numbers that the docs say."""

from __future__ import annotations

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-a-round-works.md"


def test_every_line_of_the_page_gives_what_it_says() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False)

    assert result.attempted > 30
    assert result.failed == 0
