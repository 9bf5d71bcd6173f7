"""The laws themselves can fail: a page that breaks each of them is told so."""

from __future__ import annotations

import pytest

from tests.page_laws import broken_laws

GOOD = '<html lang="vi"><head><title>Lô</title></head><body><h1>Lô</h1>{}</body></html>'


def test_a_good_page_breaks_no_law() -> None:
    assert broken_laws(GOOD.format("<p>Xin chào</p>")) == []


@pytest.mark.parametrize(
    ("body", "law"),
    [
        ("<h1>Hai</h1>", "2 h1"),
        ('<p id="a"></p><p id="a"></p>', "id a stands 2 times"),
        ('<input name="x">', "field x has no label"),
        ('<label for="nowhere">x</label>', "for=nowhere points nowhere"),
        ('<form method="post" action="/x"></form>', "form /x has no token"),
        ('<p style="color:red">x</p>', "inline style"),
        ("<script>1</script>", "inline script"),
        ('<p onclick="x">x</p>', "inline handler onclick"),
        ("<p>%(name)s</p>", "unfilled text"),
    ],
)
def test_a_broken_law_is_named(body: str, law: str) -> None:
    assert any(law in broken for broken in broken_laws(GOOD.format(body)))
