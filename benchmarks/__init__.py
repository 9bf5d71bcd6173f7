"""Measures the engine; never part of the test run."""
