"""Who should trade how much with whom: arrays in, arrays out.

Nothing in here knows of people, pages or the time of day; it can be imported alone.
"""

from marketplace.matching.assignment import Assignment, assign
from marketplace.matching.certificate import certify
from marketplace.matching.refuted import Refuted

__all__ = ["Assignment", "Refuted", "assign", "certify"]
