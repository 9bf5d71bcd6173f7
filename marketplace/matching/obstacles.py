"""What can stand between a lot and a need of the same commodity."""

from __future__ import annotations

from enum import IntFlag

import numpy as np

from marketplace.matching.market import Flags, Integers


class Obstacle(IntFlag):
    """Why a lot and a need of the same commodity may not meet; several can hold at once."""

    SAME_ORGANISATION = 1
    NOT_ELIGIBLE = 2
    GRADE = 4
    CERTIFICATE = 8
    NO_ROUTE = 16
    WINDOW = 32
    FRESHNESS = 64
    MINIMUM = 128
    WHOLE = 256
    PRICE = 512  # the bid is below the ask
    FREIGHT = 1024  # freight eats what lies between them
    MOVEMENT = 2048  # goods may not leave there, or not enter here, without papers that they lack
    EXPECTED = 4096  # a harvest that nobody has confirmed, for a need that takes sure goods only


MONEY = Obstacle.PRICE | Obstacle.FREIGHT


def mark(present: Flags, obstacle: Obstacle) -> Integers:
    """The obstacle's bit where it is ``present``."""
    return np.where(present, np.int64(obstacle), np.int64(0))
