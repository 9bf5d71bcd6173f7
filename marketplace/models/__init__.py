"""Tables, what must always hold in them, and nothing that loads rows behind your back."""

from marketplace.models import (
    imports,
    lots,
    matches,
    movements,
    needs,
    notices,
    organisations,
    plans,
    price_board,
    programme,
    reference,
    rounds,
    scenarios,
    series,
)

__all__ = [
    "imports",
    "lots",
    "matches",
    "movements",
    "needs",
    "notices",
    "organisations",
    "plans",
    "price_board",
    "programme",
    "reference",
    "rounds",
    "scenarios",
    "series",
]
