"""Measurements by hand: `python -m tests.benchmarks.NAME --help`. Each prints a table; none passes judgement."""
