"""Days are read as people write them."""

from datetime import date

import pytest

from marketplace.domain.dates import parse_date
from marketplace.domain.errors import Rejected

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/11/2026", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("24.11.26", date(2026, 11, 24)),
        ("ngày 24 / 12 / 2026", date(2026, 12, 24)),
        ("2026-12-01", date(2026, 12, 1)),
        ("3/12", date(2026, 12, 3)),
        ("24/1", date(2027, 1, 24)),
        ("20/11", date(2026, 11, 20)),
        ("29/2", date(2028, 2, 29)),
        ("hôm nay", TODAY),
        ("mai", date(2026, 11, 26)),
    ],
)
def test_days(typed, day):
    assert parse_date(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed",
    [
        "", "abc", "31/2", "30/2/2026", "11/24/2026", "24/11/20261", "20261-11-24", "0/0/0", "1/1/1999",
        "\0", "x" * 100_000, "9" * 39, "🐟", "<script>", "24/11/2026/1", "-1/1",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(Rejected, match="There is no date") as refused:
        parse_date(typed, TODAY, field="until")

    assert refused.value.field == "until"
    assert len(str(refused.value)) < 120
