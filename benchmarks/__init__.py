"""Measures the engine on the demo's sample markets; never part of the test run."""

from datetime import date

TODAY = date(2026, 11, 25)  # a fixed day: the same seed draws the same week on every machine
