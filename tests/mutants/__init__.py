"""Formulas of core changed a little, one at a time, to see that the tests notice: `python -m tests.mutants`."""
