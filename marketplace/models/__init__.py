"""Tables, what must always hold in them, and nothing that loads rows behind your back."""

from marketplace.models import (
    lots,
    matches,
    movements,
    needs,
    notices,
    organisations,
    price_board,
    reference,
    rounds,
    scenarios,
)

__all__ = [
    "lots",
    "matches",
    "movements",
    "needs",
    "notices",
    "organisations",
    "price_board",
    "reference",
    "rounds",
    "scenarios",
]
