"""Who should trade how much with whom: arrays in, arrays out.

Nothing in here knows of people, pages or the time of day; it can be imported alone.
"""

from marketplace.matching.assignment import Assignment, assign
from marketplace.matching.certificate import certify
from marketplace.matching.market import BANNED, Goods, Lots, Market, Needs
from marketplace.matching.outcome import Hurdle, LeftOut, Matches, Nearby, Outcome, Reason
from marketplace.matching.refuted import Refuted
from marketplace.matching.solve import solve

__all__ = [
    "BANNED",
    "Assignment",
    "Goods",
    "Hurdle",
    "LeftOut",
    "Lots",
    "Market",
    "Matches",
    "Nearby",
    "Needs",
    "Outcome",
    "Reason",
    "Refuted",
    "assign",
    "certify",
    "solve",
]
