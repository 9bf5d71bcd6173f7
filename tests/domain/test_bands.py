"""What a sealed figure is told in, and what trying finds out of it."""

from __future__ import annotations

import pytest

from marketplace.domain.bands import band, rounded_down, rounded_up


@pytest.mark.parametrize(
    ("amount", "told"), [(0, (0, 100)), (100, (0, 100)), (101, (100, 300)), (1_300, (1_200, 2_400))]
)
def test_a_gap_is_told_as_the_band_that_holds_it(amount: int, told: tuple[int, int]) -> None:
    assert band(amount) == told


@pytest.mark.parametrize(
    ("amount", "usual", "found"),
    [(9_487, 7_500, 9_400), (9_499, 7_500, 9_400), (2_513, 2_000, 2_500), (17, 15, 17), (0, 9, 0)],
)
def test_a_sealed_price_is_found_out_as_a_step_and_no_finer(
    amount: int, usual: int, found: int
) -> None:
    assert rounded_down(amount, usual) == found


def test_the_step_above_is_the_same_for_all_prices_on_a_step() -> None:
    above = {rounded_up(amount, 7_500) for amount in range(9_400, 9_600)}

    assert above == {9_600}
    assert rounded_up(9_399, 7_500) == 9_400
