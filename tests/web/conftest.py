"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marketplace.domain.conditions import Condition
from marketplace.domain.reference import State
from marketplace.services import network


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the map see conditions as if they were in force."""
    read = network.current_reference

    def state(*conditions: Condition) -> None:
        monkeypatch.setattr(
            network,
            "current_reference",
            lambda: read().under(State(conditions=conditions)),
        )

    return state
